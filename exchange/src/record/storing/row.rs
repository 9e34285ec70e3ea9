//! The outbox row.

use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::leaf::leaf::ContractVersion;
use crate::record::storing::standing::Standing;

/// What the store holds of an exchange for the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which exchange.
    pub correlation: CorrelationId,
    /// The number of its first leaf: the order of A.
    pub leaf: u64,
    /// Who sent it.
    pub sender: Party,
    /// For whom it is.
    pub receiver: Party,
    /// What allowed it.
    pub contract: Option<ContractVersion>,
    /// How it stands.
    pub standing: Standing,
}
