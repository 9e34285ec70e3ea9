//! The command-line tool as its users meet it: files in, output, messages and exit codes out.

use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_tests::cases::{self, key_path};
use daxsign_tests::lowercase_hex;
use daxsign_tests::model;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::request::{OwnedRequest, example_post};
use daxsign_tests::tool::{Run, Tool};
use serde_json::Value;
use sha2::Digest;

const LINE_ENDS: [&str; 2] = ["\n", "\r\n"];
/// The time of the example's date.
const NOW: &str = "2020-05-17T12:44:30Z";

fn key(file: &str) -> String {
    key_path(file).to_str().expect("a path in UTF-8").into()
}

fn private() -> String {
    key("rsa2048.pkcs1.pem")
}

fn public() -> String {
    key("rsa2048.spki.pem")
}

fn json(run: &Run) -> Value {
    serde_json::from_slice(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.text()))
}

/// The example, signed by the tool with further arguments.
fn signed(tool: &Tool, arguments: &[&str]) -> Vec<u8> {
    tool.write("plain.http", example_post().to_http("\r\n"));
    let key = private();
    let all = [&["sign", "--key", &key, "plain.http"], arguments].concat();
    tool.run(&all).success()
}

fn verify(tool: &Tool, request: &[u8], arguments: &[&str]) -> Run {
    tool.write("signed.http", request);
    let key = public();
    tool.run(&[&["verify", "--key", &key, "signed.http"], arguments].concat())
}

/// Where nobody chose a profile none is taken; the command line comes before the variable, the variable
/// before the settings.
#[test]
fn a_profile_is_chosen_by_somebody() {
    let tool = Tool::default();
    tool.write("plain.http", example_post().to_http("\r\n"));
    let key = private();
    let settings = "base = \"https://dax.example\"\nuser = \"u\"\npassword = \"env:P\"\nkey = \"k\"\n\
                    client_id = \"00000000-0000-4000-8000-000000000001\"\nprofile = \"vendor-sdk\"\n";
    let run = |variable: &str, option: &[&str]| {
        let mut command = tool.command();
        command.env("DAXSIGN_PROFILE", variable);
        let output = command
            .args(["sign", "--key", &key, "plain.http"])
            .args(option)
            .output()
            .expect("the tool starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), output.stdout.is_empty(), said)
    };
    let (code, silent, said) = run("", &[]);
    assert_eq!((code, silent), (Some(2), true), "{said}");
    for known in [
        "vendor-sdk",
        "documented",
        "--profile",
        "DAXSIGN_PROFILE",
        "daxsign setup",
    ] {
        assert!(said.contains(known), "{known}: {said}");
    }
    let (code, _, said) = run("sdk", &[]);
    assert!(
        code == Some(2) && said.contains("DAXSIGN_PROFILE: \"sdk\""),
        "{said}"
    );
    tool.write("default.toml", settings);
    for (variable, option, profile) in [
        ("", &[][..], "vendor-sdk"),
        ("documented", &[], "documented"),
        ("documented", &["--profile", "vendor-sdk"], "vendor-sdk"),
        ("vendor-sdk", &["--profile", "documented"], "documented"),
    ] {
        let (code, _, said) = run(variable, option);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(&format!("profile: {profile}\n")), "{said}");
    }
}

#[test]
fn string_prints_exactly_the_signing_string() {
    let tool = Tool::default();
    let mut runs = 0;
    for (case, good) in cases::good() {
        let list = case.components.join(" ");
        for line_end in LINE_ENDS {
            let http = case.request.to_http(line_end);
            tool.write("request.http", &http);
            let from_file = tool.run(&["string", "--headers", &list, "request.http"]);
            assert_eq!(from_file.success(), good.signing_string, "{}", case.name);
            let from_stdin = tool.run_with_input(&["string", "--headers", &list, "-"], &http);
            assert_eq!(from_stdin.success(), good.signing_string, "{}", case.name);
            runs += 1;
        }
    }
    assert_eq!(runs, 2 * cases::GOOD);
}

#[test]
fn string_takes_the_default_list_and_the_full_target() {
    let tool = Tool::default();
    let request = example_post();
    tool.write("request.http", request.to_http("\n"));
    for full_target in [false, true] {
        let options = model::ModelOptions {
            full_target,
            rest: false,
        };
        let list = model::default_list(&request);
        let expected = model::signing_string(&request, &list, options).unwrap();
        let arguments: &[&str] = if full_target {
            &["string", "--full-target", "request.http"]
        } else {
            &["string", "request.http"]
        };
        assert_eq!(tool.run(arguments).success(), expected);
    }
}

/// Refused cases that cannot be written as a raw request: there they are another request or none.
const NOT_WRITABLE: [&str; 5] = [
    "list-bad-name",
    "method-with-space",
    "target-empty",
    "target-newline",
    "value-bare-newline",
];

