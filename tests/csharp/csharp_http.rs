//! A signing `HttpClient` in C#: its requests are judged as they arrive, with OpenSSL and the second
//! reading of the rules; what the REST client does with its handler; and the README's program.

use std::fmt::Write;
use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::Profile;
use daxsign_tests::cases;
use daxsign_tests::csharp::{KEY, binding, built, key, on_all, part, pfx, text};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::loopback::Server;
use daxsign_tests::model::{self, ModelOptions};
use daxsign_tests::nuget::Restored;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::request::OwnedRequest;
use sha2::{Digest, Sha256};

const PUBLIC_KEY: &str = "rsa2048.spki.pem";
/// How many checks the test program makes.
const CLIENT_CHECKS: usize = 30;
const DETAIL_CHECKS: usize = 189;

/// Where the home server sends requests: to itself, or to another origin.
fn servers() -> (Server, Server) {
    let other = Server::start(|_| (200, None));
    let elsewhere = format!("{}/landed?b=1", other.origin());
    let home = Server::start(move |target| match target {
        "/307-home" => (307, Some("/landed?a=1".into())),
        "/307-other" => (307, Some(elsewhere.clone())),
        "/301" => (301, Some("/moved".into())),
        "/302" => (302, Some("/landed".into())),
        "/303" => (303, Some("/landed".into())),
        "/circle" => (307, Some("/circle".into())),
        _ => (200, None),
    });
    (home, other)
}

#[test]
fn what_arrives_verifies_with_openssl() {
    for runtime in Runtime::HERE {
        let openssl = OpenSsl::default();
        let (home, other) = servers();
        let arguments = [
            "client",
            &key(KEY),
            &pfx(&openssl),
            &home.origin(),
            &other.origin(),
        ];
        let printed = part(runtime, &arguments);
        assert!(
            printed.contains(&format!("checks {CLIENT_CHECKS}\n")),
            "{printed}"
        );
        judge_home(&openssl, &home, &home.take());
        let landed = other.take();
        assert_eq!(landed.len(), 1, "{}", runtime.name());
        judge(&openssl, &other, &landed[0], Profile::Documented);
        assert_eq!(
            field(&landed[0], "Authorization"),
            None,
            "the token stays at home"
        );
        assert_eq!(landed[0].method, "POST");
        assert_eq!(landed[0].body, "{\"name\": \"Åsa\"}".as_bytes());
    }
}

fn judge_home(openssl: &OpenSsl, home: &Server, requests: &[OwnedRequest]) {
    let mut expected: Vec<&str> = [
        "POST /post?page=2",
        "GET /get/%C3%A5%20b",
        "GET /get-context",
        "PUT /put-nothing",
        "PATCH /patch",
        "GET /get-empty",
        "POST /fields",
        "POST /307-home",
        "POST /landed?a=1",
        "POST /307-other",
        "POST /301",
        "POST /moved",
        "POST /moved",
        "POST /302",
        "POST /landed",
        "POST /303",
    ]
    .to_vec();
    expected.extend([["POST /circle"; 11].as_slice(), &["POST /307-home"]].concat());
    expected.extend([
        "GET /unsigned",
        "POST /302",
        "POST /landed",
        "POST /302",
        "POST /landed",
    ]);
    expected.push("POST /vendor");
    let lines: Vec<String> = requests
        .iter()
        .map(|request| format!("{} {}", request.method, request.target))
        .collect();
    assert_eq!(lines, expected);
    let mut dates = Vec::new();
    for request in requests {
        match &*request.target {
            "/unsigned" => continue,
            "/vendor" => judge(openssl, home, request, Profile::VendorSdk),
            _ => judge(openssl, home, request, Profile::Documented),
        }
        if !["POST", "PUT", "PATCH"].contains(&&*request.method)
            || request.target.starts_with("/post")
            || ["/put-nothing", "/patch"].contains(&&*request.target)
        {
            continue;
        }
        dates.push(field(request, "Date").expect("a date"));
    }
    // A fresh date for each, at each step of a redirect too.
    assert!(dates.windows(2).all(|pair| pair[0] < pair[1]), "{dates:?}");
    judge_details(requests);
}

