//! The registry by commands (X-REG), and who gets in at the management door.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::made::{Exchange, shown};

#[test]
fn partners_certificates_and_credentials_are_managed_by_commands() {
    let exchange = Exchange::new();
    let served = exchange.serve();
    let alpha = exchange.instance("Alpha");
    let beta = exchange.instance("Beta");
    let file = exchange.certificate(&alpha, "rsa2048");
    let told = exchange.ask_refused(&["certificate", "add", &beta, shown(&file)]);
    assert!(told.contains("does not name this instance"), "{told}");
    exchange.ask(&["certificate", "add", &alpha, shown(&file)]);
    let told = exchange.ask_refused(&["certificate", "add", &alpha, shown(&file)]);
    assert!(told.contains("registered already (409)"), "{told}");
    // A key belongs to one instance.
    let same_key = exchange.certificate(&beta, "rsa2048");
    let told = exchange.ask_refused(&["certificate", "add", &beta, shown(&same_key)]);
    assert!(told.contains("make a new key"), "{told}");
    let listed = exchange.ask_json(&["certificate", "list"]);
    assert_eq!(
        (listed[0]["party"].as_str(), listed[0]["counts"].as_bool()),
        (Some(&*alpha), Some(true))
    );
    let thumbprint = listed[0]["sha256"].as_str().expect("a hash").to_uppercase();
    exchange.ask(&["certificate", "revoke", &thumbprint]);
    let listed = exchange.ask_json(&["certificate", "list"]);
    assert_eq!(listed[0]["counts"], false);
    assert!(listed[0]["revoked"].is_string());

    let password = exchange.ask(&["credential", "set", "alpha", &alpha]);
    assert!(password.trim().len() >= 32, "{password}");
    let told = exchange.ask_refused(&["credential", "set", "alpha", &beta]);
    assert!(told.contains("registered already"), "{told}");
    let listed = exchange.ask(&["credential", "list"]);
    assert!(
        listed.contains("alpha") && !listed.contains("argon2"),
        "{listed}"
    );
    exchange.ask(&["credential", "remove", "alpha"]);
    assert_eq!(exchange.ask_json(&["credential", "list"]), json!([]));

    let told = exchange.ask_refused(&["would-allow", &alpha, &beta, "create_card"]);
    assert!(told.contains("no contract gives access"), "{told}");
    // However it was made, what is served is no sandbox that people break on purpose.
    for command in [
        &["fault", "order", "cut"][..],
        &["fault", "list"],
        &["fault", "cancel"],
    ] {
        let told = exchange.ask_refused(command);
        assert!(told.contains("in a sandbox alone"), "{told}");
    }
    let nobody = "7d37f2c0-3fb7-4a2a-9f0d-1f9f6d6a2b11";
    for command in ["outcome", "evidence"] {
        let told = exchange.ask_refused(&[command, nobody]);
        assert!(told.contains("no such exchange on record (404)"), "{told}");
    }
    assert_eq!(exchange.ask_json(&["card-owner", nobody]), json!([]));
    let told = exchange.ask_refused(&["requeue", nobody]);
    assert!(
        told.contains("never accepted") || told.contains("refused before it was accepted"),
        "{told}"
    );
    let told = exchange.ask_refused(&["would-allow", &alpha, &beta, "create_cards"]);
    assert!(told.contains("there are: "), "{told}");
    served.end();
    // The log's key, the certificate, its revocation.
    let told = crate::made::done(&["fsck", exchange.path()]);
    assert!(
        told.starts_with("leaves hashed: 3; messages decrypted: 2,"),
        "{told}"
    );
}