#[test]
fn refused_cases_are_refused_by_name_and_place() {
    let tool = Tool::default();
    let key = private();
    let mut refused = 0;
    for (case, expected) in cases::refused() {
        if NOT_WRITABLE.contains(&case.name.as_str()) {
            continue;
        }
        let list = case.components.join(" ");
        for line_end in LINE_ENDS {
            tool.write("request.http", case.request.to_http(line_end));
            let runs = [
                tool.run(&["string", "--headers", &list, "request.http"]),
                tool.run(&["sign", "--key", &key, "--headers", &list, "request.http"]),
            ];
            for run in runs {
                run.assert_refused(&expected, &case.name);
                let by_list = case.name.starts_with("list-");
                let place = if by_list { "--headers" } else { "request.http" };
                assert!(run.err.contains(place), "{}: {}", case.name, run.err);
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 4 * (cases::REFUSED - NOT_WRITABLE.len()));
}

#[test]
fn sign_makes_the_known_signatures() {
    let tool = Tool::default();
    let mut made = 0;
    for (case, good) in cases::good() {
        let list = case.components.join(" ");
        tool.write("request.http", case.request.to_http("\r\n"));
        for known in &good.signatures {
            let run = |print: &str| {
                let key = key(&format!("{}.pkcs8.der", known.key));
                let profile = known.profile.name();
                let run = tool.run(&[
                    "sign",
                    "--key",
                    &key,
                    "--headers",
                    &list,
                    "--profile",
                    profile,
                    "--print",
                    print,
                    "request.http",
                ]);
                assert!(run.err.contains(profile), "it says which profile it used");
                String::from_utf8(run.success()).unwrap()
            };
            assert_eq!(
                run("signature"),
                format!("{}\n", known.base64),
                "{}",
                case.name
            );
            let header = format!(
                "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{}\" signature=\"{}\"\n",
                good.headers_parameter, known.base64
            );
            assert_eq!(run("header"), header, "{}", case.name);
            made += 1;
        }
    }
    assert_eq!(made, cases::SIGNATURES);
}

/// Takes the line of the `Signature` field out; there must be exactly one.
fn without_signature(signed: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = signed.split_inclusive(|byte| *byte == b'\n').collect();
    let is_signature = |line: &&[u8]| line.starts_with(b"Signature: ");
    assert_eq!(lines.iter().filter(|line| is_signature(line)).count(), 1);
    lines
        .into_iter()
        .filter(|line| !is_signature(line))
        .collect::<Vec<_>>()
        .concat()
}

#[test]
fn sign_keeps_every_other_byte() {
    let tool = Tool::default();
    let key = private();
    let mut signed = 0;
    for (case, _) in cases::good() {
        let list = case.components.join(" ");
        for line_end in LINE_ENDS {
            let http = case.request.to_http(line_end);
            tool.write("request.http", &http);
            let run = tool.run(&["sign", "--key", &key, "--headers", &list, "request.http"]);
            assert_eq!(without_signature(&run.success()), http, "{}", case.name);
            signed += 1;
        }
    }
    assert_eq!(signed, 2 * cases::GOOD);
    let odd = "POST /a?b HTTP/1.1\nDATE:\t2020-05-17T14:44:30Z \nX-Odd:  a \r\n \tb\t\n\tc\r\n\
               x-odd:d\nContent-Length: 007\n\n\0\r\n\r\né";
    tool.write("request.http", odd);
    let run = tool.run(&["sign", "--key", &key, "request.http"]);
    assert_eq!(without_signature(&run.success()), odd.as_bytes());
}

#[test]
fn sign_replaces_an_old_signature() {
    let tool = Tool::default();
    let first = signed(&tool, &[]);
    tool.write("first.http", &first);
    let again = tool
        .run(&["sign", "--key", &private(), "first.http"])
        .success();
    assert_eq!(again, first);
}

#[test]
fn what_sign_makes_verify_accepts() {
    let tool = Tool::default();
    for profile in ["documented", "vendor-sdk"] {
        let request = signed(&tool, &["--profile", profile]);
        let run = verify(&tool, &request, &["--profile", profile, "--now", NOW]);
        let text = String::from_utf8(run.success()).unwrap();
        assert!(
            text.contains("verified") && text.contains(profile),
            "{text}"
        );
        assert!(
            text.contains("page=2"),
            "the query is said not to be covered: {text}"
        );
        assert!(
            text.contains("cache-control"),
            "and so are unlisted fields: {text}"
        );
        let other = if profile == "documented" {
            "vendor-sdk"
        } else {
            "documented"
        };
        let run = verify(&tool, &request, &["--profile", other, "--now", NOW]);
        run.assert_refused("signature-mismatch", "the other profile");
    }
}

#[test]
fn verify_takes_every_form_of_key() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let certificate = openssl.path("certificate");
    let certificate = certificate.to_str().unwrap();
    tool.write("signed.http", signed(&tool, &[]));
    let accepts = |file: &str| {
        let run = tool.run(&["verify", "--key", file, "--now", NOW, "signed.http"]);
        assert_eq!(run.code, 0, "{file}: {}", run.err);
    };
    for form in ["pkcs1", "pkcs8", "spki", "public-pkcs1"] {
        for encoding in ["pem", "der"] {
            accepts(&key(&format!("rsa2048.{form}.{encoding}")));
        }
    }
    for format in ["PEM", "DER"] {
        let key = private();
        openssl.run(&format!(
            "req -x509 -key {key} -subj /CN=x -outform {format} -out certificate"
        ));
        accepts(certificate);
    }
}

#[test]
fn verify_refuses_what_was_changed() {
    let tool = Tool::default();
    let good = String::from_utf8(signed(&tool, &[])).unwrap();
    let edits = [
        ("\"world\"", "\"worlD\"", "signature-mismatch"),
        ("\"world\"}", "\"world\"}\n", "content-length-mismatch"),
        ("POST", "PUT", "signature-mismatch"),
        ("DaxEndPoint", "daxEndPoint", "signature-mismatch"),
        ("dax.amido.se", "dax.amido.sf", "signature-mismatch"),
        ("14:44:30+02:00", "14:44:31+02:00", "signature-mismatch"),
        ("application/json", "application/jsom", "signature-mismatch"),
        ("realm=\"dax\"", "realm=\"DAX\"", "wrong-realm"),
        ("realm=\"dax\" ", "", "missing-parameter"),
        (
            "\" signature",
            "\", signature",
            "malformed-signature-header",
        ),
        ("sha256withrsa", "sha512withrsa", "unsupported-algorithm"),
        (
            "signature=\"",
            "signature=\"AAAA",
            "invalid-signature-encoding",
        ),
        ("(request-target) host", "host", "missing-component"),
        (
            "(request-target) host",
            "(request-target) x-absent host",
            "missing-header",
        ),
        (
            "2020-05-17T14:44:30+02:00",
            "Sun, 17 May 2020 12:44:30 GMT",
            "invalid-date",
        ),
    ];
    for (from, to, name) in edits {
        assert_eq!(good.matches(from).count(), 1, "{from}");
        let changed = good.replace(from, to);
        let run = verify(&tool, changed.as_bytes(), &["--now", NOW]);
        run.assert_refused(name, to);
    }
    for (from, to) in [("page=2", "page=3"), ("max-age=60", "max-age=61")] {
        let changed = good.replace(from, to);
        let run = verify(&tool, changed.as_bytes(), &["--now", NOW]);
        assert_eq!(run.code, 0, "{from} is not covered: {}", run.err);
    }
}

#[test]
fn verify_judges_the_date_by_now_and_max_skew() {
    let tool = Tool::default();
    let request = signed(&tool, &[]);
    let judge =
        |now: &str, skew: &str| verify(&tool, &request, &["--now", now, "--max-skew", skew]);
    verify(&tool, &request, &[]).assert_refused("stale-date", "the present");
    for (now, skew, refused) in [
        ("2020-05-17T12:49:30Z", "300", None),
        ("2020-05-17T12:49:31Z", "300", Some("stale-date")),
        ("2020-05-17T12:39:30Z", "300", None),
        ("2020-05-17T12:39:29Z", "300", Some("future-date")),
        ("2020-05-17T14:44:30+02:00", "0", None),
        ("2020-05-17T12:44:31Z", "0", Some("stale-date")),
    ] {
        let run = judge(now, skew);
        match refused {
            Some(name) => run.assert_refused(name, now),
            None => assert_eq!(run.code, 0, "{now}: {}", run.err),
        }
    }
}

/// Signed with the default list, a body without Content-Length would be refused by `verify`.
#[test]
fn sign_wants_a_length_for_the_default_list() {
    let tool = Tool::default();
    let mut request = example_post();
    request
        .headers
        .retain(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
    assert!(!request.body.is_empty());
    tool.write("plain.http", request.to_http("\n"));
    let key = private();
    let sign = |more: &[&str]| tool.run(&[&["sign", "--key", &key, "plain.http"], more].concat());
    for print in ["request", "header", "signature"] {
        let refused = sign(&["--print", print]);
        refused.assert_refused("unbound-body", print);
        for part in [
            "plain.http: ",
            "Content-Length",
            "--complete",
            "--policy interop",
        ] {
            assert!(refused.err.contains(part), "{part}: {}", refused.err);
        }
    }
    let note = "a strict verifier refuses it";
    for (arguments, told) in [
        (["--complete"].as_slice(), false),
        (&["--policy", "interop"], true),
        (&["--headers", "(request-target) date"], true),
        (
            &["--headers", "(request-target) date", "--policy", "strict"],
            true,
        ),
    ] {
        let run = sign(arguments);
        let said = run.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(said.contains(note), told, "{arguments:?}: {said}");
        let out = run.success();
        let strict = verify(&tool, &out, &["--now", NOW]);
        assert_eq!(strict.code, i32::from(told), "{}", strict.err);
        let interop = verify(&tool, &out, &["--now", NOW, "--policy", "interop"]);
        assert_eq!(interop.code, 0, "{}", interop.err);
    }
    request.body.clear();
    tool.write("plain.http", request.to_http("\n"));
    assert_eq!(sign(&[]).code, 0);
}

#[test]
fn verify_wants_the_body_bound_unless_told_otherwise() {
    let tool = Tool::default();
    for list in [
        "(request-target) date",
        "(request-target) date content-length",
        "date (request-target)",
    ] {
        let request = signed(&tool, &["--headers", list]);
        let strict = verify(&tool, &request, &["--now", NOW]);
        strict.assert_refused("unbound-body", list);
        let interop = verify(&tool, &request, &["--now", NOW, "--policy", "interop"]);
        assert_eq!(interop.code, 0, "{}", interop.err);
    }
    let bound = signed(
        &tool,
        &["--headers", "(request-target) content-length date"],
    );
    assert_eq!(verify(&tool, &bound, &["--now", NOW]).code, 0);
}

#[test]
fn complete_fills_in_what_is_missing_and_nothing_else() {
    let tool = Tool::default();
    let head = "POST /a HTTP/1.1\r\nHost: h\r\n";
    tool.write("request.http", format!("{head}\r\nbody"));
    let key = private();
    let refused = tool.run(&["sign", "--key", &key, "request.http"]);
    refused.assert_refused("missing-header", "without --complete");
    let run = tool.run(&["sign", "--key", &key, "--complete", "request.http"]);
    let text = String::from_utf8(run.success()).unwrap();
    let added = text
        .strip_prefix(head)
        .and_then(|rest| rest.strip_suffix("\r\n\r\nbody"));
    let lines: Vec<&str> = added.unwrap().split("\r\n").collect();
    let [date, "Content-Length: 4", signature] = lines[..] else {
        panic!("{text}");
    };
    assert!(signature.contains("headers=\"(request-target) host content-length date\""));
    let date = date.strip_prefix("Date: ").unwrap();
    let (seconds, _) = model::date_seconds(date).unwrap();
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    assert!((now - 60..=now).contains(&seconds), "{date} is now");
    assert!(
        date.len() == 28 && date.ends_with('Z'),
        "{date} has seven fraction digits and Z"
    );
    assert_eq!(
        verify(&tool, text.as_bytes(), &[]).code,
        0,
        "fresh at present"
    );
    // Nothing is missing in the example.
    assert_eq!(signed(&tool, &["--complete"]), signed(&tool, &[]));
}

#[test]
fn rest_asks_for_json() {
    let tool = Tool::default();
    let key = private();
    let mut request = example_post();
    tool.write("json.http", request.to_http("\n"));
    assert_eq!(
        tool.run(&["sign", "--key", &key, "--rest", "json.http"])
            .code,
        0
    );
    request.headers.retain(|(name, _)| name != "Content-Type");
    tool.write("none.http", request.to_http("\n"));
    let run = tool.run(&["sign", "--key", &key, "--rest", "none.http"]);
    run.assert_refused("invalid-content-type", "no type");
    assert_eq!(tool.run(&["sign", "--key", &key, "none.http"]).code, 0);
}

#[test]
fn wrong_usage_and_unreadable_files_are_exit_code_2() {
    let tool = Tool::default();
    let key = private();
    tool.write("request.http", example_post().to_http("\n"));
    tool.write("nothing", "");
    tool.write("noise", [0xFF, 0, 10, 13, 10]);
    tool.write("response", "HTTP/1.1 200 OK\r\n\r\n");
    tool.write("headless", "Host: x\n\n");
    tool.write("colonless", "GET / HTTP/1.1\nHost\n\n");
    tool.write("version", "GET / HTTP/3\n\n");
    let wrong: &[&[&str]] = &[
        &[],
        &["sing"],
        &["string"],
        &["string", "--headers"],
        &["string", "--unknown", "request.http"],
        &["string", "request.http", "request.http"],
        &["sign", "request.http"],
        &["sign", "--key", &key],
        &["sign", "--key", &key, "--profile", "sdk", "request.http"],
        &["sign", "--key", &key, "--print", "all", "request.http"],
        &["sign", "--key", "absent.pem", "request.http"],
        &["sign", "--key", "-", "-"],
        &["verify", "--key", &key, "--policy", "lax", "request.http"],
        &[
            "verify",
            "--key",
            &key,
            "--now",
            "yesterday",
            "request.http",
        ],
        &["verify", "--key", &key, "--max-skew", "-1", "request.http"],
        &["verify", "--key", &key, "absent.http"],
        &["explain", "request.http"],
        &["key"],
        &["key", "absent.pem"],
        &["keygen"],
        &["keygen", "--bits", "many", "--out", "new.pem"],
        &["keygen", "--out", "no/such/folder/new.pem"],
        &["string", "absent.http"],
        &["string", "."],
        &["string", "nothing"],
        &["string", "noise"],
        &["string", "response"],
        &["string", "headless"],
        &["string", "colonless"],
        &["string", "version"],
    ];
    for arguments in wrong {
        tool.run(arguments)
            .assert_unusable(&format!("{arguments:?}"));
    }
    assert!(!tool.path("new.pem").exists());
}

#[test]
fn a_key_that_cannot_be_used_is_refused_by_name() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    tool.write("request.http", example_post().to_http("\n"));
    let make = |command: &str, name: &str| {
        openssl.run(command);
        tool.write("bad.pem", openssl.read("key"));
        for command in ["sign", "verify"] {
            let run = tool.run(&[command, "--key", "bad.pem", "request.http"]);
            run.assert_refused(name, command);
        }
        tool.run(&["key", "bad.pem"]).assert_refused(name, "key");
    };
    make("genrsa -out key 1024", "key-too-small");
    make("genpkey -algorithm ED25519 -out key", "unsupported-key");
    make(
        "genpkey -algorithm RSA -aes256 -pass pass:secret -out key",
        "unsupported-key",
    );
    tool.write("bad.pem", "no key");
    tool.run(&["key", "bad.pem"])
        .assert_refused("invalid-key", "key");
    let public = public();
    let run = tool.run(&["sign", "--key", &public, "request.http"]);
    run.assert_refused("unsupported-key", "a public key does not sign");
}

/// Every command names what the file is, with the command that helps: tests/keys/key_hints.rs has
/// them all.
#[test]
fn a_key_file_that_is_none_is_named() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    tool.write("request.http", example_post().to_http("\n"));
    let key = private();
    openssl.run(&format!("req -x509 -key {key} -subj /CN=x -out cert.pem"));
    openssl.run(&format!(
        "pkcs12 -export -inkey {key} -in cert.pem -passout pass:secret -out made"
    ));
    tool.write("door.pfx", openssl.read("made"));
    for command in ["key", "sign", "verify", "explain"] {
        let file: &[&str] = match command {
            "key" => &["key", "door.pfx"],
            _ => &[command, "--key", "door.pfx", "request.http"],
        };
        let run = tool.run(file);
        assert_eq!(run.code, 1, "{command}");
        let said = "error[invalid-key]: door.pfx: this is a PKCS#12 file (.p12, .pfx): take the key out with `openssl \
                    pkcs12 -in FILE -nodes -nocerts";
        assert!(run.err.contains(said), "{command}: {}", run.err);
    }
    let run = tool.run(&["key", "--json", "door.pfx"]);
    let said = json(&run)["error"]["message"].to_string();
    assert!(run.code == 1 && said.contains("PKCS#12"), "{said}");
}

