//! The server itself, before any client of ours is judged by it: an independent client, in Python
//! with OpenSSL, does everything right, then makes one mistake at a time.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_tests::openssl::OpenSsl;
use rest_server::api::Api;
use rest_server::exchange::LIST;
use rest_server::report::invitation;
use rest_server::sample;
use rest_server::scenario::{self, Kind, Scenario};
use rest_server::server::Server;
use rest_server::stage::Stage;
use sha2::{Digest, Sha256};

/// How many scenarios the table holds.
const SCENARIOS: usize = 105;

fn named(name: &str) -> Scenario {
    scenario::named(name).unwrap_or_else(|| panic!("no scenario {name}"))
}

/// What Python printed.
fn python(server: &Server, stage: &Stage, arguments: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client.py");
    let mut python = Command::new("python3")
        .arg(script)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    let text = invitation(server, stage).to_string();
    let mut input = python.stdin.take().expect("its input");
    input.write_all(text.as_bytes()).expect("the invitation");
    drop(input);
    let output = python.wait_with_output().expect("its output");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn play(server: &Server, name: &str, arguments: &[&str]) -> (Arc<Stage>, String) {
    let stage = server.play(named(name));
    let said = python(server, &stage, arguments);
    (stage, said)
}

#[test]
fn the_table_is_whole() {
    let all = scenario::all();
    assert_eq!(all.len(), SCENARIOS);
    let mut names: Vec<&str> = all.iter().map(|scenario| scenario.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), SCENARIOS, "two scenarios have one name");
    for scenario in &all {
        let words = scenario.about.ends_with('.') && scenario.about.len() > 3;
        assert!(words, "{}: say in a sentence what happens", scenario.name);
        let failed = scenario.outcome.kind != Kind::Ok;
        assert!(
            !failed || scenario.outcome.items.is_none(),
            "{}",
            scenario.name
        );
    }
}

#[test]
fn a_right_client_is_right() {
    let server = Server::default();
    let plain = [
        "contracts",
        "slow",
        "drip",
        "odd-unknown",
        "documented",
        "tls",
        "many",
    ];
    for name in plain.into_iter().chain(["tls-client-certificate"]) {
        let (stage, said) = play(&server, name, &[]);
        assert!(said.starts_with("token 200\ncall 200\n"), "{name}: {said}");
        assert!(
            said.to_lowercase().contains("x-correlation-id: 00000000-"),
            "{said}"
        );
        assert_eq!(stage.differences(), Vec::<String>::new(), "{name}");
    }
}

/// The mistake, the status of the call, whether the server refuses it (or only tells of it), and
/// what it says.
const MISTAKES: [(&str, u16, bool, &str); 19] = [
    ("raw-password", 401, true, "must be percent-encoded"),
    ("token-twice-client-id", 200, false, "2 times client_id"),
    (
        "token-as-json",
        200,
        false,
        "the token request's content type is",
    ),
    ("old-date", 401, true, "s off"),
    ("http-date", 401, true, "not ISO 8601"),
    ("short-date", 200, false, "seven digits and Z"),
    ("two-dates", 401, true, "no Date, or several"),
    ("no-date", 401, true, "no Date, or several"),
    ("same-date", 401, true, "came twice"),
    ("other-profile", 401, true, ""),
    ("query-signed", 401, true, ""),
    ("no-last-newline", 401, true, ""),
    ("body-unsigned", 401, true, ""),
    ("no-signature", 401, true, ""),
    (
        "no-charset",
        200,
        false,
        "Content-Type is \"application/json\"",
    ),
    ("text", 401, true, "Content-Type is \"text/plain\""),
    ("no-token", 401, true, "0 Authorization fields"),
    ("other-token", 401, true, "never given out"),
    ("chunked", 200, false, "Transfer-Encoding instead of"),
];

