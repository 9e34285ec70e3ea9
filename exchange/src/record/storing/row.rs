//! The outbox row: all that is needed to go on with an exchange after a crash.

use daxsign_core::Timestamp;

use crate::correlation::CorrelationId;
use crate::party::Party;

/// How often a receiver may get a message (X-ONCE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// At most once: it changes something.
    Once,
    /// Again, under the same correlation id: it reads, or the receiver deduplicates.
    Repeatable,
}

/// How an exchange ended: one of these, decided once (X-LATE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The receiver answered in time.
    Answered,
    /// A check failed after a valid signature: of the request, or of the receiver's answer.
    Refused,
    /// The deadline passed.
    Expired,
    /// It was sent perhaps, and nobody will know.
    Unknown,
}

/// What the store holds of an exchange for the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which exchange.
    pub correlation: CorrelationId,
    /// The number of its first leaf: the order of A.
    pub leaf: u64,
    /// Who sent it.
    pub sender: Party,
    /// For whom it is.
    pub receiver: Party,
    /// Whether the receiver may get it twice.
    pub delivery: Delivery,
    /// When it expires; after a requeue, when that does.
    pub deadline: Timestamp,
    /// Whether the receiver may have got it: false only where it is known that it did not.
    pub may_have_left: bool,
    /// How it ended.
    pub ending: Option<Ending>,
    /// Whether an operator asked for it again after its end.
    pub requeued: bool,
    /// Whether an answer after its end is on record.
    pub late: bool,
}
