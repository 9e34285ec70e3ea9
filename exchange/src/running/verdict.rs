//! What the store says, as the relay takes it.

use crate::record::{Done, Ending, Rejected, Repeat};
use crate::relay::{Check, Event, Next};

/// What follows from what became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// This, for the relay.
    Event(Event),
    /// The idempotency key is known.
    Repeat(Repeat),
    /// A refusal of bytes that came before: it is recorded without their replay key.
    Replayed,
    /// Store and relay contradict each other: the process ends, and the next start reads what is on disk.
    Contradiction,
}

/// What follows, where `next` was written.
pub(super) fn verdict(next: Next, result: Result<Done, Rejected>) -> Verdict {
    let rejected = match result {
        // The store held it for late, so it had ended before.
        Ok(Done::Late(_)) if next != Next::RecordLate => {
            return Verdict::Event(Event::Decided(Ending::Unknown));
        }
        Ok(_) => return Verdict::Event(Event::Recorded),
        Err(rejected) => rejected,
    };
    let event = match (next, rejected) {
        (Next::RecordRequest, Rejected::Repeat(repeat)) => return Verdict::Repeat(repeat),
        (Next::RecordRequest, Rejected::Replayed(_) | Rejected::TooOld) => Event::Replayed,
        (Next::RecordRefusal(check), Rejected::Replayed(_) | Rejected::TooOld)
            if check != Check::Replay =>
        {
            return Verdict::Replayed;
        }
        (Next::RecordRequeue, Rejected::LateBefore | Rejected::Decided(_)) => {
            Event::Decided(Ending::Answered)
        }
        (Next::RecordRequest | Next::RecordRefusal(_) | Next::RecordRequeue, _)
        | (Next::RecordSending, Rejected::Overdue) => Event::Unrecorded,
        (
            Next::RecordSending | Next::RecordEnding(_) | Next::RecordLate,
            Rejected::Decided(ending),
        ) => Event::Decided(ending),
        (Next::RecordLate, Rejected::LateBefore | Rejected::Erased) => {
            Event::Decided(Ending::Unknown)
        }
        _ => return Verdict::Contradiction,
    };
    Verdict::Event(event)
}