#[test]
fn each_mistake_is_found() {
    let server = Server::default();
    for (mistake, status, is_refused, told) in MISTAKES {
        let (stage, said) = play(&server, "contracts", &[mistake]);
        let last = said
            .lines()
            .rfind(|line| line.starts_with("call "))
            .unwrap_or_default();
        let status = if mistake == "text" { 400 } else { status };
        assert_eq!(last, format!("call {status}"), "{mistake}: {said}");
        let report = stage.report();
        assert_eq!(report["as_expected"], false, "{mistake}");
        let all = report["differences"].to_string();
        assert!(all.contains(&told.replace('"', "\\\"")), "{mistake}: {all}");
        assert_eq!(
            all.contains("refused calls"),
            is_refused,
            "{mistake}: {all}"
        );
    }
    // Nothing is listed for a body that is not there, so only the count tells.
    let (stage, said) = play(&server, "contracts", &["no-body"]);
    assert!(said.contains("call 401"), "{said}");
    assert!(
        stage
            .differences()
            .iter()
            .any(|fault| fault.contains("no body"))
    );
}

/// An independent reading of X-ANSWER: the string is put together here, and OpenSSL verifies it.
#[test]
fn signed_answers_verify_with_openssl() {
    let server = Server::default();
    let openssl = OpenSsl::default();
    let certificate = server.authority.file("exchange.pem");
    let key = openssl.run(&format!(
        "x509 -in {} -noout -pubkey",
        certificate.display()
    ));
    let key = openssl.write("exchange.pub", key);
    let names = [
        "right",
        "wrong-key",
        "other-request",
        "changed-body",
        "changed-status",
    ];
    for (name, holds) in names.into_iter().zip([true, false, true, false, true]) {
        let scenario = if name == "right" {
            "answer-signed"
        } else {
            &format!("answer-{name}")
        };
        let (stage, said) = play(&server, scenario, &[]);
        let (head, body) = said.split_once("\n\n").expect("head and body");
        let field = |name: &str| {
            let line = |line: &&str| line.to_lowercase().starts_with(&format!("{name}: "));
            let line = head
                .lines()
                .find(line)
                .unwrap_or_else(|| panic!("no {name} in {head}"));
            line[name.len() + 2..].to_owned()
        };
        let lines: String = LIST
            .split(' ')
            .skip(1)
            .map(|name| match name {
                "date" => format!("date: {}\n", field("x-dax-date")),
                _ => format!("{name}: {}\n", field(name)),
            })
            .collect();
        let target = "/api/v2.0/contracts?limit=50";
        let string = format!(
            "(request-target): answer {target}\n{lines}{}",
            body.trim_end_matches('\n')
        );
        let signature = field("signature");
        let signature = signature.rsplit('"').nth(1).expect("a value");
        let signature = BASE64_STANDARD.decode(signature).expect("base64");
        assert_eq!(
            openssl.verifies(&key, string.as_bytes(), &signature),
            holds,
            "{name}"
        );
        let arrived = stage.report()["arrived"][1]["http"].to_string();
        let date = arrived
            .split("date: ")
            .nth(1)
            .expect("a date")
            .split('\\')
            .next()
            .expect("its end");
        let request = format!("(request-target): get /api/v2.0/contracts\ndate: {date}\n{{}}");
        let paired = field("x-dax-request") == BASE64_STANDARD.encode(Sha256::digest(request));
        assert_eq!(paired, name != "other-request", "{name}");
        let status = format!("call {}", field("x-dax-status"));
        assert_eq!(said.contains(&status), name != "changed-status", "{name}");
    }
}

