//! The registry, for all who judge by it: one thread owns its store, everybody else has what it shows.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::TryLockError;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use uuid::Uuid;

use super::keeping::{Changed, Job, Keeping, OnChanged, OnTaken, Shown, Taking, locked};
use super::lock::{FolderLock, LOCK_FILE};
use crate::correlation::CorrelationId;
use crate::record::{Cause, Failure};
use crate::registry::{
    Change, Period, Quota, Registry, RegistryStore, Signed, SqliteRegistry, StoreProblem,
    Unconfirmed, Used,
};
use crate::running::{Clock, Inlet};

/// The registry of a running exchange.
pub struct SharedRegistry {
    shown: Arc<Shown>,
    jobs: Sender<Job>,
    thread: Mutex<Option<JoinHandle<()>>>,
    _lock: Option<FolderLock>,
}

/// Why the registry is not shared.
#[derive(Debug)]
pub enum NotShared {
    /// Another process runs on it.
    InUse,
    /// [`LOCK_FILE`] cannot be locked.
    Lock(io::Error),
    /// The system gives no thread.
    Thread(io::Error),
    /// The file cannot be read.
    Registry(Failure),
}

impl SharedRegistry {
    /// Opens the registry in `folder`, which must be there, for this process alone; makes one where there is none.
    ///
    /// # Errors
    /// [`NotShared`].
    pub fn open(folder: &Path, clock: Clock) -> Result<Arc<Self>, NotShared> {
        let lock = lock(folder)?;
        let store = SqliteRegistry::open(folder).map_err(NotShared::Registry)?;
        Self::run(store, clock, Some(lock))
    }

    /// The same of another store.
    ///
    /// # Errors
    /// [`NotShared`].
    pub fn start<S>(store: S, clock: Clock) -> Result<Arc<Self>, NotShared>
    where
        S: RegistryStore + Send + 'static,
    {
        Self::run(store, clock, None)
    }

    fn run<S>(store: S, clock: Clock, lock: Option<FolderLock>) -> Result<Arc<Self>, NotShared>
    where
        S: RegistryStore + Send + 'static,
    {
        let shown = Arc::new(Shown::new(store.registry().clone()));
        let (jobs, taken) = channel();
        let now = Instant::now();
        let mut keeping = Keeping {
            store,
            shown: Arc::clone(&shown),
            clock,
            jobs: taken,
            next: None,
            own: jobs.clone(),
            record: None,
            handed: BTreeSet::new(),
            waiting: BTreeMap::new(),
            confirmed: now,
            tended: now,
        };
        // Requests are judged from the first moment on.
        keeping.confirm();
        let thread = std::thread::Builder::new().name("daxsign-registry".to_owned());
        let thread = thread.spawn(move || keeping.run());
        Ok(Arc::new(Self {
            shown,
            jobs,
            thread: Mutex::new(Some(thread.map_err(NotShared::Thread)?)),
            _lock: lock,
        }))
    }

    /// The registry as it is known, whether it could be confirmed or not: to show, and not to judge by.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Registry> {
        self.shown.registry()
    }

    /// The registry to judge by. What [`change`](Self::change) returned before is in it; what another process changed, a
    /// second later (X-REVOKE).
    ///
    /// # Errors
    /// [`Unconfirmed`]: it could not be read for a second.
    pub fn confirmed(&self) -> Result<Arc<Registry>, Unconfirmed> {
        self.shown.is_fresh()?;
        Ok(self.snapshot())
    }

    /// Makes a change, and waits until it is on disk, and the record knows of it where it is [connected](Self::record_to).
    /// Not to be called on a thread that serves others, nor in what is [told](Self::apply) of another change.
    ///
    /// # Errors
    /// [`StoreProblem`]: nothing is changed then, but where the exchange ends meanwhile: the next start shows it.
    pub fn change(&self, change: Change, signed: Option<Signed>) -> Result<Changed, StoreProblem> {
        let (sender, answer) = channel();
        let told = move |made| {
            // Who asked waits for it.
            let _ = sender.send(made);
        };
        self.apply(change, signed, Box::new(told));
        let ended = |_| Failure::new(Cause::Busy, "the exchange ends");
        answer.recv().map_err(ended)?
    }

    /// The same without waiting. `told` is dropped where the exchange ends before.
    pub fn apply(&self, change: Change, signed: Option<Signed>, told: OnChanged) {
        self.give_change(None, change, signed, told);
    }

    /// The same by a message of a party, whose id the change's leaf has.
    pub(super) fn apply_as(
        &self,
        correlation: CorrelationId,
        change: Change,
        signed: Option<Signed>,
        told: OnChanged,
    ) {
        self.give_change(Some(correlation), change, signed, told);
    }

    fn give_change(
        &self,
        correlation: Option<CorrelationId>,
        change: Change,
        signed: Option<Signed>,
        told: OnChanged,
    ) {
        let (change, signed) = (Box::new(change), signed.map(Box::new));
        self.give(Job::Change(correlation, change, signed, told));
    }

    /// Has `watcher` called with the registry after each change, whoever made it. It must not wait.
    pub fn on_change(&self, watcher: impl Fn(&Arc<Registry>) + Send + Sync + 'static) {
        locked(&self.shown.watchers).push(Box::new(watcher));
    }

    /// Tells the record of this exchange what is changed from now on, and what it was not told of before.
    pub fn record_to(&self, inlet: Inlet) {
        self.give(Job::Record(inlet));
    }

    /// Counts a request in the periods of a contract's quotas, or says which of them is used up (X-CLAUSE). `told` is
    /// dropped where the exchange ends before.
    pub fn take(&self, contract: Uuid, quotas: Vec<Quota>, told: OnTaken) {
        self.give(Job::Take(Taking {
            contract,
            quotas,
            told,
        }));
    }

    fn give(&self, job: Job) {
        // The thread ends with this only; what it cannot be given is dropped, which tells who waits.
        let _ = self.jobs.send(job);
    }
}

/// For dry runs. It waits for the store; what cannot be read counts as used up.
impl Used for SharedRegistry {
    fn used(&self, contract: Uuid, period: Period, begin: i64) -> u64 {
        let (sender, answer) = channel();
        self.give(Job::Count((contract, period, begin), sender));
        answer.recv().unwrap_or(u64::MAX)
    }
}

impl Drop for SharedRegistry {
    fn drop(&mut self) {
        self.give(Job::Stop);
        let Some(thread) = locked(&self.thread).take() else {
            return;
        };
        // Where the last one who has it was told on that thread, it ends by itself.
        if thread.thread().id() != std::thread::current().id() {
            // One that panicked has nothing more to write.
            let _ = thread.join();
        }
    }
}

/// Two processes would each judge by what they know, and each let a quota's worth of requests through.
fn lock(folder: &Path) -> Result<FolderLock, NotShared> {
    FolderLock::take(folder).map_err(|error| match error {
        TryLockError::WouldBlock => NotShared::InUse,
        TryLockError::Error(error) => NotShared::Lock(error),
    })
}

impl fmt::Debug for SharedRegistry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SharedRegistry({})", self.snapshot().version())
    }
}

impl fmt::Display for NotShared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse => write!(
                formatter,
                "another process runs on this registry ({LOCK_FILE} is locked): end it first"
            ),
            Self::Lock(error) => write!(
                formatter,
                "{LOCK_FILE} cannot be locked ({error}): mend the permissions or the mount of its folder"
            ),
            Self::Thread(error) => write!(formatter, "the system gives no thread: {error}"),
            Self::Registry(failure) => failure.fmt(formatter),
        }
    }
}

impl std::error::Error for NotShared {}
