//! The doors of a served exchange, asked by curl: a token, a request that is signed, what came of it, and the end.

use std::process::{Command, Output};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{Components, HeaderField, PrivateKey, Profile, Request, RequestSigner, Sha256};

use daxsign_exchange::Party;
use daxsign_exchange::record::{Pins, verify_evidence};
use daxsign_exchange::registry::{Clause, Terms};
use uuid::Uuid;

use crate::made::{Exchange, done, later, now, shown, text};

const TARGET: &str = "/api/v2.0/contracts";

struct Caller<'e> {
    exchange: &'e Exchange,
    port: String,
}

/// A request before it is signed.
#[derive(Clone, Copy)]
struct Ask<'a> {
    method: &'a str,
    target: &'a str,
    body: &'a str,
}

/// Who asks, with a key of their own.
struct Sender {
    party: String,
    token: String,
    key: PrivateKey,
}

impl<'e> Caller<'e> {
    /// Of an exchange that said where it is.
    fn new(exchange: &'e Exchange, line: &str) -> Self {
        let port = line.split_once("127.0.0.1:").expect("a port").1;
        let port = port.split(',').next().expect("a port").to_owned();
        Self { exchange, port }
    }

    /// What curl is told, with the head.
    fn curl(&self, target: &str, more: &[&str]) -> String {
        let output = self.try_curl(target, more);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    fn try_curl(&self, target: &str, more: &[&str]) -> Output {
        let authority = self.exchange.folder.join("authority.crt");
        Command::new("curl")
            .args(["--silent", "--show-error", "--include", "--max-time", "30"])
            .args(["--cacert", shown(&authority)])
            .args(["--resolve", &format!("localhost:{}:127.0.0.1", self.port)])
            .args(more)
            .arg(format!("https://localhost:{}{target}", self.port))
            .output()
            .expect("curl")
    }

    /// A party that is registered with a key, and has a token.
    fn sender(&self, name: &str, key: &str) -> Sender {
        let party = self.exchange.instance(name);
        let file = self.exchange.certificate(&party, key);
        self.exchange
            .ask(&["certificate", "add", &party, shown(&file)]);
        let password = self.exchange.ask(&["credential", "set", name, &party]);
        Sender {
            token: self.token(name, &party, password.trim()),
            key: crate::made::key(key),
            party,
        }
    }

    fn token(&self, name: &str, party: &str, password: &str) -> String {
        let (_, instance) = party.split_once('/').expect("two ids");
        let form =
            format!("grant_type=password&username={name}&password={password}&client_id={instance}");
        let answer = self.curl("/oauth/token", &["--data", &form]);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.contains(" 200"), "{answer}");
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        body["access_token"].as_str().expect("a token").to_owned()
    }

    /// Asks for contracts.
    fn ask(&self, token: &str, key: &PrivateKey) -> String {
        let ask = Ask {
            method: "GET",
            target: TARGET,
            body: "{}",
        };
        let output = self.try_ask(ask, token, key);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    fn try_ask(&self, ask: Ask<'_>, token: &str, key: &PrivateKey) -> Output {
        let Ask {
            method,
            target,
            body,
        } = ask;
        let host = format!("localhost:{}", self.port);
        let date = now().format().expect("a date").to_string();
        let length = body.len().to_string();
        let fields = [
            ("Host", host.as_str()),
            ("Date", date.as_str()),
            ("Content-Type", "application/json"),
            ("Content-Length", length.as_str()),
        ];
        let headers = fields.map(|(name, value)| HeaderField::new(name, value));
        let request = Request::new(method, target, &headers, body.as_bytes());
        let names = [
            "(request-target)",
            "host",
            "content-type",
            "content-length",
            "date",
        ];
        let list = Components::from_names(&names).expect("a list");
        let mut out = [0; 4096];
        let signer = RequestSigner::new(key, Profile::Documented).components(list);
        let signature = signer.sign(&request, &mut out).expect("signed");
        let field = |name: &str, value: &str| format!("{name}: {value}");
        self.try_curl(
            target,
            &[
                "--request",
                method,
                "--data",
                body,
                "--header",
                &field("Content-Type", "application/json"),
                "--header",
                &field("Date", &date),
                "--header",
                &field("Signature", signature),
                "--header",
                &field("Authorization", &format!("Bearer {token}")),
            ],
        )
    }

    /// What a sender is told, with the status.
    fn told(&self, sender: &Sender, ask: Ask<'_>) -> (String, String) {
        let output = self.try_ask(ask, &sender.token, &sender.key);
        let answer = text(&output.stdout);
        let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
        (status, answer)
    }

    /// B promises A that it may do everything, and answers within two seconds or not at all.
    fn agree(&self, a: &Sender, b: &Sender) {
        let a_party: Party = a.party.parse().expect("two ids");
        let terms = Terms {
            contract_id: Uuid::from_u128(7),
            promisor: b.party.parse().expect("two ids"),
            promisee: a_party.partner,
            from: later(-1),
            until: later(1),
            clauses: vec![Clause::allowing("*")],
            deadline_seconds: 2,
        };
        let (id, offer) = (terms.contract_id.to_string(), serde_json::to_string(&terms));
        let offer = offer.expect("JSON");
        let hash = BASE64_STANDARD.encode(Sha256::digest(offer.as_bytes()));
        let signature = serde_json::json!({"contractId": id, "offer": hash}).to_string();
        let signing = format!("/exchange/v1/contracts/{id}/signature");
        let both = [
            (a, "/exchange/v1/contracts", &offer),
            (b, signing.as_str(), &signature),
        ];
        for (sender, target, body) in both {
            let ask = Ask {
                method: "POST",
                target,
                body,
            };
            let (status, answer) = self.told(sender, ask);
            assert_eq!(status, "200", "{answer}");
        }
    }
}

/// The field of an answer's head.
fn field<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let found = fields.find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

#[test]
fn a_request_comes_in_by_https_and_what_is_revoked_signs_nothing_more() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let caller = Caller::new(&exchange, &line);
    let Sender { token, key, .. } = caller.sender("alpha", "rsa2048");
    let answer = caller.ask(&token, &key);
    let head = answer
        .split("\r\n\r\n")
        .next()
        .expect("a head")
        .to_ascii_lowercase();
    assert!(head.contains(" 200"), "{answer}");
    assert!(
        head.contains("signature: ") && head.contains("x-correlation-id: "),
        "{head}"
    );