fn judge_details(requests: &[OwnedRequest]) {
    let at = |target: &str| {
        let found = requests.iter().find(|request| request.target == target);
        found.unwrap_or_else(|| panic!("no request for {target}"))
    };
    let post = at("/post?page=2");
    assert_eq!(
        field(post, "Date").as_deref(),
        Some("2020-05-17T12:44:30.2437457Z")
    );
    assert_eq!(
        covered(post),
        "(request-target) host content-type content-length date"
    );
    assert_eq!(
        field(post, "Content-Type").as_deref(),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(covered(at("/get/%C3%A5%20b")), "(request-target) host date");
    assert_eq!(at("/get-context").body, br#"{"Context":"door 5"}"#);
    assert_eq!(
        field(at("/get-context"), "Content-Type").as_deref(),
        Some("application/json")
    );
    assert_eq!(at("/get-empty").body, b"{}");
    assert_eq!(
        field(at("/get-empty"), "Content-Type").as_deref(),
        Some("application/json")
    );
    assert_eq!(
        field(at("/put-nothing"), "Content-Length").as_deref(),
        Some("0")
    );
    assert_eq!(
        covered(at("/patch")),
        "(request-target) host content-length date"
    );
    let fields = at("/fields");
    assert!(
        covered(fields).contains(" x-tags accept user-agent "),
        "{}",
        covered(fields)
    );
    assert_eq!(field(fields, "Transfer-Encoding"), None);
    for target in ["/307-home", "/landed?a=1", "/307-other", "/moved"] {
        assert_eq!(
            field(at(target), "Authorization").as_deref(),
            Some("Bearer secret"),
            "{target}"
        );
        assert_eq!(
            at(target).body,
            "{\"name\": \"Åsa\"}".as_bytes(),
            "{target}"
        );
    }
}

/// Rebuilds what was signed from the bytes that came, and asks OpenSSL.
fn judge(openssl: &OpenSsl, server: &Server, request: &OwnedRequest, profile: Profile) {
    let target = &request.target;
    assert_eq!(field(request, "Host"), Some(server.host()), "{target}");
    let date = field(request, "Date").expect("a date");
    assert!(date.len() == 28 && date.ends_with('Z'), "{target}: {date}");
    let value = field(request, "Signature").expect("a signature");
    let (list, signature) = model::signature_field(value.as_bytes()).expect("a Signature value");
    let list: Vec<String> = list.split(' ').map(Into::into).collect();
    let string = model::signing_string(request, &list, ModelOptions::default()).expect(target);
    let message = match profile {
        Profile::VendorSdk => Sha256::digest(&string).to_vec(),
        Profile::Documented => string,
    };
    let signature = BASE64_STANDARD.decode(signature).expect("base64");
    assert!(
        openssl.verifies(&cases::key_path(PUBLIC_KEY), &message, &signature),
        "{} {target}",
        request.method
    );
}

fn covered(request: &OwnedRequest) -> String {
    let value = field(request, "Signature").expect("a signature");
    model::signature_field(value.as_bytes())
        .expect("a Signature value")
        .0
}

/// The value of a field that must not come twice.
fn field(request: &OwnedRequest, name: &str) -> Option<String> {
    let value = request.only_value(name)?;
    Some(String::from_utf8_lossy(value).into_owned())
}

#[test]
fn the_client_does_as_it_says_in_detail() {
    on_all(&["details", &key(KEY), &key(PUBLIC_KEY)], DETAIL_CHECKS);
}

#[test]
fn the_readme_s_program_works() {
    let readme = fs::read_to_string(binding().join("README.md")).expect("README.md");
    let program = blocks(&readme)
        .find(|block| block.contains(" Main("))
        .expect("a complete program in the README");
    for runtime in Runtime::ALL {
        let folder = Folder::default();
        let source = folder.write("Readme.cs", program);
        let compiled = runtime.program(&[source], &built(runtime).library, "readme");
        let openssl = OpenSsl::default();
        let (home, _) = servers();
        let address = format!("{}/api/v2.0/cards?limit=5", home.origin());
        let output = runtime.run(&compiled, [key(KEY), address]);
        let printed = text(runtime, "the README's program", &output);
        assert!(printed.contains("200"), "{printed}");
        let requests = home.take();
        assert_eq!(requests.len(), 1);
        judge(&openssl, &home, &requests[0], Profile::VendorSdk);
    }
}

/// One package and ten lines, on Linux and on Windows.
#[test]
fn the_package_is_all_that_a_program_needs() {
    let readme = fs::read_to_string(binding().join("README.md")).expect("README.md");
    let program = blocks(&readme)
        .find(|block| block.contains("args[0]"))
        .expect("a short program in the README");
    assert_eq!(program.trim().lines().count(), 10);
    let restored = Restored::new(program);
    for runtime in [Runtime::Net8, Runtime::Windows] {
        let openssl = OpenSsl::default();
        let (home, _) = servers();
        let address = format!("{}/api/v2.0/cards?limit=5", home.origin());
        let output = restored.run(runtime, &[&key(KEY), &address]);
        let printed = text(runtime, "the program with the package", &output);
        assert_eq!(printed, "200\n");
        let requests = home.take();
        assert_eq!(requests.len(), 1);
        judge(&openssl, &home, &requests[0], Profile::VendorSdk);
    }
}

#[test]
fn the_readme_s_other_examples_compile() {
    let readme = fs::read_to_string(binding().join("README.md")).expect("README.md");
    let mut program = String::from(EXAMPLES_HEAD);
    let mut count = 0;
    // `services` is of a package of its own.
    let whole = [" Main(", "args[0]", "services."];
    for block in blocks(&readme).filter(|b| !whole.iter().any(|mark| b.contains(mark))) {
        count += 1;
        writeln!(program, "static void Example{count}() {{ {block} }}").expect("room");
    }
    program += "}\n";
    assert_eq!(count, 4);
    for runtime in Runtime::HERE {
        let folder = Folder::default();
        let source = folder.write("Examples.cs", &program);
        runtime.program(&[source], &built(runtime).library, "examples");
    }
}

/// What the examples take as given.
const EXAMPLES_HEAD: &str = "
    #pragma warning disable 219, 649
    using System;
    using System.Security.Cryptography;
    using System.Security.Cryptography.X509Certificates;
    using Daxsign;
    internal static class Examples {
        private static DaxSigner signer;
        private static DaxPublicKey senderKey;
        private static DaxRequest request;
        private static string thumbprint;
        private static void Main() {}
";

fn blocks(readme: &str) -> impl Iterator<Item = &str> {
    let after = readme.split("```csharp\n").skip(1);
    after.filter_map(|block| block.split("```").next())
}
