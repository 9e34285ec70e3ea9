//! How messages get to parties: a connection that they keep open (X-BUS), HTTP, or a channel of this process.

use crate::correlation::CorrelationId;
use crate::party::Party;

/// A message for a party.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Of which exchange.
    pub correlation: CorrelationId,
    /// Tells it from earlier attempts; it comes back in the [`Report`].
    pub attempt: u32,
    /// For whom.
    pub receiver: Party,
    /// The message, of the type `message/http`.
    pub bytes: Vec<u8>,
}

/// What a wire tells, through an [`Inlet`](super::Inlet).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// A party can be reached now, or not. After each `Unsent` and `Cut` it counts as not reachable until this
    /// says so again.
    Reach(Party, bool),
    /// The message has been sent.
    Sent(CorrelationId, u32),
    /// No byte of it has left.
    Unsent(CorrelationId, u32),
    /// The connection ended; the message may have arrived.
    Cut {
        /// Of which exchange.
        correlation: CorrelationId,
        /// Which attempt.
        attempt: u32,
        /// Whether the answer can come over another connection.
        answer_can_come: bool,
    },
}

/// A way to parties. It promises nothing; the record does.
pub trait Wire: Send + 'static {
    /// Sends it, without waiting. What becomes of it is [reported](Report), once for each parcel.
    fn send(&mut self, parcel: Parcel);
}

impl core::fmt::Debug for Parcel {
    /// Without the message, which may hold a PIN.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self {
            correlation,
            attempt,
            receiver,
            bytes,
        } = self;
        let len = bytes.len();
        write!(
            formatter,
            "Parcel({correlation}, {attempt}, {receiver}, {len} bytes)"
        )
    }
}
