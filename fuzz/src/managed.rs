//! An exchange that operators ask: in folders of its own, without doors; the same one for each input.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use bytes::Bytes;
use daxsign_core::{PublicKey, Timestamp};
use daxsign_exchange::doors::bus::Connected;
use daxsign_exchange::doors::management::{
    BackUp, Facts, Kept, Managed, ManagementToken, NotBackedUp, Responder,
};
use daxsign_exchange::faults::Board;
use daxsign_exchange::identity::{Authority, Password, PasswordHash};
use daxsign_exchange::judging::SharedRegistry;
use daxsign_exchange::operating::{Folder, back_up};
use daxsign_exchange::record::{
    Accept, Asked, Birth, Delivery, Fan, FanEnd, Fanned, HASH_LEN, Halt, LogKey, Operation,
    Outcome, Refuse, SEED_LEN, SqliteStore, Store as _,
};
use daxsign_exchange::registry::{Change, Clause, Instance, NewCredential, Signed, Terms};
use daxsign_exchange::relay::Limits;
use daxsign_exchange::running::{
    Allowed, Asking, Clock, Judge, Judged, LocalWire, MAX_AHEAD_SECONDS, MovableClock, OnCounted,
    Parts, Running, Settings,
};
use daxsign_hosting::health::Check;
use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt as _, Full};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

use self::made::{accept, answer, at, content, expire, id, key, party, refuse, request, start};
use crate::keys::test_key;
use crate::managing::{CARD_OWNER, CONTRACT, TOKEN, certificate, root};
use crate::trial::SEPARATOR;

/// Exchanges, as the tests of the record make them.
#[path = "../../exchange/tests/store/made.rs"]
#[expect(
    dead_code,
    clippy::wildcard_imports,
    reason = "it stands among the record's own tests, which use all of it"
)]
mod made;

/// How many exchanges there are whose standing is looked at.
const EXCHANGES: u8 = 7;

/// A request to the management door.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    uri: Uri,
    fields: HeaderMap,
    body: Vec<u8>,
}

/// What it answers.
pub struct Told {
    /// The status.
    pub status: u16,
    /// Its fields.
    pub fields: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

/// What changes can be seen by.
#[derive(Debug, PartialEq)]
pub struct State {
    version: u64,
    leaves: u64,
    ahead: i64,
    orders: Vec<u32>,
    outcomes: Vec<Option<Outcome>>,
    several: Option<Fanned>,
}

/// What a new one is copied from, and where inputs go.
pub struct Stage {
    runtime: Runtime,
    template: TempDir,
}

/// An exchange as it is before each input.
pub struct World {
    place: TempDir,
    responder: Responder,
    registry: Arc<SharedRegistry>,
    kept: Arc<Kept>,
    movable: MovableClock,
    faults: Arc<Board>,
}

impl Ask {
    /// `method ¦ target ¦ body ¦ name ¦ value …`; `None` where an HTTP reader takes none of it for a request.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut parts = bytes.split(|byte| *byte == SEPARATOR);
        let method = Method::from_bytes(parts.next()?).ok()?;
        let uri = Uri::try_from(parts.next()?).ok()?;
        let body = parts.next()?.to_vec();
        let mut fields = HeaderMap::new();
        let rest: Vec<&[u8]> = parts.collect();
        for pair in rest.chunks_exact(2) {
            let name = HeaderName::from_bytes(pair[0]).ok()?;
            fields.append(name, HeaderValue::from_bytes(pair[1]).ok()?);
        }
        Some(Self {
            method,
            uri,
            fields,
            body,
        })
    }

    /// The same of somebody who does not know the token.
    #[must_use]
    pub fn without_token(mut self) -> Self {
        self.fields.remove(AUTHORIZATION);
        self
    }

    /// The same of somebody who is let in.
    #[must_use]
    pub fn let_in(mut self) -> Self {
        self.fields.remove(ORIGIN);
        self.fields.remove("sec-fetch-site");
        self.fields
            .insert(HOST, HeaderValue::from_static("localhost"));
        let token = HeaderValue::from_str(&format!("Bearer {TOKEN}")).expect("visible");
        self.fields.insert(AUTHORIZATION, token);
        self
    }

    /// Its method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Its body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    fn to_request(&self) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(Bytes::from(self.body.clone())));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.fields.clone();
        request
    }
}

fn folder() -> TempDir {
    // Where writing waits for no disk.
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.expect("a folder")
}

fn log_key() -> LogKey {
    LogKey::from_seed("fuzz.test/record", &[3; SEED_LEN]).expect("a key")
}

fn store(folder: &Path) -> SqliteStore {
    let birth = Birth::new(&log_key(), &test_key(), [6; 32], at(-1)).expect("a birth");
    SqliteStore::create(folder, log_key(), &birth).expect("a record")
}

