//! The doors of a served exchange, asked by curl: a token, a request that is signed, what came of it, and the end.

use std::process::Command;

use daxsign_core::{Components, HeaderField, PrivateKey, Profile, Request, RequestSigner};

use crate::made::{Exchange, done, now, shown, text};

const TARGET: &str = "/api/v2.0/contracts";

struct Caller<'e> {
    exchange: &'e Exchange,
    port: String,
}

impl Caller<'_> {
    /// What curl is told, with the head.
    fn curl(&self, target: &str, more: &[&str]) -> String {
        let authority = self.exchange.folder.join("authority.crt");
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--include", "--max-time", "30"])
            .args(["--cacert", shown(&authority)])
            .args(["--resolve", &format!("localhost:{}:127.0.0.1", self.port)])
            .args(more)
            .arg(format!("https://localhost:{}{target}", self.port))
            .output()
            .expect("curl");
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    fn token(&self, party: &str, password: &str) -> String {
        let (_, instance) = party.split_once('/').expect("two ids");
        let form =
            format!("grant_type=password&username=alpha&password={password}&client_id={instance}");
        let answer = self.curl("/oauth/token", &["--data", &form]);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.contains(" 200"), "{answer}");
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        body["access_token"].as_str().expect("a token").to_owned()
    }

    /// Asks for contracts.
    fn ask(&self, token: &str, key: &PrivateKey) -> String {
        let host = format!("localhost:{}", self.port);
        let date = now().format().expect("a date").to_string();
        let fields = [
            ("Host", host.as_str()),
            ("Date", date.as_str()),
            ("Content-Type", "application/json"),
            ("Content-Length", "2"),
        ];
        let headers = fields.map(|(name, value)| HeaderField::new(name, value));
        let request = Request::new("GET", TARGET, &headers, b"{}");
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
        self.curl(
            TARGET,
            &[
                "--request",
                "GET",
                "--data",
                "{}",
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
}

#[test]
fn a_request_comes_in_by_https_and_what_is_revoked_signs_nothing_more() {
    let exchange = Exchange::new();
    let (served, line) = exchange.serve_told();
    let port = line.split_once("127.0.0.1:").expect("a port").1;
    let port = port.split(',').next().expect("a port").to_owned();
    let caller = Caller {
        exchange: &exchange,
        port,
    };
    let party = exchange.instance("Alpha");
    let file = exchange.certificate(&party, "rsa2048");
    exchange.ask(&["certificate", "add", &party, shown(&file)]);
    let password = exchange.ask(&["credential", "set", "alpha", &party]);
    let token = caller.token(&party, password.trim());
    let key = crate::made::key("rsa2048");
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
