//! An exchange that serves: started from its folder, and ended in an order that loses nothing.

use std::net::SocketAddr;
use std::num::NonZero;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use daxsign_client::Roots;
use daxsign_core::{CertificateFile, Timestamp};
use daxsign_hosting::Address;

use super::backup::back_up;
use super::folder::{Folder, Part};
use super::housekeeping::{Housekeeper, Keeping};
use super::keys::{OwnKey, log_key, management_token};
use super::known::Known;
use super::logged;
use super::metrics::Metrics;
use super::not_served::NotServed;
use super::opening::{Doors, Ground, open};
use super::settings::Settings;
use crate::calling::{CallbackSettings, Callbacks};
use crate::deciding::Schemas;
use crate::doors::bus::{BusSettings, BusWire};
use crate::doors::management::{BackUp, Kept, Managed, ManagementDoor, NotBackedUp, Responder};
use crate::faults::{Board, FaultyWire};
use crate::identity::Authority;
use crate::judging::{Deciding, DecidingParts, SharedRegistry};
use crate::record::{Birth, Failure, Halt, KEYS_FILE, RECORD_FILE, SqliteStore};
use crate::registry::Candour;
use crate::relay::Limits;
use crate::running::{
    Clock, Inlet, MovableClock, OnStep, Parts, Running, Settings as RunningSettings,
};

/// How long it is waited for what ends at once.
const MOMENT: Duration = Duration::from_secs(1);

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All that was accepted had its end.
    Whole,
    /// Time was over; what was in work is on disk, and the next start goes on with it.
    InWork,
}

/// What a sandbox has, and no other exchange.
#[derive(Clone)]
pub struct Sandboxed {
    /// A clock that operators can move.
    pub clock: MovableClock,
    /// What they order to go wrong.
    pub faults: Arc<Board>,
}

/// An exchange that serves.
pub struct Serving {
    known: Arc<Known>,
    kept: Arc<Kept>,
    management: ManagementDoor,
    housekeeper: Housekeeper,
    doors: Doors,
    callbacks: Arc<Callbacks>,
    drain: Duration,
    /// Of a backup that is being written.
    halt: Halt,
}

impl Serving {
    /// Starts the exchange of a folder.
    ///
    /// # Errors
    /// [`NotServed`].
    pub fn start(path: &Path, settings: &Settings, clock: Clock) -> Result<Self, NotServed> {
        Self::run(path, settings, clock, None)
    }

    /// The same of a sandbox.
    ///
    /// # Errors
    /// [`NotServed`].
    pub fn start_sandbox(
        path: &Path,
        settings: &Settings,
        sandboxed: &Sandboxed,
    ) -> Result<Self, NotServed> {
        Self::run(path, settings, sandboxed.clock.clock(), Some(sandboxed))
    }

    fn run(
        path: &Path,
        settings: &Settings,
        clock: Clock,
        sandboxed: Option<&Sandboxed>,
    ) -> Result<Self, NotServed> {
        let faults = sandboxed.map(|sandboxed| Arc::clone(&sandboxed.faults));
        let folder = Folder::new(path);
        folder.check(settings.rest_tls).map_err(NotServed::of)?;
        let own = OwnKey::read(&folder).map_err(NotServed::of)?;
        let mut certificates = vec![("exchange", own.not_after)];
        if settings.rest_tls {
            certificates.push(("tls", end_of(&folder, Part::TlsCertificate)?));
        }
        let own_certificates = vec![own.certificate.clone()];
        let token = management_token(&folder).map_err(NotServed::of)?;
        let registry = SharedRegistry::open(path, Arc::clone(&clock)).map_err(NotServed::of)?;
        let authority = Arc::new(RwLock::new(authority(&folder, settings, &clock)?));
        let callbacks = callbacks(&folder, settings, &clock)?;
        let judge = judge(settings, &registry, &authority)?;
        let judge = judge.with_callbacks(Arc::clone(&callbacks));
        let metrics = Metrics::new();
        let (running, wire) = run(
            &folder,
            own,
            judge,
            settings,
            Around {
                clock: &clock,
                metrics: &metrics,
                faults: faults.clone(),
            },
        )?;
        let inlet = running.inlet();
        registry.record_to(running.inlet());
        callbacks.connect(running.desk()).map_err(NotServed::of)?;
        let kept = Arc::new(Kept::new(running));
        let doors = open(Ground {
            folder: &folder,
            settings,
            registry: Arc::clone(&registry),
            inlet,
            clock: Arc::clone(&clock),
            wire: wire.clone(),
            faults: faults.clone(),
        })?;
        let counters = doors.rest.counters();
        let known = Arc::new(Known::new(
            Arc::clone(&registry),
            Arc::clone(&clock),
            certificates,
            metrics,
            Box::new(move || wire.connected()),
            Box::new(move || counters.refused().collect()),
            Arc::clone(&callbacks),
        ));
        let housekeeper = Housekeeper::start(Keeping {
            folder,
            kept: Arc::clone(&kept),
            known: Arc::clone(&known),
            authority: Arc::clone(&authority),
            policy: doors.policy.clone(),
            clock: Arc::clone(&clock),
            keep_days: settings.keep_days,
        })
        .map_err(NotServed::of)?;
        let address = settings.management_address(path).map_err(NotServed::of)?;
        let halt = Halt::default();
        let managed = Managed {
            folder: path.to_owned(),
            rest: base(doors.rest.address(), settings.rest_tls),
            registry,
            kept: Arc::clone(&kept),
            authority,
            own: own_certificates,
            back_up: backups(Folder::new(path), Arc::clone(&clock), halt.clone()),
            clock,
            faults,
            movable: sandboxed.map(|sandboxed| sandboxed.clock.clone()),
            facts: known.clone(),
        };
        let responder = Responder::new(token, managed);
        let management = ManagementDoor::start(&address, responder).map_err(NotServed::of)?;
        Ok(Self {
            known,
            kept,
            management,
            housekeeper,
            doors,
            callbacks,
            drain: Duration::from_secs(settings.drain_seconds),
            halt,
        })
    }

