//! What stands in the bodies of the messages by which a contract is offered and signed.
//!
//! Read only behind a signature that holds; who signed it is then compared with the terms
//! ([`Registry::apply`](super::Registry::apply)).

use daxsign_core::Sha256;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contract::Terms;

/// A body that is no offer, or no signature of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAContractMessage(String);

/// An offer: its terms, and the hash of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// What is offered.
    pub terms: Terms,
    /// SHA-256 of the body: what the promisor signs is exactly this.
    pub offer: [u8; 32],
}

/// A promisor's signature, or a party's cancelling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signature {
    /// Which contract.
    #[serde(with = "super::text::shown")]
    pub contract_id: Uuid,
    /// SHA-256 of the offer's body, in base64.
    #[serde(with = "super::text::hash")]
    pub offer: [u8; 32],
}

impl Offered {
    /// Reads the body of an offer: the terms as JSON.
    ///
    /// # Errors
    /// [`NotAContractMessage`], with the place.
    pub fn from_body(body: &[u8]) -> Result<Self, NotAContractMessage> {
        Ok(Self {
            terms: read(body)?,
            offer: Sha256::digest(body),
        })
    }
}

impl Signature {
    /// Reads the body of a signature: `{"contractId": …, "offer": …}`.
    ///
    /// # Errors
    /// [`NotAContractMessage`], with the place.
    pub fn from_body(body: &[u8]) -> Result<Self, NotAContractMessage> {
        read(body)
    }
}

fn read<'b, T: Deserialize<'b>>(body: &'b [u8]) -> Result<T, NotAContractMessage> {
    serde_json::from_slice(body).map_err(|error| NotAContractMessage(error.to_string()))
}

impl core::fmt::Display for NotAContractMessage {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            formatter,
            "not the body of a contract's message: {}",
            self.0
        )
    }
}

impl std::error::Error for NotAContractMessage {}