impl Stage {
    /// Makes what all are copied from.
    #[must_use]
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        let template = folder();
        let world = World::start(template, |_| {});
        for change in changes() {
            // Contracts are agreed on by messages.
            let signed = matches!(change, Change::Offer { .. } | Change::Sign { .. });
            let signed = signed.then(|| Signed {
                message: b"POST /exchange/v1/contracts HTTP/1.1\r\n\r\n{}".to_vec(),
                signature: b"realm=\"dax\"".to_vec(),
                thumbprint: [3; 32],
            });
            world.registry.change(change, signed).expect("a change");
        }
        let template = world.end();
        let mut record = store(template.path());
        for operation in operations() {
            let results = record.commit(&[operation]).expect("written");
            assert!(results.iter().all(Result::is_ok), "{results:?}");
        }
        Self {
            runtime: runtime.expect("a runtime"),
            template,
        }
    }

    /// Another one as it is before each input.
    #[must_use]
    pub fn world(&self) -> World {
        World::start(folder(), |place| {
            for file in fs::read_dir(&self.template).expect("a folder") {
                let file = file.expect("a file");
                fs::copy(file.path(), place.join(file.file_name())).expect("copied");
            }
        })
    }

    /// Asks it.
    #[must_use]
    pub fn ask(&self, world: &World, ask: &Ask) -> Told {
        let answered = async {
            let answer = world.responder.answer(ask.to_request()).await;
            let (head, body) = answer.into_parts();
            let Ok(body) = body.collect().await;
            Told {
                status: head.status.as_u16(),
                fields: head.headers,
                body: body.to_bytes().to_vec(),
            }
        };
        self.runtime.block_on(answered)
    }
}

impl Default for Stage {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    fn start(place: TempDir, fill: impl FnOnce(&Path)) -> Self {
        fill(place.path());
        let folder = place.path();
        let movable = MovableClock::new(Arc::new(|| at(20)));
        let clock = movable.clock();
        let registry = SharedRegistry::open(folder, Arc::clone(&clock)).expect("a registry");
        let parts = Parts {
            store: store(folder),
            judge: Nobody,
            key: test_key(),
            clock: Arc::clone(&clock),
            settings: Settings {
                limits: Limits {
                    in_work: 8,
                    per_receiver: 8,
                },
                waiting: 8,
                signing_threads: NonZero::<usize>::MIN,
            },
        };
        let running = Running::start(parts, LocalWire::new).expect("it starts");
        registry.record_to(running.inlet());
        let (kept, faults) = (Arc::new(Kept::new(running)), Arc::new(Board::new(1)));
        let authority = Authority::new(root(), Vec::new(), "prod").expect("an authority");
        let managed = Managed {
            folder: folder.to_owned(),
            rest: "https://localhost:8443".to_owned(),
            registry: Arc::clone(&registry),
            kept: Arc::clone(&kept),
            authority: Arc::new(RwLock::new(authority)),
            own: Vec::new(),
            back_up: backups(folder.to_owned(), &clock),
            clock,
            faults: Some(Arc::clone(&faults)),
            movable: Some(movable.clone()),
            facts: Arc::new(Well),
        };
        let token = ManagementToken::new(TOKEN).expect("long enough");
        Self {
            place,
            responder: Responder::new(token, managed),
            registry,
            kept,
            movable,
            faults,
        }
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> State {
        let sender = party(1).instance;
        let asked = self.kept.ask(move |store| {
            let outcome = |number| {
                let asked = Asked::Correlation(id(number));
                store.outcome(sender, asked).expect("readable")
            };
            let outcomes = (1..=EXCHANGES).map(outcome).collect();
            let several = store.fan(sender, Asked::Correlation(id(EXCHANGES)));
            (
                store.size().expect("readable"),
                outcomes,
                several.expect("readable"),
            )
        });
        let (leaves, outcomes, several) = asked.expect("it runs");
        State {
            version: self.registry.snapshot().version(),
            leaves,
            ahead: self.movable.ahead(),
            orders: self
                .faults
                .orders()
                .into_iter()
                .map(|(number, _)| number)
                .collect(),
            outcomes,
            several,
        }
    }

