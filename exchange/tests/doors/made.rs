//! A asks, B answers, and an exchange with a door of its own stands between.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use daxsign_core::{
    CertificateRequest, Components, DaxNames, HeaderField, KeyEncoding, ObjectIdentifier,
    PrivateKey, Profile as Signing, Request, RequestSigner, Sha256, Timestamp,
};
use daxsign_exchange::Party;
use daxsign_exchange::deciding::{Rates, Schemas};
use daxsign_exchange::doors::bus::{BusSettings, BusWire};
use daxsign_exchange::doors::rest::{Counters, Parts as DoorParts, RestDoor, Settings};
use daxsign_exchange::faults::{Board, FaultyWire};
use daxsign_exchange::identity::{Authority, TokenKey};
use daxsign_exchange::judging::{Deciding, DecidingParts, Entrance, SharedRegistry};
use daxsign_exchange::message::{ForwardRead, Message};
use daxsign_exchange::receiving::Reply;
use daxsign_exchange::record::{Birth, LogKey, SEED_LEN, SqliteStore};
use daxsign_exchange::registry::{
    Candour, Change, Clause, Instance, NewCredential, Signed, SqliteRegistry, Terms,
};
use daxsign_exchange::relay::Limits;
use daxsign_exchange::running::{Clock, LocalWire, Parts, Running, Settings as RunningSettings};
use daxsign_pki::tls::{Credentials, Lists, LivePolicy, Policy, RootSet, TlsServer};
use daxsign_pki::{
    Asked, Issuer, Profile, SerialNumber, Terms as Issuing, certificate_pem, issue, issue_root,
};
use uuid::Uuid;

/// Nothing takes longer, or it never comes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
pub(crate) const PASSWORD: &str = "correct horse battery";
/// Its hash under the salt `0123456789abcdef`, by a program that was written in Python from RFC 9106.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$69I7qCjDTsQwhQqFvpQJiqEI0lGQvxC84fXE0Ktxca4";
pub(crate) const ANSWER: &str = r#"{"data":{"id":1}}"#;
/// What a card is made of.
pub(crate) const CARD: &str = r#"{"context":"moving in","name":"card","ownerId":"00000000-0000-0000-0000-000000000009","codes":[]}"#;
pub(crate) const A_KEY: &str = "rsa2048";
const B_KEY: &str = "rsa4096";
const ROOT_KEY: &str = "rsa3072";
const EXCHANGE_KEY: &str = "../generated2048";

pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_unix(since.as_secs().try_into().unwrap(), since.subsec_nanos()).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(crate) fn party(number: u128) -> Party {
    Party {
        partner: Uuid::from_u128(number << 64 | 1),
        instance: Uuid::from_u128(number << 64 | 2),
    }
}

pub(crate) fn a() -> Party {
    party(0xA)
}

pub(crate) fn b() -> Party {
    party(0xB)
}

/// A third, whom no contract gives anything.
pub(crate) fn c() -> Party {
    party(0xC)
}

/// Where B's cards are.
pub(crate) fn cards() -> String {
    format!(
        "/api/v2.0/partners/{}/instances/{}/cards",
        b().partner,
        b().instance
    )
}

pub(crate) fn key_path(name: &str) -> PathBuf {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/keys");
    match name {
        EXCHANGE_KEY => keys.join(format!("{name}.pem")),
        _ => keys.join(format!("{name}.pkcs8.pem")),
    }
}

fn key_bytes(name: &str) -> Vec<u8> {
    std::fs::read(key_path(name)).unwrap()
}

pub(crate) fn key(name: &str) -> PrivateKey {
    PrivateKey::from_bytes(&key_bytes(name)).unwrap()
}

fn issuing(profile: Profile, serial: u8) -> Issuing {
    Issuing {
        profile,
        serial: SerialNumber::from_bytes(&[serial]).unwrap(),
        not_before: at("2023-01-01T00:00:00Z"),
        not_after: at("2049-01-01T00:00:00Z"),
    }
}

fn asked(request: &CertificateRequest<'_>, key: &PrivateKey) -> Asked {
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    request.write(key, KeyEncoding::Der, &mut der).unwrap();
    Asked::from_request(&der).unwrap()
}

fn named(key: &PrivateKey, name: &str, dns: Option<&str>) -> Asked {
    let common_name = ObjectIdentifier::parse("2.5.4.3").unwrap();
    let mut request = CertificateRequest::new(key.public_key());
    request.add_name(&common_name, name).unwrap();
    if let Some(dns) = dns {
        request.add_dns_name(dns).unwrap();
    }
    asked(&request, key)
}