    // Another's key, and then one that is revoked.
    let answer = caller.ask(&token, &crate::made::key("rsa3072"));
    assert!(
        answer
            .lines()
            .next()
            .is_some_and(|line| line.contains(" 401")),
        "{answer}"
    );
    let listed = exchange.ask_json(&["certificate", "list"]);
    let thumbprint = listed[0]["thumbprint"].as_str().expect("a hash");
    exchange.ask(&["certificate", "revoke", thumbprint]);
    let answer = caller.ask(&token, &key);
    assert!(
        answer
            .lines()
            .next()
            .is_some_and(|line| line.contains(" 401")),
        "{answer}"
    );
    served.end();
    done(&["fsck", exchange.path()]);
}

#[test]
fn what_is_in_work_when_it_is_asked_to_end_has_its_end_and_its_sender_is_told() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let caller = Caller::new(&exchange, &line);
    let (a, b) = (
        caller.sender("alpha", "rsa2048"),
        caller.sender("beta", "rsa3072"),
    );
    caller.agree(&a, &b);
    let size = || {
        let checkpoint = exchange.ask(&["checkpoint"]);
        let size = checkpoint.lines().nth(1).map(str::parse::<u64>);
        size.expect("a size").expect("a number")
    };
    let before = size();
    let (partner, instance) = b.party.split_once('/').expect("two ids");
    let target = format!("/api/v2.0/partners/{partner}/instances/{instance}/cards");
    let ask = Ask {
        method: "POST",
        target: &target,
        body: r#"{"context":"x","name":"card","ownerId":"00000000-0000-0000-0000-000000000009","codes":[]}"#,
    };
    let (status, answer) = std::thread::scope(|scope| {
        // Nobody is connected who answers it.
        let asking = scope.spawn(|| caller.told(&a, ask));
        let since = std::time::Instant::now();
        while size() == before {
            assert!(since.elapsed() < crate::made::PATIENCE, "it never came in");
        }
        served.end();
        asking.join().expect("it is told")
    });
    assert_eq!(status, "504", "{answer}");
    assert!(field(&answer, "Signature").is_some(), "{answer}");
    let id = field(&answer, "X-Correlation-Id").expect("an id");
    done(&["fsck", exchange.path()]);
    let served = exchange.serve();
    assert_eq!(exchange.ask_json(&["outcome", id])["outcome"], "expired");
    served.end();
}

#[test]
fn a_disk_that_takes_no_more_loses_nothing_that_a_sender_was_told() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let a = Caller::new(&exchange, &line).sender("alpha", "rsa2048");
    served.end();
    let (served, line) = exchange.serve_told_within(1_500);
    let caller = Caller::new(&exchange, &line);
    // Each is an event, with what it said.
    let mut on_record = Vec::new();
    let last = loop {
        assert!(on_record.len() < 100, "the disk is full by now");
        let body = format!("{}{}", on_record.len(), " ".repeat(100_000));
        let ask = Ask {
            method: "POST",
            target: "/api/v2.0/nothing",
            body: &body,
        };
        match caller.told(&a, ask) {
            (status, answer) if status == "404" => {
                on_record.push(
                    field(&answer, "X-Correlation-Id")
                        .expect("an id")
                        .to_owned(),
                );
            }
            (status, _) => break status,
        }
    };
    // It is told so, or to ask for the outcome where the exchange had to end.
    assert!(["503", "504", ""].contains(&&*last), "{last}");
    assert!(on_record.len() > 3, "{on_record:?}");
    served.kill();
    let served = exchange.serve();
    for id in &on_record {
        assert_eq!(exchange.ask_json(&["outcome", id])["outcome"], "refused");
        let file = exchange.place.path().join(format!("{id}.json"));
        exchange.ask(&["evidence", id, "--out", shown(&file)]);
        let evidence = std::fs::read(&file).expect("evidence");
        let report = verify_evidence(&evidence, &Pins::new()).expect("it holds");
        assert!(!report.statements.is_empty());
    }
    served.end();
    done(&["fsck", exchange.path()]);
}
