//! A leaf: the fields of an event, and the one way to write them as bytes.
//!
//! ```text
//! version      1 byte    1
//! kind         1 byte    Kind::code
//! present      1 byte    which of the optional fields follow: bit 0 parent … bit 4 thumbprint
//! correlation 16 bytes
//! parent      16 bytes   bit 0
//! time        12 bytes   seconds since 1970 as a signed 64-bit number, nanoseconds as a 32-bit one
//! sender      32 bytes   bit 1: partner, instance
//! receiver    32 bytes   bit 2: partner, instance
//! contract    20 bytes   bit 3: id, version as a 32-bit number
//! thumbprint  32 bytes   bit 4: SHA-256 of the certificate
//! commitment  32 bytes
//! ```
//!
//! Numbers are big-endian. Every field has one length, so that two leaves never have the same bytes and
//! one leaf never has two forms.

use core::fmt;

use daxsign_core::Timestamp;
use uuid::Uuid;

use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::leaf::kind::Kind;

/// What every leaf that is written today starts with.
pub const LEAF_VERSION: u8 = 1;
/// The longest leaf: every field of the table above.
pub const MAX_LEAF_LEN: usize = 195;
/// What no leaf of any version reaches (X-LEAF).
pub const LEAF_LIMIT: usize = 1024;
/// The length of a SHA-256.
pub const HASH_LEN: usize = 32;

const PARENT: u8 = 1;
const SENDER: u8 = 2;
const RECEIVER: u8 = 4;
const CONTRACT: u8 = 8;
const THUMBPRINT: u8 = 16;
const KNOWN: u8 = PARENT | SENDER | RECEIVER | CONTRACT | THUMBPRINT;

/// A contract as it was when something was judged by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContractVersion {
    /// Its id.
    pub id: Uuid,
    /// Counts its changes.
    pub version: u32,
}

/// An event as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// What happened.
    pub kind: Kind,
    /// In which exchange.
    pub correlation: CorrelationId,
    /// The exchange that this one was made for (X-FANOUT).
    pub parent: Option<CorrelationId>,
    /// When, by the exchange's clock.
    pub at: Timestamp,
    /// Who signed the message; of an outcome without a message, who had sent the request.
    pub sender: Option<Party>,
    /// For whom it was.
    pub receiver: Option<Party>,
    /// What allowed it.
    pub contract: Option<ContractVersion>,
    /// The SHA-256 of the certificate that verified the message.
    pub thumbprint: Option<[u8; HASH_LEN]>,
    /// What it promises of the content beside it: `commitment`.
    pub commitment: [u8; HASH_LEN],
}

/// Why bytes are no leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeafProblem {
    /// They end too early.
    Short,
    /// They go on behind the end.
    Long,
    /// A version that this program does not know.
    Version(u8),
    /// A kind that version 1 does not have.
    Kind(u8),
    /// Fields that version 1 does not have.
    Fields(u8),
    /// No time has that many nanoseconds.
    Time,
}

impl Leaf {
    /// Its bytes, which the log hashes: at most [`MAX_LEAF_LEN`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(MAX_LEAF_LEN);
        bytes.extend([LEAF_VERSION, self.kind.code(), self.present()]);
        bytes.extend(self.correlation.as_bytes());
        bytes.extend(self.parent.iter().flat_map(CorrelationId::as_bytes));
        bytes.extend(self.at.seconds().to_be_bytes());
        bytes.extend(self.at.nanoseconds().to_be_bytes());
        for party in self.sender.iter().chain(&self.receiver) {
            bytes.extend(party.to_bytes());
        }
        if let Some(contract) = &self.contract {
            bytes.extend(contract.id.as_bytes());
            bytes.extend(contract.version.to_be_bytes());
        }
        bytes.extend(self.thumbprint.iter().flatten());
        bytes.extend(self.commitment);
        bytes
    }

    fn present(&self) -> u8 {
        let bit = |there: bool, bit: u8| if there { bit } else { 0 };
        bit(self.parent.is_some(), PARENT)
            | bit(self.sender.is_some(), SENDER)
            | bit(self.receiver.is_some(), RECEIVER)
            | bit(self.contract.is_some(), CONTRACT)
            | bit(self.thumbprint.is_some(), THUMBPRINT)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) writes, and nothing else.
    ///
    /// # Errors
    /// The first problem.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LeafProblem> {
        let mut fields = Fields(bytes);
        let [version, kind, present] = fields.take()?;
        if version != LEAF_VERSION {
            return Err(LeafProblem::Version(version));
        }
        let kind = Kind::from_code(kind).ok_or(LeafProblem::Kind(kind))?;
        if present & !KNOWN != 0 {
            return Err(LeafProblem::Fields(present));
        }
        let has = |bit: u8| present & bit != 0;
        let leaf = Self {
            kind,
            correlation: fields.correlation()?,
            parent: fields.optional(has(PARENT), Fields::correlation)?,
            at: fields.time()?,
            sender: fields.optional(has(SENDER), Fields::party)?,
            receiver: fields.optional(has(RECEIVER), Fields::party)?,
            contract: fields.optional(has(CONTRACT), Fields::contract)?,
            thumbprint: fields.optional(has(THUMBPRINT), Fields::take)?,
            commitment: fields.take()?,
        };
        fields.end(leaf)
    }
}

/// What is not read yet.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], LeafProblem> {
        let (field, rest) = self.0.split_first_chunk().ok_or(LeafProblem::Short)?;
        self.0 = rest;
        Ok(*field)
    }

    fn optional<T>(
        &mut self,
        there: bool,
        read: impl FnOnce(&mut Self) -> Result<T, LeafProblem>,
    ) -> Result<Option<T>, LeafProblem> {
        there.then(|| read(self)).transpose()
    }

    fn correlation(&mut self) -> Result<CorrelationId, LeafProblem> {
        self.take().map(CorrelationId::from_bytes)
    }

    fn time(&mut self) -> Result<Timestamp, LeafProblem> {
        let seconds = i64::from_be_bytes(self.take()?);
        let nanoseconds = u32::from_be_bytes(self.take()?);
        Timestamp::from_unix(seconds, nanoseconds).map_err(|_| LeafProblem::Time)
    }

    fn party(&mut self) -> Result<Party, LeafProblem> {
        self.take().map(Party::from_bytes)
    }

    fn contract(&mut self) -> Result<ContractVersion, LeafProblem> {
        Ok(ContractVersion {
            id: Uuid::from_bytes(self.take()?),
            version: u32::from_be_bytes(self.take()?),
        })
    }

    fn end(&self, leaf: Leaf) -> Result<Leaf, LeafProblem> {
        if self.0.is_empty() {
            Ok(leaf)
        } else {
            Err(LeafProblem::Long)
        }
    }
}

impl fmt::Display for LeafProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short => formatter.write_str("the leaf ends too early"),
            Self::Long => formatter.write_str("the leaf goes on behind its end"),
            Self::Version(version) => write!(
                formatter,
                "the leaf has version {version}; version {LEAF_VERSION} is known"
            ),
            Self::Kind(code) => write!(formatter, "the leaf has the unknown kind {code}"),
            Self::Fields(bits) => write!(formatter, "the leaf has unknown fields: {bits:#010b}"),
            Self::Time => formatter.write_str("the leaf's time has more nanoseconds than a second"),
        }
    }
}

impl std::error::Error for LeafProblem {}
