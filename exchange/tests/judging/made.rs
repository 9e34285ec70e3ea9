//! An authority, three parties, what they agreed, and the exchange between them; the clock is set by hand.

use std::num::NonZero;
use std::process::Command;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::sync::{Arc, OnceLock, RwLock, mpsc};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    CertificateRequest, Components, DaxNames, HeaderField, KeyEncoding, ObjectIdentifier, Options,
    PrivateKey, Profile, Request, RequestSigner, Sha256, Timestamp, signing_string,
};
use daxsign_exchange::calling::{CallbackSettings, Callbacks};
use daxsign_exchange::deciding::{About, OwnAnswer, Rates, Schemas};
use daxsign_exchange::identity::{Authority, TokenKey};
use daxsign_exchange::judging::{Deciding, DecidingParts, Entrance, SharedRegistry};
use daxsign_exchange::message::{ForwardRead, Message, MessageName};
use daxsign_exchange::receiving::Reply;
use daxsign_exchange::record::*;
use daxsign_exchange::registry::{
    Candour, Change, Clause, Instance, NewCredential, Registered, Terms,
};
use daxsign_exchange::relay::{Limits, NotRequeued};
use daxsign_exchange::running::*;
use daxsign_exchange::{CorrelationId, Party};
use daxsign_pki::{
    Asked as Csr, Issuer, ListTerms, Profile as Use, Reason, Revoked, SerialNumber,
    Terms as Issuing, issue, issue_root, write_list,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// 2026-03-01T12:00:00Z.
const START: i64 = 1_772_366_400;
/// Nothing takes longer, or it never comes.
const PATIENCE: Duration = Duration::from_mins(1);
/// No program makes it: the requests in these tests do not ask for tokens by a password.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$69I7qCjDTsQwhQqFvpQJiqEI0lGQvxC84fXE0Ktxca4";
/// What B answers.
pub(crate) const ANSWER: &str = r#"{"data":{"id":1}}"#;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(START + seconds, 0).unwrap()
}

/// Asks.
pub(crate) fn a() -> Party {
    party(0xA)
}

/// Owns.
pub(crate) fn b() -> Party {
    party(0xB)
}

/// Has a contract with nobody.
pub(crate) fn c() -> Party {
    party(0xC)
}

pub(crate) fn party(number: u128) -> Party {
    Party {
        partner: Uuid::from_u128(number << 64 | 1),
        instance: Uuid::from_u128(number << 64 | 2),
    }
}

fn file_key(name: &str) -> PrivateKey {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/keys");
    let file = std::fs::read(format!("{folder}/{name}.pkcs8.pem")).unwrap();
    PrivateKey::from_bytes(&file).unwrap()
}

/// Keys that OpenSSL makes once for all tests.
fn made_key(number: usize) -> PrivateKey {
    static KEYS: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        [(); 2].map(|()| {
            let arguments = [
                "genpkey",
                "-algorithm",
                "RSA",
                "-pkeyopt",
                "rsa_keygen_bits:2048",
            ];
            let made = Command::new("openssl")
                .args(arguments)
                .output()
                .expect("openssl");
            assert!(made.status.success(), "{:?}", made.stderr);
            made.stdout
        })
    });
    PrivateKey::from_bytes(&keys[number]).unwrap()
}

pub(crate) fn key_of(party: Party) -> PrivateKey {
    if party == a() {
        file_key("rsa2048")
    } else if party == b() {
        file_key("rsa4096")
    } else {
        made_key(0)
    }
}

fn root_key() -> PrivateKey {
    file_key("rsa3072")
}

pub(crate) fn exchange_key() -> PrivateKey {
    made_key(1)
}

fn csr(request: &CertificateRequest<'_>, key: &PrivateKey) -> Csr {
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    request.write(key, KeyEncoding::Der, &mut der).unwrap();
    Csr::from_request(&der).unwrap()
}

