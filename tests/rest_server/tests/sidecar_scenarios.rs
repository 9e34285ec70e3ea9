//! Every scenario through the sidecar: a client that signs nothing sends one call in plain HTTP, and gets
//! what the server answers. Whatever arrives is judged as that of any client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::Duration;

use daxsign_tests::caller::Caller;
use daxsign_tests::tool::binary;
use rest_server::identity;
use rest_server::report::invitation;
use rest_server::scenario::{self, Answers, Call, Kind, Preset, Scenario};
use rest_server::server::Server;
use rest_server::stage::Stage;

/// How many scenarios are played, and in how many of them the same arrives as of a client of ours.
const PLAYED: (usize, usize) = (80, 70);
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the client gets something else than ours says, or other requests arrive, since nothing is read
/// out of an answer and nothing that may have been done is sent again: the status, the name of the refusal,
/// and whether the same arrives.
const OTHERWISE: [(&str, u16, &str, bool); 23] = [
    ("token-as-form", 502, "unexpected-answer", false),
    ("token-as-text", 502, "server-failed", false),
    ("token-without-token", 502, "unexpected-answer", false),
    ("redirect-circle", 502, "unexpected-answer", true),
    ("redirect-without-location", 502, "unexpected-answer", true),
    ("redirect-from-tls", 502, "unexpected-answer", true),
    ("answer-redirect-unsigned", 502, "unexpected-answer", true),
    (
        "token-redirected-elsewhere",
        502,
        "unexpected-answer",
        false,
    ),
    ("redirect-unreachable", 502, "unreachable", true),
    ("rate-limited-shortly", 429, "", false),
    ("rate-limited-retry-after", 429, "", false),
    ("unavailable", 503, "", false),
    ("inner-status", 200, "", true),
    ("inner-token-refused-door", 200, "", true),
    ("no-answer", 502, "unreachable", false),
    ("too-slow", 504, "unreachable", true),
    ("cut", 200, "", false),
    ("cut-always", 200, "", false),
    ("cut-create", 200, "", true),
    ("too-slow-drip", 200, "", true),
    ("odd-201", 201, "", true),
    ("nowhere", 502, "unreachable", true),
    ("tls-no-client-certificate", 502, "unreachable", true),
];

/// Scenarios whose answer does not come to its end: neither at the client, or, where the cut comes before the
/// head is read, at the proxy, which then says so.
const CUT: [&str; 4] = ["cut", "cut-always", "cut-create", "too-slow-drip"];

/// The request of a call; `None` for what takes more than one.
fn request(call: Call, host: &str) -> Option<String> {
    let target = format!(
        "/api/v2.0/partners/{}/instances/{}/cardowners",
        identity::PARTNER,
        identity::INSTANCE
    );
    let somebody = "00000000-0000-4000-8000-000000000001";
    let owner =
        r#"{"attributes":{"Floor":"2"},"familyName":"Öberg","folderId":17,"specificName":"Åsa"}"#;
    let (line, body) = match call {
        Call::Contracts => ("GET /api/v2.0/contracts".to_owned(), ""),
        Call::CardOwner => (format!("GET {target}/{somebody}"), ""),
        Call::CreateCardOwner => (format!("POST {target}"), owner),
        Call::OpenDoor => {
            let door = format!("POST {target}/{somebody}/doors/{somebody}/open");
            (door, "")
        }
        Call::Token | Call::ContractsTwice | Call::ContractsAtOnce | Call::CardOwners => {
            return None;
        }
    };
    let text = format!(
        "{line} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic bm8=\r\nDate: no\r\nSignature: \
         no\r\nX-Forwarded-For: 1.2.3.4\r\nContent-Type: application/json\r\nContent-Length: \
         {}\r\nConnection: close, X-Own\r\nX-Own: 1\r\n\r\n{body}",
        body.len()
    );
    Some(text)
}

