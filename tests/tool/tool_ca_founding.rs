//! An authority that comes to be, by `daxsign ca init` and `demo`: whole or not at all, and nothing that was revoked
//! before is good again.

use std::fs;

use daxsign_tests::authority_stage::{at, ca, listed, said, with_root, write_passphrase};
use daxsign_tests::open_banking;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::tool::{Run, Tool};

/// What `openssl ca -gencrl` needs.
const CONFIGURATION: &str = "[ca]
default_ca = own
[own]
database = index.txt
crlnumber = crlnumber
certificate = ca1.crt
private_key = ca1.key
default_md = sha256
crl_extensions = all
[all]
authorityKeyIdentifier = keyid:always
";

/// The text's root with three clients, and its list number 128, in which the first client is.
fn used_root() -> OpenSsl {
    let openssl = OpenSsl::default();
    open_banking::root(&openssl);
    openssl.write("client.cnf", "extendedKeyUsage = clientAuth\n");
    openssl.run("genrsa -out client.key 2048");
    for number in 1..=3 {
        openssl.run(&format!(
            "req -new -key client.key -subj /CN=client{number} -out client{number}.csr"
        ));
        openssl.run(&format!(
            "x509 -req -in client{number}.csr -CA ca1.crt -CAkey ca1.key -set_serial 0x10{number} -days 30 \
             -extfile client.cnf -out client{number}.crt"
        ));
    }
    openssl.write("ca.cnf", CONFIGURATION);
    openssl.write("crlnumber", "80\n");
    let revoked = "R\t491231235959Z\t260102030405Z,keyCompromise\t0101\tunknown\t/CN=client1\n";
    openssl.write("index.txt", revoked);
    openssl.run("ca -config ca.cnf -gencrl -crldays 30 -out ca1.crl");
    openssl
}

/// `daxsign ca init`, with OpenSSL's files by their names.
fn take_over(
    tool: &Tool,
    openssl: &OpenSsl,
    folder: &str,
    certificate: &str,
    more: &[&str],
) -> Run {
    let [key, certificate] = ["ca1.key", certificate].map(|file| place(openssl, file));
    let own = [
        "ca",
        "init",
        folder,
        "--key",
        &key,
        "--certificate",
        &certificate,
        "--passphrase-file",
        "pass",
    ];
    tool.run(&[&own[..], more].concat())
}

fn place(openssl: &OpenSsl, file: &str) -> String {
    openssl.path(file).display().to_string()
}

/// Whether OpenSSL takes the client, with the tool's list.
fn is_good(tool: &Tool, openssl: &OpenSsl, client: &str) -> bool {
    let list = at(tool, "root/authority.crl");
    let checked = openssl.try_run(&format!(
        "verify -crl_check -CAfile ca1.crt -CRLfile {list} {client}"
    ));
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(
        checked.status.success() || said.contains("certificate revoked"),
        "{said}"
    );
    checked.status.success()
}

