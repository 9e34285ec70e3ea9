//! What is written, one transaction for each or for many together.

use daxsign_core::Timestamp;

use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::leaf::content::Content;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::{ContractVersion, HASH_LEN};
use crate::record::storing::delivery::Delivery;
use crate::record::storing::fan::{Fan, FanEnd};
use crate::record::storing::idempotency::IdempotencyKey;
use crate::record::storing::replay_key::ReplayKey;

/// The most operations in a batch.
pub const MAX_BATCH: usize = 256;
/// How often one message is sent at most, and so how many heads are kept of it.
pub const MAX_ATTEMPTS: u32 = 16;
/// The longest head that is kept of what the exchange sent, and the longest body of its own.
pub const MAX_SENT_HEAD_LEN: usize = 64 << 10;

/// One thing to write. Each is wholly done or has no effect, but for the replay key, which is used up in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A: replay key, event 1, outbox row.
    Accept(Box<Accept>),
    /// Sending begins: on disk before a message leaves that may go once only.
    Start(Start),
    /// B: event 2, outbox row done, the answer kept. After the end: one more leaf.
    Answer(Box<Answer>),
    /// The receiver's answer does not verify: the exchange ends as refused.
    RefuseAnswer(Box<Answer>),
    /// The deadline has passed.
    Expire(End),
    /// It was sent perhaps, and nobody will know.
    GiveUp(End),
    /// A request whose signature held is refused (X-REFUSED).
    Refuse(Box<Refuse>),
    /// What the exchange signed and sent, kept for evidence.
    Sent(Sent),
    /// An operator asks again for an exchange that ended without an answer.
    Requeue(Requeue),
    /// A certificate, a revocation, a contract.
    Note(Box<Note>),
    /// A request to several receivers is taken in.
    Fan(Box<Fan>),
    /// All its children have ended.
    FanEnd(FanEnd),
    /// A message's bytes are used up, and nothing else: the exchange answers it itself.
    Use(Use),
}

/// A request that every check allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// Made when its first byte came.
    pub correlation: CorrelationId,
    /// The exchange that this one is made for.
    pub parent: Option<CorrelationId>,
    /// Now.
    pub at: Timestamp,
    /// When it expires.
    pub deadline: Timestamp,
    /// Who signed it.
    pub sender: Party,
    /// For whom it is.
    pub receiver: Party,
    /// What allowed it; `None` where no contract is needed.
    pub contract: Option<ContractVersion>,
    /// The SHA-256 of the certificate that verified it.
    pub thumbprint: [u8; HASH_LEN],
    /// What it is recognised by; `None` for an exchange's own child.
    pub replay: Option<ReplayKey>,
    /// The sender's key for retries.
    pub idempotency: Option<IdempotencyKey>,
    /// The SHA-256 of its signing string, which is `x-dax-request` of its answer.
    pub request: [u8; HASH_LEN],
    /// Whether the receiver may get it twice.
    pub delivery: Delivery,
    /// Whether sending begins at once, which saves a [`Start`].
    pub starts: bool,
    /// Message, signature, and which clause allowed it.
    pub content: Content,
}

/// Sending begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Of which exchange.
    pub correlation: CorrelationId,
    /// Now: not behind the deadline.
    pub at: Timestamp,
}

/// An answer of the receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// To which request.
    pub correlation: CorrelationId,
    /// Now.
    pub at: Timestamp,
    /// The SHA-256 of the certificate that verified it; `None` where none did.
    pub thumbprint: Option<[u8; HASH_LEN]>,
    /// Message, signature, and which status the sender is given.
    pub content: Content,
}

/// An end without a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Of which exchange.
    pub correlation: CorrelationId,
    /// Now.
    pub at: Timestamp,
    /// What the exchange states.
    pub statement: Vec<u8>,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refuse {
    /// Made when its first byte came.
    pub correlation: CorrelationId,
    /// Now.
    pub at: Timestamp,
    /// Who signed it.
    pub sender: Party,
    /// For whom it was, where that is known.
    pub receiver: Option<Party>,
    /// What it was judged by.
    pub contract: Option<ContractVersion>,
    /// The SHA-256 of the certificate that verified it.
    pub thumbprint: [u8; HASH_LEN],
    /// Used up, so that the same bytes are replayed from now on; `None` where they are a replay.
    pub replay: Option<ReplayKey>,
    /// The SHA-256 of its signing string.
    pub request: [u8; HASH_LEN],
    /// Message, signature, and which check and rule refused it.
    pub content: Content,
}

/// What the exchange signed and sent (steps 6 and 12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Of which exchange.
    pub correlation: CorrelationId,
    /// To whom.
    pub towards: Towards,
    /// Counts the attempts, from 1 to [`MAX_ATTEMPTS`]; of each the first is kept.
    pub attempt: u32,
    /// The head, signed, up to and with the empty line.
    pub head: Vec<u8>,
    /// The body, where it is the exchange's own; `None` where it is that of the request or the answer, byte for
    /// byte (X-FORWARD).
    pub body: Option<Vec<u8>>,
}

/// To which party the exchange sent something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// The request, to its receiver.
    Receiver,
    /// The answer, to who had sent the request.
    Sender,
}

/// An operator asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requeue {
    /// For which exchange.
    pub correlation: CorrelationId,
    /// When that expires.
    pub deadline: Timestamp,
}

/// A message whose bytes are used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// Under which id they came.
    pub correlation: CorrelationId,
    /// What it is recognised by.
    pub replay: ReplayKey,
}

/// Something that concerns no exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// [`Kind::Certificate`], [`Kind::Revocation`] or [`Kind::Contract`].
    pub kind: NoteKind,
    /// An id of its own.
    pub correlation: CorrelationId,
    /// Now.
    pub at: Timestamp,
    /// Whom it concerns, or who signed it.
    pub sender: Option<Party>,
    /// The other party of a contract.
    pub receiver: Option<Party>,
    /// Which contract, and which version this makes.
    pub contract: Option<ContractVersion>,
    /// The SHA-256 of the certificate.
    pub thumbprint: Option<[u8; HASH_LEN]>,
    /// Message, signature, statement.
    pub content: Content,
}

/// What a [`Note`] is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A certificate was registered.
    Certificate,
    /// One was revoked.
    Revocation,
    /// A contract was offered, signed, cancelled, or has expired.
    Contract,
}

impl From<NoteKind> for Kind {
    fn from(kind: NoteKind) -> Self {
        match kind {
            NoteKind::Certificate => Self::Certificate,
            NoteKind::Revocation => Self::Revocation,
            NoteKind::Contract => Self::Contract,
        }
    }
}
