//! TLS where others have gone wrong: authorities above that do not allow it, roots that have ended, lists that nobody
//! may rely on, authorities that a reload forgets, and sessions that outlive what they were given for.

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::slice;
use std::sync::Arc;

use daxsign_pki::tls::rustls::pki_types::pem::PemObject;
use daxsign_pki::tls::rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, ServerName,
};
use daxsign_pki::tls::rustls::{ClientConnection, Connection, ServerConnection};
use daxsign_pki::tls::{
    IdentityFrom, Lists, LivePolicy, Peer, Policy, PolicyFiles, Refusal, RootSet, Standing,
    TlsClient, TlsServer,
};
use daxsign_pki::{PkiError, Profile};
use daxsign_tests::cases::key_file;
use daxsign_tests::made_list::{emptied, numbered, without_end};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::openssl_server::OpenSslServer;
use daxsign_tests::tls_judged::call;
use daxsign_tests::tls_peer::PATIENCE;
use daxsign_tests::tls_stage::{CLIENT, Server, Shape, Stage, Verdict, days, serve};

/// Their names.
type Files<'a> = &'a [&'a str];

fn next(server: &Server) -> Verdict {
    server.said.recv_timeout(PATIENCE).expect("a verdict")
}

fn chain(stage: &Stage, files: &[&str]) -> Vec<CertificateDer<'static>> {
    let read = |file: &&str| CertificateDer::from_pem_file(stage.path(file)).expect("one");
    files.iter().map(read).collect()
}

/// Judges a client by these authorities.
fn judged(
    stage: &Stage,
    authorities: &[&str],
    lists: Option<&[&str]>,
    shown: &[&str],
) -> Result<Standing, Refusal> {
    let read =
        |files: &[&str]| -> Vec<Vec<u8>> { files.iter().map(|file| stage.read(file)).collect() };
    let (authorities, lists) = (read(authorities), lists.map(read));
    let authorities: Vec<&[u8]> = authorities.iter().map(Vec::as_slice).collect();
    let lists: Option<Vec<&[u8]>> = lists
        .as_ref()
        .map(|all| all.iter().map(Vec::as_slice).collect());
    let lists = lists.as_deref().map_or(Lists::NotAsked, Lists::Required);
    let set = RootSet::new("roots", &authorities, lists).expect("roots");
    let policy = Policy::of_roots(set).expect("a policy");
    policy.judge_client(&chain(stage, shown), days(0))
}

/// An authority whose own certificate is for servers alone certifies no client, whatever that one says (OpenSSL and
/// others take extendedKeyUsage of an authority for a bound).
#[test]
fn an_authority_that_is_not_for_clients_certifies_none() {
    let stage = Stage::default();
    let openssl = OpenSsl::default();
    for (file, bytes) in [
        ("own.key", stage.read("own.key")),
        ("root.crt", stage.read("root.crt")),
        ("root.key", key_file("rsa3072.pkcs8.pem")),
        ("between.key", key_file("rsa4096.pkcs8.pem")),
    ] {
        openssl.write(file, bytes);
    }
    openssl.run("req -new -key between.key -subj /CN=Between -out between.csr");
    openssl.run("req -new -key own.key -subj /CN=tpp1.example -out below.csr");
    openssl.write(
        "below.ext",
        "extendedKeyUsage=clientAuth\nsubjectAltName=DNS:tpp1.example\n",
    );
    let sign = |name: &str, above: &str| {
        openssl.run(&format!(
            "x509 -req -in {name}.csr -CA {above}.crt -CAkey {above}.key -set_serial 5 -days 9 -extfile {name}.ext -out {name}.crt"
        ));
        stage.write(&format!("{name}.crt"), openssl.read(&format!("{name}.crt")));
    };
    let mut cases = 0;
    for (usage, good) in [
        ("", true),
        ("extendedKeyUsage=clientAuth,serverAuth\n", true),
        ("extendedKeyUsage=serverAuth\n", false),
    ] {
        openssl.write(
            "between.ext",
            format!(
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n{usage}"
            ),
        );
        sign("between", "root");
        sign("below", "between");
        let there = openssl
            .try_run("verify -purpose sslclient -CAfile root.crt -untrusted between.crt below.crt");
        assert_eq!(there.status.success(), good, "{usage}");
        match judged(&stage, &["root.crt"], None, &["below.crt", "between.crt"]) {
            Ok(standing) => assert!(good && standing.identity == "tpp1.example", "{usage}"),
            Err(refusal) => assert_eq!(
                (good, refusal.to_string().as_str()),
                (
                    false,
                    "the certificate of CN=Between is not for clients (clientAuth is missing): it is for serverAuth"
                )
            ),
        }
        cases += 1;
    }
    assert_eq!(cases, 3);
}

