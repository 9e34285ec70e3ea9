//! Why evidence is refused: nothing of it is told then.

use core::fmt;

/// Why evidence is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EvidenceProblem {
    /// The file is not one that an exchange wrote.
    Form(String),
    /// The first leaf does not name the log's key, signed by the exchange.
    LogKey,
    /// The log's key did not sign the checkpoint, or a pinned witness's signature does not hold.
    Checkpoint,
    /// A leaf is not in the log of the checkpoint.
    NotInLog(u64),
    /// A leaf belongs to another exchange, or stands out of order.
    Foreign(u64),
    /// The content is not what the leaf promises.
    Content(u64),
    /// The certificate that a leaf names is not in the file, or cannot be read.
    Certificate(u64),
    /// A certificate that nothing names.
    Unnamed,
    /// A message whose signature does not hold.
    Signature(u64),
    /// The key that signed is not one that is pinned for this party.
    Pin(String),
    /// What the exchange sent is not signed by it as X-SIGN or X-ANSWER has it, or is not what the other party
    /// had sent.
    Sent,
    /// The answer is not to the request that the receiver was sent.
    Pairing(u64),
}

impl EvidenceProblem {
    pub(crate) fn form(why: impl fmt::Display) -> Self {
        Self::Form(why.to_string())
    }

    /// Its stable name, for programs: `evidence-signature`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Form(_) => "evidence-form",
            Self::LogKey => "evidence-log-key",
            Self::Checkpoint => "evidence-checkpoint",
            Self::NotInLog(_) => "evidence-not-in-log",
            Self::Foreign(_) => "evidence-foreign",
            Self::Content(_) => "evidence-content",
            Self::Certificate(_) => "evidence-certificate",
            Self::Unnamed => "evidence-unnamed",
            Self::Signature(_) => "evidence-signature",
            Self::Pin(_) => "evidence-pin",
            Self::Sent => "evidence-sent",
            Self::Pairing(_) => "evidence-pairing",
        }
    }
}

impl fmt::Display for EvidenceProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(why) => write!(formatter, "no evidence file, or one that was changed: {why}"),
            Self::LogKey => formatter.write_str("the log's first leaf does not name the log's key with the exchange's signature"),
            Self::Checkpoint => formatter.write_str("the checkpoint is not signed by the log's key, or a pinned witness's signature on it does not hold"),
            Self::NotInLog(leaf) => write!(formatter, "leaf {leaf} is not in the log that the checkpoint is of"),
            Self::Foreign(leaf) => write!(formatter, "leaf {leaf} belongs to another exchange, or stands out of order"),
            Self::Content(leaf) => write!(formatter, "what is shown beside leaf {leaf} is not what the leaf promises"),
            Self::Certificate(leaf) => write!(formatter, "the certificate that leaf {leaf} names is not in the file, or cannot be read"),
            Self::Unnamed => formatter.write_str("the file has a certificate that nothing names"),
            Self::Signature(leaf) => write!(formatter, "the signature of the message beside leaf {leaf} does not hold"),
            Self::Pin(party) => write!(formatter, "the key that signed is not one that is pinned for {party}"),
            Self::Sent => formatter.write_str("what the exchange sent is not signed by it, or is not what the other party had sent"),
            Self::Pairing(leaf) => write!(formatter, "the answer beside leaf {leaf} is to another request"),
        }
    }
}

impl std::error::Error for EvidenceProblem {}
