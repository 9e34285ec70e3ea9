//! An exchange's folder, as `daxsign-exchange init` makes it, with two parties who have a contract; and the exchange of it.

use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex, RwLock, mpsc};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    CertificateFile, CertificateRequest, Components, DaxNames, HeaderField, KeyEncoding, Options,
    PrivateKey, Profile, PublicKey, RandomnessFailed, Request, RequestSigner, Sha256, Timestamp,
    signing_string,
};
use daxsign_exchange::calling::{CallbackSettings, Callbacks};
use daxsign_exchange::deciding::Schemas;
use daxsign_exchange::identity::Authority;
use daxsign_exchange::judging::{Deciding, DecidingParts, SharedRegistry};
use daxsign_exchange::message::{ForwardRead, Message, MessageName};
use daxsign_exchange::operating::{
    AUTHORITY_FOLDER, Folder, NewExchange, PASSPHRASE_FILE, Part, Settings as Setting, found,
    log_key,
};
use daxsign_exchange::receiving::Reply;
use daxsign_exchange::record::{Birth, SqliteStore, Store};
use daxsign_exchange::registry::{Candour, Change, Clause, Instance, Terms};
use daxsign_exchange::relay::Limits;
use daxsign_exchange::running::{Clock, Incoming, LocalWire, Parts, Running, Settings};
use daxsign_exchange::signing::Key;
use daxsign_exchange::{CorrelationId, Party};
use daxsign_pki::{Access, Asked as Csr, Authority as Issuing, Profile as Use, Validity};
use serde_json::json;
use uuid::Uuid;

/// Nothing takes longer, or it never comes.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);
/// How much of everything there may be at once in the exchange.
pub(crate) const ROOM: usize = 1024;

/// Asks.
pub(crate) fn a() -> Party {
    party(0xA)
}

/// Owns.
pub(crate) fn b() -> Party {
    party(0xB)
}

/// Is registered as one that deduplicates, where there are callbacks; owns as B does, where A asks two.
pub(crate) fn c() -> Party {
    party(0xC)
}

fn party(number: u128) -> Party {
    Party {
        partner: Uuid::from_u128(number << 64 | 1),
        instance: Uuid::from_u128(number << 64 | 2),
    }
}

pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_unix(since.as_secs().try_into().unwrap(), since.subsec_nanos()).unwrap()
}

pub(crate) fn clock() -> Clock {
    Arc::new(now)
}

/// The time in steps of a millionth of a second, no step twice: nobody signs two requests with one date.
fn next_date() -> Timestamp {
    static LAST: Mutex<i64> = Mutex::new(0);
    const STEPS: i64 = 1_000_000;
    let now = now();
    let mut last = LAST.lock().unwrap();
    *last = (now.seconds() * STEPS + i64::from(now.nanoseconds() / 1000)).max(*last + 1);
    let nanoseconds = u32::try_from(*last % STEPS).unwrap() * 1000;
    Timestamp::from_unix(*last / STEPS, nanoseconds).unwrap()
}

fn random(bytes: &mut [u8]) -> Result<(), RandomnessFailed> {
    let system = ring::rand::SystemRandom::new();
    ring::rand::SecureRandom::fill(&system, bytes).map_err(|_| RandomnessFailed)
}

/// Everybody, on this side of the socket.
pub(crate) struct Town {
    folder: Folder,
    a_key: PrivateKey,
    b_key: PrivateKey,
    c_key: PrivateKey,
    exchange: PublicKey,
}

/// A request of A.
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    /// Behind the instance's own path.
    pub(crate) rest: String,
    pub(crate) body: String,
    pub(crate) idempotency: Option<String>,
}

/// A request as it is sent.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) name: MessageName,
    pub(crate) target: String,
}