/// As on 30 May 2020, when programs followed a certificate of the root by an older root to its end.
#[test]
fn a_cross_certificate_that_has_ended_stands_in_nobodys_way() {
    let stage = Stage::default();
    let cross = Shape {
        name: "Example Root",
        uid: None,
        host: None,
        profile: Profile::Authority { path_len: None },
        days: (-900, -2),
        serial: "31",
    };
    stage.certify(&stage.other, &stage.root, "ended.crt", &cross);
    let days = (-900, 90);
    stage.certify(
        &stage.other,
        &stage.root,
        "cross.crt",
        &Shape { days, ..cross },
    );
    let lists: Files<'_> = &["root.crl", "other.crl"];
    let good: [(Files<'_>, &str, Option<Files<'_>>); 8] = [
        (&["root.crt"], "ended.crt", None),
        (&["root.crt", "other.crt"], "ended.crt", None),
        (&["other.crt", "root.crt"], "ended.crt", None),
        (&["other.crt", "root.crt"], "ended.crt", Some(lists)),
        (&["ended.crt", "other.crt", "root.crt"], "ended.crt", None),
        (&["ended.crt", "cross.crt", "other.crt"], "ended.crt", None),
        (&["other.crt"], "cross.crt", None),
        (&["other.crt", "root.crt"], "cross.crt", Some(lists)),
    ];
    for (authorities, shown, lists) in good {
        let judged = judged(&stage, authorities, lists, &["client.crt", shown]);
        assert!(judged.is_ok(), "{authorities:?} {shown}: {judged:?}");
    }
    assert_eq!(good.len(), 8);
    // Where no other way is left, it is what is wrong.
    let refusal = judged(&stage, &["other.crt"], None, &["client.crt", "ended.crt"]);
    let said = refusal.expect_err("an old one").to_string();
    let start = "the certificate of CN=Example Root expired 2 days ago";
    assert!(said.starts_with(start), "{said}");
}

#[test]
fn a_list_that_nobody_may_rely_on_lets_nobody_in() {
    let stage = Stage::default();
    stage.list_from(&stage.root, "later.crl", (1, 30));
    let refusal = judged(&stage, &["root.crt"], Some(&["later.crl"]), &["client.crt"]);
    let refusal = refusal.expect_err("a list of tomorrow");
    assert_eq!(refusal.name(), "list-not-yet");
    let start = "the certificate of CN=tpp1.example may have been revoked: the list of CN=Example Root is made only on ";
    assert!(refusal.to_string().starts_with(start), "{refusal}");
    let root = stage.read("root.crt");
    let list = CertificateRevocationListDer::from_pem_file(stage.path("root.crl")).expect("a list");
    let endless = without_end(&list, stage.root.key());
    let made = |authority: &[u8], list: &[u8]| {
        let lists: [&[u8]; 1] = [list];
        RootSet::new("roots", &[authority], Lists::Required(&lists)).map(drop)
    };
    let refused = made(&root, &endless);
    assert!(
        matches!(refused, Err(PkiError::ListWithoutEnd)),
        "{refused:?}"
    );
    // The same authority and key, which may certify, and not tell what was revoked.
    let openssl = OpenSsl::default();
    openssl.write("root.key", key_file("rsa3072.pkcs8.pem"));
    openssl.write(
        "silent.cnf",
        "[req]\nprompt = no\ndistinguished_name = name\nx509_extensions = all\n[name]\nCN = Example Root\n[all]\n\
         basicConstraints = critical, CA:TRUE\nkeyUsage = keyCertSign\n",
    );
    openssl.run("req -new -x509 -config silent.cnf -key root.key -out silent.crt");
    let refused = made(&openssl.read("silent.crt"), &stage.read("root.crl"));
    assert!(
        matches!(refused, Err(PkiError::NoListSigner)),
        "{refused:?}"
    );
}

