//! Which roots each path of an API trusts, and as whom a certificate's holder is known there.

use std::fs;

use daxsign_pki::tls::rustls::pki_types::pem::PemObject;
use daxsign_pki::tls::rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use daxsign_pki::tls::{Lists, Policy, PolicyFiles, RootSet};
use daxsign_tests::tls_stage::{CLIENT, Shape, Stage, days};

/// The Open Banking text's two rules, each with roots of its own.
const FDX: &str = r#"
[roots.accounts]
certificates = ["root.crt"]
lists = ["root.crl"]
[roots.accounts.clients]
"TPP1.example" = "first"
"tpp2.example" = "second"

[roots.authorization]
certificates = ["other.crt"]
lists = ["other.crl"]
identity = "uid"

[[paths]]
path = "/fdx/accounts"
rule = "FDX_MTLS"
roots = ["accounts"]

[[paths]]
path = "/fdx/authorization"
rule = "FDX_Authorization_MTLS"
roots = ["authorization", "accounts"]

[[paths]]
path = "/fdx/authorization/admin"
roots = ["authorization"]
"#;

fn stage() -> Stage {
    let stage = Stage::default();
    stage.write("fdx.toml", FDX);
    let uid = Some("00000000-0000-0000-0000-000000000002");
    stage.make(&stage.other, "uid.crt", &Shape { uid, ..CLIENT });
    stage.make(&stage.other, "no-uid.crt", &CLIENT);
    let name = "tpp3.example";
    stage.make(&stage.root, "unknown.crt", &Shape { name, ..CLIENT });
    stage
}

fn chain(stage: &Stage, file: &str) -> Vec<CertificateDer<'static>> {
    let read = CertificateDer::pem_file_iter(stage.path(file)).expect("a file");
    read.map(|der| der.expect("a certificate")).collect()
}

#[test]
fn each_path_trusts_its_own_roots() {
    let stage = stage();
    let files = PolicyFiles::open(&stage.path("fdx.toml")).expect("a policy");
    let policy = files.live().current();
    let uid = "00000000-0000-0000-0000-000000000002";
    let cases = [
        ("client.crt", "/fdx/accounts", Ok(("first", "FDX_MTLS"))),
        (
            "client.crt",
            "/fdx/accounts/7?a=/../b",
            Ok(("first", "FDX_MTLS")),
        ),
        (
            "client.crt",
            "/fdx/authorization",
            Ok(("first", "FDX_Authorization_MTLS")),
        ),
        (
            "client.crt",
            "/fdx/authorization/admin",
            Err("other-issuer"),
        ),
        ("client.crt", "/fdx/authorization/%61dmin", Err("no-rule")),
        ("client.crt", "/fdx/authorization/./admin", Err("no-rule")),
        ("client.crt", "/fdx/authorization//admin", Err("no-rule")),
        (
            "client.crt",
            "/fdx/authorization/x/../admin",
            Err("no-rule"),
        ),
        ("client.crt", "/fdx/accounts2", Err("no-rule")),
        ("client.crt", "/FDX/accounts", Err("no-rule")),
        ("client.crt", "/", Err("no-rule")),
        ("client.crt", "*", Err("no-rule")),
        (
            "uid.crt",
            "/fdx/authorization/admin/9",
            Ok((uid, "/fdx/authorization/admin")),
        ),
        (
            "uid.crt",
            "/fdx/authorization",
            Ok((uid, "FDX_Authorization_MTLS")),
        ),
        ("uid.crt", "/fdx/accounts", Err("other-issuer")),
        ("no-uid.crt", "/fdx/authorization", Err("no-identity")),
        ("unknown.crt", "/fdx/accounts", Err("unknown-identity")),
        ("server.crt", "/fdx/accounts", Err("other-purpose")),
    ];
    for (file, path, expected) in cases {
        let judged = policy.judge_path(&chain(&stage, file), path, days(0));
        match (judged, expected) {
            (Ok(standing), Ok((identity, rule))) => {
                assert_eq!(standing.identity, identity, "{file} {path}");
                assert_eq!(standing.rule.as_deref(), Some(rule), "{file} {path}");
            }
            (Err(refusal), Err(name)) => {
                assert_eq!(refusal.name(), name, "{file} {path}: {refusal}");
            }
            (judged, _) => panic!("{file} {path}: {judged:?}"),
        }
    }
    assert_eq!(cases.len(), 18);
    let said = policy.judge_path(&chain(&stage, "server.crt"), "/fdx/authorization", days(0));
    let said = said.expect_err("a server's").to_string();
    assert!(
        said.contains("is not for clients"),
        "what its own roots say: {said}"
    );
    for file in ["client.crt", "uid.crt"] {
        assert!(
            policy.judge_client(&chain(&stage, file), days(0)).is_ok(),
            "{file}"
        );
    }
}

