//! A client with curl and signatures of its own.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    Components, HeaderField, PrivateKey, Profile, Request, RequestSigner, Sha256, Timestamp,
};
use daxsign_exchange::Party;
use daxsign_exchange::registry::{Clause, Terms};
use uuid::Uuid;

use crate::made::{Exchange, key_path, later, shown, text};

const TARGET: &str = "/api/v2.0/contracts";

/// A card, in a body that its schema takes.
const CARD: &str =
    r#"{"context":"x","name":"card","ownerId":"00000000-0000-0000-0000-000000000009","codes":[]}"#;

/// Who asks the doors of a served exchange.
pub(crate) struct Caller<'e> {
    pub(crate) exchange: &'e Exchange,
    pub(crate) port: String,
}

/// A request before it is signed.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) body: &'a str,
}

/// Who asks, with a key of their own.
pub(crate) struct Sender {
    pub(crate) party: String,
    pub(crate) token: String,
    pub(crate) key: PrivateKey,
}

impl<'a> Ask<'a> {
    /// A card that is posted there.
    pub(crate) const fn card(target: &'a str) -> Self {
        Self {
            method: "POST",
            target,
            body: CARD,
        }
    }
}

impl Sender {
    /// Where this party's cards are asked for.
    pub(crate) fn cards(&self) -> String {
        let (partner, instance) = self.party.split_once('/').expect("two ids");
        format!("/api/v2.0/partners/{partner}/instances/{instance}/cards")
    }
}

impl<'e> Caller<'e> {
    /// Of an exchange that said where it is.
    pub(crate) fn new(exchange: &'e Exchange, line: &str) -> Self {
        let port = line.split_once("127.0.0.1:").expect("a port").1;
        let port = port.split(',').next().expect("a port").to_owned();
        Self { exchange, port }
    }

    /// What curl is told, with the head.
    pub(crate) fn curl(&self, target: &str, more: &[&str]) -> String {
        let output = self.try_curl(target, more);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    pub(crate) fn try_curl(&self, target: &str, more: &[&str]) -> Output {
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
    pub(crate) fn sender(&self, name: &str, key: &str) -> Sender {
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

    /// Who asks, and who is asked.
    pub(crate) fn two(&self) -> (Sender, Sender) {
        (
            self.sender("alpha", "rsa2048"),
            self.sender("beta", "rsa3072"),
        )
    }

    pub(crate) fn token(&self, name: &str, party: &str, password: &str) -> String {
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
    pub(crate) fn ask(&self, token: &str, key: &PrivateKey) -> String {
        let ask = Ask {
            method: "GET",
            target: TARGET,
            body: "{}",
        };
        let output = self.try_ask(ask, token, key);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    pub(crate) fn try_ask(&self, ask: Ask<'_>, token: &str, key: &PrivateKey) -> Output {
        let Ask {
            method,
            target,
            body,
        } = ask;
        let host = format!("localhost:{}", self.port);
        let date = moment().format().expect("a date").to_string();
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
    pub(crate) fn told(&self, sender: &Sender, ask: Ask<'_>) -> (String, String) {
        let output = self.try_ask(ask, &sender.token, &sender.key);
        let answer = text(&output.stdout);
        let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
        (status, answer)
    }

    /// B promises A that it may do everything, and answers within two seconds or not at all.
    pub(crate) fn agree(&self, a: &Sender, b: &Sender) {
        self.agree_to(a, b, vec![Clause::allowing("*")]);
    }

    /// The same with these clauses.
    pub(crate) fn agree_to(&self, a: &Sender, b: &Sender, clauses: Vec<Clause>) {
        let a_party: Party = a.party.parse().expect("two ids");
        let terms = Terms {
            contract_id: Uuid::from_u128(7),
            promisor: b.party.parse().expect("two ids"),
            promisee: a_party.partner,
            from: later(-1),
            until: later(1),
            clauses,
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

    /// The folder of a party's Alliera, as its operator makes it.
    pub(crate) fn alliera_folder(&self, member: &Sender, key_name: &str) -> PathBuf {
        let exchange = self.exchange;
        let folder = exchange.place.path().join("beta");
        fs::create_dir(&folder).expect("made");
        let settings = format!(
            "exchange = \"localhost:{}\"\nparty = \"{}\"\npartner-name = \"Beta\"\nname = \"Alliera Beta\"\n",
            self.port, member.party
        );
        fs::write(folder.join("alliera.toml"), settings).expect("written");
        let key_file = folder.join("alliera.key");
        fs::copy(key_path(key_name), &key_file).expect("copied");
        fs::set_permissions(&key_file, Permissions::from_mode(0o600)).expect("set");
        let certificate = exchange
            .place
            .path()
            .join(format!("{}.crt", &member.party[37..]));
        fs::copy(certificate, folder.join("alliera.crt")).expect("copied");
        for file in ["authority.crt", "exchange.crt"] {
            fs::copy(exchange.folder.join(file), folder.join(file)).expect("copied");
        }
        folder
    }
}

/// The field of an answer's head.
pub(crate) fn field<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let found = fields.find(|(found, _)| found.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

/// The present time with its nanoseconds: the same request in the same second is no replay.
fn moment() -> Timestamp {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.expect("after 1970");
    let seconds = i64::try_from(now.as_secs()).expect("small");
    Timestamp::from_unix(seconds, now.subsec_nanos()).expect("a time")
}