fn vector_key(name: &str) -> PrivateKey {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    PrivateKey::from_bytes(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

impl Town {
    /// Founds the exchange; A and B are registered and have signed a contract: B's cards, within so many seconds.
    pub(crate) fn found(place: &Path, deadline_seconds: u32) -> Self {
        let new = NewExchange {
            hosts: &["localhost".to_owned()],
            log_name: "exchange.test/record",
            settings: &Setting::default(),
        };
        let folder = found(&place.join("ex"), &new, now()).unwrap();
        let town = Self {
            exchange: CertificateFile::from_bytes(&folder.read(Part::Certificate).unwrap())
                .unwrap()
                .public_key()
                .unwrap(),
            a_key: vector_key("keys/rsa2048.pkcs8.pem"),
            b_key: vector_key("generated2048.pem"),
            c_key: vector_key("keys/rsa3072.pkcs8.pem"),
            folder,
        };
        let shared = SharedRegistry::open(town.path(), clock()).unwrap();
        town.register(&shared, a(), false);
        town.register(&shared, b(), false);
        drop(shared);
        let exchange = Exchange::start(town.path());
        let clauses = ["cards.read", "cards.write"];
        town.agree(&exchange, 7, (b(), a()), &clauses, deadline_seconds);
        exchange.running.stop().unwrap();
        town
    }

    /// The same, where C promises A its deliveries as B does, so that A asks both at once.
    pub(crate) fn found_with_two(place: &Path, deadline_seconds: u32) -> Self {
        let town = Self::found(place, deadline_seconds);
        let shared = SharedRegistry::open(town.path(), clock()).unwrap();
        town.register(&shared, c(), false);
        drop(shared);
        let exchange = Exchange::start(town.path());
        for (number, promisor) in [(8, b()), (9, c())] {
            town.agree(&exchange, number, (promisor, a()), &["*"], deadline_seconds);
        }
        exchange.running.stop().unwrap();
        town
    }

    /// The same, where B tells A and C what happens, by callbacks at these addresses.
    pub(crate) fn found_with_callbacks(place: &Path, url: impl Fn(Party) -> String) -> Self {
        let town = Self::found(place, 10);
        let shared = SharedRegistry::open(town.path(), clock()).unwrap();
        town.register(&shared, c(), true);
        drop(shared);
        // Nobody is called yet.
        let settings = CallbackSettings::default();
        let (exchange, callbacks) = Exchange::start_calling(town.path(), settings, clock());
        for (number, party) in [(8, a()), (9, c())] {
            town.agree(&exchange, number, (b(), party), &["callbacks.read"], 10);
            let callback = json!({
                "domain": "Delivery", "eventType": "Created", "callbackUrl": url(party), "bearerToken": "token",
            });
            let body = json!({"callbacks": [callback]}).to_string();
            let status = town.ask(&exchange, party, "/api/v2.0/callbacks", &body);
            assert_eq!(status, 201);
        }
        callbacks.stop();
        exchange.running.stop().unwrap();
        town
    }

    fn key_of(&self, party: Party) -> &PrivateKey {
        if party == a() {
            &self.a_key
        } else if party == b() {
            &self.b_key
        } else {
            &self.c_key
        }
    }

    /// A party posts something to the exchange itself; the status that it is told.
    fn ask(&self, exchange: &Exchange, party: Party, target: &str, body: &str) -> u16 {
        let signed = sign(self.key_of(party), "POST", target.to_owned(), body, None);
        let (told, answer) = mpsc::channel();
        let incoming = Incoming {
            correlation: CorrelationId::fresh().unwrap(),
            sender: party,
            bytes: signed.bytes,
            reply: Box::new(move |answer| told.send(answer).unwrap()),
        };
        exchange.running.inlet().request(incoming).unwrap();
        let told = answer.recv_timeout(PATIENCE).expect("the sender is told");
        told.status
    }

    /// B tells what happened, signed with a date of its own.
    pub(crate) fn event(&self, body: &str) -> Signed {
        let target = "/exchange/v1/events".to_owned();
        sign(&self.b_key, "POST", target, body, None)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn register(&self, shared: &SharedRegistry, party: Party, deduplicates: bool) {
        let instance = Instance {
            party,
            name: "installation".into(),
            vendor_sdk: false,
            interop: false,
            deduplicates,
        };
        for change in [
            Change::AddPartner {
                partner: party.partner,
                name: "partner".into(),
            },
            Change::SetInstance(instance),
            Change::AddCertificate {
                party,
                der: self.issue(party, self.key_of(party)),
            },
        ] {
            shared.change(change, None).unwrap();
        }
    }

    /// Another certificate for that key, in DER.
    pub(crate) fn issue(&self, party: Party, key: &PrivateKey) -> Vec<u8> {
        let (instance, partner) = (party.instance.to_string(), party.partner.to_string());
        let names = DaxNames {
            instance_id: &instance,
            partner_id: &partner,
            environment: DaxNames::PRODUCTION,
            country: "SE",
            locality: "Malmo",
            organization: "Partner",
            unit: "IT",
        };
        let request = CertificateRequest::dax(key.public_key(), &names).unwrap();
        let mut asked = vec![0; request.encoded_len(KeyEncoding::Der)];
        request.write(key, KeyEncoding::Der, &mut asked).unwrap();
        let asked = Csr::from_request(&asked).unwrap();
        let passphrase = std::fs::read(self.path().join(PASSPHRASE_FILE)).unwrap();
        let mut authority =
            Issuing::open(&self.path().join(AUTHORITY_FOLDER), Access::Change).unwrap();
        let signer = authority.unlock(passphrase.trim_ascii()).unwrap();
        let validity = Validity {
            not_before: now(),
            not_after: later(now(), 86_400),
        };
        let issued = authority.issue(&asked, (Use::Dax, validity), &mut random, &*signer);
        der(issued.unwrap().pem.as_bytes())
    }

    /// A promise of the first, by messages that both sign.
    fn agree(
        &self,
        exchange: &Exchange,
        number: u128,
        (promisor, promisee): (Party, Party),
        clauses: &[&str],
        deadline_seconds: u32,
    ) {
        let contract = Uuid::from_u128(number);
        let terms = Terms {
            contract_id: contract,
            promisor,
            promisee: promisee.partner,
            from: later(now(), -60),
            until: later(now(), 86_400),
            clauses: clauses.iter().copied().map(Clause::allowing).collect(),
            deadline_seconds,
        };
        let offer = serde_json::to_string(&terms).unwrap();
        let hash = BASE64_STANDARD.encode(Sha256::digest(offer.as_bytes()));
        let signature = json!({"contractId": contract.to_string(), "offer": hash}).to_string();
        let own = |rest: &str| format!("/exchange/v1/contracts{rest}");
        let signing = own(&format!("/{contract}/signature"));
        for (party, target, body) in [(promisee, own(""), offer), (promisor, signing, signature)] {
            assert_eq!(self.ask(exchange, party, &target, &body), 200);
        }
    }

    /// Signs it as A does, with a date of its own.
    pub(crate) fn sign(&self, ask: &Ask) -> Signed {
        let target = format!(
            "/api/v2.0/partners/{}/instances/{}/{}",
            b().partner,
            b().instance,
            ask.rest
        );
        self.sign_to(target, ask)
    }

    /// The same with its whole target.
    pub(crate) fn sign_to(&self, target: String, ask: &Ask) -> Signed {
        sign(
            &self.a_key,
            ask.method,
            target,
            &ask.body,
            ask.idempotency.as_deref(),
        )
    }

    /// What B got; its signature holds, it is for B, and it was signed before its deadline, however late it is read.
    pub(crate) fn came<'m>(&self, message: &Message<'m>) -> ForwardRead<'m> {
        self.came_to(b(), message)
    }

    /// The same of another party.
    pub(crate) fn came_to<'m>(&self, party: Party, message: &Message<'m>) -> ForwardRead<'m> {
        let date = Timestamp::parse(message.once("Date").unwrap()).unwrap();
        ForwardRead::verify(message, &[&self.exchange], &party, date).unwrap()
    }

    /// What B answers to it.
    pub(crate) fn answer(&self, came: &ForwardRead<'_>, body: String) -> Vec<u8> {
        self.answer_of(b(), came, body)
    }

    /// What a party answers to it.
    pub(crate) fn answer_of(&self, party: Party, came: &ForwardRead<'_>, body: String) -> Vec<u8> {
        let reply = Reply {
            status: 201,
            content_type: "application/json".into(),
            body: body.into(),
        };
        let answer = reply.to(came);
        answer
            .dated(now())
            .unwrap()
            .sign(self.key_of(party))
            .unwrap()
            .to_bytes()
    }

    pub(crate) const fn exchange(&self) -> &PublicKey {
        &self.exchange
    }
}