/// A file of authorities that is gone, empty or half written is no reason to trust nobody, or everybody.
#[test]
fn a_reload_forgets_no_authority() {
    let stage = Stage::default();
    stage.make(&stage.other, "stranger.crt", &CLIENT);
    let (root, list) = (stage.path("root.crt"), stage.path("root.crl"));
    let whole = stage.read("root.crt");
    let files = PolicyFiles::of_roots(slice::from_ref(&root), Some(&[list]), IdentityFrom::DnsName);
    let mut files = files.expect("a policy");
    let server = serve(stage.credentials("server.crt"), files.live(), false);
    // OpenSSL looks into the same file.
    stage.write("trusted.crt", &whole);
    let judges = |when: &str| {
        for (shown, good) in [
            (Some("client.crt"), true),
            (Some("stranger.crt"), false),
            (None, false),
        ] {
            let mut more = vec!["-CAfile", "trusted.crt"];
            if let Some(file) = shown {
                more.extend(["-cert", file, "-key", "own.key"]);
            }
            let said = stage.s_client(server.port, "-tls1_3", &more);
            assert_eq!(said.contains("greetings"), good, "{when} {shown:?}: {said}");
            assert_eq!(next(&server).is_ok(), good, "{when} {shown:?}");
        }
    };
    judges("at first");
    for (what, bytes) in [
        ("empty", &b""[..]),
        ("half", &whole[..whole.len() / 2]),
        ("another's certificate", &stage.read("client.crt")),
    ] {
        fs::write(&root, bytes).expect("a file");
        assert!(files.refresh().is_err(), "{what}");
        judges(what);
    }
    fs::remove_file(&root).expect("it was there");
    assert!(files.refresh().is_err());
    judges("gone");
    fs::write(&root, &whole).expect("a file");
    stage.list(&stage.root, "root.crl", 2, &["55"]);
    assert!(files.refresh().expect("all is there"));
    judges("with a newer list");
}

