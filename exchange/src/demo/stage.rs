//! An exchange that runs in this process, with a stopwatch around its parts.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use daxsign_core::{DaxNames, PrivateKey, Timestamp};

use super::failed::{Doing, Failed};
use super::people::{Member, People, random, random_id};
use super::stopwatch::{Stopwatch, Timed};
use crate::correlation::CorrelationId;
use crate::deciding::Schemas;
use crate::identity::Authority;
use crate::judging::{Deciding, DecidingParts, SharedRegistry};
use crate::operating::TemporaryFolder;
use crate::record::{Birth, LogKey, SEED_LEN, SqliteStore};
use crate::registry::{Candour, Change, Instance};
use crate::relay::Limits;
use crate::running::{Attached, Clock, Incoming, Inlet, LocalWire, Parts, Running, Settings, Told};

/// Nothing here takes longer, or it never comes.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often it is looked whether a request was refused.
const LOOK: Duration = Duration::from_millis(100);
/// How much of everything there may be at once: two requests.
const ROOM: usize = 16;

/// A message that a party got, and when.
pub(super) struct Arrival {
    pub(super) at: Instant,
    pub(super) bytes: Vec<u8>,
}

/// The exchange, and the connection that B keeps to it.
pub(super) struct Stage {
    running: Running<Timed<SqliteStore>>,
    inlet: Inlet,
    clock: Clock,
    arrivals: Receiver<Arrival>,
    pub(super) watch: Stopwatch,
    /// Held as long as it runs.
    _registry: Arc<SharedRegistry>,
}

/// A request that waits for its answer.
pub(super) struct Asked {
    pub(super) correlation: CorrelationId,
    told: Receiver<Told>,
}

impl Stage {
    pub(super) fn start(
        folder: &TemporaryFolder,
        people: &People,
        clock: &Clock,
    ) -> Result<Self, Failed> {
        let watch = Stopwatch::default();
        let registry = registry(folder, people, clock)?;
        let parts = Parts {
            store: watch.around(store(folder, people, clock())?),
            judge: watch.around(judge(&registry, people)?),
            key: watch.around(copy(&people.exchange.key)?),
            clock: Arc::clone(clock),
            settings: Settings {
                limits: Limits {
                    in_work: ROOM,
                    per_receiver: ROOM,
                },
                waiting: ROOM,
                signing_threads: NonZero::<usize>::MIN,
            },
        };
        let mut attached = None;
        let running = Running::start(parts, |inlet| {
            let wire = LocalWire::new(inlet);
            attached = Some(wire.attach(people.b.party, ROOM));
            wire
        });
        let running = running.doing("starting the exchange")?;
        registry.record_to(running.inlet());
        Ok(Self {
            inlet: running.inlet(),
            running,
            clock: Arc::clone(clock),
            arrivals: listen(attached.doing("attaching a party")?),
            watch,
            _registry: registry,
        })
    }

    /// Now.
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Hands the exchange a request, as a door would that knows whose it is.
    pub(super) fn ask(&self, sender: &Member, bytes: &[u8]) -> Result<Asked, Failed> {
        let correlation = CorrelationId::from(random_id()?);
        let (teller, told) = channel();
        let incoming = Incoming {
            correlation,
            sender: sender.party,
            bytes: bytes.to_vec(),
            reply: Box::new(move |answer| {
                // Who asked waits for it.
                let _ = teller.send(answer);
            }),
        };
        self.inlet.request(incoming).doing("asking the exchange")?;
        Ok(Asked { correlation, told })
    }

