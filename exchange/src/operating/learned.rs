//! What the record said when it was asked last.

use daxsign_core::Timestamp;

/// What was learned of the record last.
#[derive(Clone, Debug)]
pub(super) struct Learned {
    /// How many leaves the log has.
    pub(super) size: u64,
    /// When its last checkpoint was signed.
    pub(super) checkpoint: Timestamp,
    /// How many bytes its files have.
    pub(super) bytes: u64,
    /// Why it could not be asked.
    pub(super) problem: Option<String>,
}
