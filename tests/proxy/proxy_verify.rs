//! `daxsign proxy --verify` as a process: what a service behind it gets, what operators are told, keys that roll over,
//! and its end. Requests are signed by OpenSSL and sent over plain sockets.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::prelude::{BASE64_STANDARD, Engine};
use daxsign_core::Timestamp;
use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::loopback::Server;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::sidecar::{Sidecar, exchange, wait_until};
use daxsign_tests::tool::Tool;
use serde_json::Value;

const LIST: &str = "(request-target) host content-length date";

/// The sidecar before `upstream`.
fn before(tool: &Tool, upstream: &Server, arguments: &[&str]) -> Sidecar {
    let place = upstream.origin();
    let base = ["--verify", "--upstream", &place];
    Sidecar::start(tool.command(), tool, &[&base[..], arguments].concat())
}

fn now() -> String {
    let age = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock");
    let seconds = i64::try_from(age.as_secs()).expect("a time");
    let now = Timestamp::from_unix(seconds, age.subsec_nanos()).expect("a time");
    now.format().expect("a date").to_string()
}

/// A request signed by OpenSSL with the present time.
fn signed(key: &Path, path: &str, body: &str, more: &str) -> Vec<u8> {
    let (date, len) = (now(), body.len());
    let string = format!(
        "(request-target): post {path}\nhost: receiver\ncontent-length: {len}\ndate: {date}\n{body}"
    );
    let signature = BASE64_STANDARD.encode(OpenSsl::default().sign(key, string.as_bytes()));
    let mut request = format!("POST {path}?q=1 HTTP/1.1\r\nHost: receiver\r\n");
    write!(
        request,
        "Content-Length: {len}\r\nDate: {date}\r\n{more}Connection: close\r\nSignature: \
         realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{LIST}\" signature=\"{signature}\"\r\n\r\n{body}"
    )
    .expect("a request");
    request.into_bytes()
}

