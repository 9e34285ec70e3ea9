//! What is known of one exchange beside its steps: its messages.

use std::sync::Arc;
use std::time::Instant;

use super::asked::OnRequeued;
use super::judge::{Allowed, Found, Refused, Verified};
use super::told::{Plain, Reply, Told};
use crate::correlation::CorrelationId;
use crate::deciding::Fields;
use crate::message::{Message, MessageName, Refusal};
use crate::party::Party;
use crate::record::{Content, ContractVersion, HASH_LEN, ReplayKey, Row};

/// What a request without a body says of its type, since that is always signed.
const NO_BODY_TYPE: &str = "application/json";

/// A request as it came.
pub(super) struct Question {
    pub(super) sender: Party,
    pub(super) method: String,
    pub(super) target: String,
    pub(super) content_type: String,
    pub(super) signature: Vec<u8>,
    body_len: usize,
    pub(super) bytes: Vec<u8>,
}

impl Question {
    pub(super) fn read(sender: Party, bytes: Vec<u8>) -> Result<Self, Refusal> {
        let message = Message::read(&bytes)?;
        let text = |part: &[u8]| String::from_utf8(part.to_vec()).map_err(|_| Refusal::Method);
        let (method, target) = (text(message.method)?, text(message.target)?);
        let content_type = if message.has("Content-Type") {
            message.once("Content-Type")?.to_owned()
        } else {
            NO_BODY_TYPE.to_owned()
        };
        // Without one there is nothing to verify, which the judge says.
        let signature = message.once("Signature").unwrap_or_default().into();
        let body_len = message.body.len();
        Ok(Self {
            sender,
            method,
            target,
            content_type,
            signature,
            body_len,
            bytes,
        })
    }

    /// As it stands on record; empty where it cannot be read any more.
    pub(super) fn resumed(sender: Party, bytes: Vec<u8>) -> Self {
        Self::read(sender, bytes).unwrap_or_else(|_| Self {
            sender,
            method: String::new(),
            target: String::new(),
            content_type: String::new(),
            signature: Vec::new(),
            body_len: 0,
            bytes: Vec::new(),
        })
    }

    pub(super) fn body(&self) -> &[u8] {
        let head = self.bytes.len().saturating_sub(self.body_len);
        self.bytes.get(head..).unwrap_or_default()
    }

    pub(super) fn content(&self, statement: &str) -> Content {
        Content {
            message: self.bytes.clone(),
            signature: self.signature.clone(),
            statement: statement.as_bytes().to_vec(),
        }
    }
}

/// An answer as it came.
pub(super) struct Came {
    pub(super) thumbprint: Option<[u8; HASH_LEN]>,
    pub(super) content: Content,
    /// What the sender is given of it; `None` for one that does not verify.
    pub(super) plain: Option<Plain>,
}

/// What a child exchange came to.
pub(super) struct Heard {
    pub(super) receiver: Party,
    pub(super) told: Told,
}

/// What the children of an earlier request came to, with the answers that are kept; `None` where one of those is erased.
pub(super) type Again = Option<Vec<Heard>>;

/// One exchange.
pub(super) struct Work {
    pub(super) question: Arc<Question>,
    pub(super) reply: Option<Reply>,
    pub(super) verified: Option<Verified>,
    pub(super) found: Option<Found>,
    pub(super) allowed: Option<Allowed>,
    pub(super) refused: Option<Refused>,
    /// What is told instead of a receiver's answer: that of the first request with its key, or the exchange's own.
    pub(super) instead: Option<Plain>,
    pub(super) replayed: bool,
    /// Its bytes are used up already, by itself.
    pub(super) used: bool,
    /// The exchange that this one is made for.
    pub(super) parent: Option<CorrelationId>,
    /// How many are made for this one.
    pub(super) awaited: usize,
    /// What came of them.
    pub(super) heard: Vec<Heard>,
    /// An operator asked for it again after its end.
    pub(super) requeued: bool,
    /// Who is told once that is on disk.
    pub(super) on_requeued: Option<OnRequeued>,
    /// What it was sent as, one for each attempt.
    pub(super) names: Vec<MessageName>,
    /// How many heads of it are kept.
    pub(super) heads: u32,
    /// The first one that verifies.
    pub(super) answer: Option<Came>,
    /// The first one that does not.
    pub(super) bad_answer: Option<Came>,
    /// When its last step was done.
    pub(super) since: Instant,
}

impl Work {
    pub(super) fn new(question: Question, reply: Option<Reply>) -> Self {
        Self::asking(Arc::new(question), reply)
    }

    pub(super) fn asking(question: Arc<Question>, reply: Option<Reply>) -> Self {
        Self {
            question,
            reply,
            verified: None,
            found: None,
            allowed: None,
            refused: None,
            instead: None,
            replayed: false,
            used: false,
            parent: None,
            awaited: 0,
            heard: Vec::new(),
            requeued: false,
            on_requeued: None,
            names: Vec::new(),
            heads: 0,
            answer: None,
            bad_answer: None,
            since: Instant::now(),
        }
    }

    /// As it stands on record.
    pub(super) fn resumed(row: &Row, request: Content) -> Self {
        // One that cannot be read any more is not sent: it expires, or is `unknown`.
        let question = Question::resumed(row.sender, request.message);
        let mut work = Self::new(question, None);
        work.found = row.contract.map(|contract| Found {
            receiver: row.receiver,
            contract,
        });
        work.requeued = row.standing.requeued;
        // Of what was sent before, the heads are kept.
        work.heads = u32::from(row.standing.may_have_left);
        work
    }

    pub(super) fn receiver(&self) -> Option<Party> {
        self.found.map(|found| found.receiver)
    }

    /// What it is recognised by when it comes again; `None` where its signature is not known to hold.
    pub(super) fn replay_key(&self) -> Option<ReplayKey> {
        let verified = self.verified.as_ref()?;
        let question = &self.question;
        // Its query is not signed under the interop rules.
        let target = (question.method == "GET").then_some(question.target.as_bytes());
        Some(ReplayKey::new(
            question.sender.instance,
            &verified.string_hash,
            target,
            verified.date,
        ))
    }

    /// What stands in the head of what the sender is told.
    pub(super) fn fields(&self) -> Fields {
        let verified = self.verified.as_ref();
        verified.map(|one| one.fields.clone()).unwrap_or_default()
    }

    pub(super) fn contract(&self) -> Option<ContractVersion> {
        self.found.map(|found| found.contract)
    }
}