fn issuing(profile: Use, serial: u8) -> Issuing {
    Issuing {
        profile,
        serial: SerialNumber::from_bytes(&[serial]).unwrap(),
        not_before: at(-1000),
        not_after: at(30 * 86_400),
    }
}

fn root() -> Vec<u8> {
    static ROOT: OnceLock<Vec<u8>> = OnceLock::new();
    let root = ROOT.get_or_init(|| {
        let key = root_key();
        let common_name = ObjectIdentifier::parse("2.5.4.3").unwrap();
        let mut request = CertificateRequest::new(key.public_key());
        request.add_name(&common_name, "Root").unwrap();
        let terms = issuing(Use::Authority { path_len: None }, 1);
        issue_root(&csr(&request, &key), key.public_key(), &terms, &key).unwrap()
    });
    root.clone()
}

/// The authority's list, with these numbers on it; it is good for an hour.
pub(crate) fn list(revoked: &[u8]) -> Vec<u8> {
    let issuer = Issuer::from_certificate(&root()).unwrap();
    let terms = ListTerms {
        number: 1,
        this_update: at(0),
        next_update: at(3_600),
    };
    let revoked: Vec<_> = revoked
        .iter()
        .map(|serial| Revoked {
            serial: SerialNumber::from_bytes(&[*serial]).unwrap(),
            time: at(0),
            reason: Reason::KeyCompromise,
        })
        .collect();
    write_list(&issuer, &terms, &revoked, &root_key()).unwrap()
}

/// A certificate of `party` with that key.
pub(crate) fn certificate(party: Party, key: &PrivateKey, serial: u8) -> Vec<u8> {
    let (instance, partner) = (party.instance.to_string(), party.partner.to_string());
    let names = DaxNames {
        instance_id: &instance,
        partner_id: &partner,
        environment: DaxNames::PRODUCTION,
        country: "SE",
        locality: "Gothenburg",
        organization: "Partner",
        unit: "IT",
    };
    let request = CertificateRequest::dax(key.public_key(), &names).unwrap();
    let issuer = Issuer::from_certificate(&root()).unwrap();
    let terms = issuing(Use::Dax, serial);
    issue(&issuer, &csr(&request, key), &terms, &root_key()).unwrap()
}

/// Like everybody's.
fn exchange_certificate() -> Vec<u8> {
    static DER: OnceLock<Vec<u8>> = OnceLock::new();
    DER.get_or_init(|| certificate(party(0xE), &exchange_key(), 100))
        .clone()
}

/// What OpenSSL verifies the exchange's signatures with.
pub(crate) fn exchange_public_key() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("exchange.der");
    std::fs::write(&certificate, exchange_certificate()).unwrap();
    let made = Command::new("openssl")
        .args(["x509", "-inform", "DER", "-pubkey", "-noout", "-in"])
        .arg(certificate)
        .output()
        .expect("openssl");
    assert!(made.status.success(), "{:?}", made.stderr);
    made.stdout
}

/// The parties' authority, PEM.
pub(crate) fn root_pem() -> Vec<u8> {
    let base64 = BASE64_STANDARD.encode(root());
    format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n").into_bytes()
}

/// A clause that allows something.
pub(crate) fn allowing(what: &str) -> Clause {
    Clause::allowing(what)
}

pub(crate) fn clause(clause: &str, property: &str, value: &str) -> Clause {
    let [clause, property, value] = [clause, property, value].map(str::to_owned);
    Clause {
        clause,
        property,
        value,
    }
}

/// The contract that A and B have in most of these tests.
pub(crate) fn contract() -> Uuid {
    Uuid::from_u128(7)
}

pub(crate) fn terms(clauses: Vec<Clause>) -> Terms {
    Terms {
        contract_id: contract(),
        promisor: b(),
        promisee: a().partner,
        from: at(-1000),
        until: at(20 * 86_400),
        clauses,
        deadline_seconds: 10,
    }
}

