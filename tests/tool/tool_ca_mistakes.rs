//! `daxsign ca` and `cert` with what people pass by mistake: each is told with what to do, and nothing is done.

use std::fs;

use daxsign_tests::authority_stage::{PASSPHRASE, ca, issued, listed, with_root};
use daxsign_tests::tool::{Run, Tool};

fn init(tool: &Tool, folder: &str, more: &[&str]) -> Run {
    let own = ["--passphrase-file", "pass"];
    tool.run(&[&["ca", "init", folder], more, &own].concat())
}

fn assert_says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
}

/// Files of each kind where another is wanted.
#[test]
fn a_file_of_another_kind_is_told_as_what_it_is() {
    let (tool, openssl) = with_root();
    tool.write("tpp1.key", openssl.read("tpp1.key"));
    tool.write("public.pem", openssl.run("pkey -in tpp1.key -pubout"));
    issued(&tool, "tpp1.csr", "tpp1.crt");
    let issue = |file: &str| ca(&tool, &["issue", file, "--profile", "dax", "--yes"]);
    for (file, says) in [
        ("tpp1.key", "this is a private key, no request"),
        (
            "root/authority.key",
            "this is an encrypted private key, no request",
        ),
        ("public.pem", "this is a public key, no request"),
        ("tpp1.crt", "`daxsign ca renew`"),
        (
            "root/authority.crl",
            "this is a list of revoked certificates, no request",
        ),
        ("root", "root is a folder"),
    ] {
        let run = issue(file);
        run.assert_unusable(file);
        assert_says(&run, &[says]);
    }
    issue("pass").assert_refused("malformed-request", "nothing that is known");
    let revoke = |what: &str| ca(&tool, &["revoke", what, "--reason", "superseded", "--yes"]);
    for (what, says) in [
        (
            "tpp1.csr",
            "this is a request for a certificate, no certificate",
        ),
        (
            "root/authority.crl",
            "this is a list of revoked certificates, no certificate",
        ),
        ("root", "root is a folder"),
        ("missing.crt", "there is no file missing.crt"),
    ] {
        let run = revoke(what);
        run.assert_unusable(what);
        assert_says(&run, &[says]);
    }
    for (file, says) in [
        ("root", "root is a folder"),
        (
            "root/authority.crl",
            "this is a list of revoked certificates",
        ),
        ("root/authority.key", "this is an encrypted private key"),
    ] {
        let run = tool.run(&["cert", file]);
        run.assert_unusable(file);
        assert_says(&run, &[says]);
    }
    let neither = tool.run(&["cert", "pass"]);
    neither.assert_refused("invalid-key", "no file of these");
    assert_says(
        &neither,
        &["hint: `daxsign cert` shows certificates and requests"],
    );
    assert_eq!(listed(&tool)["certificates"].as_array().unwrap().len(), 1);
}

#[test]
fn places_names_and_passphrases_that_are_not_there_are_told_with_what_to_do() {
    let (tool, _) = with_root();
    let nowhere = init(&tool, "nowhere/x", &["--name", "CN=x"]);
    nowhere.assert_unusable("no folder");
    assert_says(&nowhere, &["there is no folder nowhere: make it first"]);
    let comma = init(&tool, "new", &["--name", "O=A, Inc., CN=x"]);
    comma.assert_unusable("a comma");
    assert_says(&comma, &["`Inc.` is no part of a name", "as `\\,`"]);
    let above = init(&tool, "new", &["--name", "CN=x", "--above", "root"]);
    above.assert_unusable("nobody is there");
    assert_says(&above, &["--above-passphrase-file is missing"]);
    let bits = init(
        &tool,
        "new",
        &["--name", "CN=x", "--key", "k.pem", "--bits", "2048"],
    );
    bits.assert_unusable("the key is there already");
    assert_says(&bits, &["--bits"]);
    assert!(!tool.path("new").exists());
    tool.write("pass", format!("{PASSPHRASE} \n"));
    let blank = ca(&tool, &["crl"]);
    blank.assert_refused("wrong-passphrase", "a blank at its end");
    assert_says(&blank, &["hint: it is the one", "blanks and all"]);
}

#[test]
fn a_list_that_is_gone_is_told_and_made_anew() {
    let (tool, _) = with_root();
    issued(&tool, "tpp1.csr", "one.crt");
    fs::remove_file(tool.path("root/authority.crl")).unwrap();
    let list = tool.run(&["ca", "list", "--ca", "root"]);
    assert_eq!(list.code, 0, "{}", list.err);
    assert!(
        list.text().contains("`daxsign ca crl` makes it anew"),
        "{}",
        list.text()
    );
    assert!(listed(&tool)["list"].is_null());
    let warn = ["ca", "list", "--ca", "root", "--warn", "1"];
    assert_eq!(tool.run(&warn).code, 3);
    let crl = ca(&tool, &["crl"]);
    assert_eq!(crl.code, 0, "{}", crl.err);
    assert_eq!(listed(&tool)["list"]["number"], 2);
    assert_eq!(tool.run(&warn).code, 0);
}

/// A name with a comma in it is shown as one, and what would steer the terminal is not sent there.
#[test]
fn each_name_is_shown_on_a_line_of_its_own() {
    let (tool, openssl) = with_root();
    openssl.write(
        "names.cnf",
        "[req]\nprompt = no\ndistinguished_name = name\nreq_extensions = all\n[name]\nCN = client\n[all]\n\
         subjectAltName = @names\n[names]\nDNS.1 = client.example\nURI.1 = \"urn:a, DNS:evil.example\"\n\
         URI.2 = \"urn:\u{1B}[2K\"\n",
    );
    openssl.run("req -new -newkey rsa:2048 -nodes -config names.cnf -keyout n.key -out n.csr");
    tool.write("n.csr", openssl.read("n.csr"));
    let run = ca(
        &tool,
        &[
            "issue",
            "n.csr",
            "--profile",
            "dax",
            "--yes",
            "--out",
            "n.crt",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let names: Vec<&str> = run
        .err
        .lines()
        .filter(|line| line.starts_with("name: "))
        .collect();
    assert_eq!(names.len(), 3, "{}", run.err);
    assert_eq!(names[0], "name: DNS:client.example");
    assert!(names[1].contains("urn:a, DNS:evil.example"), "{}", names[1]);
    assert_eq!(names[2], r"name: URI:urn:\1B[2K");
    assert!(!run.err.contains('\u{1B}'), "{}", run.err);
}
