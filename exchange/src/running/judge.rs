//! Who decides about a request (steps 3 to 5), and whose keys are whose.

use daxsign_core::{PublicKey, Timestamp};
use serde_json::Value;

use super::promise::Promise;
use crate::correlation::CorrelationId;
use crate::deciding::Fields;
use crate::message::Message;
use crate::party::Party;
use crate::record::{ContractVersion, Delivery, HASH_LEN, IdempotencyKey};
use crate::registry::Quota;

/// A request that is judged.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Its id.
    pub correlation: CorrelationId,
    /// Who sent it, as the door knows: by its token, by its client certificate.
    pub sender: Party,
    /// The request.
    pub message: &'a Message<'a>,
    /// The same as bytes.
    pub bytes: &'a [u8],
    /// Now.
    pub now: Timestamp,
}

/// What a request comes to.
#[derive(Debug)]
pub enum Judged {
    /// No signature held (step 3): told without a signature of the exchange, and not on record.
    Unproven(Refused),
    /// It is refused after its signature held: an event (X-REFUSED).
    Refused(Verified, Refused),
    /// It goes on to a party.
    Allowed(Verified, Allowed),
    /// The exchange answers it itself.
    Own(Verified, Own),
}

/// The sender's signature holds (step 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The SHA-256 of its signing string.
    pub string_hash: [u8; HASH_LEN],
    /// The SHA-256 of the certificate whose key it was.
    pub thumbprint: [u8; HASH_LEN],
    /// Its date.
    pub date: Timestamp,
    /// What stands in the head of every answer to it, unsigned.
    pub fields: Fields,
}

/// Between whom, and by which contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Who is asked.
    pub receiver: Party,
    /// What allows it.
    pub contract: ContractVersion,
}

/// Contract and clauses allow it (steps 4 and 5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Between whom, and by which contract.
    pub found: Found,
    /// Whether the receiver may get it twice (X-ONCE).
    pub delivery: Delivery,
    /// When it expires (X-LATE).
    pub deadline: Timestamp,
    /// The sender's key for retries.
    pub idempotency: Option<IdempotencyKey>,
    /// What the contract counts: it is [counted](Judge::count) before it is accepted.
    pub quotas: Vec<Quota>,
    /// When it was judged.
    pub now: Timestamp,
    /// What is on record of it: which clause.
    pub statement: String,
}

/// At which step a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Step 4, and what comes before it: the target, the contract.
    Contract,
    /// Step 5: schema, clauses, the idempotency key.
    Operation,
}

/// A check failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where, once the signature held.
    pub at: At,
    /// The HTTP status.
    pub status: u16,
    /// What the sender is told, a sentence for each thing that is wrong.
    pub told: Vec<String>,
    /// What stands in the head of the answer, unsigned.
    pub fields: Fields,
    /// What is on record of it: which check, clause, rule.
    pub statement: String,
    /// For whom it was, where that is known.
    pub receiver: Option<Party>,
    /// What it was judged by, where that is known.
    pub contract: Option<ContractVersion>,
}

/// What the exchange does itself. Its bytes are used up first, so that it is done once.
pub enum Own {
    /// This is the answer.
    Now(OwnAnswer),
    /// What became of a request of the same instance, by the store (X-OUTCOME).
    Outcome(crate::record::Asked),
    /// These are asked, each by its contract, and their answers are merged (X-FANOUT). The sender's key for retries is that of
    /// the whole.
    Fan(Vec<Allowed>, Option<IdempotencyKey>),
    /// It is begun now, without waiting, and answered later.
    Later(Box<dyn FnOnce(OnOwn) + Send>),
}

/// An answer of the exchange itself.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnAnswer {
    /// The HTTP status.
    pub status: u16,
    /// What stands in `data`.
    pub data: Value,
    /// What stands in `paging`.
    pub paging: Value,
}

/// Told what the exchange did; `None`, and 503, where it ends before.
pub type OnOwn = Promise<Result<OwnAnswer, Refused>>;
/// Told whether there was room in the quotas; `None`, and 503, where they cannot be counted.
pub type OnCounted = Promise<Result<(), Refused>>;

/// Decides. Called on the driver's thread: it waits for nothing.
pub trait Judge: Send + 'static {
    /// What a request comes to. Whether it is a replay, and whether its idempotency key is known, the store decides.
    fn judge(&mut self, asking: &Asking<'_>) -> Judged;

    /// Counts a request in its quotas, which decides for all who ask at once.
    fn count(&mut self, allowed: &Allowed, told: OnCounted);

    /// The keys that a party's answers may be signed with now, each with the SHA-256 of its certificate.
    fn keys(&mut self, party: &Party, now: Timestamp) -> Vec<(&PublicKey, [u8; HASH_LEN])>;
}

impl core::fmt::Debug for Own {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(match self {
            Self::Now(_) => "Now(…)",
            Self::Outcome(_) => "Outcome(…)",
            Self::Fan(..) => "Fan(…)",
            Self::Later(_) => "Later(…)",
        })
    }
}