/// Calls a server with OpenSSL's client and a session to resume or to keep.
fn with_session(stage: &Stage, port: u16, version: &str, session: [&str; 2]) -> String {
    let own = ["-cert", "client.crt", "-key", "own.key"];
    let mut child = stage
        .s_client_command(port, version, &[&own[..], &session].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl starts");
    // A server that is refused has closed already.
    let mut input = child.stdin.take().expect("its input");
    let _ = input.write_all(b"GET / HTTP/1.0\r\n\r\n");
    drop(input);
    let output = child.wait_with_output().expect("its output");
    let both = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// Whoever is revoked does not come back with a session of before: sessions are given to nobody, and one that is
/// offered (a server with the same certificate gave it, and resumes it) is not taken up.
#[test]
fn a_session_that_is_offered_is_judged_anew() {
    let stage = Stage::default();
    let live = LivePolicy::new(stage.policy("root.crl"));
    let server = serve(stage.credentials("server.crt"), &live, false);
    for version in ["-tls1_2", "-tls1_3"] {
        let openssl = OpenSslServer::start(stage.root(), version, "server.crt");
        let said = with_session(&stage, openssl.port, version, ["-sess_out", "session"]);
        assert!(said.contains("\nNew, "), "{version}: {said}");
        let said = with_session(&stage, openssl.port, version, ["-sess_in", "session"]);
        assert!(said.contains("\nReused, "), "{version}: {said}");
        let said = with_session(&stage, server.port, version, ["-sess_in", "session"]);
        assert!(
            said.contains("\nNew, ") && said.contains("greetings"),
            "{version}: {said}"
        );
        assert_eq!(next(&server), Ok("tpp1.example".to_owned()), "{version}");
        let said = with_session(&stage, server.port, version, ["-sess_out", "ours"]);
        assert!(said.contains("greetings"), "{version}: {said}");
        assert!(next(&server).is_ok(), "{version}");
        let kept = fs::read(stage.path("ours"));
        assert!(kept.is_err(), "{version}: a session was given");
    }
    stage.list(&stage.root, "root.crl", 2, &[CLIENT.serial]);
    live.replace(stage.policy("root.crl")).expect("a policy");
    for version in ["-tls1_2", "-tls1_3"] {
        let openssl = OpenSslServer::start(stage.root(), version, "server.crt");
        let _ = with_session(&stage, openssl.port, version, ["-sess_out", "session"]);
        let said = with_session(&stage, server.port, version, ["-sess_in", "session"]);
        assert!(said.contains("certificate revoked"), "{version}: {said}");
        let verdict = next(&server).expect_err("revoked");
        assert!(verdict.contains("was revoked on"), "{version}: {verdict}");
    }
}

/// A client of ours neither: a server that resumes does not show its certificate again.
#[test]
fn our_client_resumes_nothing() {
    let stage = Stage::default();
    for version in ["-tls1_2", "-tls1_3"] {
        let openssl = OpenSslServer::start(stage.root(), version, "server.crt");
        for _ in 0..2 {
            let own = Some(stage.credentials("client.crt"));
            let page = call(&stage, own, openssl.port, "localhost").expect("a page");
            assert!(page.contains("\nNew, "), "{version}: {page}");
        }
    }
}

/// The list in a file, in DER.
fn list(stage: &Stage, file: &str) -> Vec<u8> {
    let der = CertificateRevocationListDer::from_pem_file(stage.path(file));
    der.expect("a list").to_vec()
}

/// The name of the refusal of `client.crt`.
fn refused(files: &PolicyFiles, stage: &Stage) -> Option<&'static str> {
    let policy = files.live().current();
    let judged = policy.judge_client(&chain(stage, &["client.crt"]), days(0));
    judged.err().map(|refusal| refusal.name())
}

/// Puts a list in the place of another, as one that is moved there.
fn put(stage: &Stage, file: &str, list: &[u8]) {
    let new = stage.write("moved.crl", list);
    fs::rename(new, stage.path(file)).expect("a list");
}

fn with_list(stage: &Stage, roots: &[&str], list: &str) -> PolicyFiles {
    let roots: Vec<_> = roots.iter().map(|file| stage.path(file)).collect();
    let files = PolicyFiles::of_roots(&roots, Some(&[stage.path(list)]), IdentityFrom::DnsName);
    files.expect("a policy")
}

/// Whoever was revoked does not come back by an older list, whatever makes it the older one.
#[test]
fn no_list_goes_back() {
    let stage = Stage::default();
    let key = stage.root.key();
    // Of 60 days ago; then one of later, and one of before, with nobody in them.
    stage.list(&stage.root, "revoking.crl", 6, &[CLIENT.serial]);
    stage.list_from(&stage.root, "later.crl", (-50, 30));
    stage.list_from(&stage.root, "earlier.crl", (-80, 30));
    let [revoking, later, earlier] =
        ["revoking.crl", "later.crl", "earlier.crl"].map(|file| list(&stage, file));
    let big = |last: u8| [&[0x10][..], &[0; 11], &[last]].concat();
    let with = |list: &[u8], number: &[u8]| numbered(list, key, Some(number));
    let without = |list: &[u8]| numbered(list, key, None);
    let cases = [
        ("a smaller number", revoking.clone(), with(&later, &[5])),
        ("no number any more", revoking.clone(), without(&later)),
        ("an earlier time", revoking.clone(), with(&earlier, &[7])),
        ("the same number", revoking.clone(), with(&later, &[6])),
        ("the same both", revoking.clone(), emptied(&revoking, key)),
        (
            "long numbers",
            with(&revoking, &big(5)),
            with(&later, &big(4)),
        ),
        ("no numbers", without(&revoking), without(&earlier)),
    ];
    for (why, new, old) in &cases {
        put(&stage, "root.crl", new);
        let mut files = with_list(&stage, &["root.crt"], "root.crl");
        put(&stage, "root.crl", old);
        for _ in 0..2 {
            let error = files.refresh().expect_err(why);
            assert_eq!(error.name(), "list-older", "{why}: {error}");
            assert_eq!(refused(&files, &stage), Some("revoked"), "{why}");
        }
    }
    assert_eq!(cases.len(), 7);
    let good = [
        ("a greater number", revoking.clone(), with(&later, &[7])),
        ("a longer number", revoking.clone(), with(&later, &big(0))),
        ("the first number", without(&revoking), with(&later, &[1])),
        ("a later time", without(&revoking), without(&later)),
    ];
    for (why, old, new) in &good {
        put(&stage, "root.crl", old);
        let mut files = with_list(&stage, &["root.crt"], "root.crl");
        assert_eq!(refused(&files, &stage), Some("revoked"), "{why}");
        put(&stage, "root.crl", new);
        assert!(files.refresh().expect(why));
        assert_eq!(refused(&files, &stage), None, "{why}");
    }
    assert_eq!(good.len(), 4);
}

/// Nor by way of another authority's list, or of a policy that leaves it out for a time.
#[test]
fn the_newest_list_is_known_while_it_is_away() {
    let stage = Stage::default();
    stage.list(&stage.root, "root.crl", 6, &[CLIENT.serial]);
    let mut files = with_list(&stage, &["root.crt", "other.crt"], "root.crl");
    stage.list(&stage.other, "root.crl", 9, &[]);
    assert!(files.refresh().expect("another's"));
    assert_eq!(refused(&files, &stage), Some("no-list"));
    stage.list(&stage.root, "root.crl", 5, &[]);
    assert_eq!(
        files.refresh().expect_err("an old one").name(),
        "list-older"
    );
    assert_eq!(refused(&files, &stage), Some("no-list"));
    stage.list(&stage.root, "root.crl", 6, &[CLIENT.serial]);
    assert!(files.refresh().expect("the same again"));
    assert_eq!(refused(&files, &stage), Some("revoked"));
    stage.list(&stage.root, "root.crl", 7, &[]);
    assert!(files.refresh().expect("a newer one"));
    assert_eq!(refused(&files, &stage), None);
    // In one set, in any order.
    stage.list(&stage.root, "older.crl", 6, &[CLIENT.serial]);
    for lists in [["root.crl", "older.crl"], ["older.crl", "root.crl"]] {
        let judged = judged(&stage, &["root.crt"], Some(&lists), &["client.crt"]);
        assert!(judged.is_ok(), "{lists:?}: {judged:?}");
    }
}

/// Makes a file useless.
type Spoil = fn(&Stage);

const TWO: &str = r#"
[roots.own]
certificates = ["root.crt"]
lists = ["root.crl"]
[roots.others]
certificates = ["other.crt"]
lists = ["other.crl"]
[[paths]]
path = "/"
roots = ["own", "others"]
"#;

/// A file that cannot be read keeps no newer list from taking effect.
#[test]
fn one_bad_file_stops_no_revocation() {
    let bad: [(&str, Spoil); 5] = [
        ("other.crl", |stage| {
            fs::remove_file(stage.path("other.crl")).expect("it was there");
        }),
        ("other.crl", |stage| {
            stage.write("other.crl", "-----BEGIN X509 CRL-----\nMIIB\n");
        }),
        ("other.crl", |stage| {
            stage.list(&stage.root, "other.crl", 1, &[]);
        }),
        ("other.crt", |stage| {
            stage.write("other.crt", "");
        }),
        ("two.toml", |stage| {
            stage.write("two.toml", TWO.replace("roots = ", "root = "));
        }),
    ];
    for (file, spoil) in bad {
        let stage = Stage::default();
        stage.write("two.toml", TWO);
        stage.make(&stage.other, "stranger.crt", &CLIENT);
        let mut files = PolicyFiles::open(&stage.path("two.toml")).expect("a policy");
        spoil(&stage);
        let error = files.refresh().expect_err(file).to_string();
        assert!(error.contains(file), "{file}: {error}");
        assert_eq!(refused(&files, &stage), None, "{file}");
        stage.list(&stage.root, "root.crl", 2, &[CLIENT.serial]);
        let error = files.refresh().expect_err(file).to_string();
        assert!(error.contains(file), "{file}: {error}");
        assert_eq!(refused(&files, &stage), Some("revoked"), "{file}");
        // Those of the other root are judged as before.
        let policy = files.live().current();
        let stranger = policy.judge_client(&chain(&stage, &["stranger.crt"]), days(0));
        assert!(stranger.is_ok(), "{file}: {stranger:?}");
        assert_eq!(files.live().generation(), 1, "{file}");
        assert!(files.refresh().is_err());
        assert_eq!(files.live().generation(), 1, "{file}: nothing is new");
    }
    assert_eq!(bad.len(), 5);
}

/// A pipe in a list's place is told, not waited for.
#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let stage = Stage::default();
    let mut files = with_list(&stage, &["root.crt"], "root.crl");
    let made = std::process::Command::new("mkfifo")
        .arg(stage.path("pipe"))
        .status();
    assert!(made.expect("mkfifo starts").success());
    fs::rename(stage.path("pipe"), stage.path("root.crl")).expect("it was there");
    let (sender, outcome) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let said = files.refresh().map_err(|error| error.to_string());
        let _ = sender.send((files, said));
    });
    let (mut files, said) = outcome.recv_timeout(PATIENCE).expect("it does not wait");
    let said = said.expect_err("no list");
    assert!(said.contains("root.crl: it is no regular file"), "{said}");
    assert_eq!(refused(&files, &stage), None);
    stage.list(&stage.root, "root.crl", 2, &[CLIENT.serial]);
    assert!(files.refresh().expect("a list again"));
    assert_eq!(refused(&files, &stage), Some("revoked"));
}

