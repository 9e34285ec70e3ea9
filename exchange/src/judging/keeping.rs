//! What runs on the registry's thread: changes, quotas, confirmations, notes for the record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use daxsign_core::Timestamp;
use uuid::Uuid;

use crate::correlation::CorrelationId;
use crate::record::{Cause, Failure, MAX_BATCH};
use crate::registry::{
    Change, Counting, Freshness, Pending, Period, Quota, Registry, RegistryStore, Signed,
    StoreProblem,
};
use crate::running::{Clock, Inlet};

/// How often the version is confirmed: four times in the second for which it holds (X-REVOKE).
const CONFIRM_EVERY: Duration = Duration::from_millis(250);
/// How often contracts are looked at whose period may be over, and notes that the record did not take.
const TEND_EVERY: Duration = Duration::from_secs(1);

/// A change that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// How many changes there are with it.
    pub version: u64,
    /// The id of its leaf, where it has one.
    pub correlation: CorrelationId,
}

/// What is told once a change is made, or is not; on the registry's thread, which must not wait.
pub type OnChanged = Box<dyn FnOnce(Result<Changed, StoreProblem>) + Send>;
/// Called with the registry after each change; on its thread, which must not wait.
pub(super) type Watcher = Box<dyn Fn(&Arc<Registry>) + Send + Sync>;
/// What is told of a request that is to be counted: a quota that is used up, and how often; `None` where it is
/// counted. On the registry's thread, which must not wait.
pub type OnTaken = Box<dyn FnOnce(Result<Option<(Quota, u64)>, Failure>) + Send>;

/// A request to be counted.
pub(super) struct Taking {
    pub(super) contract: Uuid,
    pub(super) quotas: Vec<Quota>,
    pub(super) told: OnTaken,
}

/// What the thread is asked to do.
pub(super) enum Job {
    /// With the id of its leaf, where that was made before.
    Change(
        Option<CorrelationId>,
        Box<Change>,
        Option<Box<Signed>>,
        OnChanged,
    ),
    Take(Taking),
    /// How many were counted: of which contract, in which period, that began when.
    Count((Uuid, Period, i64), Sender<u64>),
    /// Where notes for the record go from now on.
    Record(Inlet),
    /// The record was told of that change, or could not be.
    Noted(u64, bool),
    Stop,
}

/// What all see.
pub(super) struct Shown {
    registry: RwLock<Arc<Registry>>,
    freshness: Mutex<Freshness>,
    pub(super) watchers: Mutex<Vec<Watcher>>,
    started: Instant,
}

impl Shown {
    pub(super) fn new(registry: Registry) -> Self {
        Self {
            registry: RwLock::new(Arc::new(registry)),
            freshness: Mutex::default(),
            watchers: Mutex::default(),
            started: Instant::now(),
        }
    }

    pub(super) fn registry(&self) -> Arc<Registry> {
        let shown = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&shown)
    }

    pub(super) fn is_fresh(&self) -> Result<(), crate::registry::Unconfirmed> {
        locked(&self.freshness).check(self.started.elapsed())
    }

    pub(super) fn show(&self, registry: &Registry) {
        let registry = Arc::new(registry.clone());
        let mut shown = self
            .registry
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *shown = Arc::clone(&registry);
        drop(shown);
        for watcher in locked(&self.watchers).iter() {
            watcher(&registry);
        }
    }
}

/// What another thread panicked over is whole: each is written at once.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the thread has.
pub(super) struct Keeping<S> {
    pub(super) store: S,
    pub(super) shown: Arc<Shown>,
    pub(super) clock: Clock,
    pub(super) jobs: Receiver<Job>,
    /// What came while others were taken together.
    pub(super) next: Option<Job>,
    /// To itself.
    pub(super) own: Sender<Job>,
    pub(super) record: Option<Inlet>,
    /// Notes that are on their way to the record.
    pub(super) handed: BTreeSet<u64>,
    /// Who waits for the record to know of a change.
    pub(super) waiting: BTreeMap<u64, (Changed, OnChanged)>,
    pub(super) confirmed: Instant,
    pub(super) tended: Instant,
}