/// DER.
pub(crate) fn root() -> Vec<u8> {
    let key = key(ROOT_KEY);
    let terms = issuing(Profile::Authority { path_len: None }, 1);
    issue_root(&named(&key, "Root", None), key.public_key(), &terms, &key).unwrap()
}

/// DER.
pub(crate) fn certificate(party: Party, key_name: &str, serial: u8) -> Vec<u8> {
    let subject_key = key(key_name);
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
    let request = CertificateRequest::dax(subject_key.public_key(), &names).unwrap();
    let issuer = Issuer::from_certificate(&root()).unwrap();
    let terms = issuing(Profile::Dax, serial);
    issue(
        &issuer,
        &asked(&request, &subject_key),
        &terms,
        &key(ROOT_KEY),
    )
    .unwrap()
}

fn server() -> TlsServer {
    let subject_key = key(EXCHANGE_KEY);
    let issuer = Issuer::from_certificate(&root()).unwrap();
    let terms = issuing(Profile::Server, 9);
    let asked = named(&subject_key, "localhost", Some("localhost"));
    let certificate = issue(&issuer, &asked, &terms, &key(ROOT_KEY)).unwrap();
    let pem = certificate_pem(&certificate);
    let credentials = Credentials::from_pem(pem.as_bytes(), &key_bytes(EXCHANGE_KEY)).unwrap();
    let set = RootSet::new("parties", &[&root()], Lists::NotAsked).unwrap();
    TlsServer::new(credentials, LivePolicy::new(Policy::of_roots(set).unwrap()))
}

fn changes() -> Vec<(Change, bool)> {
    let mut all = Vec::new();
    for party in [a(), b(), c()] {
        let name = String::from("partner");
        let partner = party.partner;
        all.push((Change::AddPartner { partner, name }, false));
        let instance = Instance {
            party,
            name: "installation".into(),
            vendor_sdk: false,
            interop: false,
            deduplicates: false,
        };
        all.push((Change::SetInstance(instance), false));
    }
    for (party, key, serial) in [(a(), A_KEY, 2), (b(), B_KEY, 3)] {
        let der = certificate(party, key, serial);
        all.push((Change::AddCertificate { party, der }, false));
    }
    for (name, party, id) in [("anna", a(), 100), ("bo", b(), 101)] {
        let credential = NewCredential {
            name: name.into(),
            id: Uuid::from_u128(id),
            party,
            hash: HASH.into(),
        };
        all.push((Change::SetCredential(credential), false));
    }
    let day = |days: i64| Timestamp::from_unix(now().seconds() + days * 86_400, 0).unwrap();
    let terms = Terms {
        contract_id: Uuid::from_u128(7),
        promisor: b(),
        promisee: a().partner,
        from: day(-1),
        until: day(1),
        clauses: vec![
            Clause::allowing("cards.write"),
            Clause::allowing("cards.read"),
        ],
        deadline_seconds: 10,
    };
    let (offer, contract) = ([9; 32], terms.contract_id);
    all.push((
        Change::Offer {
            terms,
            offer,
            by: a(),
        },
        true,
    ));
    all.push((
        Change::Sign {
            contract,
            offer,
            by: b(),
        },
        true,
    ));
    all
}

fn signed() -> Signed {
    Signed {
        message: b"POST /exchange/v1/contracts HTTP/1.1\r\n\r\n{}".to_vec(),
        signature: b"realm=\"dax\"".to_vec(),
        thumbprint: [3; 32],
    }
}

/// What B got, and what it does.
#[derive(Default)]
pub(crate) struct Receiver {
    /// The requests, as they came, of the type `message/http`.
    pub(crate) got: Mutex<Vec<Vec<u8>>>,
    /// It does not answer while this is so.
    pub(crate) silent: AtomicBool,
    /// How long it takes to answer, in milliseconds.
    pub(crate) takes: AtomicU64,
    /// How many did not verify.
    pub(crate) refused: AtomicUsize,
    stop: AtomicBool,
}

/// An exchange with its door.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) door: Option<RestDoor>,
    pub(crate) address: SocketAddr,
    pub(crate) registry: Arc<SharedRegistry>,
    pub(crate) receiver: Arc<Receiver>,
    running: Option<Running<SqliteStore>>,
    answering: Option<JoinHandle<()>>,
}

