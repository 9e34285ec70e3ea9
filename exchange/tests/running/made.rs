//! A asks, B answers, the exchange stands between; the clock is set by hand.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use daxsign_core::{
    Components, HeaderField, Options, PrivateKey, Profile, PublicKey, Request, RequestSigner,
    Sha256, Timestamp, Verifier, signing_string,
};
use daxsign_exchange::message::{ForwardRead, Message, MessageName};
use daxsign_exchange::receiving::Reply;
use daxsign_exchange::record::*;
use daxsign_exchange::relay::Limits;
use daxsign_exchange::running::*;
use daxsign_exchange::{CorrelationId, Party};
use uuid::Uuid;

const START: i64 = 1_700_000_000;
/// Nothing takes longer, or it never comes.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a request may take.
pub(crate) const DEADLINE: i64 = 10;
pub(crate) const TARGET: &str = "/api/v2.0/cards?office=7";
/// No clause allows it.
pub(crate) const FORBIDDEN: &str = "/api/v2.0/doors";
/// What stands below is for C.
pub(crate) const TO_C: &str = "/api/v2.0/third";
/// What stands below may be sent twice.
pub(crate) const REPEATABLE: &str = "/api/v2.0/repeatable";
pub(crate) const BODY: &str = r#"{"pin":"4711"}"#;
pub(crate) const ANSWER: &str = r#"{"data":{"id":1}}"#;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(START + seconds, 0).unwrap()
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

pub(crate) fn a() -> Party {
    party(1)
}

pub(crate) fn b() -> Party {
    party(2)
}

/// It signs as B does.
pub(crate) fn c() -> Party {
    party(3)
}

fn contract() -> ContractVersion {
    ContractVersion {
        id: Uuid::from_bytes([9; 16]),
        version: 3,
    }
}

/// A key, and a certificate that OpenSSL made for it.
pub(crate) struct Holder {
    pub(crate) key: PrivateKey,
    certificate: Vec<u8>,
    pub(crate) thumbprint: [u8; 32],
}

impl Holder {
    pub(crate) fn new(name: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../tests/vectors/keys/{name}.pkcs8.pem"));
        let subject = ["req", "-x509", "-subj", "/CN=exchange test", "-days", "30"];
        let made = Command::new("openssl")
            .args(subject)
            .args(["-outform", "DER", "-key"])
            .arg(&file)
            .output()
            .expect("openssl");
        assert!(made.status.success(), "{:?}", made.stderr);
        Self {
            key: PrivateKey::from_bytes(&std::fs::read(file).unwrap()).unwrap(),
            thumbprint: Sha256::digest(&made.stdout),
            certificate: made.stdout,
        }
    }

    fn pin(&self) -> String {
        self.thumbprint.iter().fold(String::new(), |mut pin, byte| {
            write!(pin, "{byte:02x}").unwrap();
            pin
        })
    }
}

/// Who is who, and one contract: A may ask B for everything but `FORBIDDEN`.
struct Book(BTreeMap<Party, Arc<Holder>>);

fn refused(at: At, status: u16, told: &str) -> Refused {
    Refused {
        at,
        status,
        told: vec![told.into()],
        fields: Vec::new(),
        statement: told.into(),
        receiver: Some(b()),
        contract: None,
    }
}

impl Book {
    fn verify(&self, asking: &Asking<'_>) -> Result<Verified, Box<Refused>> {
        let refused = |told: &str| Box::new(refused(At::Contract, 401, told));
        let holder = self.0.get(&asking.sender);
        let holder = holder.ok_or_else(|| refused("nobody is known by this name"))?;
        let request = asking.message.request();
        let proof = Verifier::new(holder.key.public_key(), Profile::Documented)
            .verify(&request, asking.now)
            .map_err(|error| refused(&error.to_string()))?;
        Ok(Verified {
            string_hash: proof.string_hash,
            thumbprint: holder.thumbprint,
            date: proof.date,
            fields: vec![("X-Dax-Context", "moving in".into())],
        })
    }
}

impl Judge for Book {
    fn judge(&mut self, asking: &Asking<'_>) -> Judged {
        let verified = match self.verify(asking) {
            Ok(verified) => verified,
            Err(refused) => return Judged::Unproven(*refused),
        };
        let message = asking.message;
        if asking.sender != a() {
            let refused = refused(At::Contract, 403, "no contract gives access");
            return Judged::Refused(verified, refused);
        }
        if message.target == FORBIDDEN.as_bytes() {
            let refused = refused(At::Operation, 403, "no clause of the contract allows it");
            return Judged::Refused(verified, refused);
        }
        let content_type = message.once("Content-Type").unwrap();
        let parts = [
            message.method,
            message.target,
            content_type.as_bytes(),
            message.body,
        ];
        let key = message.once("X-Dax-Idempotency-Key").ok();
        let key = key.map(|key| IdempotencyKey::new(a().instance, key, parts).unwrap());
        let deadline = asking.now.seconds() + DEADLINE;
        let starts = |with: &str| message.target.starts_with(with.as_bytes());
        Judged::Allowed(
            verified,
            Allowed {
                found: Found {
                    receiver: if starts(TO_C) { c() } else { b() },
                    contract: contract(),
                },
                delivery: if starts(REPEATABLE) {
                    Delivery::Repeatable
                } else {
                    Delivery::Once
                },
                deadline: Timestamp::from_unix(deadline, 0).unwrap(),
                idempotency: key,
                quotas: Vec::new(),
                now: asking.now,
                statement: "allowed by cards.write".into(),
            },
        )
    }

