//! What is done to the registry. It is the sum of its changes, and knows nothing else.

use core::fmt;

use daxsign_core::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contract::Terms;
use super::partner::Instance;
use super::published::PublishedGroup;
use crate::party::Party;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "change")]
pub enum Change {
    /// A partner takes part.
    AddPartner {
        /// Its id.
        #[serde(with = "super::text::shown")]
        partner: Uuid,
        /// What people call it.
        name: String,
    },
    /// An instance of it does; one that is there gets another name or other ways.
    SetInstance(Instance),
    /// It has a certificate more. That the authority issued it was checked before.
    AddCertificate {
        /// Whose it is.
        #[serde(with = "super::text::shown")]
        party: Party,
        /// Its DER.
        #[serde(with = "super::text::base64")]
        der: Vec<u8>,
    },
    /// A certificate no longer counts.
    Revoke {
        /// Its SHA-256.
        #[serde(with = "super::text::hash")]
        thumbprint: [u8; 32],
    },
    /// A name gets a password, or another one.
    SetCredential(NewCredential),
    /// A name is no longer known.
    RemoveCredential {
        /// Which.
        name: String,
    },
    /// A promisee offers a contract.
    Offer {
        /// What it offers.
        terms: Terms,
        /// SHA-256 of the offer's body.
        #[serde(with = "super::text::hash")]
        offer: [u8; 32],
        /// Who signed the message.
        #[serde(with = "super::text::shown")]
        by: Party,
    },
    /// The promisor signs it.
    Sign {
        /// Which contract.
        #[serde(with = "super::text::shown")]
        contract: Uuid,
        /// SHA-256 of the body of the offer that is meant.
        #[serde(with = "super::text::hash")]
        offer: [u8; 32],
        /// Who signed the message.
        #[serde(with = "super::text::shown")]
        by: Party,
    },
    /// One of the two ends it.
    Cancel {
        /// Which contract.
        #[serde(with = "super::text::shown")]
        contract: Uuid,
        /// Who signed the message.
        #[serde(with = "super::text::shown")]
        by: Party,
    },
    /// A promisor shows these access groups to a partner, in place of those that it showed it before.
    Publish {
        /// Who signed the message.
        #[serde(with = "super::text::shown")]
        by: Party,
        /// To whom.
        #[serde(with = "super::text::shown")]
        destination: Uuid,
        /// Which.
        groups: Vec<PublishedGroup>,
    },
    /// Its period is over.
    Expire {
        /// Which contract.
        #[serde(with = "super::text::shown")]
        contract: Uuid,
    },
}

/// A name with its hashed password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCredential {
    /// The name.
    pub name: String,
    /// A fresh id.
    #[serde(with = "super::text::shown")]
    pub id: Uuid,
    /// Whose it is.
    #[serde(with = "super::text::shown")]
    pub party: Party,
    /// The argon2id hash.
    pub hash: String,
}

impl fmt::Debug for NewCredential {
    /// Without the hash.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewCredential")
            .field("name", &self.name)
            .field("party", &self.party)
            .finish_non_exhaustive()
    }
}

/// The message by which a party made a change, with what verified it: for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The message as it came, without `Authorization`.
    pub message: Vec<u8>,
    /// The value of its `Signature` field.
    pub signature: Vec<u8>,
    /// SHA-256 of the certificate that verified it.
    pub thumbprint: [u8; 32],
}

/// A change with its moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Dated {
    #[serde(with = "super::text::time")]
    pub(super) at: Timestamp,
    #[serde(flatten)]
    pub(super) change: Change,
}

impl Change {
    /// Whether a party has to sign it: the operator alone cannot make it.
    #[must_use]
    pub const fn by(&self) -> Option<Party> {
        match self {
            Self::Offer { by, .. }
            | Self::Sign { by, .. }
            | Self::Cancel { by, .. }
            | Self::Publish { by, .. } => Some(*by),
            _ => None,
        }
    }
}