#[test]
fn who_does_not_read_answers_keeps_nobody_out() {
    let exchange = Exchange::new();
    let served = exchange.serve();
    // As many as there may be, each with more answers on their way than a socket holds.
    let many = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2_000);
    let silent: Vec<_> = (0..32)
        .map(|_| {
            let socket = UnixStream::connect(exchange.folder.join("m.sock")).expect("it listens");
            socket.set_nonblocking(true).expect("set");
            let _ = (&socket).write(many.as_bytes());
            socket
        })
        .collect();
    let since = Instant::now();
    let get = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert!(exchange.send(get).starts_with("HTTP/1.1 200"));
    let took = since.elapsed();
    assert!(took < Duration::from_secs(25), "{took:?}");
    drop(silent);
    served.end();
}

#[test]
fn nobody_gets_in_without_the_token_and_no_page_with_it() {
    let exchange = Exchange::new();
    let served = exchange.serve();
    let token = exchange.token();
    let status = |head: &str, body: &str| {
        let answer = exchange.send(format!("{head}\r\nConnection: close\r\n\r\n{body}").as_bytes());
        let status = answer.split(' ').nth(1).map(ToOwned::to_owned);
        (status.unwrap_or_default(), answer)
    };
    let get = |path: &str, fields: &str| status(&format!("GET {path} HTTP/1.1\r\n{fields}"), "").0;
    let with = format!("Host: localhost\r\nAuthorization: Bearer {token}");
    assert_eq!(get("/v1/partners", &with), "200");
    assert_eq!(get("/v1/partners", "Host: localhost"), "401");
    assert_eq!(
        get("/v1/partners", "Host: localhost\r\nAuthorization: Bearer x"),
        "401"
    );
    // Who does not know the token does not learn what there is.
    assert_eq!(get("/v1/nothing", "Host: localhost"), "401");
    assert_eq!(get("/v1/nothing", &with), "404");
    for page in ["Origin: http://localhost", "Sec-Fetch-Site: same-origin"] {
        assert_eq!(
            get("/v1/partners", &format!("{with}\r\n{page}")),
            "403",
            "{page}"
        );
    }
    let elsewhere = format!("Host: evil.example\r\nAuthorization: Bearer {token}");
    assert_eq!(get("/v1/partners", &elsewhere), "403");
    assert_eq!(get("/healthz", "Host: evil.example"), "403");
    assert_eq!(get("/healthz", "Host: localhost"), "200");
    assert_eq!(get("/readyz", "Host: localhost"), "200");
    assert_eq!(get("/openapi.json", "Host: localhost"), "200");
    let post = |fields: &str, body: &str| {
        let length = body.len();
        let head = format!("POST /v1/partners HTTP/1.1\r\n{fields}\r\nContent-Length: {length}");
        status(&head, body).0
    };
    assert_eq!(post(&with, "{\"partner\": \"x\", \"name\": \"y\"}"), "400");
    assert_eq!(post(&with, "{\"surprise\": 1}"), "400");
    assert_eq!(post(&with, &"x".repeat(2 << 20)), "413");
    assert_eq!(post("Host: localhost", &"x".repeat(2 << 20)), "401");
    let delete = status(&format!("DELETE /v1/partners HTTP/1.1\r\n{with}"), "").0;
    assert_eq!(delete, "405");
    let (_, metrics) = status("GET /metrics HTTP/1.1\r\nHost: localhost", "");
    for name in [
        "ready 1.0",
        "log_leaves 1.0",
        "certificate_days_left{certificate=\"exchange\"} 36",
    ] {
        assert!(
            metrics.contains(&format!("daxsign_exchange_{name}")),
            "{name} in {metrics}"
        );
    }
    served.end();
}

/// Numbers that nobody chose, the same each time (Marsaglia's xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).expect("small")).expect("small")
    }

    /// Changes something: a byte, a piece more, a piece less, a piece twice.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        let place = self.below(bytes.len() + 1);
        let end = (place + self.below(16)).min(bytes.len());
        match self.below(4) {
            0 if place < bytes.len() => {
                bytes[place] = u8::try_from(self.below(256)).expect("a byte");
            }
            1 => drop(bytes.drain(place..end)),
            2 => {
                let twice = bytes[place..end].to_vec();
                bytes.splice(place..place, twice);
            }
            _ => {
                let word = WORDS[self.below(WORDS.len())].bytes();
                bytes.splice(place..place, word);
            }
        }
    }
}

