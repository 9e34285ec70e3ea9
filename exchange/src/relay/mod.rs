//! The thirteen steps of one exchange, and their order between two parties: events in, what to do next
//! out. No socket, clock or store is touched here.
//!
//! ```text
//!  step        the state, which says what to do   a crash there means
//!  1, 2        (the sender signs)                 nothing
//!  3           Verify                             nothing: the sender asks again
//!  4           FindContract                       "
//!  5           CheckClauses                       "
//!  A, 7        RecordRequest                      before it is on disk: nothing; after it: the next line
//!              AwaitTurn, not marked              it is sent, or expires
//!              RecordSending                      "
//!  6           Send, AwaitAnswer                  sent again if that may be; else `unknown`
//!  8, 9        (the receiver acts and answers)    "
//!  10          (the answer is verified)           "
//!  B, 11       RecordEnding(Answer)               before it is on disk: as for 6; after it: it is kept
//!  12          Return                             the sender asks for the outcome
//!  13          (the sender verifies and pairs)    "
//! ```
//!
//! Read it in this order: `delivery` (may it be sent twice?), `ending`, `event` (what happens) and
//! `next` (what to do), `row` (what the store keeps), `passage` (one exchange), `resume` (after a
//! crash), `requeue` (by an operator), `lane` (the order of two parties), `traffic` (all exchanges).

mod check;
mod event;
mod lane;
mod next;
mod passage;
mod requeue;
mod resume;
#[cfg(test)]
mod tests;
mod traffic;

pub use check::Check;
pub use event::{Event, Terms};
pub use lane::Pair;
pub use next::Next;
pub use passage::{Passage, Step, Unexpected};
pub use requeue::{Again, NotRequeued, REQUEUE_SECONDS};
pub use traffic::{Act, Full, Limits, Misfit, Traffic};