/// A certificate authority with a key of some algorithm, and a door's certificate that it issued.
fn chain(openssl: &OpenSsl, algorithm: &str) -> [String; 2] {
    let key = private();
    openssl.run(&format!("genpkey -algorithm {algorithm} -out ca.key"));
    openssl.run("req -x509 -key ca.key -subj /CN=Root -days 30 -out ca.pem");
    openssl.run(&format!(
        "req -new -key {key} -subj /O=Test/CN=Dörr -utf8 -out door.csr"
    ));
    openssl.run(
        "x509 -req -in door.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out door.pem",
    );
    ["door.pem", "ca.pem"].map(|file| String::from_utf8(openssl.read(file)).unwrap())
}

#[test]
fn a_chain_says_which_certificate_is_used() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    tool.write("request.http", example_post().to_http("\n"));
    let key = private();
    tool.write(
        "signed.http",
        tool.run(&["sign", "--key", &key, "request.http"]).success(),
    );
    let authority = "that of `Root`, a certificate authority";
    let [door, ca] = chain(&openssl, "RSA -pkeyopt rsa_keygen_bits:2048");
    // The usual order: used, and said.
    tool.write("chain.pem", format!("{door}{ca}"));
    let run = tool.run(&["verify", "--key", "chain.pem", "--now", NOW, "signed.http"]);
    let note = format!(
        "note: chain.pem: certificate 1 of 2 is used, that of `Dörr`; certificate 2 is {authority}\n"
    );
    assert!(run.code == 0 && run.err.contains(&note), "{}", run.err);
    // The other order: the signature does not fit, and why is said.
    tool.write("turned.pem", format!("{ca}{door}{ca}"));
    let said = format!(
        "certificate 1 of 3 is used, {authority}; certificate 2 is that of `Dörr`; certificate 3 is {authority}. A sender's certificate comes first in a file: if 2 is the sender's, put it first"
    );
    for command in ["verify", "explain", "key"] {
        let arguments: &[&str] = match command {
            "key" => &["key", "turned.pem"],
            _ => &[command, "--key", "turned.pem", "signed.http"],
        };
        let run = tool.run(arguments);
        assert_eq!(
            run.code,
            i32::from(command != "key"),
            "{command}: {}",
            run.err
        );
        assert!(run.err.contains(&said), "{command}: {}", run.err);
    }
    // One with a key that cannot be used, first.
    let [door, ca] = chain(&openssl, "EC -pkeyopt ec_paramgen_curve:P-256");
    tool.write("turned.pem", format!("{ca}{door}"));
    let run = tool.run(&["key", "turned.pem"]);
    run.assert_refused("unsupported-key", "EC first");
    let said = format!("certificate 1 of 2 is used, {authority}");
    assert!(
        run.err.contains("an elliptic curve key") && run.err.contains(&said),
        "{}",
        run.err
    );
    // Alone, no number is named.
    tool.write("door.pem", door);
    let run = tool.run(&["key", "door.pem"]);
    assert!(
        run.code == 0 && !run.err.contains("certificate 1"),
        "{}",
        run.err
    );
}