    /// Where operators ask.
    #[must_use]
    pub const fn management(&self) -> &Address {
        self.management.address()
    }

    /// Where parties of this process ask; `None` once it has ended.
    #[must_use]
    pub fn inlet(&self) -> Option<Inlet> {
        self.kept.with(Running::inlet)
    }

    /// Where parties ask; the port is known now.
    #[must_use]
    pub const fn rest(&self) -> SocketAddr {
        self.doors.rest.address()
    }

    /// Why it can go on no longer; `None` as long as it can.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.housekeeper.failure()
    }

    /// Ends it: it is not ready any more, takes nothing in, and what is in work has its time. Whatever happens, what was
    /// promised is on disk.
    ///
    /// # Errors
    /// The record's failure.
    pub fn stop(self) -> Result<Ended, Failure> {
        self.known.drain();
        // A backup may take longer than the end may.
        self.halt.halt();
        let end = Instant::now().checked_add(self.drain);
        // Parties stay connected, so that they answer what is in work.
        self.doors.bus.refuse();
        self.doors.rest.drain(Duration::ZERO, self.drain);
        // What parties told until now is on record.
        self.callbacks.stop();
        let left = end.map_or(self.drain, |end| {
            end.saturating_duration_since(Instant::now())
        });
        let ended = stop_running(self.kept.take(), left);
        self.doors.bus.close();
        self.housekeeper.stop();
        self.management.stop();
        ended
    }
}

/// Backups of this folder, one at a time.
fn backups(folder: Folder, clock: Clock, halt: Halt) -> BackUp {
    let one = Mutex::new(());
    Box::new(move |to, keys| {
        let Ok(_one) = one.try_lock() else {
            let busy = "another backup is being written: ask again once it is done";
            return Err(NotBackedUp::Place(busy.to_owned()));
        };
        back_up(&folder, to, keys, clock(), &halt).map_err(|problem| {
            if halt.is_halted() {
                let ended = "the exchange ends, and nothing of the backup is left: ask again";
                return NotBackedUp::Failed(ended.to_owned());
            }
            problem
        })
    })
}

/// How parties of this machine find the REST door: its certificate names `localhost`.
fn base(address: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    let port = address.port();
    let ip = address.ip();
    if ip.is_loopback() || ip.is_unspecified() {
        format!("{scheme}://localhost:{port}")
    } else {
        format!("{scheme}://{address}")
    }
}

/// Waits so long until all that was accepted has ended, and a moment in any case.
fn stop_running(running: Option<Running<SqliteStore>>, left: Duration) -> Result<Ended, Failure> {
    let Some(running) = running else {
        return Ok(Ended::Whole);
    };
    let (sender, ended) = channel();
    let stopping = move || {
        // Where time is over nobody asks any more.
        let _ = sender.send(running.stop());
    };
    if std::thread::Builder::new().spawn(stopping).is_err() {
        return Ok(Ended::InWork);
    }
    match ended.recv_timeout(left.max(MOMENT)) {
        Ok(stopped) => stopped.map(|()| Ended::Whole),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Ok(Ended::InWork),
    }
}

fn judge(
    settings: &Settings,
    registry: &Arc<SharedRegistry>,
    authority: &Arc<RwLock<Authority>>,
) -> Result<Deciding, NotServed> {
    let candour = if settings.sandbox {
        Candour::Sandbox
    } else {
        Candour::Production
    };
    Ok(Deciding::new(DecidingParts {
        shared: Arc::clone(registry),
        authority: Arc::clone(authority),
        schemas: Schemas::new().map_err(NotServed::of)?,
        candour,
    }))
}

