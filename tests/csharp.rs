//! The C# binding on Mono and on CoreCLR: the cases, what is refused, keys elsewhere, memory and
//! threads, and a signing `HttpClient` whose requests are judged as they arrive, with OpenSSL and
//! the second reading of the rules.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::Profile;
use daxsign_tests::cases::{self, Outcome};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::loopback::Server;
use daxsign_tests::model::{self, ModelOptions};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::request::OwnedRequest;
use sha2::{Digest, Sha256};

const KEY: &str = "rsa2048.pkcs8.pem";
const PUBLIC_KEY: &str = "rsa2048.spki.pem";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the project")
}

fn binding() -> PathBuf {
    root().join("bindings/csharp")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "cs"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder:?} has no sources");
    files
}

/// The library and the test program for a runtime, compiled once.
struct Built {
    _folder: Folder,
    library: PathBuf,
    program: PathBuf,
}

fn built(runtime: Runtime) -> &'static Built {
    static MONO: OnceLock<Built> = OnceLock::new();
    static CORE: OnceLock<Built> = OnceLock::new();
    let cell = if runtime == Runtime::Mono {
        &MONO
    } else {
        &CORE
    };
    cell.get_or_init(|| {
        let folder = Folder::default();
        let library = runtime.library(&sources(&binding().join("src")), folder.root(), "Daxsign");
        let tests = sources(&root().join("tests/csharp"));
        let program = runtime.program(&tests, &library, "tests");
        Built {
            _folder: folder,
            library,
            program,
        }
    })
}

/// Runs a part of the test program on a runtime; gives what it printed.
fn part(runtime: Runtime, arguments: &[&str]) -> String {
    let output = runtime.run(&built(runtime).program, arguments.iter().copied());
    text(runtime, arguments[0], &output)
}