/// Both, as OpenSSL has them.
#[test]
fn key_tells_the_thumbprints_of_a_certificate() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let [door, ca] = chain(&openssl, "RSA -pkeyopt rsa_keygen_bits:2048");
    let der = openssl.run("x509 -in door.pem -outform DER");
    tool.write("door.der", der);
    tool.write("door.pem", door.replace('\n', "\r\n"));
    tool.write(
        "chain.pem",
        format!("Bag Attributes\n    localKeyID: 01\n{door}{ca}"),
    );
    let fingerprint = |hash: &str| {
        let said = openssl.run(&format!("x509 -in door.pem -noout -fingerprint -{hash}"));
        let said = String::from_utf8(said).unwrap();
        said.trim().split_once('=').unwrap().1.replace(':', "")
    };
    let (sha1, sha256) = (fingerprint("sha1"), fingerprint("sha256"));
    for (file, count) in [("door.der", 1), ("door.pem", 1), ("chain.pem", 2)] {
        let report = json(&tool.run(&["key", "--json", file]));
        assert_eq!(report["thumbprint_sha1"], sha1, "{file}");
        assert_eq!(report["thumbprint_sha256"], sha256, "{file}");
        assert_eq!(report["certificates"], count, "{file}");
        let text = String::from_utf8(tool.run(&["key", file]).success()).unwrap();
        assert!(text.contains(&sha1) && text.contains(&sha256), "{text}");
    }
    let report = json(&tool.run(&["key", "--json", &public()]));
    assert!(report.get("thumbprint_sha1").is_none(), "a key has none");
}

