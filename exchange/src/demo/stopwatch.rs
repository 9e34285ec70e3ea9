//! What the parts of a running exchange took: wrapped around each of them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use daxsign_core::{Digest, PublicKey, Timestamp};
use uuid::Uuid;

use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::{
    Asked, Content, EraseProblem, Failure, Fanned, HASH_LEN, Operation, Outcome, Results, Row,
    Store,
};
use crate::running::{Allowed, Asking, Judge, Judged, OnCounted};
use crate::signing::{Key, NotSigned};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Steps 3 to 5.
    Judge,
    /// The exchange's key signed.
    Sign,
    /// A transaction with event 1.
    RecordRequest,
    /// A transaction with event 2.
    RecordAnswer,
}

/// Times of what was done since it was looked at last.
#[derive(Clone, Debug, Default)]
pub(super) struct Stopwatch(Arc<Mutex<Vec<(Work, Duration)>>>);

impl Stopwatch {
    /// Begins anew; what was noted.
    pub(super) fn take(&self) -> Vec<(Work, Duration)> {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        core::mem::take(&mut noted)
    }

    fn note(&self, work: Work, began: Instant) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.push((work, began.elapsed()));
    }

    /// Something, with its times noted here.
    pub(super) fn around<T>(&self, inner: T) -> Timed<T> {
        Timed {
            inner,
            watch: self.clone(),
        }
    }
}

/// Something that is timed.
pub(super) struct Timed<T> {
    pub(super) inner: T,
    watch: Stopwatch,
}

impl<J: Judge> Judge for Timed<J> {
    fn judge(&mut self, asking: &Asking<'_>) -> Judged {
        let began = Instant::now();
        let judged = self.inner.judge(asking);
        self.watch.note(Work::Judge, began);
        judged
    }

    fn count(&mut self, allowed: &Allowed, told: OnCounted) {
        self.inner.count(allowed, told);
    }

    fn keys(&mut self, party: &Party, now: Timestamp) -> Vec<(&PublicKey, [u8; HASH_LEN])> {
        self.inner.keys(party, now)
    }
}

impl<K: Key> Key for Timed<K> {
    fn modulus_len(&self) -> usize {
        self.inner.modulus_len()
    }

    fn together_from(&self) -> Option<usize> {
        self.inner.together_from()
    }

    fn sign(&self, digests: &[Digest], signatures: &mut [u8]) -> Result<(), NotSigned> {
        let began = Instant::now();
        let signed = self.inner.sign(digests, signatures);
        self.watch.note(Work::Sign, began);
        signed
    }
}

impl<S: Store> Store for Timed<S> {
    fn commit(&mut self, batch: &[Operation]) -> Result<Results, Failure> {
        let began = Instant::now();
        let results = self.inner.commit(batch);
        for operation in batch {
            match operation {
                Operation::Accept(_) => self.watch.note(Work::RecordRequest, began),
                Operation::Answer(_) => self.watch.note(Work::RecordAnswer, began),
                _ => {}
            }
        }
        results
    }

    fn row(&self, correlation: CorrelationId) -> Result<Option<Row>, Failure> {
        self.inner.row(correlation)
    }

    fn open_rows(&self, behind: Option<u64>, limit: usize) -> Result<Vec<Row>, Failure> {
        self.inner.open_rows(behind, limit)
    }

    fn outcome(&self, sender: Uuid, asked: Asked) -> Result<Option<Outcome>, Failure> {
        self.inner.outcome(sender, asked)
    }

    fn fan(&self, sender: Uuid, asked: Asked) -> Result<Option<Fanned>, Failure> {
        self.inner.fan(sender, asked)
    }

    fn request(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure> {
        self.inner.request(correlation)
    }

    fn answer(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure> {
        self.inner.answer(correlation)
    }

    fn erase(&mut self, correlation: CorrelationId) -> Result<bool, EraseProblem> {
        self.inner.erase(correlation)
    }

    fn tidy(&mut self, signed_before: Timestamp, now: Timestamp) -> Result<(), Failure> {
        self.inner.tidy(signed_before, now)
    }

    fn checkpoint(&mut self, now: Timestamp) -> Result<Vec<u8>, Failure> {
        self.inner.checkpoint(now)
    }
}