/// The sidecar with the settings of a scenario.
fn start(server: &Server, stage: &Stage) -> (Child, String, Caller) {
    let invitation = invitation(server, stage);
    let told = |name: &str| invitation[name].as_str().expect("a text");
    let client = &stage.scenario.client;
    let signing = match client.preset {
        Preset::Observed => "observed",
        Preset::Documented => "documented",
    };
    let mut more = vec!["--signing", signing, "--ca", told("ca")];
    if client.shows_certificate {
        more.extend(["--client-certificate", told("client_certificate")]);
        more.extend(["--client-key", told("client_key")]);
    }
    if client.answers != Answers::Any {
        more.extend(["--exchange-certificate", told("exchange_certificate")]);
    }
    if client.answers == Answers::VerifyIfSigned {
        more.extend(["--require-signed-answers", "false"]);
    }
    let caller = Caller::with_settings(&invitation, &more);
    let time = client.timeout_ms.unwrap_or(30_000);
    let mut command = caller.command(binary());
    command
        .args(["proxy", "--listen", "127.0.0.1:0", "--access-log", "off"])
        .args(["--timeout", &format!("{time}ms")])
        .stderr(std::process::Stdio::null());
    let mut child = command.spawn().expect("the tool starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("listening on http://");
    (child, address.expect("an address").to_owned(), caller)
}

/// Status, name of the refusal, and whether the answer came to its end.
fn ask(address: &str, request: &str) -> (u16, String, bool) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a time limit");
    stream.write_all(request.as_bytes()).expect("it is read");
    let mut bytes = Vec::new();
    let whole = stream.read_to_end(&mut bytes).is_ok();
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let field = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find_map(|(found, value)| found.eq_ignore_ascii_case(name).then_some(value))
    };
    let told = field("content-length").and_then(|text| text.parse().ok());
    let complete = whole && told == Some(body.len());
    let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
    let refusal = field("x-dax-proxy-error").unwrap_or_default();
    (status.expect("a status"), refusal.to_owned(), complete)
}

/// What the client must get: status, name of the refusal, and whether what arrives is as the table says.
fn expected(scenario: &Scenario) -> (u16, &'static str, bool) {
    let other = OTHERWISE.iter().find(|(name, ..)| *name == scenario.name);
    if let Some((_, status, refusal, same)) = other {
        return (*status, refusal, *same);
    }
    match scenario.outcome.kind {
        Kind::Ok => (200, "", true),
        Kind::Unreachable => (502, "unreachable", true),
        Kind::AnswerRefused => (502, "answer-refused", true),
        _ => (scenario.outcome.status.expect("a status"), "", true),
    }
}

#[test]
fn every_scenario_of_one_call_passes_as_it_is() {
    let server = Server::default();
    let (mut played, mut alike, mut faults) = (0, 0, Vec::new());
    for scenario in scenario::all() {
        if request(scenario.call, "").is_none() {
            continue;
        }
        let stage = server.play(scenario);
        let (mut child, address, caller) = start(&server, &stage);
        let request = request(stage.scenario.call, &address).expect("a call");
        let (status, refusal, whole) = ask(&address, &request);
        let id = child.id().to_string();
        let ended = Command::new("kill").args(["-s", "TERM", &id]).status();
        assert!(ended.expect("kill starts").success());
        let code = child.wait().expect("it ends").code();
        drop(caller);
        let name = stage.scenario.name.as_str();
        let mut must = expected(&stage.scenario);
        let cut = CUT.contains(&name);
        if cut && status == 502 {
            (must.0, must.1) = (502, "unreachable");
        }
        if (status, refusal.as_str()) != (must.0, must.1) || code != Some(0) {
            faults.push(format!("{name}: {status} {refusal}, ended with {code:?}"));
        }
        if whole != (!cut || status == 502) {
            faults.push(format!("{name}: came to its end: {whole}"));
        }
        let differences = stage.differences();
        if must.2 && !differences.is_empty() {
            faults.push(format!("{name}: {differences:?}"));
        }
        (played, alike) = (played + 1, alike + usize::from(must.2));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert_eq!((played, alike), PLAYED);
}
