//! Who decides about a request (steps 3 to 5), and whose keys are whose.

use daxsign_core::{PublicKey, Timestamp};

use crate::message::Message;
use crate::party::Party;
use crate::record::{ContractVersion, Delivery, HASH_LEN};

/// A request that is judged.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Who sent it, as the door knows: by its token, by its client certificate.
    pub sender: Party,
    /// The request.
    pub message: &'a Message<'a>,
    /// Now.
    pub now: Timestamp,
}

/// The sender's signature holds (step 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The SHA-256 of its signing string.
    pub string_hash: [u8; HASH_LEN],
    /// The SHA-256 of the certificate whose key it was.
    pub thumbprint: [u8; HASH_LEN],
    /// Its date.
    pub date: Timestamp,
}

/// The contract is in force (step 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Who is asked.
    pub receiver: Party,
    /// What allows it.
    pub contract: ContractVersion,
}

/// A clause allows it (step 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Whether the receiver may get it twice (X-ONCE).
    pub delivery: Delivery,
    /// When it expires (X-LATE).
    pub deadline: Timestamp,
    /// The sender's key for retries, as it stands in the request.
    pub idempotency: Option<String>,
    /// What is on record of it: which clause.
    pub statement: String,
}

/// A check failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// What the sender is told.
    pub told: String,
    /// What is on record of it: which check, clause, rule.
    pub statement: String,
    /// For whom it was, where that is known.
    pub receiver: Option<Party>,
    /// What it was judged by, where that is known.
    pub contract: Option<ContractVersion>,
}

/// Decides. Called on the driver's thread: it waits for nothing.
pub trait Judge: Send + 'static {
    /// Whether the sender's signature holds.
    ///
    /// # Errors
    /// [`Refused`]: told without a signature of the exchange, and not on record.
    fn verify(&mut self, asking: &Asking<'_>) -> Result<Verified, Refused>;

    /// Which contract is in force between whom.
    ///
    /// # Errors
    /// [`Refused`], an event.
    fn contract(&mut self, asking: &Asking<'_>, verified: &Verified) -> Result<Found, Refused>;

    /// Whether schema and clauses allow it.
    ///
    /// # Errors
    /// [`Refused`], an event.
    fn operation(
        &mut self,
        asking: &Asking<'_>,
        verified: &Verified,
        found: &Found,
    ) -> Result<Allowed, Refused>;

    /// The keys that a party's answers may be signed with now, each with the SHA-256 of its certificate.
    fn keys(&self, party: &Party, now: Timestamp) -> Vec<(&PublicKey, [u8; HASH_LEN])>;
}