/// All that OpenSSL writes out of a PKCS#12 file: key, certificates and its notes on them.
#[test]
fn the_output_of_openssl_pkcs12_loads_as_it_is() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let key = private();
    chain(&openssl, "RSA -pkeyopt rsa_keygen_bits:2048");
    openssl.run(&format!("pkcs12 -export -inkey {key} -in door.pem -certfile ca.pem -name door -passout pass:x -out door.p12"));
    let text = openssl.run("pkcs12 -in door.p12 -nodes -passin pass:x");
    assert!(text.starts_with(b"Bag Attributes"));
    tool.write("all.pem", text);
    tool.write("request.http", example_post().to_http("\n"));
    let signed = tool
        .run(&["sign", "--key", "all.pem", "request.http"])
        .success();
    tool.write("signed.http", signed);
    let run = tool.run(&["verify", "--key", "all.pem", "--now", NOW, "signed.http"]);
    assert_eq!(run.code, 0, "{}", run.err);
}

/// As environment variables and JSON have it.
#[test]
fn line_ends_written_as_text_load() {
    let tool = Tool::default();
    tool.write("request.http", example_post().to_http("\n"));
    let text = std::fs::read_to_string(private()).unwrap();
    tool.write("variable.pem", text.replace('\n', "\\n"));
    let signed = |key: &str| tool.run(&["sign", "--key", key, "request.http"]).success();
    assert_eq!(signed("variable.pem"), signed(&private()));
}

