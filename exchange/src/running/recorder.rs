//! The store, on a thread of its own: what waits is one transaction.

use core::cell::Cell;
use std::io;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::mailbox::{Mailbox, Next, Slot, mailbox};
use crate::record::{Done, Failure, MAX_BATCH, Operation, Rejected, Store};

/// A checkpoint each second at the latest (X-CHECKPOINT).
const CHECKPOINT_AFTER: Duration = Duration::from_secs(1);
/// How long what nobody waits for may wait for a transaction that somebody waits for.
const BESIDE_AFTER: Duration = Duration::from_millis(50);

/// What became of an operation.
pub(super) type Written = Result<Result<Done, Rejected>, Failure>;
/// What is told when it is on disk, or is not; on the store's thread.
pub(super) type OnWritten = Box<dyn FnOnce(Written) + Send>;

enum Job<S> {
    Write(Operation, OnWritten),
    /// Kept for evidence: nobody waits for it.
    Beside(Operation),
    Ask(Box<dyn FnOnce(&mut S) + Send>),
}

/// The store's thread. It ends, with everything written, when this is dropped.
pub(super) struct Recorder<S> {
    /// `None` once it ends.
    jobs: Option<Slot<Job<S>>>,
    thread: Option<JoinHandle<()>>,
    /// Since when something waits that nobody waits for.
    beside_since: Cell<Option<Instant>>,
}

/// Asks the store from elsewhere.
pub(super) struct Asker<S>(Slot<Job<S>>);

impl<S: Store + Send + 'static> Recorder<S> {
    pub(super) fn start(store: S, clock: Clock) -> io::Result<Self> {
        let (slot, jobs) = mailbox();
        let recording = Recording {
            store,
            clock,
            jobs,
            batch: Vec::new(),
            replies: Vec::new(),
            signed_at: Instant::now(),
            changed: true,
        };
        let thread = std::thread::Builder::new().name("daxsign-record".to_owned());
        Ok(Self {
            jobs: Some(slot),
            thread: Some(thread.spawn(move || recording.run())?),
            beside_since: Cell::new(None),
        })
    }

    pub(super) fn write(&self, operation: Operation, told: OnWritten) {
        self.give(Job::Write(operation, told));
    }

    /// Written with the next transaction, or soon: see [`pass_time`](Self::pass_time).
    pub(super) fn beside(&self, operation: Operation) {
        if let Some(jobs) = &self.jobs {
            // The thread ends with this only.
            let _ = jobs.put_aside(Job::Beside(operation));
        }
        if self.beside_since.get().is_none() {
            self.beside_since.set(Some(Instant::now()));
        }
    }

    pub(super) fn ask(&self, question: impl FnOnce(&mut S) + Send + 'static) {
        self.give(Job::Ask(Box::new(question)));
    }

    /// How long until [`pass_time`](Self::pass_time) has something to do.
    pub(super) fn patience(&self) -> Option<Duration> {
        let since = self.beside_since.get()?;
        Some(BESIDE_AFTER.saturating_sub(since.elapsed()))
    }

    /// What nobody waits for is written without the next transaction, once it has waited for long.
    pub(super) fn pass_time(&self) {
        if self.patience() == Some(Duration::ZERO) {
            self.beside_since.set(None);
            if let Some(jobs) = &self.jobs {
                jobs.wake();
            }
        }
    }

    pub(super) fn asker(&self) -> Option<Asker<S>> {
        self.jobs.clone().map(Asker)
    }

    fn give(&self, job: Job<S>) {
        // What waits is written with it.
        self.beside_since.set(None);
        if let Some(jobs) = &self.jobs {
            // The thread ends with this only.
            let _ = jobs.put(job);
        }
    }
}

impl<S> Asker<S> {
    /// The same without waiting. It is dropped where the store's thread has ended.
    pub(super) fn give(&self, question: impl FnOnce(&mut S) + Send + 'static) {
        // Dropping it tells who waits.
        let _ = self.0.put(Job::Ask(Box::new(question)));
    }

    /// On the store's thread, behind all that was given to it before; `None` where that has ended.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut S) -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, answer) = channel();
        let job = Job::Ask(Box::new(move |store: &mut S| {
            // Who asked may be gone.
            let _ = sender.send(question(store));
        }));
        self.0.put(job).ok()?;
        answer.recv().ok()
    }
}

impl<S> Clone for Asker<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S> Drop for Recorder<S> {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // One that panicked has nothing more to write.
            let _ = thread.join();
        }
    }
}

/// What runs on the thread.
struct Recording<S> {
    store: S,
    clock: Clock,
    jobs: Mailbox<Job<S>>,
    batch: Vec<Operation>,
    /// `None` for what nobody waits for.
    replies: Vec<Option<OnWritten>>,
    signed_at: Instant,
    /// Since the last checkpoint.
    changed: bool,
}

impl<S: Store> Recording<S> {
    fn run(mut self) {
        loop {
            let patience = CHECKPOINT_AFTER.saturating_sub(self.signed_at.elapsed());
            match self.jobs.next(patience) {
                Next::Thing(job) => {
                    self.take_what_waits(job);
                    self.commit();
                }
                Next::Nothing => {}
                Next::Ended => {
                    self.checkpoint();
                    return;
                }
            }
            if self.signed_at.elapsed() >= CHECKPOINT_AFTER {
                self.checkpoint();
            }
        }
    }

    fn take_what_waits(&mut self, first: Job<S>) {
        self.take(first);
        while self.batch.len() < MAX_BATCH
            && let Some(job) = self.jobs.try_next()
        {
            self.take(job);
        }
    }

    fn take(&mut self, job: Job<S>) {
        match job {
            Job::Write(operation, reply) => {
                self.batch.push(operation);
                self.replies.push(Some(reply));
            }
            Job::Beside(operation) => {
                self.batch.push(operation);
                self.replies.push(None);
            }
            Job::Ask(question) => {
                self.commit();
                question(&mut self.store);
                // It may have written.
                self.changed = true;
            }
        }
    }

    /// One transaction. Where it fails, nothing of it is on disk, also not what nobody waits for.
    fn commit(&mut self) {
        let batch = core::mem::take(&mut self.batch);
        let replies = core::mem::take(&mut self.replies);
        if batch.is_empty() {
            return;
        }
        self.changed = true;
        match self.store.commit(&batch) {
            Ok(results) => {
                for (reply, result) in replies.into_iter().zip(results) {
                    if let Some(reply) = reply {
                        reply(Ok(result));
                    }
                }
            }
            Err(failure) => {
                for reply in replies.into_iter().flatten() {
                    reply(Err(failure.clone()));
                }
            }
        }
    }

    fn checkpoint(&mut self) {
        self.signed_at = Instant::now();
        if core::mem::take(&mut self.changed) {
            // Where it fails, the next transaction fails too and says why; the next second tries again.
            self.changed = self.store.checkpoint((self.clock)()).is_err();
        }
    }
}
