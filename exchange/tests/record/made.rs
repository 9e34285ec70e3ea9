//! A whole exchange with real keys and certificates: A asks, B answers, the exchange stands between.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    Components, HeaderField, Options, PrivateKey, Profile, Request, RequestSigner, Sha256,
    TargetForm, Timestamp, signing_string,
};
use daxsign_exchange::record::{
    Accept, Answer, Birth, Content, ContractVersion, Delivery, LogKey, Note, NoteKind, Operation,
    Pins, Refuse, SEED_LEN, Sent, SqliteStore, Store, Towards,
};
use daxsign_exchange::{CorrelationId, Party};
use uuid::Uuid;

const START: i64 = 1_700_000_000;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(START + seconds, 0).unwrap()
}

pub(crate) fn date(seconds: i64) -> String {
    at(seconds).format().unwrap().to_string()
}

pub(crate) fn id(number: u8) -> CorrelationId {
    CorrelationId::from_bytes([number; 16])
}

pub(crate) fn party(number: u8) -> Party {
    Party {
        partner: Uuid::from_bytes([number; 16]),
        instance: Uuid::from_bytes([number + 100; 16]),
    }
}

pub(crate) fn contract(version: u32) -> ContractVersion {
    ContractVersion {
        id: Uuid::from_bytes([9; 16]),
        version,
    }
}

fn key_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/vectors/keys/{name}.pkcs8.pem"))
}

/// A key, and a certificate that OpenSSL made for it.
pub(crate) struct Holder {
    pub(crate) key: PrivateKey,
    pub(crate) certificate: Vec<u8>,
    pub(crate) thumbprint: [u8; 32],
}

impl Holder {
    fn new(key: &str) -> Self {
        let file = key_file(key);
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-subj",
                "/CN=exchange test",
                "-days",
                "30",
                "-outform",
                "DER",
                "-key",
            ])
            .arg(&file)
            .output()
            .expect("openssl");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        Self {
            key: PrivateKey::from_bytes(&std::fs::read(file).unwrap()).unwrap(),
            thumbprint: Sha256::digest(&made.stdout),
            certificate: made.stdout,
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

pub(crate) fn log_key() -> LogKey {
    LogKey::from_seed("exchange.test/record", &[3; SEED_LEN]).unwrap()
}

/// A message before it is signed.
pub(crate) struct Draft<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) fields: Vec<(&'a str, String)>,
    pub(crate) body: &'a str,
    /// The list; `None` for the default.
    pub(crate) list: Option<&'a str>,
    pub(crate) form: TargetForm,
    pub(crate) profile: Profile,
}

/// A message as bytes, its `Signature` field, and the SHA-256 of its signing string.
pub(crate) struct Message {
    pub(crate) head: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) string_hash: [u8; 32],
}

impl Draft<'_> {
    pub(crate) fn sign(&self, key: &PrivateKey) -> Message {
        let fields: Vec<HeaderField<'_>> = self
            .fields
            .iter()
            .map(|(name, value)| HeaderField::new(*name, value))
            .collect();
        let request = Request::new(self.method, self.target, &fields, self.body);
        let list = self.list.map_or_else(
            || Components::default_for(&request),
            |list| Components::parse(list).unwrap(),
        );
        let options = Options {
            target: self.form,
            ..Options::DAX
        };
        let mut out = [0; 4096];
        let signer = RequestSigner::new(key, self.profile)
            .components(list)
            .options(options);
        let signature = signer.sign(&request, &mut out).unwrap().to_owned();
        let mut string = [0; 4096];
        let string = signing_string(&request, &list, options, &mut string).unwrap();
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.fields {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        write!(head, "Signature: {signature}\r\n\r\n").unwrap();
        Message {
            bytes: [head.as_bytes(), self.body.as_bytes()].concat(),
            head: head.into_bytes(),
            signature: signature.into_bytes(),
            string_hash: Sha256::digest(string),
        }
    }
}

impl Message {
    pub(crate) fn content(&self, statement: &str) -> Content {
        Content {
            message: self.bytes.clone(),
            signature: self.signature.clone(),
            statement: statement.into(),
        }
    }

    pub(crate) fn name(&self) -> String {
        BASE64_STANDARD.encode(self.string_hash)
    }
}

pub(crate) const TARGET: &str = "/api/v2.0/cards?office=7";
const REQUEST_LIST: &str = "(request-target) x-correlation-id x-dax-sender x-dax-receiver x-dax-contract x-dax-deadline \
                            content-type content-length date";
pub(crate) const ANSWER_LIST: &str =
    "(request-target) x-correlation-id x-dax-request x-dax-status content-type content-length date";