/// All operations: made-up answers fit their schemas, and what does not fit is found.
#[test]
fn the_schemas_of_all_operations_are_kept() {
    let api = Api::load();
    assert_eq!(api.operations().len(), 49);
    for operation in api.operations() {
        let schema = api.resolved(&operation.data);
        let mut data = sample::data(&api, schema, 7);
        assert_eq!(
            api.data_faults(operation, &data),
            Vec::<String>::new(),
            "{}",
            operation.id
        );
        data["correlationId"] = 7.into();
        data["notDescribed"] = true.into();
        assert_eq!(
            api.data_faults(operation, &data).len(),
            2,
            "{}",
            operation.id
        );
        let path = operation.path.replace("{version}", "2.0");
        let path: Vec<&str> = path
            .split('/')
            .map(|part| match part {
                "{folderId}" => "17",
                "{startTime}" | "{endTime}" => "2026-01-31T08%3A30%3A00",
                part if part.starts_with('{') => "00000000-0000-4000-8000-000000000001",
                part => part,
            })
            .collect();
        let path = path.join("/");
        let called = api.called(&operation.method, &path).expect("an operation");
        assert_eq!(called.operation.id, operation.id);
        assert_eq!(called.faults(b"[]").len(), 1, "{}", operation.id);
        assert!(
            called
                .faults(br#"{"context": 7}"#)
                .iter()
                .any(|fault| fault.contains("/context"))
        );
        let long = format!(r#"{{"Context": "{}"}}"#, "x".repeat(256));
        assert!(
            called
                .faults(long.as_bytes())
                .iter()
                .any(|fault| fault.contains("255"))
        );
    }
}

#[test]
fn requests_that_do_not_fit_are_found() {
    let server = Server::default();
    let partner = "/api/v2.0/partners/9a1d8e02-64c3-4c6c-8d55-2f7b8c1d0e21/instances/c5a7e3b4-0d19-4f7e-a3b2-71e6d4c8f931";
    let owners = format!("{partner}/cardowners");
    let requests = [
        ("GET", format!("{owners}?offset=x"), "{}", "offset is x"),
        (
            "GET",
            format!("{owners}?idFilter=00000000-0000-4000-8000-000000000001"),
            "{}",
            "idFilter is not described",
        ),
        ("GET", format!("{owners}/17"), "{}", "cardOwnerId is 17"),
        (
            "POST",
            owners.clone(),
            r#"{"familyName": "A"}"#,
            "specificName",
        ),
        (
            "POST",
            owners.clone(),
            r#"{"familyName": "A", "specificName": "B", "folderId": 3000000000, "attributes": {}}"#,
            "/folderId",
        ),
        (
            "POST",
            owners.clone(),
            r#"{"familyName": "A", "specificName": "B", "folderId": 1, "attributes": {}, "startTime": "2026-01-01T00:00:00Z"}"#,
            "/startTime",
        ),
        ("GET", "/api/v2.0/nothing".into(), "{}", "no operation is"),
        ("GET", "/api/v2.0/contracts".into(), "{", "not JSON"),
    ];
    for (method, target, body, told) in requests {
        let (stage, said) = play(&server, "contracts", &["none", method, &target, body]);
        let all = stage.report()["differences"].to_string();
        assert!(all.contains(told), "{target}: {all}");
        assert!(
            said.contains("call 400") || said.contains("call 404"),
            "{said}"
        );
    }
}

/// The program, as shells and other languages start it.
#[test]
fn the_program_plays_for_a_command() {
    let program = env!("CARGO_BIN_EXE_rest-server");
    let run = |arguments: &[&str]| {
        let output = Command::new(program)
            .args(arguments)
            .output()
            .expect("rest-server starts");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let form = "curl -sf $DAX_BASE/oauth/token -d grant_type=password -d client_id=$DAX_CLIENT_ID \
                --data-urlencode username=$DAX_USER --data-urlencode \"password=$DAX_PASSWORD\"";
    let (code, said) = run(&["token", "--", "bash", "-c", form]);
    assert!(
        said.contains("\"access_token\":\"token+home/1==\""),
        "{said}"
    );
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&["contracts", "--", "bash", "-c", form]);
    assert!(said.contains("calls: {}, and must be {Home: 1}"), "{said}");
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(run(&["no-such-scenario"]).0, Some(2));
    let (code, said) = run(&["--list"]);
    assert_eq!((code, said.lines().count()), (Some(0), SCENARIOS));
}
