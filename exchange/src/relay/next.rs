//! What must be done next.

use super::check::Check;
use crate::record::Ending;

/// What the caller must do next, and which [events](super::Event) say that it is done.
///
/// Where it says *record*, the caller writes one transaction, which holds the
/// [row](super::Passage::row) beside what is named here, and hands in `Recorded` once it is on disk.
/// Where the transaction is known not to be there, `Unrecorded`: then the state says what to do,
/// which may be the same again. Where it is not known, the process ends: the store says it at the next start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Next {
    /// Verify the sender's signature (step 3): `Verified` or `Refused`.
    Verify,
    /// Look for the contract (step 4): `ContractFound` or `Refused`.
    FindContract,
    /// Check schema, clauses, idempotency key (step 5): `Allowed` or `Refused`.
    CheckClauses,
    /// Record the refusal, an event (X-REFUSED).
    RecordRefusal(Check),
    /// Answer that it was refused; nothing is on record: `Returned`. Counted and logged within bounds.
    TurnAway(Check),
    /// A: record replay key, event 1 and the row. Besides the common ones, `Replayed`, and
    /// `Refused(Check::Repeat)` where the idempotency key is known.
    RecordRequest,
    /// Nothing: `Turn` comes from the lane.
    AwaitTurn,
    /// Record in the row that sending begins; where it has ended meanwhile, `Decided`.
    RecordSending,
    /// Sign with a date of its own (X-SIGN-LATE) and send, if the deadline still lies ahead: `Sent`,
    /// `Unsent` or `Cut` (step 6).
    Send {
        /// Tells it from earlier attempts at the same exchange.
        attempt: u32,
    },
    /// Nothing: `Answer`, `BadAnswer`, `Cut` or `Tick` comes.
    AwaitAnswer,
    /// If it has not ended yet, record how it ends: event 2, the row, and the answer, which is kept
    /// (B). One compare-and-set (X-LATE): where it has ended, `Decided` with how.
    RecordEnding(Ending),
    /// Sign and return what the record says of it: `Returned` (step 12).
    Return(Ending),
    /// Record the answer that came after the end, as one more leaf, unless one is there.
    RecordLate,
    /// Record that an operator asks for it again, unless an answer came meanwhile (`Decided`).
    RecordRequeue,
    /// Nothing: it can be forgotten. What comes of it later is handed to a
    /// [resumed](super::Passage::resume) one.
    Done,
}