/// Times are short in tests.
pub(crate) fn settings() -> Settings {
    Settings {
        handshake_time: Duration::from_secs(2),
        head_time: Duration::from_secs(1),
        idle_time: Duration::from_secs(30),
        workers: NonZero::new(2).unwrap(),
        ..Settings::default()
    }
}

impl Place {
    /// With TLS.
    pub(crate) fn secure(settings: Settings) -> Self {
        Self::new(Some(server()), settings, None)
    }

    /// With plain HTTP, which this machine alone reaches.
    pub(crate) fn plain(settings: Settings) -> Self {
        Self::new(None, settings, None)
    }

    /// The same, where faults can be ordered.
    pub(crate) fn faulty() -> (Self, Arc<Board>) {
        let board = Arc::new(Board::new(1));
        (Self::new(None, settings(), Some(Arc::clone(&board))), board)
    }

    fn new(tls: Option<TlsServer>, settings: Settings, faults: Option<Arc<Board>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock: Clock = Arc::new(now);
        let store = SqliteRegistry::open(folder.path()).unwrap();
        let registry = SharedRegistry::start(store, Arc::clone(&clock)).unwrap();
        for (change, by_party) in changes() {
            registry.change(change, by_party.then(signed)).unwrap();
        }
        let authority = Authority::new(root(), Vec::new(), "prod").unwrap();
        let judge = Deciding::new(DecidingParts {
            shared: Arc::clone(&registry),
            authority: Arc::new(RwLock::new(authority)),
            schemas: Schemas::new().unwrap(),
            candour: Candour::Sandbox,
        });
        let mut wire = None;
        let running = Running::start(running_parts(folder.path(), judge, &clock), |inlet| {
            let wire = wire.insert(LocalWire::new(inlet)).clone();
            FaultyWire::new(wire, faults.clone(), Arc::clone(&clock))
        });
        let (running, wire) = (running.unwrap(), wire.unwrap());
        let receiver = Arc::new(Receiver::default());
        let answering = answer(&wire, &receiver);
        let rates = Rates::new(1_000_000, 60);
        let entrance = Entrance::new(Arc::clone(&registry), TokenKey::new(&[5; 32]), rates);
        let bus = tls.is_some().then(|| {
            let inlet = running.inlet();
            let wire = BusWire::new(inlet, Arc::clone(&clock), BusSettings::default());
            Arc::new(wire.door(Arc::clone(&registry)).unwrap())
        });
        let door = RestDoor::start(DoorParts {
            listener: TcpListener::bind(("127.0.0.1", 0)).unwrap(),
            tls,
            entrance: Arc::new(entrance),
            registry: Arc::clone(&registry),
            inlet: running.inlet(),
            clock,
            bus,
            faults,
            settings,
        });
        let door = door.unwrap();
        Self {
            folder,
            address: door.address(),
            door: Some(door),
            registry,
            receiver,
            running: Some(running),
            answering: Some(answering),
        }
    }

    /// How many requests B got.
    pub(crate) fn received(&self) -> usize {
        self.receiver.got.lock().unwrap().len()
    }

    pub(crate) fn counters(&self) -> Arc<Counters> {
        self.door.as_ref().unwrap().counters()
    }

    /// A file in a folder of its own.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends bytes, and reads to the end of the connection.
    pub(crate) fn send(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // It may be refused before all is sent.
        let _ = stream.write_all(bytes);
        let mut read = Vec::new();
        let _ = stream.read_to_end(&mut read);
        Answer::read(&read)
    }