#[test]
fn what_was_revoked_before_stays_revoked() {
    let (tool, openssl) = (Tool::default(), used_root());
    write_passphrase(&tool);
    let list = place(&openssl, "ca1.crl");
    let run = take_over(&tool, &openssl, "root", "ca1.crt", &["--list", &list]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!run.err.contains("warning"), "{}", run.err);
    let told = listed(&tool)["list"].clone();
    assert_eq!(
        (&told["number"], &told["revoked"], &told["current"]),
        (&129.into(), &1.into(), &true.into())
    );
    assert!(
        !is_good(&tool, &openssl, "client1.crt"),
        "by the earlier list"
    );
    assert!(is_good(&tool, &openssl, "client2.crt"), "by no list");
    let reason = said(
        &openssl,
        &format!("crl -in {} -noout -text", at(&tool, "root/authority.crl")),
    );
    assert!(
        reason.contains("Key Compromise") && reason.contains("Jan  2 03:04:05 2026"),
        "{reason}"
    );

    let [first, second, third] =
        ["client1.crt", "client2.crt", "client3.crt"].map(|file| place(&openssl, file));
    for known in [&first, "0101"] {
        let again = ca(&tool, &["revoke", known, "--reason", "superseded", "--yes"]);
        again.assert_refused("already-revoked", known);
    }
    // Of what was issued before, the register knows once the file is named.
    let unknown = ca(
        &tool,
        &["revoke", "0102", "--reason", "superseded", "--yes"],
    );
    unknown.assert_refused("not-issued", "by its number");
    assert!(
        unknown.err.contains("is named by its file"),
        "{}",
        unknown.err
    );
    let run = ca(
        &tool,
        &["revoke", &second, "--reason", "superseded", "--yes"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("list 130 with 2 revoked"), "{}", run.err);
    assert!(
        !is_good(&tool, &openssl, "client2.crt"),
        "it was revoked here"
    );
    assert!(!is_good(&tool, &openssl, "client1.crt"), "it still is");

    let run = ca(
        &tool,
        &[
            "renew",
            &third,
            "--profile",
            "dax",
            "--yes",
            "--out",
            "new.crt",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let new = at(&tool, "new.crt");
    assert_eq!(
        said(&openssl, &format!("x509 -in {new} -noout -subject")),
        said(&openssl, "x509 -in client3.crt -noout -subject")
    );
    assert!(is_good(&tool, &openssl, &new));
    let states = listed(&tool)["certificates"].clone();
    let states: Vec<_> = states
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(
        states,
        ["revoked", "valid", "valid"],
        "client2, client3, and its new one"
    );

    // Nobody else's certificate can be entered so, nor the authority's own.
    let foreign = OpenSsl::default();
    open_banking::root(&foreign);
    foreign.run("req -new -newkey rsa:2048 -nodes -subj /CN=x -keyout x.key -out x.csr");
    foreign.run("x509 -req -in x.csr -CA ca1.crt -CAkey ca1.key -set_serial 1 -out x.crt");
    for file in [place(&foreign, "x.crt"), at(&tool, "root/authority.crt")] {
        let run = ca(&tool, &["revoke", &file, "--reason", "superseded", "--yes"]);
        run.assert_refused("not-issued", &file);
    }
}

#[test]
fn an_earlier_list_is_the_authority_s_or_there_is_none() {
    let (tool, openssl) = (Tool::default(), used_root());
    write_passphrase(&tool);
    let without = take_over(&tool, &openssl, "root", "ca1.crt", &[]);
    without.assert_unusable("nobody says that nothing was revoked");
    assert!(without.err.contains("no --list"), "{}", without.err);
    let mut changed = openssl.run("crl -in ca1.crl -outform DER");
    let last = changed.last_mut().unwrap();
    *last ^= 1;
    tool.write("changed.crl", changed);
    let foreign = OpenSsl::default();
    open_banking::root(&foreign);
    foreign
        .run("req -new -x509 -newkey rsa:2048 -nodes -subj /CN=Other -keyout ca1.key -out ca1.crt");
    foreign.write("ca.cnf", CONFIGURATION);
    foreign.write("crlnumber", "80\n");
    foreign.write("index.txt", "");
    foreign.run("ca -config ca.cnf -gencrl -crldays 30 -out other.crl");
    tool.write("other.crl", foreign.read("other.crl"));
    openssl.run("ca -config ca.cnf -gencrl -crl_lastupdate 20490101000000Z -crl_nextupdate 20490201000000Z -out late.crl");
    openssl.run("ca -config ca.cnf -gencrl -crldays 30 -md sha384 -out sha384.crl");
    for file in ["late.crl", "sha384.crl"] {
        tool.write(file, openssl.read(file));
    }
    tool.write(
        "two.crl",
        [openssl.read("ca1.crl"), openssl.read("ca1.crl")].concat(),
    );
    for (file, name) in [
        ("late.crl", "list-not-yet"),
        ("sha384.crl", "list-algorithm"),
        ("two.crl", "several-lists"),
        ("changed.crl", "list-signature"),
        ("other.crl", "other-list"),
        ("pass", "malformed-list"),
    ] {
        let run = take_over(&tool, &openssl, "root", "ca1.crt", &["--list", file]);
        run.assert_refused(name, file);
    }
    assert_eq!(
        names(&tool),
        [
            "changed.crl",
            "late.crl",
            "other.crl",
            "pass",
            "sha384.crl",
            "two.crl"
        ],
        "nothing is left"
    );
    // Those above it stay behind it.
    let both = [openssl.read("ca1.crt"), foreign.read("ca1.crt")].concat();
    openssl.write("chain.crt", both);
    let run = take_over(&tool, &openssl, "root", "chain.crt", &["--yes"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let kept = String::from_utf8(tool.read("root/authority.crt")).unwrap();
    assert_eq!(kept.matches("BEGIN CERTIFICATE").count(), 2, "{kept}");
}

/// The names in the tool's folder.
fn names(tool: &Tool) -> Vec<String> {
    let entries = fs::read_dir(tool.root()).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Nothing is issued for a folder that cannot be made.
#[test]
#[cfg(target_os = "linux")]
fn the_folder_comes_before_its_certificate() {
    let (tool, _) = with_root();
    let below = [
        "ca",
        "init",
        // There is such a folder, in which nobody makes another.
        "/proc/below",
        "--name",
        "CN=Below",
        "--bits",
        "2048",
        "--above",
        "root",
        "--above-passphrase-file",
        "pass",
        "--passphrase-file",
        "pass",
    ];
    let run = tool.run(&below);
    run.assert_unusable("it cannot be made");
    assert!(run.err.contains("/proc/"), "{}", run.err);
    assert_eq!(listed(&tool)["certificates"].as_array().unwrap().len(), 0);
}

/// What a `.cnf` file lacks is told before there is a folder.
#[test]
fn of_clients_that_cannot_be_made_nothing_is_left() {
    let tool = Tool::default();
    let good = open_banking::configuration(1);
    tool.write("tpp1.cnf", &good);
    tool.write("ca1.cnf", &good);
    tool.write("no_section.cnf", good.replace("[alt_name]", "[other_name]"));
    tool.write(
        "no_names.cnf",
        good.replace("[client_distinguished_name]", "[others]"),
    );
    tool.write(
        "no_extensions.cnf",
        good.replace("[req_cert_extensions]", "[others]"),
    );
    tool.write("bad_host.cnf", good.replace("DNS = tpp1", "DNS = tpp 1"));
    tool.write("empty.cnf", good.replace("= AXWAY", "="));
    let before = names(&tool);
    for (file, says) in [
        ("no_section.cnf", "the section [alt_name] is not there"),
        (
            "no_names.cnf",
            "the section [client_distinguished_name] is not there",
        ),
        (
            "no_extensions.cnf",
            "the section [req_cert_extensions] is not there",
        ),
        ("bad_host.cnf", "bad_host"),
        ("empty.cnf", "empty"),
        ("ca1.cnf", "would be called ca1"),
    ] {
        let run = tool.run(&[
            "ca",
            "demo",
            "open-banking",
            "demo",
            "--config",
            "tpp1.cnf",
            "--config",
            file,
        ]);
        assert!(run.code == 1 || run.code == 2, "{file}: {}", run.err);
        assert!(run.err.contains(says), "{file}: {}", run.err);
        assert_eq!(names(&tool), before, "{file}");
    }
    tool.write("weak.cnf", good.replace("= sha256", "= md5"));
    let run = tool.run(&["ca", "demo", "open-banking", "demo", "--config", "weak.cnf"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for told in ["`default_md` on line 3", "`encrypt_key` on line 4"] {
        assert!(run.err.contains(told), "{told}: {}", run.err);
    }
}