fn text(runtime: Runtime, what: &str, output: &Output) -> String {
    assert!(
        output.status.success(),
        "{what} on {}: {}{}",
        runtime.name(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).expect("output in UTF-8")
}

/// Runs a part on both and compares how many checks it made.
fn on_both(arguments: &[&str], checks: usize) {
    for runtime in Runtime::ALL {
        let printed = part(runtime, arguments);
        assert_eq!(
            printed.lines().last(),
            Some(&*format!("checks {checks}")),
            "{} on {}",
            arguments[0],
            runtime.name()
        );
    }
}

fn keys() -> String {
    cases::key_path(KEY)
        .parent()
        .expect("a folder")
        .display()
        .to_string()
}

fn key(file: &str) -> String {
    cases::key_path(file).display().to_string()
}

/// The key in a certificate's file, as a user's store holds it.
fn pfx(openssl: &OpenSsl) -> String {
    let key = key(KEY);
    openssl.run(&format!(
        "req -x509 -new -key {key} -subj /CN=test -days 30 -out certificate.pem"
    ));
    // The ciphers that Mono can read.
    openssl.run(&format!(
        "pkcs12 -export -inkey {key} -in certificate.pem -passout pass:test \
         -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -out key.pfx"
    ));
    openssl.path("key.pfx").display().to_string()
}

/// The cases as lines of words, fields in base64.
fn case_lines() -> String {
    let encode = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    let mut lines = Vec::new();
    for case in cases::load() {
        let request = &case.request;
        lines.push(format!(
            "case {} {} {} {}",
            case.name,
            encode(request.method.as_bytes()),
            encode(request.target.as_bytes()),
            encode(&request.body)
        ));
        for (name, value) in &request.headers {
            lines.push(format!(
                "field {} {}",
                encode(name.as_bytes()),
                encode(value)
            ));
        }
        for name in &case.components {
            lines.push(format!("component {}", encode(name.as_bytes())));
        }
        match case.outcome {
            Outcome::Refused(error) => lines.push(format!("refused {error}")),
            Outcome::Good(good) => {
                let list = encode(good.headers_parameter.as_bytes());
                lines.push(format!("good {} {list}", encode(&good.signing_string)));
                for known in good.signatures {
                    let profile = known.profile.name();
                    lines.push(format!(
                        "signature {} {profile} {}",
                        known.key, known.base64
                    ));
                }
            }
        }
    }
    lines.join("\n")
}

#[test]
fn every_case_comes_out() {
    let folder = Folder::default();
    let file = folder.write("cases", case_lines()).display().to_string();
    for runtime in Runtime::ALL {
        let printed = part(runtime, &["vectors", &file, &keys()]);
        let expected = format!(
            "good {} refused {} signatures {}",
            cases::GOOD,
            cases::REFUSED,
            cases::SIGNATURES
        );
        assert_eq!(
            printed.lines().next(),
            Some(&*expected),
            "{}",
            runtime.name()
        );
    }
}

#[test]
fn enums_and_names_are_those_of_the_header() {
    let header = fs::read_to_string(root().join("include/daxsign.h")).expect("the header");
    let enums = [
        ("DaxSignStatus", "DaxsignStatus", "DAXSIGN_ERR_"),
        ("DaxSignProblem", "DaxsignProblem", "DAXSIGN_PROBLEM_"),
        ("DaxProfile", "DaxsignProfile", "DAXSIGN_PROFILE_"),
        ("DaxTargetForm", "DaxsignTargetForm", "DAXSIGN_TARGET_FORM_"),
        ("DaxContent", "DaxsignContent", "DAXSIGN_CONTENT_"),
        ("DaxPolicy", "DaxsignPolicy", "DAXSIGN_POLICY_"),
        ("DaxFinding", "DaxsignFinding", "DAXSIGN_FINDING_"),
    ];
    let mut expected = Vec::new();
    for (csharp, c, prefix) in enums {
        let start = header.find(&format!("\nenum {c}\n")).expect("the enum");
        let body = header[start..].split("};").next().expect("its end");
        for line in body.lines().map(str::trim) {
            if let Some((name, value)) = line.trim_end_matches(',').split_once(" = ")
                && name.starts_with("DAXSIGN_")
            {
                let word = name
                    .strip_prefix(prefix)
                    .unwrap_or(&name["DAXSIGN_".len()..]);
                let name = word.replace('_', "").to_lowercase();
                let spoken = if csharp == "DaxSignStatus" {
                    word.replace('_', "-").to_lowercase()
                } else {
                    "-".into()
                };
                expected.push(format!("{csharp} {name} {value} {spoken}"));
            }
        }
    }
    assert!(expected.len() > 80, "the header's enums were not read");
    expected.sort();
    for runtime in Runtime::ALL {
        let printed = part(runtime, &["statuses"]);
        let lower = |line: &str| {
            let mut words: Vec<String> = line.split(' ').map(Into::into).collect();
            words[1] = words[1].to_lowercase();
            words.join(" ")
        };
        let mut found: Vec<String> = printed
            .lines()
            .filter(|line| line.split(' ').count() == 4)
            .map(lower)
            .collect();
        found.sort();
        assert_eq!(found, expected, "{}", runtime.name());
    }
}

#[test]
fn the_interface_version_is_the_header_s() {
    let header = fs::read_to_string(root().join("include/daxsign.h")).expect("the header");
    let abi = fs::read_to_string(binding().join("src/Abi.cs")).expect("Abi.cs");
    let of_header = header
        .split("#define DAXSIGN_ABI_VERSION ")
        .nth(1)
        .expect("a version");
    let of_binding = abi
        .split("const uint Version = ")
        .nth(1)
        .expect("a version");
    assert_eq!(
        of_header.lines().next(),
        of_binding
            .lines()
            .next()
            .map(|line| line.trim_end_matches(';'))
    );
}

#[test]
fn refusals_say_what_is_wrong() {
    on_both(&["errors", &keys()], ERROR_CHECKS);
}

#[test]
fn another_or_a_missing_library_is_refused() {
    let folder = Folder::default();
    let source = folder.write(
        "other.c",
        "unsigned daxsign_abi_version(void) { return 99; }\n\
         const char *daxsign_version(void) { return \"9.9.9\"; }\n",
    );
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(folder.path("libdaxsign.so"))
        .arg(source)
        .status();
    assert!(compiled.expect("cc").success());
    for runtime in Runtime::ALL {
        for (arguments, library) in [("version", Some(folder.root())), ("missing", None)] {
            let program = &built(runtime).program;
            let output = runtime.run_with(program, [arguments], library);
            text(runtime, arguments, &output);
        }
    }
}

#[test]
fn keys_can_stay_elsewhere() {
    let openssl = OpenSsl::default();
    on_both(&["signers", &keys(), &pfx(&openssl)], SIGNER_CHECKS);
}

#[test]
fn keys_are_wiped() {
    on_both(&["memory", &keys()], MEMORY_CHECKS);
}

#[test]
fn threads_share_keys_and_guards() {
    on_both(&["threads", &keys()], THREAD_CHECKS);
}

#[test]
fn incoming_requests_are_judged() {
    on_both(&["verifying", &keys()], VERIFYING_CHECKS);
}

const ERROR_CHECKS: usize = 24;
const SIGNER_CHECKS: usize = 212;
const MEMORY_CHECKS: usize = 9;
const THREAD_CHECKS: usize = 4;
const VERIFYING_CHECKS: usize = 25;
const CLIENT_CHECKS: usize = 27;

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
    for runtime in Runtime::ALL {
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
    expected.extend(["GET /unsigned", "POST /vendor"]);
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
        _ => string,
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
    let mut values = request
        .headers
        .iter()
        .filter(|(n, _)| n.eq_ignore_ascii_case(name));
    let value = values
        .next()
        .map(|(_, value)| String::from_utf8_lossy(value).trim().to_string());
    assert!(values.next().is_none(), "{name} came twice");
    value
}

#[test]
fn the_readme_s_program_works() {
    let readme = fs::read_to_string(binding().join("README.md")).expect("README.md");
    let program = readme
        .split("```csharp\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
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

#[test]
fn the_package_is_laid_out_for_nuget() {
    let folder = Folder::default();
    let library = &built(Runtime::Mono).library;
    let assemblies = folder.path("netstandard2.0");
    fs::create_dir(&assemblies).expect("a folder");
    for file in ["Daxsign.dll", "Daxsign.xml"] {
        fs::copy(library.with_file_name(file), assemblies.join(file)).expect("the assembly");
    }
    let native = daxsign_tests::native::installed().join("lib/libdaxsign.so");
    let windows = folder.write("other.dll", "a library for Windows");
    let pack = |arguments: &[String]| {
        Command::new(binding().join("pack"))
            .arg(folder.path("out.nupkg"))
            .args(arguments)
            .output()
            .expect("pack")
    };
    let from = folder.root().display().to_string();
    let linux = format!("linux-x64={}", native.display());
    let made = pack(&[
        from.clone(),
        linux,
        format!("win-x64={}", windows.display()),
    ]);
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let unpacked = folder.path("unpacked");
    let status = Command::new("python3")
        .args(["-m", "zipfile", "-e"])
        .args([&folder.path("out.nupkg"), &unpacked])
        .status();
    assert!(status.expect("python3").success());
    for file in [
        "[Content_Types].xml",
        "_rels/.rels",
        "README.md",
        "lib/netstandard2.0/Daxsign.xml",
    ] {
        assert!(unpacked.join(file).is_file(), "{file}");
    }
    let same = |file: &str, source: &Path| {
        assert_eq!(
            fs::read(unpacked.join(file)).expect(file),
            fs::read(source).unwrap(),
            "{file}"
        );
    };
    same("lib/netstandard2.0/Daxsign.dll", library);
    same("runtimes/linux-x64/native/libdaxsign.so", &native);
    same("runtimes/win-x64/native/daxsign.dll", &windows);
    same("Daxsign.nuspec", &binding().join("Daxsign.nuspec"));
    let refused = pack(&[from, "plan9=x".into()]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("`plan9=x` is not RID=LIBRARY"));
}

#[test]
fn versions_are_the_workspace_s() {
    let version = env!("CARGO_PKG_VERSION");
    let nuspec = fs::read_to_string(binding().join("Daxsign.nuspec")).expect("the nuspec");
    assert!(nuspec.contains(&format!("<version>{version}</version>")));
    let project = fs::read_to_string(binding().join("Daxsign.csproj")).expect("the project file");
    assert!(project.contains(&format!("<Version>{version}</Version>")));
}