    /// A token for A.
    pub(crate) fn token(&self) -> String {
        let form = form("anna", PASSWORD, a().instance);
        let answer = self.send(&token_request(&form));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A request of A, signed, which ends its connection.
    pub(crate) fn signed(&self, method: &str, target: &str, body: &str) -> Vec<u8> {
        signed_request(&self.token(), method, target, body, "Connection: close\r\n")
    }
}

fn running_parts(
    folder: &Path,
    judge: Deciding,
    clock: &Clock,
) -> Parts<SqliteStore, Deciding, PrivateKey> {
    let log_key = || LogKey::from_seed("exchange.test/record", &[3; SEED_LEN]).unwrap();
    let thumbprint = Sha256::digest(b"the exchange's certificate");
    let birth = Birth::new(&log_key(), &key(EXCHANGE_KEY), thumbprint, now()).unwrap();
    Parts {
        store: SqliteStore::create(folder, log_key(), &birth).unwrap(),
        judge,
        key: key(EXCHANGE_KEY),
        clock: Arc::clone(clock),
        settings: RunningSettings {
            limits: Limits {
                in_work: 500,
                per_receiver: 200,
            },
            waiting: 500,
            signing_threads: NonZero::new(2).unwrap(),
        },
    }
}

/// B answers what comes, each with 201.
fn answer(wire: &LocalWire, receiver: &Arc<Receiver>) -> JoinHandle<()> {
    let (attached, receiver) = (wire.attach(b(), 200), Arc::clone(receiver));
    std::thread::spawn(move || {
        let (key, exchange) = (key(B_KEY), key(EXCHANGE_KEY));
        while !receiver.stop.load(Ordering::SeqCst) {
            let Some(bytes) = attached.try_next() else {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            };
            receiver.got.lock().unwrap().push(bytes.clone());
            if receiver.silent.load(Ordering::SeqCst) {
                continue;
            }
            std::thread::sleep(Duration::from_millis(receiver.takes.load(Ordering::SeqCst)));
            let message = Message::read(&bytes).unwrap();
            let keys = [exchange.public_key()];
            let Ok(read) = ForwardRead::verify(&message, &keys, &b(), now()) else {
                receiver.refused.fetch_add(1, Ordering::SeqCst);
                continue;
            };
            let reply = Reply {
                status: 201,
                content_type: "application/json".into(),
                body: ANSWER.into(),
            };
            let signed = reply.to(&read).dated(now()).unwrap().sign(&key).unwrap();
            attached.answer(signed.to_bytes()).unwrap();
        }
    })
}

impl Drop for Place {
    fn drop(&mut self) {
        self.receiver.stop.store(true, Ordering::SeqCst);
        drop(self.door.take());
        if let Some(answering) = self.answering.take() {
            answering.join().unwrap();
        }
        drop(self.running.take());
    }
}

pub(crate) fn form(name: &str, password: &str, client: Uuid) -> String {
    let password = password.replace(' ', "+");
    format!("grant_type=password&username={name}&password={password}&client_id={client}")
}

pub(crate) fn token_request(form: &str) -> Vec<u8> {
    format!(
        "POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
    .into_bytes()
}

/// A request of A, signed by the core, with these fields more.
pub(crate) fn signed_request(
    token: &str,
    method: &str,
    target: &str,
    body: &str,
    more: &str,
) -> Vec<u8> {
    let (date, length) = (now().format().unwrap().to_string(), body.len().to_string());
    let fields = [
        HeaderField::new("Host", "localhost"),
        HeaderField::new("Content-Type", "application/json; charset=utf-8"),
        HeaderField::new("Content-Length", &length),
        HeaderField::new("Date", &date),
    ];
    let request = Request::new(method, target, &fields, body);
    let mut out = [0; 2048];
    let key = key(A_KEY);
    let signature = RequestSigner::new(&key, Signing::Documented)
        .components(Components::default_for(&request))
        .sign(&request, &mut out)
        .unwrap();
    format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: {length}\r\nDate: {date}\r\nAuthorization: Bearer {token}\r\nSignature: {signature}\r\n{more}\r\n{body}"
    )
    .into_bytes()
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    /// 0 where nothing came.
    pub(crate) status: u16,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The first answer in these bytes.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(end) = end else {
            return Self::default();
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let fields = lines.map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        });
        let mut answer = Self {
            status: status.parse().unwrap(),
            fields: fields.collect(),
            body: bytes[end + 4..].to_vec(),
        };
        if let Some(length) = answer.field("content-length") {
            answer.body.truncate(length.parse().unwrap());
        }
        answer
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut named = self.fields.iter().filter(|(found, _)| found == name);
        let value = named.next().map(|(_, value)| value.as_str());
        assert!(named.next().is_none(), "{name} twice");
        value
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The name in `error[name]`.
    #[track_caller]
    pub(crate) fn problem(&self) -> String {
        let body = self.json();
        let first = body["messages"][0].as_str().expect("a message").to_owned();
        let name = first.strip_prefix("error[").expect("a name");
        name.split(']').next().unwrap().to_owned()
    }
}

/// Runs a program, which succeeds.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output.stdout
}

/// Something becomes so.
#[track_caller]
pub(crate) fn becomes(mut so: impl FnMut() -> bool) {
    let since = std::time::Instant::now();
    while !so() {
        assert!(since.elapsed() < PATIENCE, "it never became so");
        std::thread::sleep(Duration::from_millis(5));
    }
}