    fn count(&mut self, _: &Allowed, told: OnCounted) {
        told.keep(Ok(()));
    }

    fn keys(&mut self, party: &Party, _: Timestamp) -> Vec<(&PublicKey, [u8; 32])> {
        let holder = self.0.get(party).into_iter();
        holder
            .map(|holder| (holder.key.public_key(), holder.thumbprint))
            .collect()
    }
}

/// A request as A signs it.
pub(crate) struct Asked {
    pub(crate) bytes: Vec<u8>,
    pub(crate) name: MessageName,
}

/// Everybody.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) exchange: Arc<Holder>,
    pub(crate) a: Arc<Holder>,
    pub(crate) b: Arc<Holder>,
    seconds: Arc<AtomicI64>,
}

/// An exchange that runs.
pub(crate) struct Run<W = LocalWire> {
    pub(crate) running: Running<SqliteStore>,
    pub(crate) wire: W,
}

impl World {
    pub(crate) fn new() -> Self {
        let holder = |name| Arc::new(Holder::new(name));
        Self {
            folder: tempfile::tempdir().unwrap(),
            exchange: holder("rsa2048"),
            a: holder("rsa3072"),
            b: holder("rsa4096"),
            seconds: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        at(self.seconds.load(Ordering::SeqCst))
    }

    /// Where nothing runs that is to be told.
    pub(crate) fn pass_alone(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn pass<W>(&self, seconds: i64, run: &Run<W>) {
        self.pass_alone(seconds);
        run.running.inlet().tick();
    }

    pub(crate) fn store(&self) -> SqliteStore {
        let log_key = || LogKey::from_seed("exchange.test/record", &[3; SEED_LEN]).unwrap();
        let exchange = &self.exchange;
        let birth = Birth::new(&log_key(), &exchange.key, exchange.thumbprint, at(-100)).unwrap();
        SqliteStore::create(self.folder.path(), log_key(), &birth).unwrap()
    }

    pub(crate) fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.seconds);
        Arc::new(move || at(seconds.load(Ordering::SeqCst)))
    }

    pub(crate) fn start(&self) -> Run {
        self.start_with(LocalWire::new)
    }

    pub(crate) fn start_with<W: Wire + Clone>(&self, wire: impl FnOnce(Inlet) -> W) -> Run<W> {
        let holders = [(a(), &self.a), (b(), &self.b), (c(), &self.b)];
        let book = holders.map(|(party, holder)| (party, Arc::clone(holder)));
        let parts = Parts {
            store: self.store(),
            judge: Book(book.into()),
            key: Holder::new("rsa2048").key,
            clock: self.clock(),
            settings: Settings {
                limits: Limits {
                    in_work: 100,
                    per_receiver: 50,
                },
                waiting: 200,
                signing_threads: NonZero::new(2).unwrap(),
            },
        };
        let mut started = None;
        let running = Running::start(parts, |inlet| started.insert(wire(inlet)).clone());
        Run {
            running: running.unwrap(),
            wire: started.unwrap(),
        }
    }

    /// What A signs.
    pub(crate) fn request(&self, target: &str, key: Option<&str>) -> Asked {
        self.request_with(target, key, BODY)
    }

