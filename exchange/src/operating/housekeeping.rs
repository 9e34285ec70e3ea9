//! What is done beside requests, again and again: the record is asked whether it is well, what nothing asks for any more is
//! dropped, messages are erased after their time, lists of revoked certificates are read anew.

use std::io;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use daxsign_core::{DEFAULT_WINDOW, Timestamp};
use daxsign_pki::tls::PolicyFiles;

use super::authority_list::refresh_list;
use super::folder::{Folder, Part};
use super::known::Known;
use super::learned::Learned;
use crate::doors::management::Kept;
use crate::identity::Authority;
use crate::record::{Failure, KEYS_FILE, Over, RECORD_FILE, Store as _};
use crate::running::{Clock, Running};

/// How often the record is asked whether it is well, and lists are read anew.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often replay keys and idempotency keys are dropped that nothing asks for.
const TIDY_EVERY: Duration = Duration::from_mins(1);
/// Replay keys are dropped in whole hours; one more, so that clocks that were set back drop none too early.
const REPLAY_MARGIN: i64 = 3_600;
const SECONDS_PER_DAY: u64 = 86_400;
/// How many leaves are looked at in one question, so that requests do not wait.
const LEAVES: u64 = 256;

/// What the housekeeper works on.
pub(super) struct Keeping {
    pub(super) folder: Folder,
    pub(super) kept: Arc<Kept>,
    pub(super) known: Arc<Known>,
    pub(super) authority: Arc<RwLock<Authority>>,
    /// Whose client certificates the doors take; `None` without TLS.
    pub(super) policy: Option<Arc<Mutex<PolicyFiles>>>,
    pub(super) clock: Clock,
    pub(super) keep_days: u64,
}

/// A thread that keeps house.
pub(super) struct Housekeeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    failure: Arc<Mutex<Option<Failure>>>,
}

impl Housekeeper {
    pub(super) fn start(keeping: Keeping) -> io::Result<Self> {
        // Before anybody asks whether it is ready; what fails here fails again in a moment, and is told.
        let _ = keeping.look();
        let (stop, stopped) = channel();
        let failure = Arc::new(Mutex::new(None));
        let told = Arc::clone(&failure);
        let thread = std::thread::Builder::new().name("daxsign-house".to_owned());
        let thread = thread.spawn(move || {
            let mut tidied: Option<Instant> = None;
            let mut sweep = Sweep::default();
            let mut list = None;
            loop {
                list = keeping.refresh_list(list.as_ref());
                if let Err(failure) = keeping.look() {
                    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                    *told = Some(failure);
                    return;
                }
                if tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY) {
                    tidied = Some(Instant::now());
                    keeping.tidy();
                }
                keeping.sweep(&mut sweep);
                match stopped.recv_timeout(LOOK_EVERY) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
            failure,
        })
    }

    /// Why the exchange can go on no longer.
    pub(super) fn failure(&self) -> Option<Failure> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.clone()
    }

    pub(super) fn stop(mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // One that panicked keeps nothing any more.
            let _ = thread.join();
        }
    }
}

/// How far messages were looked at whose time is over.
#[derive(Debug, Default)]
struct Sweep {
    /// The next leaf.
    next: u64,
    /// When all of them were looked at; they are again in an hour.
    done: Option<Instant>,
}

/// What was signed before this is in nobody's window any more; `None` where the clock tells no such time.
fn out_of_reach(now: Timestamp) -> Option<Timestamp> {
    let window = i64::from(DEFAULT_WINDOW).saturating_add(REPLAY_MARGIN);
    Timestamp::from_unix(now.seconds().saturating_sub(window), 0).ok()
}

impl Keeping {
    /// Asks the record, whose checkpoint is signed by that where it was not.
    ///
    /// # Errors
    /// A failure after which the process must end.
    fn look(&self) -> Result<(), Failure> {
        self.refresh_policy();
        if let Some(failure) = self.kept.with(Running::failure).flatten() {
            return Err(failure);
        }
        let now = (self.clock)();
        let asked = self.kept.ask(move |store| {
            store.checkpoint(now)?;
            // What could not be written may be by now.
            store.check_writes(false)?;
            store.size()
        });
        // It ends: nothing is to be learned any more.
        let Some(asked) = asked else { return Ok(()) };
        let problem = match &asked {
            Err(failure) if failure.is_fatal() => return Err(failure.clone()),
            Err(failure) => Some(failure.to_string()),
            Ok(_) => None,
        };
        self.tell(problem.as_ref());
        self.known.learn(Learned {
            size: asked.unwrap_or_default(),
            checkpoint: now,
            bytes: self.bytes(),
            problem,
        });
        Ok(())
    }