/// Everybody, and what they have.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) seconds: Arc<AtomicI64>,
    pub(crate) ids: AtomicU8,
    pub(crate) candour: Candour,
    /// Requests of an instance in an hour.
    pub(crate) rate: u32,
    /// Whether the parties recognise what they got before.
    pub(crate) deduplicates: bool,
    /// How callbacks are delivered; without, they are not offered.
    pub(crate) callbacks: Option<CallbackSettings>,
}

/// An exchange that runs.
pub(crate) struct Run<'w> {
    pub(crate) world: &'w World,
    pub(crate) running: Running<SqliteStore>,
    pub(crate) wire: LocalWire,
    pub(crate) shared: Arc<SharedRegistry>,
    pub(crate) authority: Arc<RwLock<Authority>>,
    pub(crate) callbacks: Option<Arc<Callbacks>>,
    pub(crate) entrance: Entrance,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            seconds: Arc::default(),
            ids: AtomicU8::new(0),
            candour: Candour::Sandbox,
            rate: 1000,
            deduplicates: false,
            callbacks: None,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        at(self.seconds.load(Ordering::SeqCst))
    }

    fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.seconds);
        Arc::new(move || at(seconds.load(Ordering::SeqCst)))
    }

    pub(crate) fn store(&self) -> SqliteStore {
        let thumbprint = Sha256::digest(&exchange_certificate());
        let log_key = || LogKey::from_seed("exchange.test/record", &[3; SEED_LEN]).unwrap();
        let birth = Birth::new(&log_key(), &exchange_key(), thumbprint, at(-100)).unwrap();
        SqliteStore::create(self.folder.path(), log_key(), &birth).unwrap()
    }

    /// The registry without an exchange.
    pub(crate) fn registry(&self) -> Arc<SharedRegistry> {
        SharedRegistry::open(self.folder.path(), self.clock()).unwrap()
    }

    /// The exchange, with what was on disk before.
    pub(crate) fn start(&self) -> Run<'_> {
        let shared = self.registry();
        let authority = Authority::new(root(), Vec::new(), "prod").unwrap();
        let authority = Arc::new(RwLock::new(authority));
        let deciding = Deciding::new(DecidingParts {
            shared: Arc::clone(&shared),
            authority: Arc::clone(&authority),
            schemas: Schemas::new().unwrap(),
            candour: self.candour,
        });
        let callbacks = self.callbacks.clone();
        let callbacks = callbacks.map(|settings| Callbacks::new(settings, self.clock()).unwrap());
        let deciding = match &callbacks {
            Some(callbacks) => deciding.with_callbacks(Arc::clone(callbacks)),
            None => deciding,
        };
        let parts = Parts {
            store: self.store(),
            judge: deciding,
            key: exchange_key(),
            clock: self.clock(),
            settings: Settings {
                limits: Limits {
                    in_work: 100,
                    per_receiver: 50,
                },
                waiting: 200,
                signing_threads: NonZero::new(1).unwrap(),
            },
        };
        let mut wire = None;
        let running = Running::start(parts, |inlet| {
            let local = LocalWire::new(inlet);
            wire.insert(local).clone()
        })
        .unwrap();
        shared.record_to(running.inlet());
        if let Some(callbacks) = &callbacks {
            callbacks.connect(running.desk()).unwrap();
        }
        let rates = Rates::new(self.rate, 3_600);
        Run {
            world: self,
            running,
            wire: wire.unwrap(),
            entrance: Entrance::new(Arc::clone(&shared), TokenKey::new(&[5; 32]), rates),
            shared,
            authority,
            callbacks,
        }
    }

    /// The exchange with three parties, and a contract of A and B that they signed by messages.
    pub(crate) fn agreed(&self, clauses: Vec<Clause>) -> Run<'_> {
        let run = self.start();
        run.register();
        run.agree(&terms(clauses));
        run
    }
}