    /// Ends it; what is in work expires.
    #[must_use]
    pub fn end(self) -> TempDir {
        let open = self.kept.ask(|store| store.open_rows(None, 1));
        let running = self.kept.take().expect("it runs");
        if open.expect("it runs").expect("readable").is_empty() {
            running.stop().expect("it ends");
        } else {
            self.movable.set_ahead(MAX_AHEAD_SECONDS).expect("moved");
            running.inlet().tick();
            running.stop().expect("it ends");
        }
        self.place
    }
}

/// Writes them into a folder that is removed at once, whichever is asked for.
fn backups(folder: PathBuf, clock: &Clock) -> BackUp {
    let clock = Arc::clone(clock);
    Box::new(move |to, keys| {
        let place = folder.with_extension("backups");
        fs::create_dir_all(&place).expect("a folder");
        let put = |path: &Path| path.file_name().map(|name| place.join(name));
        let keys = keys.map(|path| put(path).ok_or(())).transpose();
        let no_place = || NotBackedUp::Place("no name".to_owned());
        let written = match (put(to), keys) {
            (Some(to), Ok(keys)) => {
                let halt = Halt::default();
                back_up(&Folder::new(&folder), &to, keys.as_deref(), clock(), &halt)
            }
            _ => Err(no_place()),
        };
        fs::remove_dir_all(&place).expect("removed");
        written
    })
}

/// Both parties with a certificate, one with a password, and a contract.
fn changes() -> Vec<Change> {
    let mut changes = Vec::new();
    for number in [1, 2] {
        let party = party(number);
        changes.extend([
            Change::AddPartner {
                partner: party.partner,
                name: "partner".to_owned(),
            },
            Change::SetInstance(Instance {
                party,
                name: "installation".to_owned(),
                vendor_sdk: false,
                interop: false,
                deduplicates: number == 2,
            }),
        ]);
    }
    let hash = PasswordHash::of(&Password::new("correct horse".to_owned()), [7; 16]);
    let (contract, offer) = (Uuid::parse_str(CONTRACT).expect("an id"), [9; 32]);
    let day = |days: i64| at(days * 86_400);
    let terms = Terms {
        contract_id: contract,
        promisor: party(2),
        promisee: party(1).partner,
        from: day(-1),
        until: day(300),
        clauses: ["cards.read", "cards.write"].map(Clause::allowing).to_vec(),
        deadline_seconds: 10,
    };
    changes.extend([
        Change::AddCertificate {
            party: party(1),
            der: certificate(1),
        },
        Change::SetCredential(NewCredential {
            name: "anna".to_owned(),
            id: Uuid::from_u128(100),
            party: party(1),
            hash: hash.expect("hashed").to_string(),
        }),
        Change::Offer {
            terms,
            offer,
            by: party(1),
        },
        Change::Sign {
            contract,
            offer,
            by: party(2),
        },
    ]);
    changes
}

/// An answered exchange, an expired one, one that is refused, one that is in work, and one with several receivers, 7.
fn operations() -> Vec<Operation> {
    let said = |number: u8| Accept {
        content: content(&format!("{{\"ownerId\": \"{CARD_OWNER}\"}} {number}")),
        delivery: if number == 2 {
            Delivery::Repeatable
        } else {
            Delivery::Once
        },
        deadline: at(if number == 4 { 1_000 } else { 10 }),
        ..request(number, 0)
    };
    let of_several = |number: u8| {
        accept(Accept {
            parent: Some(id(EXCHANGES)),
            replay: None,
            request: [EXCHANGES; 32],
            ..said(number)
        })
    };
    let several = Fan {
        children: vec![(id(5), party(2)), (id(6), party(2))],
        ..made::fan(EXCHANGES, key(EXCHANGES, 0), 0)
    };
    let end = FanEnd {
        correlation: id(EXCHANGES),
        statuses: vec![(id(5), 200), (id(6), 503)],
    };
    let refused = Refuse {
        receiver: Some(party(2)),
        ..made::refusal(3, 0)
    };
    vec![
        accept(said(1)),
        start(1, 0),
        answer(1, 1),
        accept(said(2)),
        expire(2, 10),
        refuse(refused),
        accept(said(4)),
        Operation::Fan(Box::new(several)),
        of_several(5),
        start(5, 0),
        answer(5, 1),
        Operation::FanEnd(end),
    ]
}

/// Nobody sends a request.
struct Nobody;

impl Judge for Nobody {
    fn judge(&mut self, asking: &Asking<'_>) -> Judged {
        panic!("nobody asked {asking:?}");
    }

    fn count(&mut self, _: &Allowed, _: OnCounted) {}

    fn keys(
        &mut self,
        _: &daxsign_exchange::Party,
        _: Timestamp,
    ) -> Vec<(&PublicKey, [u8; HASH_LEN])> {
        Vec::new()
    }
}

/// All is well.
struct Well;

impl Facts for Well {
    fn checks(&self) -> Vec<Check> {
        vec![Check {
            name: "record",
            good: true,
            detail: "it answers".to_owned(),
        }]
    }

    fn metrics(&self) -> String {
        "# EOF\n".to_owned()
    }

    fn receivers(&self) -> Vec<Connected> {
        vec![Connected {
            party: party(2),
            since: at(0),
            last_message: None,
            waiting: 0,
            sent: 1,
            received: 2,
        }]
    }
}
