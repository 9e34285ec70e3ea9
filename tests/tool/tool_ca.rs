//! `daxsign ca`: what it issues, revokes and lists is what OpenSSL finds, and a person is asked before.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use daxsign_tests::authority_stage::{
    PASSPHRASE, at, ca, issued, listed, said, with_root, write_passphrase,
};
use daxsign_tests::open_banking;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::tool::{Tool, binary};

/// What OpenSSL says of a subject, with its string types.
const SUBJECT: &str = "-noout -subject -nameopt RFC2253,show_type";

/// A client's certificate of this root, with the subject of its request, string types and all, and its own key.
fn assert_clients(openssl: &OpenSsl, root: &str, made: &str, (request, key): (&str, &str)) {
    openssl.run(&format!(
        "verify -x509_strict -purpose sslclient -CAfile {root} {made}"
    ));
    assert_eq!(
        said(openssl, &format!("x509 -in {made} {SUBJECT}")),
        said(openssl, &format!("req -in {request} {SUBJECT}"))
    );
    assert_eq!(
        said(openssl, &format!("x509 -in {made} -noout -pubkey")),
        said(openssl, &format!("pkey -in {key} -pubout"))
    );
    let text = said(openssl, &format!("x509 -in {made} -noout -text"));
    assert!(
        text.contains("Version: 3") && text.contains("CA:FALSE"),
        "{text}"
    );
}