/// A request, each part of which can be made wrong.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) body: String,
    pub(crate) content_type: &'static str,
    pub(crate) date: Timestamp,
    /// Whose token.
    pub(crate) token: Party,
    /// Whose key.
    pub(crate) key: Party,
    /// Hashed twice, as the vendor's library signs.
    pub(crate) vendor_sdk: bool,
    /// Another key than theirs.
    pub(crate) other_key: Option<usize>,
    pub(crate) idempotency: Option<&'static str>,
    /// Unsigned.
    pub(crate) extra: Vec<(&'static str, &'static str)>,
}

/// What came of a request.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) id: CorrelationId,
    pub(crate) status: u16,
    /// In `error[name]` of the first message; empty where there is none.
    pub(crate) name: String,
    pub(crate) signed: bool,
    pub(crate) body: Value,
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl Heard {
    pub(crate) fn summary(&self) -> (u16, &str, bool) {
        (self.status, &self.name, self.signed)
    }

    fn read(id: CorrelationId, status: u16, body: &[u8], signed: bool) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap();
        let message = body["messages"][0].as_str().unwrap_or_default();
        let name = message.split_once("error[").map(|(_, rest)| rest);
        let name = name.and_then(|rest| rest.split_once(']'));
        Self {
            id,
            status,
            name: name.map(|(name, _)| name.to_owned()).unwrap_or_default(),
            signed,
            body,
            fields: Vec::new(),
        }
    }
}

