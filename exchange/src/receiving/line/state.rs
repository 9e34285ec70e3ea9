//! How a line stands.

use daxsign_core::Timestamp;

/// How a line stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineState {
    /// Since when it is connected.
    pub connected_since: Option<Timestamp>,
    /// Why it is not, or was not before.
    pub trouble: Option<String>,
    /// How many messages came that do not verify; nothing is done with them.
    pub refused: u64,
    /// Why the last of them does not.
    pub last_refusal: Option<String>,
    /// How many times it connected.
    pub connections: u64,
    /// How many requests are remembered, so that none is acted on twice.
    pub remembered: usize,
    /// How many requests were answered with 503, since as many waited or were remembered as may be.
    pub turned_away: u64,
}
