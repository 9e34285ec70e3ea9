//! How an exchange stands: all that is needed to go on with it after a crash.

use daxsign_core::Timestamp;

use crate::record::storing::delivery::Delivery;
use crate::record::storing::ending::Ending;

/// How an exchange stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
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