/// Of a certificate in PEM.
pub(crate) fn der(pem: &[u8]) -> Vec<u8> {
    let mut der = Vec::new();
    let file = CertificateFile::from_bytes(pem).unwrap();
    file.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
    der
}

fn later(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_unix(time.seconds() + seconds, 0).unwrap()
}

fn sign(
    key: &PrivateKey,
    method: &str,
    target: String,
    body: &str,
    idempotency: Option<&str>,
) -> Signed {
    let mut fields = vec![
        ("Host", "localhost".to_owned()),
        ("Date", next_date().format().unwrap().to_string()),
        ("Content-Type", "application/json".to_owned()),
        ("Content-Length", body.len().to_string()),
    ];
    fields.extend(idempotency.map(|key| ("X-Dax-Idempotency-Key", key.to_owned())));
    let headers: Vec<HeaderField<'_>> = fields
        .iter()
        .map(|(name, value)| HeaderField::new(*name, value))
        .collect();
    let request = Request::new(method, &target, &headers, body);
    let mut names = vec!["(request-target)", "host", "content-type", "content-length"];
    names.extend(idempotency.map(|_| "x-dax-idempotency-key"));
    // It binds the body's end.
    names.push("date");
    let list = Components::from_names(&names).unwrap();
    let mut out = [0; 4096];
    let signer = RequestSigner::new(key, Profile::Documented).components(list);
    let signature = signer.sign(&request, &mut out).unwrap().to_owned();
    let mut string = [0; 8192];
    let string = signing_string(&request, &list, Options::DAX, &mut string).unwrap();
    let name = MessageName(Sha256::digest(string));
    fields.push(("Signature", signature));
    let lines = fields
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect::<Vec<_>>()
        .concat();
    let bytes = format!("{method} {target} HTTP/1.1\r\n{lines}\r\n{body}").into_bytes();
    Signed {
        bytes,
        name,
        target,
    }
}