impl<S: RegistryStore> Keeping<S> {
    pub(super) fn run(mut self) {
        loop {
            let patience = CONFIRM_EVERY.saturating_sub(self.confirmed.elapsed());
            let next = self
                .next
                .take()
                .map_or_else(|| self.jobs.recv_timeout(patience), Ok);
            match next {
                Ok(Job::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(job) => self.take(job),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if self.confirmed.elapsed() >= CONFIRM_EVERY {
                self.confirm();
            }
            if self.tended.elapsed() >= TEND_EVERY {
                self.tended = Instant::now();
                self.expire();
                self.hand_over();
            }
        }
    }

    fn take(&mut self, job: Job) {
        match job {
            Job::Change(id, change, signed, told) => {
                let made = self.make(id, &change, signed.as_deref());
                self.changed(made, told);
            }
            Job::Take(taking) => {
                let all = self.what_waits(taking);
                self.count(all);
            }
            Job::Count((contract, period, begin), told) => {
                // What cannot be read is not told.
                if let Ok(counted) = self.store.counted(contract, period, begin) {
                    // Who asked may be gone.
                    let _ = told.send(counted);
                }
            }
            Job::Record(inlet) => {
                self.record = Some(inlet);
                self.handed.clear();
                self.hand_over();
            }
            Job::Noted(version, known) => self.noted(version, known),
            Job::Stop => {}
        }
    }

    /// Where it fails, what was confirmed before holds for its second; then all are told 503.
    pub(super) fn confirm(&mut self) {
        self.confirmed = Instant::now();
        let asked = self.shown.started.elapsed();
        let shown = self.store.registry().version();
        if let Ok(version) = self.store.confirm() {
            if version != shown {
                self.shown.show(self.store.registry());
            }
            locked(&self.shown.freshness).confirm(asked);
        }
    }

    fn changed(&mut self, made: Result<Changed, StoreProblem>, told: OnChanged) {
        match made {
            Ok(changed) => {
                self.waiting.insert(changed.version, (changed, told));
                self.hand_over();
            }
            Err(problem) => told(Err(problem)),
        }
    }

    /// It is on disk, and all see it, when this returns.
    fn make(
        &mut self,
        id: Option<CorrelationId>,
        change: &Change,
        signed: Option<&Signed>,
    ) -> Result<Changed, StoreProblem> {
        let correlation = id.map_or_else(fresh_id, Ok)?;
        let now = (self.clock)();
        let version = self.store.change(change, signed, correlation, now)?;
        self.shown.show(self.store.registry());
        Ok(Changed {
            version,
            correlation,
        })
    }

    /// Contracts whose period is over.
    fn expire(&mut self) {
        let overdue: Vec<Uuid> = self.store.registry().overdue((self.clock)()).collect();
        for contract in overdue {
            // One that is refused, since the clock was set back, is overdue again later.
            let _ = self.make(None, &Change::Expire { contract }, None);
        }
    }

    /// What the record does not know yet is given to it; whoever waits for anything else is told.
    fn hand_over(&mut self) {
        // What cannot be read now is read again in a second.
        let Ok(pending) = self.store.pending() else {
            return;
        };
        let known: BTreeSet<u64> = pending.iter().map(|one| one.version).collect();
        if let Some(record) = &self.record {
            for Pending { version, note } in pending {
                if self.handed.insert(version) {
                    let own = self.own.clone();
                    record.note(note, move |known| {
                        // The thread may have ended.
                        let _ = own.send(Job::Noted(version, known));
                    });
                }
            }
        }
        let waits = |version: &u64| self.record.is_some() && known.contains(version);
        let over: Vec<u64> = self
            .waiting
            .keys()
            .copied()
            .filter(|one| !waits(one))
            .collect();
        for version in over {
            self.tell(version);
        }
    }

    fn noted(&mut self, version: u64, known: bool) {
        self.handed.remove(&version);
        // One that could not be marked is given to the record again, which refuses its id.
        if known && self.store.noted(version).is_ok() {
            self.tell(version);
        }
    }

    fn tell(&mut self, version: u64) {
        if let Some((changed, told)) = self.waiting.remove(&version) {
            told(Ok(changed));
        }
    }

    /// What waits to be counted is one transaction.
    fn what_waits(&mut self, first: Taking) -> Vec<Taking> {
        let mut all = vec![first];
        while all.len() < MAX_BATCH
            && let Ok(job) = self.jobs.try_recv()
        {
            match job {
                Job::Take(taking) => all.push(taking),
                other => {
                    self.next = Some(other);
                    break;
                }
            }
        }
        all
    }

    fn count(&mut self, all: Vec<Taking>) {
        let now = (self.clock)();
        let counting: Vec<Counting<'_>> = all.iter().map(Taking::counting).collect();
        match self.store.take(&counting, now) {
            Ok(taken) => {
                for (taking, is_counted) in all.into_iter().zip(taken) {
                    let over = if is_counted {
                        Ok(None)
                    } else {
                        self.used_up(&taking, now).map(Some)
                    };
                    (taking.told)(over);
                }
            }
            Err(failure) => {
                for taking in all {
                    (taking.told)(Err(failure.clone()));
                }
            }
        }
    }

    /// Which quota is used up.
    fn used_up(&self, taking: &Taking, now: Timestamp) -> Result<(Quota, u64), Failure> {
        for quota in &taking.quotas {
            let begin = quota.period.begin(now);
            let counted = self.store.counted(taking.contract, quota.period, begin)?;
            if counted >= quota.max {
                return Ok((*quota, counted));
            }
        }
        Err(Failure::new(Cause::Program, "no quota is used up"))
    }
}

impl Taking {
    fn counting(&self) -> Counting<'_> {
        Counting {
            contract: self.contract,
            quotas: &self.quotas,
        }
    }
}

fn fresh_id() -> Result<CorrelationId, Failure> {
    CorrelationId::fresh().ok_or_else(|| Failure::new(Cause::Randomness, "no id can be made"))
}
