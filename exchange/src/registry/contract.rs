//! Contracts: one-way, offered by who receives and signed by who gives (X-CONTRACT).

use daxsign_core::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::clause::{AnyClause, Clause};
use crate::party::Party;
use crate::record::ContractVersion;

/// How far a contract has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// By the promisee. It has no effect.
    Offered,
    /// By the promisor. It has effect within its period.
    Signed,
    /// Its period is over.
    Expired,
    /// By either party.
    Cancelled,
}

/// What is agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terms {
    /// Which contract.
    #[serde(with = "super::text::shown")]
    pub contract_id: Uuid,
    /// Who gives access, to this installation.
    #[serde(with = "super::text::shown")]
    pub promisor: Party,
    /// The partner that receives it, with all its instances.
    #[serde(with = "super::text::shown")]
    pub promisee: Uuid,
    /// Its first moment.
    #[serde(with = "super::text::time")]
    pub from: Timestamp,
    /// The moment at which it has no effect any more.
    #[serde(with = "super::text::time")]
    pub until: Timestamp,
    /// Its clauses, in the order in which they are looked at.
    pub clauses: Vec<Clause>,
    /// How many seconds the promisor has to answer; 10 unless stated.
    #[serde(default = "ten")]
    pub deadline_seconds: u32,
}

const fn ten() -> u32 {
    10
}

/// A contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// What is agreed.
    pub terms: Terms,
    /// How far it has come.
    pub state: State,
    /// Counts its changes, from 1.
    pub version: u32,
    /// SHA-256 of the offer's body, which the promisor signs.
    pub offer: [u8; 32],
    /// Who offered it.
    pub offered_by: Party,
    /// When it was offered.
    pub created: Timestamp,
    /// When it was signed.
    pub signed: Option<Timestamp>,
}

impl Contract {
    /// Whether it has effect.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.state == State::Signed && self.terms.from <= now && now < self.terms.until
    }

    /// For how many days what is said under it is kept, where it says so; of several the fewest.
    #[must_use]
    pub fn days_kept(&self) -> Option<u64> {
        let clauses = self.terms.clauses.iter();
        let days = clauses.filter_map(|clause| match clause.meaning() {
            Some(AnyClause::Kept(days)) => Some(days),
            _ => None,
        });
        days.min()
    }

    /// What a leaf names it by.
    #[must_use]
    pub const fn version(&self) -> ContractVersion {
        ContractVersion {
            id: self.terms.contract_id,
            version: self.version,
        }
    }
}
