//! An operator asks for an ended exchange again (X-ONCE).

use daxsign_core::Timestamp;

use super::next::Next;
use super::passage::{Late, Left, Passage, Step};
use crate::record::Delivery;
use crate::record::Ending;

/// Until how many seconds after A a receiver that deduplicates may get a message again: a day. It remembers what it got
/// for as long, from the deadline on, which is later than A.
pub const REQUEUE_SECONDS: u32 = 86_400;

/// What an operator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// When A was.
    pub accepted: Timestamp,
    /// Until when it may be answered now.
    pub deadline: Timestamp,
}

/// Why an exchange is not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRequeued {
    /// It has not ended.
    StillInWork,
    /// It was refused before it was accepted.
    NeverAccepted,
    /// The receiver's answer is on record.
    Answered,
    /// The receiver may have got it, and must not get it twice.
    MayHaveArrived,
    /// The receiver may have got it, and may have forgotten that: more than [`REQUEUE_SECONDS`] lie between A and the new
    /// deadline.
    TooLate,
}

impl core::fmt::Display for NotRequeued {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(match self {
            Self::StillInWork => "it has not ended yet: wait for its outcome",
            Self::NeverAccepted => "it was refused before it was accepted: its sender asks again",
            Self::Answered => "the receiver's answer is on record: read the outcome",
            Self::MayHaveArrived => {
                "the receiver may have got it, changes something with it, and is not registered as \
                 one that deduplicates: ask the receiver what it did"
            }
            Self::TooLate => {
                "the receiver may have got it, and it is so long ago that it may have forgotten that: \
                 ask the receiver what it did"
            }
        })
    }
}

impl std::error::Error for NotRequeued {}

impl Again {
    /// Whether a message that comes at the new deadline may come to one who has forgotten the first.
    fn is_forgotten(&self) -> bool {
        let apart = self
            .deadline
            .seconds()
            .saturating_sub(self.accepted.seconds());
        // To the second, whatever the fractions are.
        apart >= i64::from(REQUEUE_SECONDS)
    }
}

impl Passage {
    /// Asks for it again, under the same correlation id. How it ended stays as it is: an answer is recorded as late.
    ///
    /// # Errors
    /// Why not; nothing was changed.
    pub fn requeue(&mut self, again: Again) -> Result<Step, NotRequeued> {
        if self.next != Next::Done {
            return Err(NotRequeued::StillInWork);
        }
        if !self.accepted {
            return Err(NotRequeued::NeverAccepted);
        }
        if self.ending == Some(Ending::Answered) || self.late != Late::None {
            return Err(NotRequeued::Answered);
        }
        if self.delivery == Delivery::Once && self.left != Left::No {
            return Err(NotRequeued::MayHaveArrived);
        }
        if self.left != Left::No && again.is_forgotten() {
            return Err(NotRequeued::TooLate);
        }
        self.new_deadline = Some(again.deadline);
        // What is known to be unsent is marked anew.
        self.marked = self.left != Left::No;
        self.next = Next::RecordRequeue;
        Ok(Step::Act)
    }
}
