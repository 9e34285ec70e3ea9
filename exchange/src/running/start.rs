//! Starting, which goes on with what the record has open, and stopping.

use core::fmt;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::num::NonZero;
use std::sync::{Arc, OnceLock, Weak};
use std::thread::JoinHandle;

use super::clock::Clock;
use super::desk::Desk;
use super::driver::Driver;
use super::inlet::{Inlet, Input};
use super::judge::Judge;
use super::mailbox::mailbox;
use super::recorder::{Asker, Recorder};
use super::signatures::Signing;
use super::steps::OnStep;
use super::wire::Wire;
use super::work::Work;
use crate::record::{Failure, Row, Store};
use crate::relay::{Limits, Pair, Traffic};
use crate::signing::{Key, SigningThreads};

/// How many rows are read at a time.
const ROWS: usize = 256;

/// How much there may be of everything.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// In work.
    pub limits: Limits,
    /// Requests and messages that came and were not looked at.
    pub waiting: usize,
    /// Threads that sign.
    pub signing_threads: NonZero<usize>,
}

/// What an exchange is made of.
pub struct Parts<S, J, K> {
    /// The record.
    pub store: S,
    /// Who decides.
    pub judge: J,
    /// The exchange's key.
    pub key: K,
    /// The time.
    pub clock: Clock,
    /// How much of everything.
    pub settings: Settings,
}

/// A running exchange.
pub struct Running<S> {
    inlet: Inlet,
    asker: Option<Arc<Asker<S>>>,
    signing: Weak<SigningThreads<Signing>>,
    clock: Clock,
    driver: Option<JoinHandle<Result<(), Failure>>>,
    failed: Arc<OnceLock<Failure>>,
}

/// Why nothing was started.
#[derive(Debug)]
pub enum NotStarted {
    /// The system gives no thread.
    Thread(io::Error),
    /// What the record has open cannot be read.
    Record(Failure),
}

impl<S: Store + Send + 'static> Running<S> {
    /// Starts its threads, and goes on with what is open on record: what may have been sent and must not be sent twice
    /// is `unknown`, the rest is sent or expires.
    ///
    /// # Errors
    /// [`NotStarted`].
    pub fn start<J: Judge, K: Key, W: Wire>(
        parts: Parts<S, J, K>,
        wire: impl FnOnce(Inlet) -> W,
    ) -> Result<Self, NotStarted> {
        Self::start_counted(parts, wire, None)
    }

    /// The same, where somebody counts steps.
    ///
    /// # Errors
    /// [`NotStarted`].
    pub fn start_counted<J: Judge, K: Key, W: Wire>(
        parts: Parts<S, J, K>,
        wire: impl FnOnce(Inlet) -> W,
        on_step: Option<OnStep>,
    ) -> Result<Self, NotStarted> {
        let (slot, inputs) = mailbox();
        let inlet = Inlet::new(slot, parts.settings.waiting);
        let open = open(&parts.store).map_err(NotStarted::Record)?;
        let clock = parts.clock;
        let recorder =
            Recorder::start(parts.store, Arc::clone(&clock)).map_err(NotStarted::Thread)?;
        let signing = SigningThreads::start(parts.key, parts.settings.signing_threads)
            .map_err(NotStarted::Thread)?;
        let signing = Arc::new(signing);
        let asker = recorder.asker().map(Arc::new);
        let (for_desks, time) = (Arc::downgrade(&signing), Arc::clone(&clock));
        let failed = Arc::new(OnceLock::new());
        let mut driver = Driver {
            traffic: Traffic::new(parts.settings.limits),
            works: BTreeMap::new(),
            ended: VecDeque::new(),
            judge: parts.judge,
            wire: wire(inlet.clone()),
            recorder,
            signing,
            to_sign: None,
            clock,
            inlet: inlet.clone(),
            inputs,
            later: VecDeque::new(),
            on_step,
            stopping: false,
            failure: None,
            failed: Arc::clone(&failed),
        };
        for (row, work) in open {
            driver.resume(&row, work);
        }
        let thread = std::thread::Builder::new().name("daxsign-relay".to_owned());
        let driver = thread
            .spawn(move || driver.run())
            .map_err(NotStarted::Thread)?;
        Ok(Self {
            inlet,
            asker,
            signing: for_desks,
            clock: time,
            driver: Some(driver),
            failed,
        })
    }

    /// Where requests come in.
    #[must_use]
    pub fn inlet(&self) -> Inlet {
        self.inlet.clone()
    }

    /// Why it has ended by itself, if it has: nothing more is taken in, and [`stop`](Self::stop) says the same.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.failed.get().cloned()
    }

    /// Asks the store, on its thread, behind everything that was given to it before; `None` once it has ended. Nothing
    /// else is written meanwhile.
    pub fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut S) -> T + Send + 'static,
    ) -> Option<T> {
        self.asker.as_ref()?.ask(question)
    }

    /// Where something works beside the relay, with the record and the key, as long as it runs.
    #[must_use]
    pub fn desk(&self) -> Desk<S> {
        let asker = self.asker.as_ref().map(Arc::downgrade);
        Desk::new(
            asker.unwrap_or_default(),
            Weak::clone(&self.signing),
            Arc::clone(&self.clock),
        )
    }

    /// Takes nothing more in and waits until all that was accepted has ended, each at its deadline at the latest. Then
    /// everything is on disk, and the key is gone.
    ///
    /// # Errors
    /// The record's failure that ended it before. The next start reads what is on disk.
    pub fn stop(mut self) -> Result<(), Failure> {
        self.inlet.give(Input::Stop);
        self.join()
    }

    fn join(&mut self) -> Result<(), Failure> {
        // The store's thread ends once nobody can ask it.
        self.asker = None;
        let Some(driver) = self.driver.take() else {
            return Ok(());
        };
        driver.join().unwrap_or_else(|_| {
            let what = "the relay's thread panicked";
            Err(Failure::new(crate::record::Cause::Program, what))
        })
    }
}

/// What is open, in the order of A, with its request.
fn open<S: Store>(store: &S) -> Result<Vec<(Row, Work)>, Failure> {
    let mut open = Vec::new();
    let mut behind = None;
    loop {
        let rows = store.open_rows(behind, ROWS)?;
        let Some(last) = rows.last() else {
            return Ok(open);
        };
        behind = Some(last.leaf);
        for row in rows {
            let content = store.request(row.correlation)?.unwrap_or_default();
            let work = Work::resumed(&row, content);
            open.push((row, work));
        }
    }
}

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    fn resume(&mut self, row: &Row, work: Work) {
        let now = self.now();
        let pair = Pair {
            receiver: row.receiver,
            sender: row.sender,
        };
        self.works.insert(row.correlation, work);
        let acts = self
            .traffic
            .resume(row.correlation, pair, row.standing, now);
        self.perform(acts, now);
    }
}

impl fmt::Display for NotStarted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thread(error) => write!(formatter, "the system gives no thread: {error}"),
            Self::Record(failure) => failure.fmt(formatter),
        }
    }
}

impl std::error::Error for NotStarted {}
