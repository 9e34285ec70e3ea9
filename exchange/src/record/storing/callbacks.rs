//! Callbacks (X-CALLBACK): what is registered, what is to be delivered, and how far that is.

use core::fmt;

use daxsign_core::Timestamp;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::leaf::content::Content;
use crate::record::leaf::leaf::{ContractVersion, HASH_LEN};
use crate::record::storing::delivery::Delivery;
use crate::record::storing::operation::End;

/// A message by which a party registers, changes or removes callbacks: an event.
#[derive(Clone)]
pub struct CallbackChange {
    /// Made when its first byte came.
    pub correlation: CorrelationId,
    /// Now.
    pub at: Timestamp,
    /// Who signed it.
    pub owner: Party,
    /// The SHA-256 of the certificate that verified it.
    pub thumbprint: [u8; HASH_LEN],
    /// Message and signature; the message holds the token too, and lies nowhere else.
    pub content: Content,
    /// New ones, and what those that are there become: sealed as they are.
    pub set: Vec<(Uuid, Zeroizing<Vec<u8>>)>,
    /// Those that are registered no more.
    pub removed: Vec<Uuid>,
}

/// A callback as it was registered.
#[derive(Clone)]
pub struct KeptCallback {
    /// Its id.
    pub id: Uuid,
    /// Who registered it.
    pub owner: Party,
    /// What was kept of it.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// What a party tells, and whom.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// The id of its message.
    pub parent: CorrelationId,
    /// Now.
    pub at: Timestamp,
    /// When it is given up.
    pub deadline: Timestamp,
    /// Who tells.
    pub sender: Party,
    /// The SHA-256 of the certificate that verified it.
    pub thumbprint: [u8; HASH_LEN],
    /// The SHA-256 of its signing string.
    pub request: [u8; HASH_LEN],
    /// Message and signature.
    pub content: Content,
    /// Each with an exchange of its own.
    pub deliveries: Vec<NewDelivery>,
}

/// A callback that is to be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// Under this id, in each attempt.
    pub correlation: CorrelationId,
    /// Which.
    pub callback: Uuid,
    /// Who registered it.
    pub receiver: Party,
    /// What allows that it is told.
    pub contract: ContractVersion,
    /// Whether it may go again where it may have arrived.
    pub delivery: Delivery,
    /// Too many wait for the receiver: it ends at once.
    pub refused: bool,
}

/// A delivery that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenDelivery {
    /// Its first leaf.
    pub leaf: u64,
    /// Its id.
    pub correlation: CorrelationId,
    /// Which callback.
    pub callback: Uuid,
    /// Who tells.
    pub sender: Party,
    /// Who registered it.
    pub receiver: Party,
    /// What allows it.
    pub contract: Option<ContractVersion>,
    /// When it began.
    pub accepted: Timestamp,
    /// When it is given up.
    pub deadline: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// Whether the last attempt may have arrived: it began, and nothing is known of its end.
    pub under_way: bool,
    /// Whether it may go again then.
    pub delivery: Delivery,
}

/// What an attempt needs, once it is on disk that it begins.
#[derive(Clone)]
pub struct TakenIn {
    /// Counts attempts, from 1.
    pub attempt: u32,
    /// The callback as it is registered now; `None` where it is no more.
    pub callback: Option<KeptCallback>,
    /// What the party told, as it came.
    pub message: Vec<u8>,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// It is tried again, and may have arrived, or is known not to have been taken.
    Open(CorrelationId, bool),
    /// It has ended.
    Ended(End, CallbackEnd),
}

/// How a delivery ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackEnd {
    /// The receiver took it.
    Delivered,
    /// It does not want it, or is registered no more.
    Refused,
    /// It was not taken in all attempts.
    Expired,
    /// It may have arrived, and must not go twice.
    Unknown,
}

impl fmt::Debug for CallbackChange {
    /// Without what holds tokens.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            correlation, owner, ..
        } = self;
        write!(formatter, "CallbackChange({correlation}, {owner})")
    }
}

impl fmt::Debug for KeptCallback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeptCallback({}, {})", self.id, self.owner)
    }
}

impl fmt::Debug for TakenIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TakenIn({})", self.attempt)
    }
}