/// An exchange that runs in this process.
pub(crate) struct Exchange<S = SqliteStore> {
    pub(crate) running: Running<S>,
    pub(crate) wire: LocalWire,
    _shared: Arc<SharedRegistry>,
}

impl Exchange {
    /// That of a folder, with what is on disk.
    pub(crate) fn start(path: &Path) -> Self {
        Self::start_with(path, |store| store, |key| key)
    }

    /// The same with callbacks, and with its own clock.
    pub(crate) fn start_calling(
        path: &Path,
        settings: CallbackSettings,
        clock: Clock,
    ) -> (Self, Arc<Callbacks>) {
        let callbacks = Callbacks::new(settings, Arc::clone(&clock)).unwrap();
        let with = (Some(Arc::clone(&callbacks)), clock);
        let exchange = Self::start_all(path, |store| store, |key| key, with);
        callbacks.connect(exchange.running.desk()).unwrap();
        (exchange, callbacks)
    }
}

impl<S: Store + Send + 'static> Exchange<S> {
    /// The same, with something around its record and its key.
    pub(crate) fn start_with<K: Key>(
        path: &Path,
        around_store: impl FnOnce(SqliteStore) -> S,
        around_key: impl FnOnce(PrivateKey) -> K,
    ) -> Self {
        Self::start_all(path, around_store, around_key, (None, clock()))
    }

    fn start_all<K: Key>(
        path: &Path,
        around_store: impl FnOnce(SqliteStore) -> S,
        around_key: impl FnOnce(PrivateKey) -> K,
        (callbacks, clock): (Option<Arc<Callbacks>>, Clock),
    ) -> Self {
        let folder = Folder::new(path);
        let shared = SharedRegistry::open(path, Arc::clone(&clock)).unwrap();
        let root = folder.read(Part::Authority).unwrap();
        let authority = Authority::new(root, Vec::new(), DaxNames::PRODUCTION).unwrap();
        let judge = Deciding::new(DecidingParts {
            shared: Arc::clone(&shared),
            authority: Arc::new(RwLock::new(authority)),
            schemas: Schemas::new().unwrap(),
            candour: Candour::Sandbox,
        });
        let judge = match callbacks {
            Some(callbacks) => judge.with_callbacks(callbacks),
            None => judge,
        };
        let key = PrivateKey::from_bytes(&folder.read(Part::Key).unwrap()).unwrap();
        let thumbprint = Sha256::digest(&der(&folder.read(Part::Certificate).unwrap()));
        let log_key = log_key(&folder).unwrap();
        let birth = Birth::new(&log_key, &key, thumbprint, now()).unwrap();
        let store = SqliteStore::create(path, log_key, &birth).unwrap();
        let parts = Parts {
            store: around_store(store),
            judge,
            key: around_key(key),
            clock,
            settings: Settings {
                limits: Limits {
                    in_work: ROOM,
                    per_receiver: ROOM,
                },
                waiting: ROOM,
                signing_threads: NonZero::new(2).unwrap(),
            },
        };
        let mut wire = None;
        let running =
            Running::start(parts, |inlet| wire.insert(LocalWire::new(inlet)).clone()).unwrap();
        shared.record_to(running.inlet());
        Self {
            running,
            wire: wire.unwrap(),
            _shared: shared,
        }
    }
}
