//! What the store is asked for an exchange, with what is done then.

use daxsign_core::Timestamp;

use super::judge::{Allowed, Own};
use super::promise::Promise;
use crate::correlation::CorrelationId;
use crate::record::{Content, Row};
use crate::relay::NotRequeued;

/// What is done with a request whose bytes are used up.
pub(super) enum Then {
    /// It is answered.
    Own(Own),
    /// These are asked, each under an id of its own.
    Fan(Vec<(CorrelationId, Allowed)>),
    /// It is counted in its contract's quotas.
    Count,
}

/// Told once it is on disk that it is asked for again, or why it is not; `None` where nothing could be read or written.
pub type OnRequeued = Promise<Result<(), NotRequeued>>;

/// An ended exchange that is asked for again.
pub(super) struct Ended {
    pub(super) id: CorrelationId,
    /// `None` for what was never accepted, or is erased.
    pub(super) found: Option<EndedRow>,
    pub(super) deadline: Timestamp,
    pub(super) told: OnRequeued,
}

/// What the store has of it.
pub(super) struct EndedRow {
    pub(super) row: Row,
    pub(super) request: Content,
    /// When A was.
    pub(super) accepted: Timestamp,
}