/// Everybody, with a record of their own.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) exchange: Holder,
    pub(crate) a: Holder,
    pub(crate) b: Holder,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            exchange: Holder::new("rsa2048"),
            a: Holder::new("rsa3072"),
            b: Holder::new("rsa4096"),
        }
    }

    pub(crate) fn store(&self) -> SqliteStore {
        let birth = Birth::new(
            &log_key(),
            &self.exchange.key,
            self.exchange.thumbprint,
            at(-100),
        )
        .unwrap();
        SqliteStore::create(self.folder.path(), log_key(), &birth).unwrap()
    }

    /// A request of A that no contract allows.
    pub(crate) fn refusal(&self, correlation: CorrelationId) -> Operation {
        let request = self.request();
        Operation::Refuse(Box::new(Refuse {
            correlation,
            at: at(0),
            sender: party(1),
            receiver: None,
            contract: None,
            thumbprint: self.a.thumbprint,
            replay: None,
            request: request.string_hash,
            content: request.content("contract: none"),
        }))
    }

    /// What A signs: under the vendor's rules, without the query and with a field that is not listed.
    pub(crate) fn request(&self) -> Message {
        let body = r#"{"pin":"4711"}"#;
        Draft {
            method: "POST",
            target: TARGET,
            fields: vec![
                ("Date", date(0)),
                ("Content-Type", "application/json".into()),
                ("Content-Length", body.len().to_string()),
                ("X-Trace", "77".into()),
            ],
            body,
            list: Some("(request-target) content-type content-length date"),
            form: TargetForm::Path,
            profile: Profile::VendorSdk,
        }
        .sign(&self.a.key)
    }

    /// What the exchange signs for B.
    pub(crate) fn passed_on(&self, id: CorrelationId) -> Message {
        let body = r#"{"pin":"4711"}"#;
        Draft {
            method: "POST",
            target: TARGET,
            fields: vec![
                ("X-Correlation-Id", id.to_string()),
                ("X-Dax-Sender", party(1).to_string()),
                ("X-Dax-Receiver", party(2).to_string()),
                (
                    "X-Dax-Contract",
                    "09090909-0909-0909-0909-090909090909".into(),
                ),
                ("X-Dax-Deadline", date(10)),
                ("Content-Type", "application/json".into()),
                ("Content-Length", body.len().to_string()),
                ("Date", date(1)),
            ],
            body,
            list: Some(REQUEST_LIST),
            form: TargetForm::Full,
            profile: Profile::Documented,
        }
        .sign(&self.exchange.key)
    }

    /// An answer to the request of that name.
    pub(crate) fn answer(id: CorrelationId, name: &str, key: &PrivateKey, seconds: i64) -> Message {
        let body = r#"{"data":{"id":1}}"#;
        Draft {
            method: "ANSWER",
            target: TARGET,
            fields: vec![
                ("X-Correlation-Id", id.to_string()),
                ("X-Dax-Request", name.into()),
                ("X-Dax-Status", "201".into()),
                ("Content-Type", "application/json".into()),
                ("Content-Length", body.len().to_string()),
                ("Date", date(seconds)),
            ],
            body,
            list: Some(ANSWER_LIST),
            form: TargetForm::Full,
            profile: Profile::Documented,
        }
        .sign(key)
    }

    pub(crate) fn accept(&self, id: CorrelationId, request: &Message) -> Accept {
        Accept {
            correlation: id,
            parent: None,
            at: at(0),
            deadline: at(10),
            sender: party(1),
            receiver: party(2),
            contract: Some(contract(3)),
            thumbprint: self.a.thumbprint,
            replay: None,
            idempotency: None,
            request: request.string_hash,
            delivery: Delivery::Once,
            starts: true,
            content: request.content("allowed by cards.write"),
        }
    }

    pub(crate) fn answered(&self, id: CorrelationId, answer: &Message) -> Answer {
        Answer {
            correlation: id,
            at: at(2),
            thumbprint: Some(self.b.thumbprint),
            content: answer.content("201"),
        }
    }

    pub(crate) fn sent(id: CorrelationId, towards: Towards, message: &Message) -> Operation {
        Operation::Sent(Sent {
            correlation: id,
            towards,
            attempt: 1,
            head: message.head.clone(),
            body: None,
        })
    }

    /// The contract's offer, by B who is asked, as a message of B.
    fn offer(&self) -> Operation {
        let message = Draft {
            method: "POST",
            target: "/contracts",
            fields: vec![("Date", date(-50))],
            body: "",
            list: None,
            form: TargetForm::Full,
            profile: Profile::Documented,
        }
        .sign(&self.b.key);
        Operation::Note(Box::new(Note {
            kind: NoteKind::Contract,
            correlation: CorrelationId::from_bytes([200; 16]),
            at: at(-50),
            sender: Some(party(2)),
            receiver: Some(party(1)),
            contract: Some(contract(1)),
            thumbprint: Some(self.b.thumbprint),
            content: message.content("offered"),
        }))
    }

    /// A complete exchange, with its contract's offer and others around it.
    pub(crate) fn run(&self, store: &mut SqliteStore) {
        let request = self.request();
        let other = self.accept(id(2), &request);
        let passed_on = self.passed_on(id(1));
        let answer = World::answer(id(1), &passed_on.name(), &self.b.key, 2);
        let returned = World::answer(id(1), &request.name(), &self.exchange.key, 3);
        let batch = [
            self.offer(),
            Operation::Accept(Box::new(self.accept(id(1), &request))),
            Self::sent(id(1), Towards::Receiver, &passed_on),
            Operation::Accept(Box::new(other)),
            Operation::Answer(Box::new(self.answered(id(1), &answer))),
            Self::sent(id(1), Towards::Sender, &returned),
        ];
        for result in store.commit(&batch).unwrap() {
            result.unwrap();
        }
    }

    pub(crate) fn evidence(&self, store: &mut SqliteStore, id: CorrelationId) -> Vec<u8> {
        let find = |thumbprint: &[u8; 32]| {
            let all = [&self.exchange, &self.a, &self.b];
            let found = all
                .into_iter()
                .find(|holder| holder.thumbprint == *thumbprint);
            found.map(|holder| holder.certificate.clone())
        };
        store.evidence(id, at(60), find).unwrap().unwrap()
    }

    pub(crate) fn pins(&self) -> Pins {
        let mut pins = Pins::new();
        pins.add(&format!("exchange={}", hex(&self.exchange.thumbprint)))
            .unwrap();
        pins.add(&format!("{}={}", party(1), hex(&self.a.thumbprint)))
            .unwrap();
        pins.add(&format!("{}={}", party(2), hex(&self.b.thumbprint)))
            .unwrap();
        pins
    }
}