/// What a root says of itself counts, and what a client says of its key; OpenSSL is asked the same.
#[test]
fn roots_and_keys_are_for_what_they_say() {
    let stage = Stage::default();
    let openssl = OpenSsl::default();
    openssl.write("own.key", stage.read("own.key"));
    openssl.write("root.key", key_file("rsa3072.pkcs8.pem"));
    openssl.write("between.key", key_file("rsa4096.pkcs8.pem"));
    let authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
    let client = "extendedKeyUsage=clientAuth\nsubjectAltName=DNS:tpp1.example\n";
    let name = |name: &str| format!("[req]\nprompt=no\ndistinguished_name=n\n[n]\nCN={name}\n");
    let cases = [
        ("CA:TRUE,pathlen:1", "", None),
        ("CA:TRUE,pathlen:0", "", Some("path-length")),
        ("CA:TRUE", "keyUsage=critical,digitalSignature\n", None),
        ("CA:TRUE", "keyUsage=critical,cRLSign\n", Some("key-usage")),
        ("CA:TRUE", "keyUsage=keyEncipherment\n", Some("key-usage")),
    ];
    for (root, usage, expected) in cases {
        let root_cnf = format!(
            "{}[e]\nbasicConstraints=critical,{root}\nkeyUsage=critical,keyCertSign,cRLSign\n",
            name("Narrow")
        );
        openssl.write("root.cnf", root_cnf);
        openssl.write("between.cnf", name("Between"));
        openssl.write("below.cnf", name("tpp1.example"));
        openssl.write("between.ext", authority);
        openssl.write("below.ext", format!("{client}{usage}"));
        openssl.run(
            "req -new -x509 -config root.cnf -extensions e -key root.key -days 9 -out root.crt",
        );
        openssl.run("req -new -config between.cnf -key between.key -out between.csr");
        openssl.run("req -new -config below.cnf -key own.key -out below.csr");
        for (file, above) in [("between", "root"), ("below", "between")] {
            openssl.run(&format!(
                "x509 -req -in {file}.csr -CA {above}.crt -CAkey {above}.key -set_serial 5 -days 9 -extfile {file}.ext -out {file}.crt"
            ));
        }
        for file in ["root.crt", "between.crt", "below.crt"] {
            stage.write(&format!("narrow-{file}"), openssl.read(file));
        }
        let shown = ["narrow-below.crt", "narrow-between.crt"];
        let judged = judged(&stage, &["narrow-root.crt"], None, &shown);
        let said = judged.err().map(|refusal| refusal.name());
        assert_eq!(said, expected, "{root} {usage}");
        let there = openssl
            .try_run("verify -purpose sslclient -CAfile root.crt -untrusted between.crt below.crt");
        assert_eq!(there.status.success(), expected.is_none(), "{root} {usage}");
    }
    assert_eq!(cases.len(), 5);
    for root in ["basicConstraints=CA:FALSE\n", "subjectKeyIdentifier=hash\n"] {
        openssl.write("leaf.cnf", format!("{}[e]\n{root}", name("Leaf")));
        openssl.run("req -new -x509 -config leaf.cnf -extensions e -key root.key -out leaf.crt");
        let made = RootSet::new("roots", &[&openssl.read("leaf.crt")], Lists::NotAsked);
        assert!(matches!(made, Err(PkiError::NotAnAuthority)), "{root}");
    }
}