#[test]
fn it_holds_until_the_first_of_certificates_and_lists_ends() {
    let stage = stage();
    let files = PolicyFiles::open(&stage.path("fdx.toml")).expect("a policy");
    let policy = files.live().current();
    let client = chain(&stage, "client.crt");
    let standing = policy.judge_client(&client, days(0)).expect("good");
    let left = standing.until.seconds() - days(30).seconds();
    assert!((-60..=0).contains(&left), "the list's end: {left} s");
    assert!(policy.judge_client(&client, standing.until).is_ok());
    let refusal = policy.judge_client(&client, days(31)).expect_err("no list");
    assert_eq!(refusal.name(), "list-overdue");
    let refusal = policy
        .judge_client(&client, days(101))
        .expect_err("its end");
    assert_eq!(refusal.name(), "expired");
}

#[test]
fn a_root_that_has_ended_is_none() {
    let stage = stage();
    stage.root_again("ended.crt", (-900, -2));
    let policy = |files: &[&str]| {
        let read: Vec<Vec<u8>> = files.iter().map(|file| stage.read(file)).collect();
        let read: Vec<&[u8]> = read.iter().map(Vec::as_slice).collect();
        let set = RootSet::new("roots", &read, Lists::NotAsked).expect("roots");
        Policy::of_roots(set).expect("a policy")
    };
    let client = chain(&stage, "client.crt");
    let refusal = policy(&["ended.crt"]).judge_client(&client, days(0));
    let said = refusal.expect_err("an old root").to_string();
    assert!(
        said.starts_with("the certificate of CN=Example Root expired 2 days ago"),
        "{said}"
    );
    // And does not stand in the way of one that is good.
    let both = policy(&["ended.crt", "root.crt"]).judge_client(&client, days(0));
    assert!(both.is_ok(), "{both:?}");
}