#[test]
fn what_verifies_is_passed_on_once_and_told() {
    let tool = Tool::default();
    tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let upstream = Server::start(|_| (200, None));
    let sidecar = before(&tool, &upstream, &["--peer", "alliera=peer.pem"]);
    let key = key_path("rsa2048.pkcs8.pem");
    let more =
        "X_Dax_Verified_Peer: mallory\r\nX-Dax-Verified-Peer: mallory\r\nX-Correlation-Id: abc\r\n";
    let request = signed(&key, "/doors", r#"{"pin":"1234"}"#, more);

    let answer = sidecar.send(&request);
    assert_eq!(
        (answer.status, &*answer.body),
        (200, "ok"),
        "{}",
        answer.head
    );
    let [passed] = &upstream.take()[..] else {
        panic!("one request")
    };
    assert_eq!(
        (&*passed.target, &*passed.body),
        ("/doors?q=1", &br#"{"pin":"1234"}"#[..])
    );
    assert_eq!(
        passed.only_value("x-dax-verified-peer"),
        Some(&b"alliera"[..])
    );
    assert_eq!(
        passed.only_value("x-dax-verified-components"),
        Some(LIST.as_bytes())
    );
    assert_eq!(passed.only_value("x_dax_verified_peer"), None);
    assert_eq!(passed.only_value("host"), Some(&b"receiver"[..]));

    let again = sidecar.send(&request);
    assert_eq!(
        (again.status, again.field("x-dax-proxy-error")),
        (401, Some("replayed"))
    );
    assert_eq!(again.field("x-correlation-id"), Some("abc"));
    let body: Value = serde_json::from_str(&again.body).expect("an envelope");
    assert_eq!(body["statusCode"], 401);
    let other = signed(&key_path("../generated2048.pem"), "/doors", "{}", "");
    assert_eq!(
        sidecar.send(&other).field("x-dax-proxy-error"),
        Some("unknown-key")
    );
    assert!(
        upstream.take().is_empty(),
        "nothing that was refused is passed on"
    );

    assert_eq!(sidecar.ask("/healthz").status, 200);
    assert_eq!(sidecar.ask("/readyz").status, 200);
    for (name, value) in [
        (
            "daxsign_proxy_answers_total{status=\"200\",by=\"upstream\"}",
            1.0,
        ),
        (
            "daxsign_proxy_answers_total{status=\"401\",by=\"proxy\"}",
            2.0,
        ),
        ("daxsign_proxy_refusals_total{name=\"replayed\"}", 1.0),
        ("daxsign_proxy_signature_seconds_count", 3.0),
        ("daxsign_proxy_replay_memory_used", 1.0),
        ("daxsign_proxy_replay_memory_places", 65_536.0),
    ] {
        assert!((sidecar.metric(name) - value).abs() < 1e-9, "{name}");
    }
    wait_until("three lines of log", || sidecar.lines().len() == 3);
    let [first, second, third] = &sidecar.lines()[..] else {
        panic!("three lines")
    };
    for (field, expected) in [
        ("correlation_id", "abc"),
        ("method", "POST"),
        ("path", "/doors"),
        ("peer", "alliera"),
    ] {
        assert_eq!(first[field], expected, "{field}");
    }
    assert_eq!(
        (first["status"].as_u64(), second["status"].as_u64()),
        (Some(200), Some(401))
    );
    assert_eq!(
        (&second["error"], &third["error"]),
        (&"replayed".into(), &"unknown-key".into())
    );
    let text = std::fs::read_to_string(&sidecar.log).expect("the log");
    assert!(!text.contains("1234") && !text.contains("q=1"), "{text}");
}

#[test]
fn keys_roll_over_while_it_runs() {
    let tool = Tool::default();
    let peer = tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let upstream = Server::start(|_| (200, None));
    let sidecar = before(&tool, &upstream, &["--peer", "alliera=peer.pem"]);
    let (old, new) = (key_path("rsa2048.pkcs8.pem"), key_path("rsa3072.pkcs8.pem"));
    let status = |key: &Path, path: &str| sidecar.send(&signed(key, path, "{}", "")).status;
    assert_eq!(status(&old, "/1"), 200);
    assert_ne!(status(&new, "/2"), 200);
    // By signal.
    std::fs::write(
        &peer,
        [key_file("rsa2048.spki.pem"), key_file("rsa3072.spki.pem")].concat(),
    )
    .expect("written");
    sidecar.signal("-HUP");
    let reloads = |result: &str| {
        sidecar.metric(&format!(
            "daxsign_proxy_reloads_total{{result=\"{result}\"}}"
        ))
    };
    wait_until("a good reload", || reloads("good") >= 1.0);
    assert_eq!((status(&old, "/3"), status(&new, "/4")), (200, 200));
    // By itself; what is bad is refused, and the old goes on.
    std::fs::write(&peer, "no key").expect("written");
    wait_until("a bad reload", || reloads("bad") >= 1.0);
    assert_eq!((status(&old, "/5"), status(&new, "/6")), (200, 200));
    let ready = sidecar.ask("/readyz");
    assert_eq!(ready.status, 200);
    assert!(ready.body.contains("the new are refused"), "{}", ready.body);
    // What was accepted stays accepted over reloads.
    let request = signed(&old, "/7", "{}", "");
    assert_eq!(sidecar.send(&request).status, 200);
    let before = reloads("good");
    std::fs::write(&peer, key_file("rsa2048.spki.pem")).expect("written");
    wait_until("another good reload", || reloads("good") > before);
    assert_eq!(
        sidecar.send(&request).field("x-dax-proxy-error"),
        Some("replayed")
    );
    assert_ne!(status(&new, "/8"), 200);
}

/// What a process accepted it knows alone; the next one takes nothing that was signed before it was there.
#[test]
fn what_was_accepted_stays_so_over_a_restart() {
    let tool = Tool::default();
    tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let upstream = Server::start(|_| (200, None));
    let start = || before(&tool, &upstream, &["--peer", "alliera=peer.pem"]);
    let key = key_path("rsa2048.pkcs8.pem");
    let sidecar = start();
    let request = signed(&key, "/open", "{}", "");
    assert_eq!(sidecar.send(&request).status, 200);
    drop(sidecar);
    let sidecar = start();
    assert_eq!(
        sidecar.send(&request).field("x-dax-proxy-error"),
        Some("stale-date")
    );
    assert_eq!(sidecar.send(&signed(&key, "/open", "{}", "")).status, 200);
    assert_eq!(upstream.take().len(), 2);
}

#[test]
fn a_request_in_work_is_answered_after_the_end_was_asked_for() {
    let tool = Tool::default();
    tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let upstream = Server::start(|_| {
        std::thread::sleep(Duration::from_secs(2));
        (200, None)
    });
    let mut sidecar = before(&tool, &upstream, &["--peer", "alliera=peer.pem"]);
    let request = signed(&key_path("rsa2048.pkcs8.pem"), "/slow", "{}", "");
    let port = sidecar.port;
    let answer = std::thread::spawn(move || exchange(port, &request).status);
    wait_until("it is in work", || {
        sidecar.metric("daxsign_proxy_in_work") >= 1.0
    });
    sidecar.signal("-TERM");
    wait_until("it is not ready", || sidecar.ask("/readyz").status == 503);
    assert!(
        sidecar
            .ask("/readyz")
            .body
            .contains("no more requests are taken")
    );
    assert_eq!(answer.join().expect("an answer"), 200);
    let ended = sidecar.process.wait().expect("it ends");
    assert_eq!(ended.code(), Some(0));
    assert!(
        TcpStream::connect(("127.0.0.1", port)).is_err(),
        "nothing listens any more"
    );
}

/// Nobody behind, bodies that are too large, and framing.
#[test]
fn what_cannot_be_passed_on_is_told_by_name() {
    let tool = Tool::default();
    tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let upstream = Server::start(|_| (200, None));
    let arguments = ["--peer", "a=peer.pem", "--max-body", "16"];
    let sidecar = before(&tool, &upstream, &arguments);
    let key = key_path("rsa2048.pkcs8.pem");
    let named = |request: &[u8]| {
        let answer = sidecar.send(request);
        (
            answer.status,
            answer
                .field("x-dax-proxy-error")
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let large = signed(&key, "/", r#"{"a":"0123456789"}"#, "");
    assert_eq!(named(&large), (413, "body-too-large".into()));
    let chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    assert_eq!(named(chunked), (411, "invalid-header-value".into()));
    assert_eq!(
        named(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        (401, "missing-header".into())
    );

    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", gone.local_addr().expect("an address"));
    drop(gone);
    let mut command = tool.command();
    command.args([
        "proxy",
        "--verify",
        "--listen",
        "127.0.0.1:0",
        "--peer",
        "a=peer.pem",
    ]);
    command
        .args(["--upstream", &address, "--access-log", "off"])
        .stdout(Stdio::piped());
    let mut process = command.spawn().expect("it starts");
    let mut line = String::new();
    let mut out = BufReader::new(process.stdout.take().expect("its output"));
    out.read_line(&mut line).expect("a line");
    let port = line
        .trim()
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port");
    let answer = exchange(port, &signed(&key, "/", "{}", ""));
    let _ = process.kill();
    let _ = process.wait();
    assert_eq!(
        (answer.status, answer.field("x-dax-proxy-error")),
        (502, Some("upstream-unreachable"))
    );
}

#[test]
fn what_would_not_be_safe_is_refused_before_it_starts() {
    let tool = Tool::default();
    tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let base = ["proxy", "--verify", "--access-log", "off"];
    let cases: [(&[&str], &str); 9] = [
        (&["--peer", "a=peer.pem"], "--upstream"),
        (&["--upstream", "http://127.0.0.1:1"], "--peer"),
        (
            &["--upstream", "http://10.0.0.1:1", "--peer", "a=peer.pem"],
            "--unsafe-upstream",
        ),
        (
            &["--upstream", "http://127.0.0.1:1", "--peer", "a=none.pem"],
            "none.pem",
        ),
        (
            &[
                "--upstream",
                "http://127.0.0.1:1",
                "--peer",
                "a=peer.pem",
                "--peer",
                "b=peer.pem",
            ],
            "same key",
        ),
        (
            &[
                "--upstream",
                "http://127.0.0.1:1",
                "--peer",
                "a=peer.pem",
                "--listen",
                "0.0.0.0:0",
            ],
            "--unsafe-listen",
        ),
        (
            &["--upstream", "https://127.0.0.1:1", "--peer", "a=peer.pem"],
            "no address",
        ),
        (
            &[
                "--upstream",
                "http://127.0.0.1:1",
                "--peer",
                "a=peer.pem",
                "--secret-file",
                "peer.pem",
            ],
            "--secret-file",
        ),
        (
            &[
                "--upstream",
                "http://127.0.0.1:1",
                "--peer",
                "a=peer.pem",
                "--allow-host",
                "",
            ],
            "--allow-host",
        ),
    ];
    for (arguments, words) in cases {
        let run = tool.run(&[&base[..], arguments].concat());
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(words), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn the_check_says_what_it_would_do() {
    let tool = Tool::default();
    tool.write("peer.pem", key_file("rsa2048.spki.pem"));
    let upstream = Server::start(|_| (200, None));
    let base = [
        "proxy",
        "--verify",
        "--check",
        "--peer",
        "alliera=peer.pem",
        "--upstream",
    ];
    let run = tool.run(&[&base[..], &[&upstream.origin()]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let text = run.text();
    assert!(
        text.contains("peer: alliera, key ") && text.contains("can be reached"),
        "{text}"
    );
    let run = tool.run(&[&base[..], &["http://127.0.0.1:1"]].concat());
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("error[upstream-unreachable]"),
        "{}",
        run.err
    );
}
