//! What became of a request (X-OUTCOME).

use daxsign_core::Timestamp;

use crate::correlation::CorrelationId;
use crate::record::leaf::leaf::HASH_LEN;
use crate::record::storing::ending::Ending;

/// By what an outcome is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The correlation id.
    Correlation(CorrelationId),
    /// The SHA-256 of the request's signing string.
    Request([u8; HASH_LEN]),
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its id.
    pub correlation: CorrelationId,
    /// When it was accepted or refused.
    pub at: Timestamp,
    /// How it ended; `None` while it is in work.
    pub ending: Option<Ending>,
    /// Whether the receiver may have got it: false only where it is known that it did not.
    pub may_have_left: bool,
    /// Whether an answer after its end is on record.
    pub late: bool,
    /// Whether its messages are erased.
    pub erased: bool,
}