/// What stands in the file, what is put in its place, and what is said then.
const WRONG: [(&str, &str, &str); 19] = [
    (
        "lists = [\"root.crl\"]",
        "lists = []",
        "there is no list of revoked certificates",
    ),
    (
        "lists = [\"root.crl\"]",
        "lists = \"off\"",
        "roots.accounts: lists = \"off\": name the files in brackets",
    ),
    ("lists = [\"root.crl\"]\n", "", "missing field `lists`"),
    (
        "lists = [\"root.crl\"]",
        "lists = [\"gone.crl\"]",
        "gone.crl: ",
    ),
    (
        "lists = [\"root.crl\"]",
        "lists = [\"other.crl\"]",
        "another authority's",
    ),
    (
        "certificates = [\"root.crt\"]",
        "certificates = []",
        "no certificate among them issued itself",
    ),
    (
        "certificates = [\"root.crt\"]",
        "certificates = [\"client.crt\"]",
        "no certificate among them issued itself",
    ),
    (
        "identity = \"uid\"",
        "identity = \"email\"",
        "roots.authorization: identity = \"email\": it is dns",
    ),
    (
        "identity = \"uid\"",
        "identify = \"uid\"",
        "unknown field `identify`",
    ),
    (
        "roots = [\"accounts\"]",
        "roots = []",
        "the rule for /fdx/accounts trusts nobody",
    ),
    (
        "roots = [\"accounts\"]",
        "roots = [\"acounts\"]",
        "trusts `acounts`, which is no root set here",
    ),
    (
        "path = \"/fdx/accounts\"",
        "path = \"fdx/accounts\"",
        "`fdx/accounts` is no path",
    ),
    (
        "path = \"/fdx/accounts\"",
        "path = \"/fdx/authorization\"",
        "two rules have one path, `/fdx/authorization` and `/fdx/authorization`",
    ),
    (
        "path = \"/fdx/accounts\"",
        "path = \"/fdx/Authorization/\"",
        "two rules have one path, `/fdx/Authorization/` and `/fdx/authorization`",
    ),
    (
        "path = \"/fdx/accounts\"",
        "path = \"/fdx/å\"",
        "is percent-encoded",
    ),
    (
        "\"tpp2.example\"",
        "\"TPP1.EXAMPLE\"",
        "\"TPP1.example\" stands there twice, in other letters",
    ),
    (
        "= \"second\"",
        "= \"\"",
        "roots.accounts.clients: \"tpp2.example\" = \"\": an empty name",
    ),
    (
        "lists = [\"root.crl\"]",
        "lists = [\"\"]",
        "roots.accounts: a file without a name",
    ),
    ("path = ", "path ", "fdx.toml: line "),
];

#[test]
fn a_file_that_is_wrong_says_where_and_changes_nothing() {
    let stage = stage();
    let file = stage.path("fdx.toml");
    let mut files = PolicyFiles::open(&file).expect("a policy");
    for (from, to, why) in WRONG {
        assert!(FDX.contains(from), "{from}");
        fs::write(&file, FDX.replacen(from, to, 1)).expect("a file");
        let error = files.refresh().expect_err(to).to_string();
        assert!(error.contains(why), "{to}: {error}");
        assert_eq!(error.lines().count(), 1, "{to}: {error}");
        let policy = files.live().current();
        let still = policy.judge_path(&chain(&stage, "client.crt"), "/fdx/accounts", days(0));
        assert!(still.is_ok(), "{to}: what was in use stays");
    }
    assert_eq!(WRONG.len(), 19);
    fs::write(&file, FDX.replace("FDX_MTLS", "RENAMED")).expect("a file");
    assert!(files.refresh().expect("a policy"));
    let policy = files.live().current();
    let standing = policy.judge_path(&chain(&stage, "client.crt"), "/fdx/accounts", days(0));
    assert_eq!(standing.expect("good").rule.as_deref(), Some("RENAMED"));
}

#[test]
fn a_list_of_another_authority_or_a_changed_one_is_none() {
    let stage = stage();
    let (root, other, list) = (
        stage.read("root.crt"),
        stage.read("other.crt"),
        stage.read("root.crl"),
    );
    let der = CertificateRevocationListDer::from_pem_slice(&list).expect("a list");
    let mut changed = der.to_vec();
    *changed.last_mut().expect("a byte") ^= 1;
    for (authority, list, name) in [
        (&root, &list, None),
        (&other, &list, Some("other-list")),
        (&root, &changed, Some("list-signature")),
    ] {
        let lists: [&[u8]; 1] = [list];
        let made = RootSet::new("roots", &[authority], Lists::Required(&lists));
        assert_eq!(made.err().map(|error| error.name()), name);
    }
}