/// A certificate with two UIDs is not the holder of one of them.
#[test]
fn several_uids_are_nobody() {
    let stage = Stage::default();
    let openssl = OpenSsl::default();
    openssl.write("own.key", stage.read("own.key"));
    openssl.write("root.crt", stage.read("root.crt"));
    openssl.write("root.key", key_file("rsa3072.pkcs8.pem"));
    openssl.write("client.ext", "extendedKeyUsage=clientAuth\n");
    for (subject, expected) in [
        ("/UID=u1", Ok("u1")),
        ("/UID=u1/UID=zz", Err("several-identities")),
    ] {
        openssl.run(&format!(
            "req -new -key own.key -subj {subject} -out two.csr"
        ));
        openssl.run(
            "x509 -req -in two.csr -CA root.crt -CAkey root.key -set_serial 5 -days 9 -extfile client.ext -out two.crt",
        );
        stage.write("two.crt", openssl.read("two.crt"));
        let set = RootSet::new("roots", &[&stage.read("root.crt")], Lists::NotAsked);
        let set = set.expect("roots").with_identities(IdentityFrom::Uid, None);
        let policy = Policy::of_roots(set).expect("a policy");
        let judged = policy.judge_client(&chain(&stage, &["two.crt"]), days(0));
        let said = judged.as_ref().map(|standing| standing.identity.as_str());
        assert_eq!(said.map_err(Refusal::name), expected, "{subject}");
    }
}