impl Run<'_> {
    /// The three parties with a certificate and a credential each.
    pub(crate) fn register(&self) {
        for (party, serial) in [(a(), 2), (b(), 3), (c(), 4)] {
            let instance = Instance {
                party,
                name: "installation".into(),
                vendor_sdk: false,
                interop: false,
                deduplicates: self.world.deduplicates,
            };
            let changes = [
                Change::AddPartner {
                    partner: party.partner,
                    name: "partner".into(),
                },
                Change::SetInstance(instance),
                Change::AddCertificate {
                    party,
                    der: certificate(party, &key_of(party), serial),
                },
                Change::SetCredential(NewCredential {
                    name: party.instance.to_string(),
                    id: credential(party),
                    party,
                    hash: HASH.into(),
                }),
            ];
            for change in changes {
                self.shared.change(change, None).unwrap();
            }
        }
    }

    /// A offers, B signs.
    pub(crate) fn agree(&self, terms: &Terms) {
        let offer = self.offer(terms);
        assert_eq!(self.hear(&offer).summary(), (200, "", true));
        let signature = self.signature(terms, &offer.body);
        assert_eq!(self.hear(&signature).summary(), (200, "", true));
    }

    pub(crate) fn offer(&self, terms: &Terms) -> Ask {
        Ask {
            target: "/exchange/v1/contracts".into(),
            body: serde_json::to_string(terms).unwrap(),
            ..self.good()
        }
    }

    pub(crate) fn signature(&self, terms: &Terms, offer: &str) -> Ask {
        let id = terms.contract_id.to_string();
        let hash = BASE64_STANDARD.encode(Sha256::digest(offer.as_bytes()));
        Ask {
            target: format!("/exchange/v1/contracts/{id}/signature"),
            body: json!({"contractId": id, "offer": hash}).to_string(),
            token: terms.promisor,
            key: terms.promisor,
            ..self.good()
        }
    }

    /// A creates a card at B.
    pub(crate) fn good(&self) -> Ask {
        let owner = Uuid::from_u128(9).to_string();
        let body = json!({"context": "moving in", "name": "card", "ownerId": owner, "codes": []});
        Ask {
            method: "POST",
            target: at_b("cards"),
            body: body.to_string(),
            content_type: "application/json; charset=utf-8",
            date: self.world.now(),
            token: a(),
            key: a(),
            vendor_sdk: false,
            other_key: None,
            idempotency: None,
            extra: Vec::new(),
        }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.world.seconds.fetch_add(seconds, Ordering::SeqCst);
        self.running.inlet().tick();
    }

    pub(crate) fn fresh_id(&self) -> CorrelationId {
        let number = self.world.ids.fetch_add(1, Ordering::SeqCst);
        CorrelationId::from_bytes([number + 1; 16])
    }

    /// As a door takes a request in: by its token first.
    pub(crate) fn ask(&self, ask: &Ask) -> Result<(CorrelationId, mpsc::Receiver<Told>), Heard> {
        let (id, now) = (self.fresh_id(), self.world.now());
        let token = self
            .entrance
            .tokens()
            .issue(credential(ask.token), ask.token, now, [1; 16]);
        let authorization = format!("Bearer {token}");
        let values = [authorization.as_bytes()].into_iter();
        let entered = self.entrance.by_token(values, now).map_err(|refused| {
            let about = self.about(id);
            let answer = OwnAnswer::refusal(&refused, &about);
            Heard::read(id, answer.status, &answer.body, false)
        })?;
        Ok((id, self.incoming(id, entered.party, ask.signed().0)))
    }

    /// What an answer of a door says of the request.
    pub(crate) fn about(&self, correlation: CorrelationId) -> About {
        About {
            correlation,
            now: self.world.now(),
            took_ms: 1,
            candour: self.world.candour,
        }
    }

    /// Whatever bytes come in for a party.
    pub(crate) fn incoming(
        &self,
        correlation: CorrelationId,
        sender: Party,
        bytes: Vec<u8>,
    ) -> mpsc::Receiver<Told> {
        let (told, answer) = mpsc::channel();
        let incoming = Incoming {
            correlation,
            sender,
            bytes,
            reply: Box::new(move |answer| told.send(answer).unwrap()),
        };
        self.running.inlet().request(incoming).unwrap();
        answer
    }

    /// What the sender hears; for what is answered without a receiver.
    pub(crate) fn hear(&self, ask: &Ask) -> Heard {
        match self.ask(ask) {
            Ok((_, answer)) => heard(&answer),
            Err(heard) => heard,
        }
    }

    /// B's answer to what came.
    pub(crate) fn answer(&self, passed_on: &[u8], key: &PrivateKey) -> Vec<u8> {
        self.answer_of(b(), passed_on, (201, ANSWER), key)
    }

    pub(crate) fn answer_of(
        &self,
        party: Party,
        passed_on: &[u8],
        (status, body): (u16, &str),
        key: &PrivateKey,
    ) -> Vec<u8> {
        let message = Message::read(passed_on).unwrap();
        let exchange = exchange_key();
        let keys = [exchange.public_key()];
        let read = ForwardRead::verify(&message, &keys, &party, self.world.now()).unwrap();
        let reply = Reply {
            status,
            content_type: "application/json".into(),
            body: body.into(),
        };
        let answer = reply.to(&read);
        let signed = answer.dated(self.world.now()).unwrap().sign(key).unwrap();
        signed.to_bytes()
    }

    /// B answers the next message, and A hears it.
    pub(crate) fn complete(&self, receiver: &Attached, ask: &Ask) -> Heard {
        let (_, answer) = self.ask(ask).expect("it comes in");
        let passed_on = next(receiver);
        receiver
            .answer(self.answer(&passed_on, &key_of(b())))
            .unwrap();
        heard(&answer)
    }

    pub(crate) fn outcome(&self, id: CorrelationId) -> Option<Outcome> {
        let asked = Asked::Correlation(id);
        let outcome = self
            .running
            .ask(move |store| store.outcome(a().instance, asked).unwrap());
        outcome.unwrap()
    }

    /// The operator asks for it again, until then.
    pub(crate) fn requeue(&self, id: CorrelationId, deadline: i64) -> Result<(), NotRequeued> {
        let (sender, told) = mpsc::channel();
        let promise = Promise::new(move |made| sender.send(made).unwrap());
        self.running.inlet().requeue(id, at(deadline), promise);
        told.recv_timeout(PATIENCE)
            .unwrap()
            .expect("the store answers")
    }

    /// What is on record of one exchange, in sentences.
    pub(crate) fn evidence(&self, id: CorrelationId) -> String {
        let now = self.world.now();
        let registry = self.shared.snapshot();
        let file = self.running.ask(move |store| {
            let der = |thumbprint: &[u8; 32]| {
                let found = registry.certificate(thumbprint);
                let found = found.map(|one: &Registered| one.der.clone());
                found.or_else(|| Some(exchange_certificate()))
            };
            store.evidence(id, now, der).unwrap().expect("on record")
        });
        let report = verify_evidence(&file.unwrap(), &Pins::new()).unwrap();
        let statements = report.statements.iter().map(ToString::to_string);
        statements.collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn leaves(&self) -> u64 {
        self.running
            .ask(|store| store.fsck().unwrap().leaves)
            .unwrap()
    }

    /// The whole log is recomputed, and everything ends.
    pub(crate) fn end(self) {
        let checked = self.running.ask(|store| store.fsck().unwrap().findings);
        assert_eq!(checked.unwrap(), []);
        if let Some(callbacks) = &self.callbacks {
            callbacks.stop();
        }
        self.running.stop().unwrap();
    }
}