/// A stricter rule below another is not got round by another way of writing its path.
#[test]
fn a_path_written_otherwise_is_its_rule_s_or_nobody_s() {
    const RULES: &str = r#"
[roots.all]
certificates = ["root.crt"]
lists = ["root.crl"]
[roots.strict]
certificates = ["other.crt"]
lists = ["other.crl"]
[[paths]]
path = "/"
roots = ["all"]
[[paths]]
path = "/admin"
roots = ["strict"]
[[paths]]
path = "/%C3%A5"
roots = ["strict"]
[[paths]]
path = "/a:b/"
roots = ["strict"]
"#;
    let stage = stage();
    stage.write("rules.toml", RULES);
    let files = PolicyFiles::open(&stage.path("rules.toml")).expect("a policy");
    let policy = files.live().current();
    let client = chain(&stage, "client.crt");
    let cases = [
        ("/", None),
        ("/x/admin", None),
        ("/administration", None),
        ("/x%40y.example/7", None),
        ("/Inc.", None),
        ("/admin", Some("other-issuer")),
        ("/admin/", Some("other-issuer")),
        ("/%C3%A5/x", Some("other-issuer")),
        ("/%c3%a5/x", Some("other-issuer")),
        ("/a:b/x", Some("other-issuer")),
        ("/a%3Ab", Some("other-issuer")),
        ("/å/x", Some("no-rule")),
        ("/%C3%85/x", Some("no-rule")),
        ("/Admin", Some("no-rule")),
        ("/ADMIN/x", Some("no-rule")),
        ("/admin%20/x", Some("no-rule")),
        ("/admin.", Some("no-rule")),
        ("/x/%c0%ae%c0%ae/admin", Some("no-rule")),
        ("/x/%0d%0aB", Some("no-rule")),
    ];
    for (path, refused) in cases {
        let judged = policy.judge_path(&client, path, days(0));
        let name = judged.err().map(|refusal| refusal.name());
        assert_eq!(name, refused, "{path}");
    }
    assert_eq!(cases.len(), 19);
}

/// Whom one set does not know, another of the same root may.
#[test]
fn a_client_is_known_by_any_set_that_knows_it() {
    let stage = stage();
    let text = FDX
        .replace(
            "certificates = [\"other.crt\"]",
            "certificates = [\"root.crt\"]",
        )
        .replace("lists = [\"other.crl\"]", "lists = [\"root.crl\"]")
        .replace("identity = \"uid\"", "identity = \"subject\"");
    stage.write("same.toml", text);
    let files = PolicyFiles::open(&stage.path("same.toml")).expect("a policy");
    let policy = files.live().current();
    let unknown = chain(&stage, "unknown.crt");
    let standing = policy
        .judge_client(&unknown, days(0))
        .expect("by the second");
    assert_eq!(standing.identity, "CN=tpp3.example");
    assert!(
        policy
            .judge_path(&unknown, "/fdx/authorization/admin", days(0))
            .is_ok()
    );
    let refusal = policy.judge_path(&unknown, "/fdx/accounts", days(0));
    assert_eq!(refusal.expect_err("not there").name(), "unknown-identity");
}

/// Roots that are read and that no path trusts let nobody through the handshake.
#[test]
fn roots_that_no_path_trusts_let_nobody_in() {
    let stage = stage();
    stage.make(&stage.other, "stranger.crt", &CLIENT);
    let text = r#"
[roots.own]
certificates = ["root.crt"]
lists = ["root.crl"]
[roots.left]
certificates = ["other.crt"]
lists = ["other.crl"]
[[paths]]
path = "/"
roots = ["own"]
"#;
    let judged = |text: &str| {
        stage.write("left.toml", text);
        let files = PolicyFiles::open(&stage.path("left.toml")).expect("a policy");
        let policy = files.live().current();
        let judged = ["client.crt", "stranger.crt"]
            .map(|file| policy.judge_client(&chain(&stage, file), days(0)));
        judged.map(|judged| judged.err().map(|refusal| refusal.name()))
    };
    assert_eq!(judged(text), [None, Some("other-issuer")]);
    let both = text.replace("roots = [\"own\"]", "roots = [\"own\", \"left\"]");
    assert_eq!(judged(&both), [None, None]);
}