/// What readers stumble over.
const WORDS: [&str; 16] = [
    "null",
    "-1",
    "0",
    "18446744073709551616",
    "1e999",
    "\"",
    "{",
    "[[[[[[[[",
    "\\u0000",
    "\0",
    "../",
    "%2e",
    "?earlier=0&later=9",
    "00000000-0000-0000-0000-000000000000",
    "\u{202e}",
    "\\ud800",
];

/// What may be asked, in words that are taken.
fn all_requests(party: &str, pem: &str) -> Vec<(&'static str, String, String)> {
    let id = "7d37f2c0-3fb7-4a2a-9f0d-1f9f6d6a2b11";
    let would = json!({"sender": party, "receiver": party, "operation": "create_card", "body": {}});
    let posts = [
        ("certificates", json!({"party": party, "certificate": pem})),
        ("partners", json!({"partner": id, "name": "Beta"})),
        (
            "instances",
            json!({"party": party, "name": "A", "interop": true}),
        ),
        (
            "certificates/revoke",
            json!({"thumbprint": "0a".repeat(32)}),
        ),
        ("credentials/remove", json!({"name": "nobody"})),
        ("would-allow", would),
        (
            &format!("exchanges/{id}/requeue"),
            json!({"deadlineSeconds": 10}),
        ),
        ("erase-card-owner", json!({"cardOwner": id, "from": 0})),
    ];
    let posts = posts.map(|(path, body)| ("POST", format!("/v1/{path}"), body.to_string()));
    let exchange = format!("exchanges/{id}");
    let gets = [
        "partners",
        "instances",
        "certificates",
        "credentials",
        "contracts",
        "receivers",
        &exchange,
        "log/checkpoint",
        "log/consistency?earlier=1&later=1",
    ];
    let gets = gets.map(|path| ("GET", format!("/v1/{path}"), String::new()));
    let erasing = ("DELETE", format!("/v1/{exchange}"), String::new());
    posts.into_iter().chain(gets).chain([erasing]).collect()
}

#[test]
fn nothing_that_is_sent_makes_it_fail() {
    let exchange = Exchange::new();
    let served = exchange.serve();
    let (token, party) = (exchange.token(), exchange.instance("Alpha"));
    let pem = std::fs::read_to_string(exchange.certificate(&party, "rsa2048"));
    let all = all_requests(&party, &pem.expect("a certificate"));
    let (mut numbers, mut seen) = (Numbers(0x9E37_79B9_7F4A_7C15), BTreeMap::new());
    for _ in 0..600 {
        let (method, path, body) = &all[numbers.below(all.len())];
        let (mut path, mut body) = (path.as_bytes().to_vec(), body.as_bytes().to_vec());
        for _ in 0..=numbers.below(3) {
            let is_path = body.is_empty() || numbers.below(5) == 0;
            numbers.change(if is_path { &mut path } else { &mut body });
        }
        // What ends the target is another request.
        path.retain(u8::is_ascii_graphic);
        let head = format!(
            " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        let request = [method.as_bytes(), b" ", &path, head.as_bytes(), &body].concat();
        let answer = exchange.send(&request);
        let status = answer.split(' ').nth(1).map(str::parse::<u16>);
        let shown = request.escape_ascii();
        let Some(Ok(status)) = status else {
            panic!("no answer to {shown}: {answer}");
        };
        assert!((200..500).contains(&status), "{status}: {shown}");
        *seen.entry(status).or_insert(0_u32) += 1;
    }
    // Some of it was understood, and some was not.
    let has = |status| seen.contains_key(&status);
    assert!(has(200) && has(400) && has(404), "{seen:?}");
    assert_eq!(exchange.ask_json(&["ready"])["ready"], true);
    served.end();
    crate::made::done(&["fsck", exchange.path()]);
}
