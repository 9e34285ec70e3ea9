//! The C# binding on Mono, on CoreCLR and on .NET 8, for Windows too: the cases, what is refused, keys elsewhere, memory and
//! threads.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_tests::cases::{self, Outcome};
use daxsign_tests::csharp::{
    KEY, VERIFYING_CHECKS, binding, built, key, keys, on, on_all, part, pfx, root, text,
};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::openssl::{OpenSsl, SUBJECT};

// How many checks each part of the test program makes: none is left out unseen.
const ERROR_CHECKS: usize = 41;
const SIGNER_CHECKS: usize = 212;
const ENROLLING_CHECKS: usize = 60;
const THUMBPRINT_CHECKS: usize = 49;
const MEMORY_CHECKS: usize = 12;
const EMPTIED_CHECKS: usize = 127;
const TIME_CHECKS: usize = 28;
const THREAD_CHECKS: usize = 4;
const MESSAGE_CHECKS: usize = 32;

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
    on_all(&["errors", &keys()], ERROR_CHECKS);
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
    for runtime in Runtime::HERE {
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
    on(
        &Runtime::HERE,
        &["signers", &keys(), &pfx(&openssl)],
        SIGNER_CHECKS,
    );
}

/// Keys and requests made in C#, as OpenSSL judges them.
#[test]
fn keys_and_requests_are_good_to_openssl() {
    let openssl = OpenSsl::default();
    openssl.run(&format!(
        "req -x509 -new -key {} -subj /CN=dax -days 90 -out certificate.pem",
        key("rsa2048.pkcs8.pem")
    ));
    openssl.run("x509 -in certificate.pem -outform DER -out certificate.der");
    let key = key("rsa2048.pkcs8.pem");
    openssl.run(&format!(
        "pkcs12 -export -inkey {key} -in certificate.pem -passout pass: -out open.pfx"
    ));
    openssl.run("crl2pkcs7 -nocrl -certfile certificate.pem -out certificate.p7.pem");
    openssl.run("crl2pkcs7 -nocrl -certfile certificate.pem -outform DER -out certificate.p7b");
    openssl.run(&format!("pkey -in {key} -outform DER -out key.der"));
    let mut said = Vec::new();
    for what in ["-fingerprint -sha1", "-fingerprint -sha256", "-serial"] {
        said.extend(openssl.run(&format!("x509 -in certificate.pem -noout {what}")));
    }
    openssl.write("certificate.txt", said);
    let folder = openssl.root().display().to_string();
    for runtime in Runtime::ALL {
        let printed = part(runtime, &["enrolling", &folder, &keys()]);
        assert_eq!(printed.trim(), format!("checks {ENROLLING_CHECKS}"));
        let saved = fs::metadata(openssl.path("made.pkcs8.pem")).expect("a saved key");
        if runtime == Runtime::Net8 {
            assert_eq!(saved.permissions().mode() & 0o777, 0o600);
        }
        let key = openssl.public_key_of_files("made");
        for (file, form) in [("made.request.der", "DER"), ("made.request.pem", "PEM")] {
            assert_eq!(openssl.subject_of_request(file, form, &key), SUBJECT);
        }
        let subject = openssl.subject_of_request("made.other.pem", "PEM", &key);
        let expected = SUBJECT.replace(".prod.", ".stage.") + ", serialNumber = 18505934000140";
        assert_eq!(subject, expected);
    }
}

#[test]
fn certificates_are_found_by_pasted_thumbprints() {
    let openssl = OpenSsl::default();
    pfx(&openssl);
    let said = openssl.run("x509 -in certificate.pem -noout -fingerprint -sha1");
    let said = String::from_utf8(said).expect("text");
    let thumbprint = said.trim().split_once('=').expect("a thumbprint").1;
    assert_eq!(thumbprint.len(), 20 * 3 - 1, "{said}");
    let file = openssl.path("certificate.pem").display().to_string();
    on_all(&["thumbprints", &file, thumbprint], THUMBPRINT_CHECKS);
}

#[test]
fn keys_are_wiped() {
    on_all(&["memory", &keys()], MEMORY_CHECKS);
}

#[test]
fn nothing_empty_is_taken_for_not_wanted() {
    let openssl = OpenSsl::default();
    on(
        &Runtime::HERE,
        &["emptied", &keys(), &pfx(&openssl)],
        EMPTIED_CHECKS,
    );
}

#[test]
fn times_are_kept_or_clamped() {
    let openssl = OpenSsl::default();
    // Until almost the year 9999, as one without an end is (RFC 5280, 4.1.2.5).
    openssl.run(&format!(
        "req -x509 -new -key {} -subj /CN=test -days 2900000 -out certificate.pem",
        key(KEY)
    ));
    let certificate = openssl.path("certificate.pem").display().to_string();
    on_all(&["times", &keys(), &certificate], TIME_CHECKS);
}

#[test]
fn threads_share_keys_and_guards() {
    on_all(&["threads", &keys()], THREAD_CHECKS);
}

#[test]
fn incoming_requests_are_judged() {
    on_all(&["verifying", &keys()], VERIFYING_CHECKS);
}

#[test]
fn messages_are_read_as_bytes() {
    on_all(&["messages", &keys()], MESSAGE_CHECKS);
}

#[test]
fn versions_are_the_workspace_s() {
    let version = env!("CARGO_PKG_VERSION");
    for (file, element) in [
        ("Daxsign.nuspec", "version"),
        ("Daxsign.csproj", "Version"),
        ("extensions/Daxsign.Extensions.nuspec", "version"),
        ("extensions/Daxsign.Extensions.csproj", "Version"),
    ] {
        let text = fs::read_to_string(binding().join(file)).expect(file);
        let expected = format!("<{element}>{version}</{element}>");
        assert!(text.contains(&expected), "{file}");
    }
}