#[test]
fn keygen_makes_a_good_key_that_only_its_owner_reads() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    for (bits, format, label) in [
        ("2048", "pkcs1", "BEGIN RSA PRIVATE KEY"),
        ("3072", "pkcs8", "BEGIN PRIVATE KEY"),
    ] {
        let file = format!("{format}.pem");
        let run = tool.run(&["keygen", "--bits", bits, "--format", format, "--out", &file]);
        assert_eq!(run.code, 0, "{}", run.err);
        let path = tool.path(&file);
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(label), "{format}");
        assert!(
            !run.text().contains("PRIVATE") && !run.err.contains("BEGIN"),
            "no key is shown"
        );
        let said = openssl.run(&format!("rsa -in {} -check -noout -text", path.display()));
        let said = String::from_utf8(said).unwrap();
        assert!(
            said.contains("RSA key ok") && said.contains(&format!("{bits} bit")),
            "{said}"
        );
        assert!(said.contains("65537"), "{said}");
    }
    let [one, other] =
        ["pkcs1.pem", "pkcs8.pem"].map(|file| std::fs::read(tool.path(file)).unwrap());
    assert_ne!(one, other);
}

#[test]
fn keygen_never_overwrites() {
    let tool = Tool::default();
    tool.write("precious", "precious");
    std::os::unix::fs::symlink(tool.path("nowhere"), tool.path("link")).unwrap();
    for file in ["precious", "link", "."] {
        let run = tool.run(&["keygen", "--out", file]);
        assert_eq!(run.code, 2, "{file}: {}", run.err);
        assert!(run.err.contains(file), "{}", run.err);
    }
    assert_eq!(std::fs::read(tool.path("precious")).unwrap(), b"precious");
    assert!(
        !tool.path("nowhere").exists(),
        "nothing is written through a link"
    );
}

#[test]
fn keygen_refuses_sizes_that_dax_does_not_have() {
    let tool = Tool::default();
    for (bits, name) in [
        ("1024", "key-too-small"),
        ("2047", "key-too-small"),
        ("2049", "unsupported-key"),
        ("2056", "unsupported-key"),
        ("16384", "unsupported-key"),
    ] {
        let run = tool.run(&["keygen", "--bits", bits, "--out", "new.pem"]);
        run.assert_refused(name, bits);
        assert!(run.err.contains("choose 2048, 3072 or 4096"), "{}", run.err);
        assert!(!tool.path("new.pem").exists());
    }
}

