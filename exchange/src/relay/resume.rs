//! An exchange as the store has it: after a crash, or when something more comes of it (X-DURABLE).

use daxsign_core::Timestamp;

use super::next::Next;
use super::passage::{Late, Left, Passage};
use crate::record::Delivery;
use crate::record::Ending;
use crate::record::Standing;

impl Passage {
    /// One whose A is on disk, with what must be done next. Nobody waits for its answer.
    ///
    /// What is not known to be unsent is sent again where that may be, and else is `unknown`.
    #[must_use]
    pub fn resume(row: Standing, now: Timestamp) -> Self {
        let passage = Self {
            delivery: row.delivery,
            deadline: Some(row.deadline),
            requeued: row.requeued,
            accepted: true,
            marked: row.may_have_left,
            left: if row.may_have_left {
                Left::Maybe
            } else {
                Left::No
            },
            ending: row.ending,
            late: if row.late { Late::Recorded } else { Late::None },
            sender_waits: false,
            ..Self::new()
        };
        Self {
            next: passage.after_restart(now),
            ..passage
        }
    }

    fn after_restart(&self, now: Timestamp) -> Next {
        let spent = self.delivery == Delivery::Once && self.left != Left::No;
        match self.ending {
            None if spent => Next::RecordEnding(Ending::Unknown),
            None if self.is_due(now) => Next::RecordEnding(Ending::Expired),
            None => Next::AwaitTurn,
            Some(_) if self.requeued && !spent && self.late == Late::None && !self.is_due(now) => {
                Next::AwaitTurn
            }
            Some(_) => Next::Done,
        }
    }
}
