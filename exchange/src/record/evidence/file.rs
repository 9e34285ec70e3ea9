//! The form of an evidence file: JSON, with bytes in base64, and only one form for the same content, so that whoever
//! changes a byte changes what it says.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::record::evidence::problem::EvidenceProblem;

/// What the file calls itself.
pub(crate) const FORMAT: &str = "daxsign-evidence-1";
/// The longest evidence file that is read, in bytes.
pub const MAX_EVIDENCE_LEN: usize = 128 << 20;

/// The whole file. Fields stand in this order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceFile {
    /// [`FORMAT`].
    pub(crate) format: String,
    /// The exchange's correlation id.
    pub(crate) correlation: String,
    /// The log's first leaf, which names its key.
    pub(crate) log: LoggedEvent,
    /// A signed note.
    pub(crate) checkpoint: String,
    /// The exchange's events and those of its contract, in the log's order.
    pub(crate) events: Vec<LoggedEvent>,
    /// What the exchange signed.
    pub(crate) sent: Vec<SentHead>,
    /// The certificates that verify all this, DER.
    pub(crate) certificates: Vec<Bytes>,
}

/// A leaf, where it stands, and what lies beside it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoggedEvent {
    /// Its place in the log.
    pub(crate) index: u64,
    /// Its bytes.
    pub(crate) leaf: Bytes,
    /// The hashes from it to the root (RFC 6962, 2.1.1).
    pub(crate) proof: Vec<Bytes>,
    /// What lies beside it; null where it is erased.
    pub(crate) content: Option<ShownContent>,
}

/// What lies beside a leaf, with the salt of its commitment.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShownContent {
    pub(crate) salt: Bytes,
    pub(crate) message: Bytes,
    pub(crate) signature: Bytes,
    pub(crate) statement: Bytes,
}

/// What the exchange signed for a party.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentHead {
    /// For whom.
    pub(crate) to: SentTo,
    /// Up to and with the empty line.
    pub(crate) head: Bytes,
    /// Null where it is that of the request or the answer.
    pub(crate) body: Option<Bytes>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SentTo {
    Receiver,
    Sender,
}

/// Bytes, in base64 (RFC 4648, 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD
            .decode(text)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

impl EvidenceFile {
    /// The file's bytes.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, EvidenceProblem> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(EvidenceProblem::form)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) writes and nothing else.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, EvidenceProblem> {
        if bytes.len() > MAX_EVIDENCE_LEN {
            return Err(EvidenceProblem::form("it is too long"));
        }
        let file: Self = serde_json::from_slice(bytes).map_err(EvidenceProblem::form)?;
        if file.format != FORMAT {
            return Err(EvidenceProblem::form(format!("its format is not {FORMAT}")));
        }
        if file.to_bytes()? != bytes {
            return Err(EvidenceProblem::form(
                "it is not written as the exchange writes it",
            ));
        }
        Ok(file)
    }
}