    /// What B gets of this request.
    pub(super) fn arrival(&self, asked: &Asked) -> Result<Arrival, Failed> {
        const WHAT: &str = "waiting for what the exchange sends";
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Ok(arrival) = self.arrivals.recv_timeout(LOOK) {
                return Ok(arrival);
            }
            // Where it is refused nothing will come.
            if let Ok(told) = asked.told.try_recv() {
                return Err(Failed::at(WHAT, String::from_utf8_lossy(&told.body)));
            }
        }
        Err(Failed::at(WHAT, "nothing came"))
    }

    /// Whether something came for B that nobody looked at.
    pub(super) fn has_arrived(&self) -> bool {
        self.arrivals.try_recv().is_ok()
    }

    /// What B sends back.
    pub(super) fn answer(&self, receiver: &Member, bytes: Vec<u8>) -> Result<(), Failed> {
        let taken = self.inlet.message(receiver.party, bytes);
        taken.doing("answering the exchange")
    }

    /// The evidence of one exchange; `None` where nothing of it is on record.
    pub(super) fn evidence(
        &self,
        correlation: CorrelationId,
        people: &People,
    ) -> Result<Option<Vec<u8>>, Failed> {
        let (certificates, now) = (people.certificates(), self.now());
        let asked = self.running.ask(move |store| {
            let find = |thumbprint: &[u8; 32]| {
                let mut all = certificates.iter();
                let found = all.find(|(known, _)| known == thumbprint);
                found.map(|(_, der)| der.clone())
            };
            store.inner.evidence(correlation, now, find)
        });
        let found = asked.doing("asking the record")?;
        found.doing("asking the record")
    }

    pub(super) fn stop(self) -> Result<(), Failed> {
        self.running.stop().doing("ending the exchange")
    }
}

impl Asked {
    /// What the sender is told.
    pub(super) fn told(self) -> Result<Told, Failed> {
        let told = self.told.recv_timeout(PATIENCE);
        told.doing("waiting for the exchange's answer")
    }
}

/// B's connection: notes when each message came.
fn listen(attached: Attached) -> Receiver<Arrival> {
    let (sender, arrivals) = channel();
    thread::spawn(move || {
        while let Some(bytes) = attached.next() {
            let at = Instant::now();
            if sender.send(Arrival { at, bytes }).is_err() {
                return;
            }
        }
    });
    arrivals
}

fn store(folder: &TemporaryFolder, people: &People, now: Timestamp) -> Result<SqliteStore, Failed> {
    const WHAT: &str = "making the record";
    let mut seed = [0; SEED_LEN];
    random(&mut seed)
        .map_err(|_| "the system gives no randomness")
        .doing(WHAT)?;
    let log_key = LogKey::from_seed("demo.exchange/record", &seed).doing(WHAT)?;
    let exchange = &people.exchange;
    let birth = Birth::new(&log_key, &*exchange.key, exchange.thumbprint(), now).doing(WHAT)?;
    SqliteStore::create(folder.path(), log_key, &birth).doing(WHAT)
}

/// Everybody with a certificate; no contracts yet.
fn registry(
    folder: &TemporaryFolder,
    people: &People,
    clock: &Clock,
) -> Result<Arc<SharedRegistry>, Failed> {
    const WHAT: &str = "making the registry";
    let registry = SharedRegistry::open(folder.path(), Arc::clone(clock)).doing(WHAT)?;
    for member in [&people.a, &people.b, &people.c] {
        let (party, name) = (member.party, member.holder.name.to_owned());
        let instance = Instance {
            party,
            name: name.clone(),
            vendor_sdk: false,
            interop: false,
            deduplicates: false,
        };
        for change in [
            Change::AddPartner {
                partner: party.partner,
                name,
            },
            Change::SetInstance(instance),
            Change::AddCertificate {
                party,
                der: member.holder.certificate.clone(),
            },
        ] {
            registry.change(change, None).doing(WHAT)?;
        }
    }
    Ok(registry)
}

fn judge(registry: &Arc<SharedRegistry>, people: &People) -> Result<Deciding, Failed> {
    const WHAT: &str = "making the judge";
    let root = people.authority.certificate.clone();
    let authority = Authority::new(root, Vec::new(), DaxNames::PRODUCTION).doing(WHAT)?;
    Ok(Deciding::new(DecidingParts {
        shared: Arc::clone(registry),
        authority: Arc::new(RwLock::new(authority)),
        schemas: Schemas::new().doing(WHAT)?,
        candour: Candour::Sandbox,
    }))
}

/// The same key, for the exchange's signing thread.
fn copy(key: &PrivateKey) -> Result<PrivateKey, Failed> {
    use daxsign_core::{KeyFormat, private_key_file_len};
    const FORMAT: KeyFormat = KeyFormat::Pkcs8Der;
    const WHAT: &str = "handing the exchange its key";
    let bits = key.public_key().modulus_bits();
    let mut file = zeroize::Zeroizing::new(vec![0; private_key_file_len(bits, FORMAT)]);
    let written = key.write(FORMAT, &mut file).doing(WHAT)?;
    PrivateKey::from_bytes(written).doing(WHAT)
}
