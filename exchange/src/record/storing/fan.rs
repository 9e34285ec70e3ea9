//! One request to several receivers, as it stands on record beside its children (X-FANOUT).

use daxsign_core::Timestamp;

use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::leaf::leaf::HASH_LEN;
use crate::record::storing::idempotency::IdempotencyKey;
use crate::record::storing::outcome::Outcome;
use crate::record::storing::replay_key::ReplayKey;

/// A request to several receivers: on disk before the first of its children is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fan {
    /// Made when its first byte came; the parent of its children.
    pub correlation: CorrelationId,
    /// Now.
    pub at: Timestamp,
    /// Who signed it.
    pub sender: Party,
    /// The SHA-256 of its signing string.
    pub request: [u8; HASH_LEN],
    /// What it is recognised by.
    pub replay: ReplayKey,
    /// The sender's key for retries.
    pub idempotency: Option<IdempotencyKey>,
    /// Who is asked, each under an id of its own.
    pub children: Vec<(CorrelationId, Party)>,
}

/// All children have ended: what their sender would have been told of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FanEnd {
    /// Of which request.
    pub correlation: CorrelationId,
    /// The status for each child.
    pub statuses: Vec<(CorrelationId, u16)>,
}

/// A request to several receivers, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fanned {
    /// Its id.
    pub correlation: CorrelationId,
    /// When it was taken in.
    pub at: Timestamp,
    /// Whether some of its children have not ended.
    pub open: bool,
    /// Its children, in the order of their receivers.
    pub children: Vec<Child>,
}

/// One of its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Child {
    /// Its id.
    pub correlation: CorrelationId,
    /// Who is asked.
    pub receiver: Party,
    /// What its sender would have been told; `None` where the process ended before all had theirs.
    pub status: Option<u16>,
    /// What became of it; `None` where it was never accepted.
    pub outcome: Option<Outcome>,
}