pub(crate) fn credential(party: Party) -> Uuid {
    Uuid::from_u128(party.instance.as_u128() + 100)
}

pub(crate) fn at_b(rest: &str) -> String {
    let (partner, instance) = (b().partner, b().instance);
    format!("/api/v2.0/partners/{partner}/instances/{instance}/{rest}")
}

impl Ask {
    /// As it is sent, without `Authorization`, and what it is known by.
    pub(crate) fn signed(&self) -> (Vec<u8>, MessageName) {
        let mut fields = vec![
            ("Host", "localhost".to_owned()),
            ("Date", self.date.format().unwrap().to_string()),
            ("Content-Type", self.content_type.to_owned()),
            ("Content-Length", self.body.len().to_string()),
        ];
        fields.extend(
            self.idempotency
                .map(|key| ("X-Dax-Idempotency-Key", key.to_owned())),
        );
        let headers: Vec<HeaderField<'_>> = fields
            .iter()
            .map(|(name, value)| HeaderField::new(*name, value))
            .collect();
        let request = Request::new(self.method, &self.target, &headers, &self.body);
        // The date binds the body's end, so it stands last.
        let mut names = vec!["(request-target)", "host", "content-type", "content-length"];
        names.extend(self.idempotency.map(|_| "x-dax-idempotency-key"));
        names.push("date");
        let list = Components::from_names(&names).unwrap();
        let key = self.other_key.map_or_else(|| key_of(self.key), made_key);
        let mut out = [0; 4096];
        let profile = if self.vendor_sdk {
            Profile::VendorSdk
        } else {
            Profile::Documented
        };
        let signature = RequestSigner::new(&key, profile)
            .components(list)
            .sign(&request, &mut out)
            .unwrap()
            .to_owned();
        let mut string = vec![0; self.body.len() + 8192];
        let string = signing_string(&request, &list, Options::DAX, &mut string).unwrap();
        let name = MessageName(Sha256::digest(string));
        let extra = self
            .extra
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        fields.extend(extra);
        fields.push(("Signature", signature));
        let lines = fields
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!(
            "{} {} HTTP/1.1\r\n{}\r\n",
            self.method,
            self.target,
            lines.collect::<String>()
        );
        ([head.as_bytes(), self.body.as_bytes()].concat(), name)
    }
}

pub(crate) fn heard(answer: &mpsc::Receiver<Told>) -> Heard {
    let told = answer.recv_timeout(PATIENCE).expect("the sender is told");
    let mut heard = Heard::read(
        told.correlation,
        told.status,
        &told.body,
        told.head.is_some(),
    );
    heard.fields = told.fields;
    heard
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