/// Hands over what one end has to say.
fn pass_on(from: &mut Connection, to: &mut Connection) {
    let mut said = Vec::new();
    while from.wants_write() {
        from.write_tls(&mut said).expect("memory");
    }
    let mut said = said.as_slice();
    while !said.is_empty() {
        to.read_tls(&mut said).expect("memory");
        to.process_new_packets().expect("a good handshake");
    }
}

/// `client.crt`, connected to a server that lets in whom these say.
fn connected(stage: &Stage, live: &Arc<LivePolicy>) -> Peer {
    let server = TlsServer::new(stage.credentials("server.crt"), Arc::clone(live));
    let (config, witness) = server.connection().expect("a configuration");
    let mut server = Connection::from(ServerConnection::new(config).expect("a connection"));
    let root = RootSet::new("roots", &[&stage.read("root.crt")], Lists::NotAsked);
    let policy = Policy::of_roots(root.expect("a root")).expect("a policy");
    let client = TlsClient::new(
        Some(stage.credentials("client.crt")),
        LivePolicy::new(policy),
    );
    let host = ServerName::try_from("localhost").expect("a host");
    let (config, _) = client.connection(&host).expect("a configuration");
    let mut client = Connection::from(ClientConnection::new(config, host).expect("a connection"));
    while client.is_handshaking() || server.is_handshaking() {
        pass_on(&mut client, &mut server);
        pass_on(&mut server, &mut client);
    }
    witness.peer().expect("somebody")
}