#[test]
fn what_it_issues_is_what_the_request_named() {
    let (tool, openssl) = with_root();
    let run = issued(&tool, "tpp2.csr", "tpp2.crt");
    for line in [
        "CN=tpp2.demo.axway.com",
        "name: DNS:tpp2.demo.axway.com",
        "profile: open-banking",
        "made: tpp2.crt",
    ] {
        assert!(run.err.contains(line), "{line}: {}", run.err);
    }
    assert!(
        !run.err.contains("not taken") && !run.err.contains("warning"),
        "{}",
        run.err
    );
    let (root, made) = (at(&tool, "root/authority.crt"), at(&tool, "tpp2.crt"));
    assert_clients(&openssl, &root, &made, ("tpp2.csr", "tpp2.key"));
    let text = said(&openssl, &format!("x509 -in {made} -noout -text"));
    for part in [
        "Digital Signature, Key Encipherment",
        "TLS Web Client Authentication",
        "DNS:tpp2.demo.axway.com",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // It stays in the folder, too.
    let serial = listed(&tool)["certificates"][0]["serial"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        tool.read(&format!("root/certificates/{serial}.crt")),
        tool.read("tpp2.crt")
    );
    assert_eq!(serial.len(), 32, "128 bits: {serial}");
}

#[test]
fn what_was_not_taken_and_what_was_issued_before_is_told() {
    let (tool, _) = with_root();
    issued(&tool, "tpp1.csr", "one.crt");
    let again = ca(
        &tool,
        &[
            "issue",
            "tpp1.csr",
            "--profile",
            "server",
            "--yes",
            "--days",
            "20000",
        ],
    );
    let err = &again.err;
    assert!(err.contains("not taken: of the request, since the profile decides: basicConstraints, extendedKeyUsage"), "{err}");
    assert!(
        err.contains("warning: this key or this subject has number"),
        "{err}"
    );
    assert!(err.contains("note: the authority ends on"), "{err}");
    assert!(
        again
            .success()
            .starts_with(b"-----BEGIN CERTIFICATE-----\n")
    );
    assert_eq!(listed(&tool)["certificates"].as_array().unwrap().len(), 2);
}

#[test]
fn a_person_is_asked_and_a_script_says_yes() {
    let (tool, _) = with_root();
    let issue = [
        "ca",
        "issue",
        "tpp1.csr",
        "--profile",
        "dax",
        "--ca",
        "root",
        "--out",
        "one.crt",
    ];
    tool.run(&issue).assert_unusable("nobody is there");
    let no = tool.converse(&issue, &[("Issue this certificate?", "no")]);
    assert_eq!(no.code, 2);
    let wrong = tool.converse(
        &issue,
        &[
            ("Issue this certificate?", "yes"),
            ("Passphrase of root:", "wrong"),
        ],
    );
    assert_eq!(wrong.code, 1, "{}", String::from_utf8_lossy(&wrong.out));
    assert!(String::from_utf8_lossy(&wrong.out).contains("error[wrong-passphrase]"));
    assert!(!tool.path("one.crt").exists());
    assert_eq!(listed(&tool)["certificates"].as_array().unwrap().len(), 0);
    let yes = tool.converse(
        &issue,
        &[
            ("Issue this certificate?", "yes"),
            ("Passphrase of root:", PASSPHRASE),
        ],
    );
    let shown = String::from_utf8_lossy(&yes.out).into_owned();
    assert_eq!(yes.code, 0, "{shown}");
    assert!(!shown.contains(PASSPHRASE), "the terminal does not show it");
    assert!(tool.path("one.crt").exists());
}

#[test]
fn a_passphrase_is_chosen_twice() {
    let tool = Tool::default();
    let init = ["ca", "init", "root", "--name", "CN=Root", "--bits", "2048"];
    tool.run(&init).assert_unusable("nobody is there");
    let first = "Passphrase of root, which you choose:";
    for steps in [
        &[(first, "short")][..],
        &[(first, PASSPHRASE), ("The same again:", "another")],
    ] {
        let run = tool.converse(&init, steps);
        assert_eq!(run.code, 2, "{}", String::from_utf8_lossy(&run.out));
        assert!(!tool.path("root").exists());
    }
    let run = tool.converse(
        &init,
        &[(first, PASSPHRASE), ("The same again:", PASSPHRASE)],
    );
    assert_eq!(run.code, 0, "{}", String::from_utf8_lossy(&run.out));
    let again = tool.run(&init);
    again.assert_unusable("never overwritten");
}

#[test]
fn each_way_to_name_a_certificate_revokes_it() {
    let (tool, openssl) = with_root();
    let root = at(&tool, "root/authority.crt");
    for (number, reason) in (1..).zip(["superseded", "unspecified", "keyCompromise"]) {
        let out = format!("{number}.crt");
        issued(&tool, "tpp1.csr", &out);
        let made = at(&tool, &out);
        let entry = &listed(&tool)["certificates"][number - 1];
        let name = match number {
            1 => out.clone(),
            2 => entry["serial"].as_str().unwrap().to_ascii_lowercase(),
            // Trap: as it is copied out of Windows' dialog.
            _ => format!(
                "\u{200E}{}",
                entry["thumbprint_sha1"]
                    .as_str()
                    .unwrap()
                    .to_ascii_lowercase()
            ),
        };
        let check = format!(
            "verify -crl_check -CAfile {root} -CRLfile {} {made}",
            at(&tool, "root/authority.crl")
        );
        openssl.run(&check);
        let revoked = ca(&tool, &["revoke", &name, "--reason", reason, "--yes"]);
        assert_eq!(revoked.code, 0, "{}", revoked.err);
        let refused = openssl.try_run(&check);
        assert!(String::from_utf8_lossy(&refused.stderr).contains("certificate revoked"));
        let entry = &listed(&tool)["certificates"][number - 1];
        assert_eq!(
            (&entry["state"], &entry["reason"]),
            (&"revoked".into(), &reason.into())
        );
        let again = ca(&tool, &["revoke", &name, "--reason", reason, "--yes"]);
        again.assert_refused("already-revoked", &name);
    }
    let stolen = ca(&tool, &["issue", "tpp1.csr", "--profile", "dax", "--yes"]);
    stolen.assert_refused("compromised-key", "somebody else may have it");
    let other = ca(
        &tool,
        &["revoke", "0123", "--reason", "superseded", "--yes"],
    );
    other.assert_refused("not-issued", "a number of nobody");
    let foreign = ca(
        &tool,
        &[
            "revoke",
            "root/authority.crt",
            "--reason",
            "superseded",
            "--yes",
        ],
    );
    foreign.assert_refused("not-issued", "its own certificate");
    ca(&tool, &["revoke", "1.crt", "--reason", "boredom", "--yes"]).assert_unusable("no reason");
}

/// Trap: a list that runs out, and no command to renew it alone.
#[test]
fn the_list_is_renewed_alone_and_its_end_is_seen_in_time() {
    let (tool, openssl) = with_root();
    let list = listed(&tool)["list"].clone();
    assert_eq!(
        (&list["number"], &list["revoked"], &list["current"]),
        (&1.into(), &0.into(), &true.into())
    );
    let warned = tool.run(&["ca", "list", "--ca", "root", "--warn", "31"]);
    assert_eq!(warned.code, 3, "{}", warned.err);
    assert!(
        warned
            .err
            .contains("the list of revoked certificates ends on"),
        "{}",
        warned.err
    );
    let run = ca(&tool, &["crl", "--list-days", "90"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(listed(&tool)["list"]["number"], 2);
    let fine = tool.run(&["ca", "list", "--ca", "root", "--warn", "31"]);
    assert_eq!(fine.code, 0, "{}", fine.err);
    let text = said(
        &openssl,
        &format!(
            "crl -in {} -CAfile {} -noout -crlnumber",
            at(&tool, "root/authority.crl"),
            at(&tool, "root/authority.crt")
        ),
    );
    assert_eq!(text, "crlNumber=0x02");
}

/// A revocation that nobody who trusts the authority knows of is no quiet matter.
#[test]
fn a_revocation_that_is_not_in_the_list_is_warned_of() {
    let (tool, _) = with_root();
    issued(&tool, "tpp1.csr", "one.crt");
    let warn = ["ca", "list", "--ca", "root", "--warn", "1"];
    assert_eq!(tool.run(&warn).code, 0);
    let serial = listed(&tool)["certificates"][0]["serial"].clone();
    let mut register = tool.read("root/register.txt");
    // As a process leaves it that ended before it made the list.
    let line = format!(
        "revoked\t2026-01-01T00:00:00Z\t{}\tkeyCompromise\n",
        serial.as_str().unwrap()
    );
    register.extend_from_slice(line.as_bytes());
    fs::write(tool.path("root/register.txt"), register).unwrap();
    let warned = tool.run(&warn);
    assert_eq!(warned.code, 3, "{}", warned.err);
    assert!(warned.err.contains("daxsign ca crl"), "{}", warned.err);
    assert_eq!(ca(&tool, &["crl"]).code, 0);
    assert_eq!(tool.run(&warn).code, 0);
}

/// Nothing is issued for a place that is not there.
#[test]
fn a_folder_that_is_missing_is_told_before_anything_is_issued() {
    let (tool, _) = with_root();
    let out = [
        "issue",
        "tpp1.csr",
        "--profile",
        "dax",
        "--yes",
        "--out",
        "nowhere/one.crt",
    ];
    ca(&tool, &out).assert_unusable("no folder");
    assert_eq!(listed(&tool)["certificates"].as_array().unwrap().len(), 0);
    let below = tool.run(&[
        "ca",
        "init",
        "nowhere/below",
        "--name",
        "CN=Below",
        "--above",
        "root",
        "--passphrase-file",
        "pass",
        "--above-passphrase-file",
        "pass",
    ]);
    below.assert_unusable("no folder");
    assert_eq!(listed(&tool)["certificates"].as_array().unwrap().len(), 0);
}

/// Trap: a renewal that loses names.
#[test]
fn a_renewed_certificate_has_every_name() {
    let (tool, openssl) = with_root();
    issued(&tool, "tpp1.csr", "old.crt");
    let run = ca(
        &tool,
        &[
            "renew", "old.crt", "--yes", "--days", "10", "--out", "new.crt",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        !run.err.contains("warning"),
        "what it takes the place of is no surprise: {}",
        run.err
    );
    let (old, new) = (at(&tool, "old.crt"), at(&tool, "new.crt"));
    for facts in [
        "-subject -nameopt RFC2253,show_type",
        "-pubkey",
        "-ext subjectAltName,keyUsage,extendedKeyUsage,basicConstraints",
    ] {
        let told = |file: &str| said(&openssl, &format!("x509 -in {file} -noout {facts}"));
        assert_eq!(told(&old), told(&new));
    }
    assert_ne!(tool.read("old.crt"), tool.read("new.crt"));
    assert_eq!(
        ca(
            &tool,
            &["revoke", "old.crt", "--reason", "superseded", "--yes"]
        )
        .code,
        0
    );
    ca(&tool, &["renew", "old.crt", "--yes"]).assert_unusable("revoked");
}

#[test]
fn an_authority_below_another_is_trusted_through_it() {
    let (tool, openssl) = with_root();
    let run = tool.run(&[
        "ca",
        "init",
        "clients",
        "--name",
        "/C=US/O=Axway/CN=Axway Clients",
        "--bits",
        "2048",
        "--above",
        "root",
        "--passphrase-file",
        "pass",
        "--above-passphrase-file",
        "pass",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let run = tool.run(&[
        "ca",
        "issue",
        "tpp1.csr",
        "--profile",
        "dax",
        "--ca",
        "clients",
        "--passphrase-file",
        "pass",
        "--yes",
        "--out",
        "leaf.crt",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let [root, clients, leaf] =
        ["root/authority.crt", "clients/authority.crt", "leaf.crt"].map(|file| at(&tool, file));
    // Trap: clientAuth that is missing in an intermediate.
    openssl.run(&format!(
        "verify -x509_strict -purpose sslclient -CAfile {root} -untrusted {clients} {leaf}"
    ));
    assert_eq!(listed(&tool)["certificates"][0]["profile"], "ca");
    let deeper = tool.run(&[
        "ca",
        "init",
        "deeper",
        "--name",
        "CN=Deeper",
        "--above",
        "clients",
        "--passphrase-file",
        "pass",
        "--above-passphrase-file",
        "pass",
    ]);
    deeper.assert_refused("not-an-authority", "none may stand below");
    assert!(!tool.path("deeper").exists());
}

#[test]
fn an_authority_that_is_there_already_is_taken_over() {
    let (tool, openssl) = (Tool::default(), OpenSsl::default());
    open_banking::root(&openssl);
    write_passphrase(&tool);
    let [key, certificate] = ["ca1.key", "ca1.crt"].map(|file| at_openssl(&openssl, file));
    let init = [
        "ca",
        "init",
        "root",
        "--key",
        &key,
        "--certificate",
        &certificate,
        "--passphrase-file",
        "pass",
        "--yes",
    ];
    assert_eq!(tool.run(&init).code, 0);
    open_banking::request(&openssl, 1);
    tool.write("tpp1.csr", openssl.read("tpp1.csr"));
    issued(&tool, "tpp1.csr", "tpp1.crt");
    openssl.run(&format!("verify -CAfile ca1.crt {}", at(&tool, "tpp1.crt")));
    open_banking::root(&openssl);
    let other = [
        "ca",
        "init",
        "other",
        "--key",
        &key,
        "--certificate",
        &at(&tool, "root/authority.crt"),
        "--passphrase-file",
        "pass",
        "--yes",
    ];
    tool.run(&other)
        .assert_refused("other-key", "another's certificate");
}

fn at_openssl(openssl: &OpenSsl, file: &str) -> String {
    openssl.path(file).display().to_string()
}

/// Wrong names, requests and folders, each with its word.
#[test]
fn what_cannot_be_done_says_why() {
    let (tool, _) = with_root();
    let mut changed = String::from_utf8(tool.read("tpp1.csr")).unwrap();
    let place = changed.len() - 60;
    changed.replace_range(
        place..=place,
        if &changed[place..=place] == "A" {
            "B"
        } else {
            "A"
        },
    );
    tool.write("changed.csr", changed);
    let refused = ca(
        &tool,
        &["issue", "changed.csr", "--profile", "dax", "--yes"],
    );
    assert_eq!(refused.code, 1, "{}", refused.err);
    let nowhere = tool.run(&["ca", "list", "--ca", "nowhere"]);
    nowhere.assert_unusable("no authority");
    assert!(nowhere.err.contains("daxsign ca init"), "{}", nowhere.err);
    for name in ["CN", "Q=x", "C=Sweden, CN=x", ""] {
        let run = tool.run(&[
            "ca",
            "init",
            "new",
            "--name",
            name,
            "--bits",
            "2048",
            "--passphrase-file",
            "pass",
        ]);
        assert!(run.code == 1 || run.code == 2, "{name}: {}", run.err);
        assert!(run.err.contains("--name: "), "{name}: {}", run.err);
        assert!(!tool.path("new").exists());
    }
    for days in ["0", "36501", "-1", "many"] {
        ca(
            &tool,
            &[
                "issue",
                "tpp1.csr",
                "--profile",
                "dax",
                "--days",
                days,
                "--yes",
            ],
        )
        .assert_unusable(days);
    }
}

/// Trap of the text: its second command signs the first client's request, and both come out as version 1.
#[test]
fn the_texts_setup_is_one_command() {
    let (tool, openssl) = (Tool::default(), OpenSsl::default());
    let run = tool.run(&["ca", "demo", "open-banking", "demo"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for place in [
        "demo/ca1.crt: the gateway",
        "FDX_MTLS",
        "FDX_Authorization_MTLS",
        "demo/tpp2.crt: ",
    ] {
        assert!(run.err.contains(place), "{place}: {}", run.err);
    }
    let root = at(&tool, "demo/ca1.crt");
    for number in [1, 2] {
        // What the text's own command asks for.
        open_banking::request(&openssl, number);
        let [made, key] = ["crt", "key"].map(|end| at(&tool, &format!("demo/tpp{number}.{end}")));
        let request = format!("tpp{number}.csr");
        assert_clients(&openssl, &root, &made, (&request, &key));
        let text = said(&openssl, &format!("x509 -in {made} -noout -text"));
        let name = format!("DNS:tpp{number}.demo.axway.com");
        assert!(text.contains(&name), "{text}");
        // Existing files of that shape are used as they are.
        tool.write(
            &format!("tpp{number}.cnf"),
            openssl.read(&format!("tpp{number}.cnf")),
        );
    }
    tool.run(&["ca", "demo", "open-banking", "demo"])
        .assert_unusable("never overwritten");
    let own = [
        "ca",
        "demo",
        "open-banking",
        "own",
        "--config",
        "tpp1.cnf",
        "--config",
        "tpp2.cnf",
    ];
    let run = tool.run(&own);
    assert_eq!(run.code, 0, "{}", run.err);
    for number in [1, 2] {
        let [ours, texts] =
            ["own", "demo"].map(|folder| at(&tool, &format!("{folder}/tpp{number}.crt")));
        assert_eq!(
            said(&openssl, &format!("x509 -in {ours} {SUBJECT}")),
            said(&openssl, &format!("x509 -in {texts} {SUBJECT}"))
        );
    }
    handshakes(&tool, &openssl);
}

/// A server of this root, which lets its clients in, and none that was revoked; OpenSSL is both ends.
fn handshakes(tool: &Tool, openssl: &OpenSsl) {
    openssl.write("server.cnf", "[req]\nprompt = no\ndistinguished_name = name\nreq_extensions = all\n[name]\nCN = gateway\n[all]\nsubjectAltName = DNS:localhost\n");
    openssl.run(
        "req -new -newkey rsa:2048 -nodes -config server.cnf -keyout server.key -out server.csr",
    );
    tool.write("server.csr", openssl.read("server.csr"));
    let own = [
        "--ca",
        "demo/root",
        "--passphrase-file",
        "demo/passphrase.txt",
        "--yes",
    ];
    let issue = [
        "ca",
        "issue",
        "server.csr",
        "--profile",
        "server",
        "--out",
        "server.crt",
    ];
    assert_eq!(tool.run(&[&issue[..], &own].concat()).code, 0);
    assert!(shakes_hands(tool, openssl, "tpp1"));
    assert!(shakes_hands(tool, openssl, "tpp2"));
    let revoke = ["ca", "revoke", "demo/tpp1.crt", "--reason", "keyCompromise"];
    assert_eq!(tool.run(&[&revoke[..], &own].concat()).code, 0);
    assert!(!shakes_hands(tool, openssl, "tpp1"), "it was revoked");
    assert!(shakes_hands(tool, openssl, "tpp2"), "it was not");
}

fn shakes_hands(tool: &Tool, openssl: &OpenSsl, client: &str) -> bool {
    let [root, list, server, certificate, key] = [
        "demo/ca1.crt",
        "demo/root/authority.crl",
        "server.crt",
        &format!("demo/{client}.crt"),
        &format!("demo/{client}.key"),
    ]
    .map(|file| at(tool, file));
    let arguments = format!(
        "s_server -accept 127.0.0.1:0 -naccept 1 -tls1_2 -cert {server} -key server.key -CAfile {root} -CRL {list} -crl_check -Verify 1 -verify_return_error"
    );
    let mut listening = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(openssl.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a server");
    let mut lines = BufReader::new(listening.stdout.take().expect("its output")).lines();
    let port = lines.find_map(|line| {
        let line = line.expect("text");
        Some(line.strip_prefix("ACCEPT 127.0.0.1:")?.to_owned())
    });
    let port = port.expect("where it listens");
    let output = openssl.try_run(&format!("s_client -connect 127.0.0.1:{port} -servername localhost -verify_hostname localhost -tls1_2 -cert {certificate} -key {key} -CAfile {root} -verify_return_error"));
    drop(lines);
    listening.kill().expect("the server ends");
    listening.wait().expect("the server ended");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success() && said.contains("Verify return code: 0 (ok)")
}

/// Of a variable that is not set, an empty one is what is left: it names no folder.
#[test]
fn an_empty_variable_names_no_folder() {
    let (tool, _) = with_root();
    let list = |folder: &str| {
        let mut command = tool.command();
        command.current_dir(tool.path("root"));
        command.args(["ca", "list"]).env("DAXSIGN_CA", folder);
        command.output().expect("the tool")
    };
    let here = list(".");
    assert_eq!(here.status.code(), Some(0), "{here:?}");
    let refused = list("");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("DAXSIGN_CA is empty"), "{said}");
}

/// As on a full disk: the register's line fits, the new list does not.
#[test]
fn a_revocation_whose_list_cannot_be_written_is_told() {
    let (tool, _) = with_root();
    issued(&tool, "tpp1.csr", "c.crt");
    let revoke = [
        "revoke",
        "c.crt",
        "--ca",
        "root",
        "--reason",
        "superseded",
        "--yes",
        "--passphrase-file",
        "pass",
    ];
    // The register fits, the list does not, and writing more is an error.
    let most = tool.read("root/authority.crl").len();
    let run = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh", "prlimit"])
        .arg(format!("--fsize={most}"))
        .arg(binary())
        .arg("ca")
        .args(revoke)
        .current_dir(at(&tool, ""))
        .output()
        .expect("a shell");
    let told = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{told}");
    let hint = "its list does not tell it yet: `daxsign ca crl` makes the list anew";
    assert!(
        told.contains("authority.crl: ") && told.contains(hint),
        "{told}"
    );
    let again = ca(
        &tool,
        &["revoke", "c.crt", "--reason", "superseded", "--yes"],
    );
    again.assert_refused("already-revoked", "the register has it");
    assert!(again.err.contains(hint), "{}", again.err);
    let _ = ca(&tool, &["crl"]).success();
    let again = ca(
        &tool,
        &["revoke", "c.crt", "--reason", "superseded", "--yes"],
    );
    assert!(!again.err.contains(hint), "{}", again.err);
    assert_eq!(listed(&tool)["certificates"][0]["state"], "revoked");
}