    /// Whose client certificates are taken, and whose no more.
    fn refresh_policy(&self) {
        let Some(policy) = &self.policy else { return };
        let mut policy = policy.lock().unwrap_or_else(PoisonError::into_inner);
        let list = self.folder.file(Part::AuthorityList);
        if list.exists() {
            // It may not have been there at the start.
            policy.ask_lists(&[list]);
        }
        // What cannot be used now is read again in a moment.
        let _ = policy.refresh();
    }

    /// What is wrong with the record is said once, and that it is well again.
    fn tell(&self, problem: Option<&String>) {
        match (problem, self.known.problem()) {
            (Some(problem), before) if before.as_ref() != Some(problem) => {
                tracing::error!(%problem, "the record");
            }
            (None, Some(_)) => tracing::info!("the record is well again"),
            _ => {}
        }
    }

    /// What is wrong with the authority's list is said once.
    fn refresh_list(&self, before: Option<&String>) -> Option<String> {
        let wrong = refresh_list(&self.folder, &self.authority, &self.clock);
        if let Some(problem) = wrong.as_ref().filter(|_| wrong.as_ref() != before) {
            tracing::warn!(%problem, "the list of revoked certificates is not taken; the one before holds until it runs out");
        }
        wrong
    }

    fn bytes(&self) -> u64 {
        let len = |name: &str| {
            let facts = std::fs::metadata(self.folder.path().join(name));
            facts.map_or(0, |facts| facts.len())
        };
        len(RECORD_FILE).saturating_add(len(KEYS_FILE))
    }

    /// What was signed before no window reaches any more.
    fn tidy(&self) {
        let now = (self.clock)();
        let Some(before) = out_of_reach(now) else {
            return;
        };
        // Where it cannot be done now it is done in a minute.
        let _ = self.kept.ask(move |store| {
            store.tidy(before, now)?;
            store.check_writes(true)
        });
    }

    /// Which exchanges were kept for as long as they may be; `None` where the clock tells no such time.
    fn over(&self) -> Option<Over> {
        let now = (self.clock)();
        let ago = |days: u64| {
            let seconds = i64::try_from(days.saturating_mul(SECONDS_PER_DAY)).ok()?;
            Timestamp::from_unix(now.seconds().saturating_sub(seconds), 0).ok()
        };
        let registry = self.known.registry.snapshot();
        let of_contracts = registry.contracts().filter_map(|contract| {
            let days = contract.days_kept()?;
            Some((contract.terms.contract_id, ago(days)?))
        });
        Some(Over {
            before: ago(self.keep_days)?,
            of_contracts: of_contracts.collect(),
        })
    }

    /// Erases messages whose time is over, a few leaves at a time.
    fn sweep(&self, sweep: &mut Sweep) {
        const HOUR: Duration = Duration::from_hours(1);
        if sweep.done.is_some_and(|at| at.elapsed() < HOUR) {
            return;
        }
        let (Some(over), from) = (self.over(), sweep.next) else {
            return;
        };
        let next = self
            .kept
            .ask(move |store| store.erase_over(&over, from, LEAVES));
        match next {
            Some(Ok(Some(next))) => {
                sweep.next = next;
                sweep.done = None;
            }
            Some(Ok(None)) => {
                *sweep = Sweep {
                    next: 0,
                    done: Some(Instant::now()),
                }
            }
            // Where it cannot be done now it is done in a moment.
            Some(Err(_)) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_dropped_whose_request_could_come_again() {
        let at = |second| Timestamp::from_unix(second, 0).expect("a time");
        let now = at(1_700_000_000);
        let before = out_of_reach(now).expect("a time");
        // A request is taken up to five minutes after its date, and a clock may be set back by an hour.
        assert!(before <= at(1_700_000_000 - 300 - 3_600));
        // And none is kept for a day.
        assert!(before > at(1_700_000_000 - 86_400));
    }
}