fn callbacks(
    folder: &Folder,
    settings: &Settings,
    clock: &Clock,
) -> Result<Arc<Callbacks>, NotServed> {
    let file = |name: &str| {
        let path = folder.path().join(name);
        let named = |error: std::io::Error| {
            NotServed::of(format_args!("callbacks.roots is {name}: {error}"))
        };
        std::fs::read(path).map_err(named)
    };
    let roots = settings.callbacks_roots_file().map(file).transpose()?;
    let delivering = CallbackSettings {
        allowed: settings.callbacks_allowed().map_err(NotServed::of)?,
        roots: roots.map_or(Roots::Platform, Roots::PlatformAnd),
        at_once: usize::try_from(settings.callbacks_at_once).unwrap_or(usize::MAX),
        ..CallbackSettings::default()
    };
    Callbacks::new(delivering, Arc::clone(clock)).map_err(NotServed::of)
}

/// What a running exchange is given beside itself.
struct Around<'a> {
    clock: &'a Clock,
    metrics: &'a Metrics,
    faults: Option<Arc<Board>>,
}

fn run(
    folder: &Folder,
    own: OwnKey,
    judge: Deciding,
    settings: &Settings,
    around: Around<'_>,
) -> Result<(Running<SqliteStore>, BusWire), NotServed> {
    let Around {
        clock,
        metrics,
        faults,
    } = around;
    let parts = Parts {
        store: record(folder, &own, clock)?,
        judge,
        key: *own.key,
        clock: Arc::clone(clock),
        settings: running_settings(settings),
    };
    let bus = BusSettings {
        room: parts.settings.limits.per_receiver,
        ..BusSettings::default()
    };
    let mut kept = None;
    let wire = |inlet| {
        let wire = BusWire::new(inlet, Arc::clone(clock), bus);
        kept = Some(wire.clone());
        FaultyWire::new(wire, faults, Arc::clone(clock))
    };
    let metrics = metrics.clone();
    let on_step: OnStep = Arc::new(move |id, step, time| logged::step(&metrics, id, step, time));
    let running = Running::start_counted(parts, wire, Some(on_step)).map_err(NotServed::of)?;
    let wire = kept.ok_or_else(|| NotServed::of("no wire was asked for"))?;
    Ok((running, wire))
}

fn end_of(folder: &Folder, part: Part) -> Result<Timestamp, NotServed> {
    let file = folder.read(part).map_err(NotServed::of)?;
    let read = CertificateFile::from_bytes(&file);
    let read = read.map_err(|error| NotServed::of(folder.wrong(part, &error)))?;
    Ok(read.not_after())
}

fn running_settings(settings: &Settings) -> RunningSettings {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    RunningSettings {
        limits: Limits {
            in_work: number(settings.in_work),
            per_receiver: number(settings.per_receiver),
        },
        waiting: number(settings.waiting),
        signing_threads: NonZero::new(number(settings.signing_threads))
            .unwrap_or(NonZero::<usize>::MIN),
    }
}

fn authority(folder: &Folder, settings: &Settings, clock: &Clock) -> Result<Authority, NotServed> {
    let root = folder.read(Part::Authority).map_err(NotServed::of)?;
    let wrong = |problem| NotServed::of(folder.wrong(Part::Authority, &problem));
    let mut authority = Authority::new(root, Vec::new(), &settings.environment).map_err(wrong)?;
    let list = folder
        .read_if_there(Part::AuthorityList)
        .map_err(NotServed::of)?;
    if let Some(list) = list {
        let taken = authority.take_list(&list, clock());
        taken.map_err(|problem| NotServed::of(folder.wrong(Part::AuthorityList, &problem)))?;
    }
    Ok(authority)
}

/// Opens the record, and makes a new one in a folder that has none.
fn record(folder: &Folder, own: &OwnKey, clock: &Clock) -> Result<SqliteStore, NotServed> {
    let log_key = log_key(folder).map_err(NotServed::of)?;
    let shown = folder.path().display();
    let lost = |what: &str| {
        NotServed::of(format_args!(
            "{KEYS_FILE} {what}: put the newest one back, or give up what was said in those messages with `daxsign-exchange \
             lost-keys {shown}`"
        ))
    };
    let is_there = |name: &str| folder.path().join(name).exists();
    if is_there(RECORD_FILE) && !is_there(KEYS_FILE) {
        return Err(lost("is gone, which decrypts the messages of the record"));
    }
    let birth = Birth::new(&log_key, &*own.key, own.thumbprint, clock());
    let birth = birth.map_err(|error| NotServed::of(folder.wrong(Part::Key, &error)))?;
    let store = SqliteStore::create(folder.path(), log_key, &birth).map_err(NotServed::of)?;
    if store.keys_are_older().map_err(NotServed::of)? {
        return Err(lost(
            "is older than the record: keys of its newest messages are missing",
        ));
    }
    Ok(store)
}