/// The first command that a text gives, run by a shell as it stands.
fn run_as_told(tool: &Tool, text: &str) -> String {
    let command = text.split('`').nth(1).expect("a command");
    let rest = command.strip_prefix("daxsign ").expect("one of the tool's");
    let program = tool.command();
    let output = std::process::Command::new("sh")
        .args(["-c", &format!("\"$0\" {rest}")])
        .arg(program.get_program())
        .current_dir(tool.root())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn commands_in_messages_run_whatever_the_files_are_called() {
    let tool = Tool::default();
    let (key, request) = ("my key.pem", "what's $HOME (1).http");
    let made = tool.run(&["keygen", "--out", key]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(run_as_told(&tool, &made.err).starts_with("-----BEGIN PUBLIC KEY"));
    tool.write("plain.http", "GET / HTTP/1.1\nHost: a\n\n");
    let sign = [
        "sign",
        "--complete",
        "--profile",
        "vendor-sdk",
        "--key",
        key,
    ];
    let signed = tool.run(&[&sign[..], &["--out", request, "plain.http"]].concat());
    assert_eq!(signed.code, 0, "{}", signed.err);
    let refused = tool.run(&["verify", "--key", key, request]);
    refused.assert_refused("signature-mismatch", request);
    let explained = run_as_told(&tool, &refused.err);
    assert!(
        explained.contains("under the profile vendor-sdk"),
        "{explained}"
    );
    let explained = json(&tool.run(&["explain", "--json", "--key", key, request]));
    let advice = explained["advice"][1].as_str().unwrap();
    assert!(
        run_as_told(&tool, advice).starts_with("verified: "),
        "{advice}"
    );
}

#[test]
fn numbers_that_are_none_are_told_what_is_expected() {
    let tool = Tool::default();
    tool.write("request.http", example_post().to_http("\n"));
    let key = private();
    let skew = ["verify", "--key", &key, "--max-skew", "5m", "request.http"];
    let bits = ["keygen", "--bits", "2k", "--out", "new.pem"];
    let mut told = 0;
    for (arguments, expected) in [
        (&skew[..], "expected seconds as a whole number, such as 300"),
        (&bits[..], "expected bits as a whole number, such as 2048"),
    ] {
        let run = tool.run(arguments);
        run.assert_unusable(expected);
        assert!(run.err.contains(expected), "{}", run.err);
        told += 1;
    }
    assert_eq!(told, 2);
}

#[test]
fn a_request_that_starts_otherwise_is_told_what_it_is() {
    let tool = Tool::default();
    tool.write("nothing", "");
    let run = tool.run(&["string", "nothing"]);
    run.assert_unusable("nothing");
    assert!(run.err.contains("the file is empty"), "{}", run.err);
    let mut urls = 0;
    for target in ["https://dax.example/a", "HTTP://dax.example/"] {
        tool.write("url", format!("GET {target} HTTP/1.1\nDate: {NOW}\n\n"));
        for arguments in [
            &["string", "url"][..],
            &["sign", "--key", &private(), "url"],
        ] {
            let run = tool.run(arguments);
            run.assert_refused("invalid-target", target);
            assert!(run.err.contains("the target is a whole URL"), "{}", run.err);
            urls += 1;
        }
    }
    assert_eq!(urls, 4);
}

#[test]
fn key_says_what_a_file_holds() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    for bits in [2048, 3072, 4096] {
        let private = key(&format!("rsa{bits}.pkcs1.pem"));
        let expected = openssl.run(&format!("rsa -in {private} -pubout"));
        let der = openssl.run(&format!("rsa -in {private} -pubout -outform DER"));
        let hash = lowercase_hex(&sha2::Sha256::digest(der));
        for form in ["pkcs1", "pkcs8", "spki", "public-pkcs1"] {
            for encoding in ["pem", "der"] {
                let file = key(&format!("rsa{bits}.{form}.{encoding}"));
                assert_eq!(
                    tool.run(&["key", "--public", &file]).success(),
                    expected,
                    "{file}"
                );
                let run = tool.run(&["key", &file]);
                let text = run.text();
                assert!(
                    text.contains(&bits.to_string()) && text.contains("65537"),
                    "{text}"
                );
                assert!(text.contains(&hash), "{text}");
                let report = json(&tool.run(&["key", "--json", &file]));
                assert_eq!(report["bits"], bits);
                assert_eq!(report["exponent"], 65_537);
                assert_eq!(report["spki_sha256"], hash);
                assert_eq!(report["private"], form.starts_with("pkcs"), "{file}");
            }
        }
    }
    assert!(
        !tool.run(&["key", &private()]).text().contains("PRIVATE"),
        "no key is shown"
    );
}

#[test]
fn json_of_verify_is_for_scripts() {
    let tool = Tool::default();
    let request = signed(&tool, &[]);
    let good = verify(&tool, &request, &["--json", "--now", NOW]);
    assert_eq!(good.code, 0);
    let report = json(&good);
    assert_eq!(report["verified"], true);
    assert_eq!(report["profile"], "documented");
    let list = [
        "(request-target)",
        "host",
        "content-type",
        "content-length",
        "date",
    ];
    assert_eq!(report["components"], Value::from(list.to_vec()));
    assert_eq!(report["not_covered"]["query"], "page=2");
    assert_eq!(
        report["not_covered"]["fields"],
        Value::from(vec!["cache-control"])
    );
    let stale = verify(&tool, &request, &["--json"]);
    assert_eq!(stale.code, 1);
    assert_eq!(json(&stale)["verified"], false);
    assert_eq!(json(&stale)["error"]["name"], "stale-date");
}

#[test]
fn demo_needs_nothing() {
    let tool = Tool::default();
    let run = tool.run(&["demo"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = run.text();
    for part in [
        "(request-target): post /api/v2/DaxEndPoint",
        "Signature: realm=\"dax\"",
        "documented",
        "vendor-sdk",
        "signature-mismatch",
        "replayed",
    ] {
        assert!(text.contains(part), "the demo shows {part}: {text}");
    }
    assert!(
        !text.contains('\u{1b}'),
        "no colours where there is no terminal"
    );
    assert_eq!(
        std::fs::read_dir(tool.path(".")).unwrap().count(),
        0,
        "it leaves no file"
    );
}

/// The list of the requests that are signed wrongly below.
const LIST: &str = "(request-target) host cache-control content-length date";
const HEAD: &str = "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\n\
                    cache-control: max-age=60,must-revalidate\n";
const DATE: &str = "date: 2020-05-17T14:44:30+02:00\n";
const BODY: &str = "{\"hello\": \"world\"}";

/// The string of the rules for the example and [`LIST`].
fn right_string() -> String {
    format!("{HEAD}content-length: 18\n{DATE}{BODY}")
}

/// The example with a signature that OpenSSL made over `message`.
fn signed_by_openssl(openssl: &OpenSsl, digest: &str, list: &str, message: &[u8]) -> OwnedRequest {
    openssl.write("message", message);
    let key = private();
    let signature = openssl.run(&format!("dgst -{digest} -sign {key} message"));
    let base64 = BASE64_STANDARD.encode(signature);
    let field = format!(
        "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\"{base64}\""
    );
    example_post().with_header("Signature", field)
}

fn explain(tool: &Tool, request: &OwnedRequest) -> (Value, Run) {
    tool.write("signed.http", request.to_http("\r\n"));
    let key = public();
    let as_json = tool.run(&["explain", "--json", "--key", &key, "signed.http"]);
    let as_text = tool.run(&["explain", "--key", &key, "signed.http"]);
    assert_eq!(as_json.code, as_text.code);
    (json(&as_json), as_text)
}

/// What the signer signed, its list, and the name of the mistake.
fn mistakes() -> Vec<(String, &'static str, &'static str)> {
    let right = right_string();
    let replaced = |from: &str, to: &str| {
        assert!(right.contains(from), "{from}");
        right.replacen(from, to, 1)
    };
    let target = "post /api/v2/DaxEndPoint";
    let host = "dax.amido.se";
    let without_length = "(request-target) host cache-control date";
    let lines_end_in_crlf = format!(
        "{}{BODY}",
        right.trim_end_matches(BODY).replace('\n', "\r\n")
    );
    vec![
        (lines_end_in_crlf, LIST, "crlf-line-ends"),
        (
            replaced(&format!("\n{BODY}"), BODY),
            LIST,
            "no-last-newline",
        ),
        (replaced(BODY, ""), LIST, "body-left-out"),
        (format!("{right}\n"), LIST, "body-with-newline"),
        (
            replaced(target, &format!("{target}?page=2")),
            LIST,
            "full-target",
        ),
        (
            replaced(
                target,
                &format!("post https://{host}/api/v2/DaxEndPoint?page=2"),
            ),
            LIST,
            "https-url",
        ),
        (
            replaced(target, &format!("post {host}/api/v2/DaxEndPoint")),
            LIST,
            "host-and-path",
        ),
        (replaced("post", "POST"), LIST, "method-not-lowercased"),
        (
            replaced("2020-05-17T14:44:30+02:00", "Sun, 17 May 2020 12:44:30 GMT"),
            LIST,
            "date-rfc1123",
        ),
        (
            replaced("14:44:30+02:00", "12:44:30Z"),
            LIST,
            "date-utc-seconds",
        ),
        (
            replaced("14:44:30+02:00", "12:44:30.0000000Z"),
            LIST,
            "date-utc-fraction",
        ),
        (
            replaced("content-length: 18\n", ""),
            LIST,
            "content-length-omitted",
        ),
        (right.clone(), without_length, "content-length-before-date"),
        (
            format!("{HEAD}{DATE}content-length: 18\n{BODY}"),
            without_length,
            "content-length-last",
        ),
    ]
}

#[test]
fn explain_names_each_mistake() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let mut explained = 0;
    for (string, list, name) in mistakes() {
        for profile in ["documented", "vendor-sdk"] {
            let hash = sha2::Sha256::digest(&string);
            let message = if profile == "documented" {
                string.as_bytes()
            } else {
                &hash
            };
            let request = signed_by_openssl(&openssl, "sha256", list, message);
            let (report, text) = explain(&tool, &request);
            assert_eq!(text.code, 1, "{name}");
            assert_eq!(report["finding"], "mistake", "{name}: {report}");
            assert_eq!(report["mistake"], name);
            assert_eq!(report["profile"], profile, "{name}");
            assert_eq!(report["signed_string"], string, "{name}");
            let expected = report["expected_string"].as_str().unwrap();
            let same = expected
                .bytes()
                .zip(string.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            assert_eq!(report["first_difference"], same, "{name}");
            assert!(
                text.text().contains('^'),
                "the difference is marked: {}",
                text.text()
            );
            let description = report["description"].as_str().unwrap();
            assert!(text.text().contains(description), "{name}: {}", text.text());
            explained += 1;
        }
    }
    assert_eq!(explained, 28);
}

#[test]
fn explain_says_which_profile_a_good_signature_has() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let string = right_string();
    let hash = sha2::Sha256::digest(&string);
    for (message, profile) in [(string.as_bytes(), "documented"), (&hash[..], "vendor-sdk")] {
        let request = signed_by_openssl(&openssl, "sha256", LIST, message);
        let (report, text) = explain(&tool, &request);
        assert_eq!(text.code, 0);
        assert_eq!(report["finding"], "verifies");
        assert_eq!(report["profile"], profile);
        assert!(text.text().contains(profile));
    }
}

#[test]
fn explain_tells_other_hashes_other_keys_and_what_it_does_not_know() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let string = right_string();
    for (digest, name) in [
        ("sha1", "SHA-1"),
        ("sha512", "SHA-512"),
        ("sha384", "SHA-384"),
    ] {
        for (message, finding) in [
            (string.as_str(), "mistake"),
            ("something else", "other-hash"),
        ] {
            let request = signed_by_openssl(&openssl, digest, LIST, message.as_bytes());
            let (report, text) = explain(&tool, &request);
            assert_eq!(report["finding"], finding);
            assert!(text.text().contains(name), "{}", text.text());
            assert_eq!(text.code, 1);
        }
    }
    let unknown = signed_by_openssl(&openssl, "sha256", LIST, b"something else");
    let (report, text) = explain(&tool, &unknown);
    assert_eq!(report["finding"], "unexplained");
    let hash = lowercase_hex(&sha2::Sha256::digest(b"something else"));
    assert_eq!(report["signed_digest"], hash);
    assert!(text.text().contains(&hash), "{}", text.text());
    openssl.run("genrsa -out other.pem 2048");
    openssl.run("rsa -in other.pem -pubout -out other.pub.pem");
    let right = signed_by_openssl(&openssl, "sha256", LIST, string.as_bytes());
    tool.write("signed.http", right.to_http("\n"));
    let other = openssl.path("other.pub.pem");
    let run = tool.run(&[
        "explain",
        "--json",
        "--key",
        other.to_str().unwrap(),
        "signed.http",
    ]);
    assert_eq!(
        (run.code, &json(&run)["finding"]),
        (1, &Value::from("wrong-key"))
    );
}

#[test]
fn explain_says_when_a_rule_is_broken_before_any_signature() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let mut request = signed_by_openssl(&openssl, "sha256", LIST, b"any");
    request.headers.retain(|(name, _)| name != "Cache-Control");
    let (report, text) = explain(&tool, &request);
    assert_eq!(report["finding"], "broken-rule");
    assert_eq!(report["error"]["name"], "missing-header");
    assert!(text.err.contains("error[missing-header]") && text.err.contains("cache-control"));
    let (report, text) = explain(&tool, &example_post());
    assert_eq!(
        (report["error"]["name"].as_str(), text.code),
        (Some("missing-header"), 1)
    );
}
