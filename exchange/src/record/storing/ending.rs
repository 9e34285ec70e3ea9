//! What becomes of an exchange.

/// How an exchange ended: one of these, decided once (X-LATE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// The receiver answered in time, and its signature held.
    Answered,
    /// A check failed after a valid signature: of the request, or of the receiver's answer (X-REFUSED).
    Refused,
    /// No answer came before the deadline.
    Expired,
    /// It was sent perhaps, must not be sent twice, and nobody will know.
    Unknown,
}
