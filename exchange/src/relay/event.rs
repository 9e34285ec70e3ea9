//! What happens to an exchange.

use daxsign_core::Timestamp;

use super::check::Check;
use crate::record::Delivery;
use crate::record::Ending;

/// One thing that happened. Most are the reply to what [`Next`](super::Next) asked for; answers, the
/// passing of time and senders that leave come whenever they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The sender's signature holds (step 3).
    Verified,
    /// The contract is in force (step 4).
    ContractFound,
    /// A clause allows it (step 5).
    Allowed(Terms),
    /// The check that was asked for failed.
    Refused(Check),
    /// The transaction is on disk.
    Recorded,
    /// The transaction is known not to be on disk, and never will be.
    Unrecorded,
    /// A was not written: the same bytes were accepted before.
    Replayed,
    /// The transaction was not written: the exchange had ended so before (the compare-and-set failed).
    Decided(Ending),
    /// All that stands before it in its lane has been sent.
    Turn,
    /// The message has been sent.
    Sent {
        /// As [`Next::Send`](super::Next::Send) counted.
        attempt: u32,
    },
    /// No byte of the message has left this machine.
    Unsent {
        /// As [`Next::Send`](super::Next::Send) counted.
        attempt: u32,
    },
    /// The connection ended; the message may have arrived.
    Cut {
        /// As [`Next::Send`](super::Next::Send) counted.
        attempt: u32,
        /// Whether the answer can come over another connection.
        answer_can_come: bool,
    },
    /// An answer came that verifies and belongs to a request that was sent (step 10).
    Answer,
    /// An answer came that does not verify (step 10).
    BadAnswer,
    /// Time passed.
    Tick,
    /// The sender has been answered (step 12).
    Returned,
    /// Nobody waits for the answer any more. What was accepted runs on.
    SenderGone,
}

/// What an accepted request runs under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Whether the receiver may get it twice.
    pub delivery: Delivery,
    /// When it expires: 10 s from now, or as the contract has it.
    pub deadline: Timestamp,
    /// Whether the receiver can be reached now: then A records at once that sending begins, which
    /// saves a transaction.
    pub reachable: bool,
}