/// The name of what keeps it from going on, and from a path.
fn ended(peer: &Peer) -> Option<&'static str> {
    let good = peer.is_still_good(days(0)).err();
    let used = peer.may_use("/a", days(0)).err();
    let (good, used) = (good.map(|why| why.name()), used.map(|why| why.name()));
    assert_eq!(good, used);
    good
}

const ONE_CLIENT: &str = r#"
[roots.own]
certificates = ["root.crt"]
lists = ["root.crl"]
[roots.own.clients]
"tpp1.example" = "NAME"
[[paths]]
path = "/"
roots = ["own"]
"#;

/// What was let in as one is not served as another, whose name a new policy gives its certificate.
#[test]
fn nobody_becomes_another_while_connected() {
    let stage = Stage::default();
    stage.write("one.toml", ONE_CLIENT.replace("NAME", "first"));
    let mut files = PolicyFiles::open(&stage.path("one.toml")).expect("a policy");
    let peer = connected(&stage, files.live());
    assert_eq!(ended(&peer), None);
    // Judged anew, as the same.
    stage.list(&stage.root, "root.crl", 2, &["55"]);
    assert!(files.refresh().expect("a newer list"));
    assert_eq!(ended(&peer), None);
    stage.write("one.toml", ONE_CLIENT.replace("NAME", "somebody else"));
    assert!(files.refresh().expect("a policy"));
    assert_eq!(ended(&peer), Some("unknown-identity"));
    let again = connected(&stage, files.live());
    assert_eq!(again.standing().identity, "somebody else");
    assert_eq!(ended(&again), None);
}

/// A connection that was found bad once stays so, though its certificate is good again.
#[test]
fn whoever_was_refused_comes_back_by_a_new_connection_alone() {
    let stage = Stage::default();
    let mut files = with_list(&stage, &["root.crt"], "root.crl");
    let peer = connected(&stage, files.live());
    assert_eq!(ended(&peer), None);
    stage.list(&stage.root, "root.crl", 2, &[CLIENT.serial]);
    assert!(files.refresh().expect("a newer list"));
    assert_eq!(ended(&peer), Some("revoked"));
    stage.list(&stage.root, "root.crl", 3, &[]);
    assert!(files.refresh().expect("a newer list"));
    assert_eq!(ended(&peer), Some("revoked"));
    assert_eq!(ended(&connected(&stage, files.live())), None);
}

/// Anybody can call an authority by any name: a list stands in the way of those of its own key alone.
#[test]
fn a_namesake_s_lists_are_its_own() {
    let stage = Stage::default();
    let shape = Shape {
        name: "Other Root",
        profile: Profile::Authority { path_len: None },
        serial: "21",
        ..CLIENT
    };
    let namesake = stage.below(&stage.root, "namesake.crt", &shape);
    stage.make(&namesake, "below.crt", &CLIENT);
    stage.list(&namesake, "namesake.crl", 1, &[]);
    stage.list(&stage.other, "other.crl", 9, &[]);
    let text = TWO.replace("\"root.crt\"", "\"root.crt\", \"namesake.crt\"");
    let text = text.replace("\"root.crl\"", "\"root.crl\", \"namesake.crl\"");
    stage.write("two.toml", text);
    let mut files = PolicyFiles::open(&stage.path("two.toml")).expect("a policy");
    let judged = |files: &PolicyFiles| {
        let policy = files.live().current();
        let judged = policy.judge_client(&chain(&stage, &["below.crt"]), days(0));
        judged.err().map(|refusal| refusal.name())
    };
    assert_eq!(judged(&files), None);
    stage.list(&namesake, "namesake.crl", 2, &[CLIENT.serial]);
    assert!(files.refresh().expect("a newer list of its own"));
    assert!(judged(&files).is_some(), "revoked");
}