    /// The same with a body.
    pub(crate) fn request_with(&self, target: &str, key: Option<&str>, body: &str) -> Asked {
        let mut fields = vec![
            ("Date", self.now().format().unwrap().to_string()),
            ("Content-Type", "application/json".to_owned()),
            ("Content-Length", body.len().to_string()),
        ];
        fields.extend(key.map(|key| ("X-Dax-Idempotency-Key", key.to_owned())));
        let headers: Vec<HeaderField<'_>> = fields
            .iter()
            .map(|(name, value)| HeaderField::new(*name, value))
            .collect();
        let request = Request::new("POST", target, &headers, body);
        let list = Components::default_for(&request);
        let mut out = [0; 4096];
        let signature = RequestSigner::new(&self.a.key, Profile::Documented)
            .components(list)
            .sign(&request, &mut out)
            .unwrap();
        let mut string = vec![0; 4096 + body.len()];
        let string = signing_string(&request, &list, Options::DAX, &mut string).unwrap();
        let mut head = format!("POST {target} HTTP/1.1\r\n");
        for (name, value) in fields.iter().map(|(name, value)| (*name, value.as_str())) {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        write!(head, "Signature: {signature}\r\n\r\n").unwrap();
        Asked {
            bytes: [head.as_bytes(), body.as_bytes()].concat(),
            name: MessageName(Sha256::digest(string)),
        }
    }

    /// B's answer to what the exchange sent it, signed by whoever's key.
    pub(crate) fn answer(&self, passed_on: &[u8], key: &PrivateKey) -> Vec<u8> {
        self.answer_of(b(), passed_on, key)
    }

    /// That of another receiver.
    pub(crate) fn answer_of(&self, to: Party, passed_on: &[u8], key: &PrivateKey) -> Vec<u8> {
        let message = Message::read(passed_on).unwrap();
        let exchange = [self.exchange.key.public_key()];
        let read = ForwardRead::verify(&message, &exchange, &to, self.now()).unwrap();
        let reply = Reply {
            status: 201,
            content_type: "application/json".into(),
            body: ANSWER.into(),
        };
        let answer = reply.to(&read);
        let signed = answer.dated(self.now()).unwrap().sign(key).unwrap();
        signed.to_bytes()
    }

    /// A request that is on record as accepted, by an exchange that ended then.
    pub(crate) fn accepted(
        &self,
        correlation: CorrelationId,
        asked: &Asked,
        starts: bool,
    ) -> Operation {
        let message = Message::read(&asked.bytes).unwrap();
        Operation::Accept(Box::new(Accept {
            correlation,
            parent: None,
            at: self.now(),
            deadline: at(DEADLINE),
            sender: a(),
            receiver: b(),
            contract: Some(contract()),
            thumbprint: self.a.thumbprint,
            replay: None,
            idempotency: None,
            request: asked.name.0,
            delivery: Delivery::Once,
            starts,
            content: Content {
                message: asked.bytes.clone(),
                signature: message.once("Signature").unwrap().into(),
                statement: b"allowed by cards.write".to_vec(),
            },
        }))
    }

    /// Evidence of one exchange, verified with everybody's certificates pinned: its sentences.
    pub(crate) fn evidence<W>(&self, run: &Run<W>, id: CorrelationId) -> Vec<String> {
        let all = [&self.exchange, &self.a, &self.b];
        let known: BTreeMap<_, _> = all
            .iter()
            .map(|holder| (holder.thumbprint, holder.certificate.clone()))
            .collect();
        let now = self.now();
        let file = run.running.ask(move |store| {
            let found = store.evidence(id, now, |thumbprint| known.get(thumbprint).cloned());
            found.unwrap().expect("on record")
        });
        let mut pins = Pins::new();
        for (who, holder) in [("exchange".to_owned(), &self.exchange)]
            .into_iter()
            .chain([(a().to_string(), &self.a), (b().to_string(), &self.b)])
        {
            pins.add(&format!("{who}={}", holder.pin())).unwrap();
        }
        let report = verify_evidence(&file.unwrap(), &pins).unwrap();
        report.statements.iter().map(ToString::to_string).collect()
    }
}

impl<W> Run<W> {
    /// A asks; what it is told comes here.
    pub(crate) fn ask(&self, correlation: CorrelationId, bytes: &[u8]) -> mpsc::Receiver<Told> {
        let (told, answer) = mpsc::channel();
        let incoming = Incoming {
            correlation,
            sender: a(),
            bytes: bytes.to_vec(),
            reply: Box::new(move |answer| told.send(answer).unwrap()),
        };
        self.running.inlet().request(incoming).unwrap();
        answer
    }

    pub(crate) fn outcome(&self, id: CorrelationId) -> Option<Outcome> {
        let asked = daxsign_exchange::record::Asked::Correlation(id);
        let outcome = self
            .running
            .ask(move |store| store.outcome(a().instance, asked).unwrap());
        outcome.unwrap()
    }

    /// The whole log is recomputed, and everything ends.
    pub(crate) fn end(self) {
        let checked = self.running.ask(|store| store.fsck().unwrap().findings);
        assert_eq!(checked.unwrap(), []);
        self.running.stop().unwrap();
    }
}

pub(crate) fn told(answer: &mpsc::Receiver<Told>) -> Told {
    answer.recv_timeout(PATIENCE).expect("A is told")
}

/// What comes to a party next.
pub(crate) fn next(party: &Attached) -> Vec<u8> {
    let since = Instant::now();
    loop {
        if let Some(bytes) = party.try_next() {
            return bytes;
        }
        assert!(since.elapsed() < PATIENCE, "nothing came");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Something becomes so.
#[track_caller]
pub(crate) fn becomes(mut so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !so() {
        assert!(since.elapsed() < PATIENCE, "it never became so");
        std::thread::sleep(Duration::from_millis(5));
    }
}
