//! What comes in, and how much of it may wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use daxsign_core::Timestamp;

use super::asked::{Ended, OnRequeued, Then};
use super::judge::Refused;
use super::mailbox::Slot;
use super::recorder::{OnWritten, Written};
use super::signatures::Made;
use super::told::{Plain, Reply, Told};
use super::wire::Report;
use super::work::Again;
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::{Content, Failure, Note, Rejected, Row};
use crate::relay::Pair;

/// A request that a door took in.
pub struct Incoming {
    /// Made when its first byte came (X-ID).
    pub correlation: CorrelationId,
    /// Who sent it, as the door knows.
    pub sender: Party,
    /// The request, of the type `message/http`, without `Authorization`, which is never kept.
    pub bytes: Vec<u8>,
    /// Called with the answer. It is not called where the exchange ends before: then the sender asks for the
    /// outcome later.
    pub reply: Reply,
}

/// As much waits as may: 503 at once (X-OVERLOAD).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom;

impl core::fmt::Display for NoRoom {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("as much waits as may: try again later")
    }
}

impl std::error::Error for NoRoom {}

/// Something for the driver.
pub(super) enum Input {
    Request(Incoming),
    Gone(CorrelationId),
    /// A party's message.
    Message(Party, Vec<u8>),
    Report(Report),
    /// The same, once a moment has passed.
    Later(Report),
    Written(CorrelationId, Written),
    Signed(CorrelationId, Made),
    /// Whether there was room in the quotas.
    Counted(CorrelationId, Option<Result<(), Refused>>),
    /// The bytes of a request are used up, or were before.
    Used(CorrelationId, Then, Written),
    /// What it answers.
    Own(CorrelationId, Option<Result<Plain, Refused>>),
    /// What came of a child of the first, which this party was asked in.
    Child(CorrelationId, Party, Told),
    /// What all its children came to is on disk.
    FanEnded(CorrelationId, Written),
    /// What an earlier request to several receivers with the same key came to, of whom each answer.
    Fanned(CorrelationId, CorrelationId, Result<Again, Failure>),
    /// The answer that is kept of an earlier request with the same key.
    Kept(CorrelationId, Result<Option<Content>, Failure>),
    /// An operator asks for it again, until then.
    Requeue(CorrelationId, Timestamp, OnRequeued),
    /// How that stands.
    Ended(Box<Ended>),
    /// For the record, which concerns no exchange.
    Note(Box<Note>, OnWritten),
    /// How an ended exchange stands, of which an answer came.
    Row(CorrelationId, Pair, Option<Row>),
    Tick,
    Stop,
}

/// Where things come in. Its clones are the same one.
#[derive(Clone)]
pub struct Inlet {
    inputs: Slot<Input>,
    /// How many requests and messages wait to be taken.
    waiting: Arc<AtomicUsize>,
    room: usize,
}

impl Inlet {
    pub(super) fn new(inputs: Slot<Input>, room: usize) -> Self {
        Self {
            inputs,
            waiting: Arc::default(),
            room,
        }
    }

    /// Takes a request in.
    ///
    /// # Errors
    /// [`NoRoom`].
    pub fn request(&self, incoming: Incoming) -> Result<(), NoRoom> {
        self.bounded(Input::Request(incoming))
    }

    /// Takes a party's message in; the wire knows whose it is.
    ///
    /// # Errors
    /// [`NoRoom`]: read no more of this party's for a while, and try again.
    pub fn message(&self, from: Party, bytes: Vec<u8>) -> Result<(), NoRoom> {
        self.bounded(Input::Message(from, bytes))
    }

    /// The sender waits no more. What was accepted runs on.
    pub fn gone(&self, correlation: CorrelationId) {
        self.give(Input::Gone(correlation));
    }

    /// What a wire tells.
    pub fn report(&self, report: Report) {
        self.give(Input::Report(report));
    }

    /// The same, to be looked at once a moment has passed.
    pub fn report_later(&self, report: Report) {
        self.give(Input::Later(report));
    }

    /// Writes a note into the record; `told` whether it is there, by this or before. It is dropped where the exchange ends
    /// first.
    pub fn note(&self, note: Note, told: impl FnOnce(bool) + Send + 'static) {
        let told = |written: Written| told(matches!(written, Ok(Ok(_) | Err(Rejected::Taken))));
        self.give(Input::Note(Box::new(note), Box::new(told)));
    }

    /// An operator asks again for an exchange that ended without an answer, under the same correlation id (X-ONCE). How it
    /// ended stays as it is: an answer that comes until `deadline` is on record as late. `told` once that is on disk.
    pub fn requeue(&self, correlation: CorrelationId, deadline: Timestamp, told: OnRequeued) {
        self.give(Input::Requeue(correlation, deadline, told));
    }

    /// Time passed: for clocks that are set by hand.
    pub fn tick(&self) {
        self.give(Input::Tick);
    }

    pub(super) fn give(&self, input: Input) {
        // Where the driver has ended, nobody is left to tell.
        let _ = self.inputs.put(input);
    }

    /// One that waited is taken.
    pub(super) fn taken(&self, input: &Input) {
        if let Input::Request(_) | Input::Message(..) = input {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
        }
    }

    fn bounded(&self, input: Input) -> Result<(), NoRoom> {
        let next = |waiting: usize| waiting.checked_add(1).filter(|next| *next <= self.room);
        self.waiting
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, next)
            .map_err(|_| NoRoom)?;
        self.inputs.put(input).map_err(|_| NoRoom)
    }
}
