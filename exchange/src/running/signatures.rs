//! What the exchange signs: a request that goes on, and an answer that goes back.

use std::sync::Arc;

use daxsign_core::{Digest, Timestamp};
use uuid::Uuid;

use super::clock::Clock;
use super::told::Plain;
use super::work::Question;
use crate::correlation::CorrelationId;
use crate::message::{ANSWER, Answer, CALLBACK, Detached, Forward, MessageName, Unfit, Unsigned};
use crate::party::Party;
use crate::record::ContractVersion;
use crate::signing::{Job, NotSigned};

/// What is told once a message is signed, or is not; on the thread that signs.
pub(super) type OnMade = Box<dyn FnOnce(Made) + Send>;

/// A message that waits for its signature.
pub(super) struct Signing {
    pub(super) correlation: CorrelationId,
    pub(super) what: What,
    pub(super) clock: Clock,
    /// Told what came of it.
    pub(super) told: OnMade,
    /// Once it has its turn: each attempt is dated when it is signed (X-SIGN-LATE).
    pub(super) dated: Option<Detached>,
}

/// Which message.
pub(super) enum What {
    Request(Onward),
    Answer(Back),
    Callback(Outgoing),
}

/// What is told to who registered a callback (X-CALLBACK).
#[derive(Clone)]
pub struct Outgoing {
    /// Of the delivery.
    pub correlation: CorrelationId,
    /// Who tells.
    pub sender: Party,
    /// Who registered the callback.
    pub receiver: Party,
    /// What allows it.
    pub contract: Uuid,
    /// When it is given up.
    pub deadline: Timestamp,
    /// Path and query of the callback's address.
    pub target: String,
    /// The type of the body.
    pub content_type: String,
    /// What is told, byte for byte.
    pub body: Arc<[u8]>,
}

/// Step 6.
pub(super) struct Onward {
    pub(super) question: Arc<Question>,
    pub(super) receiver: Party,
    pub(super) contract: ContractVersion,
    pub(super) deadline: Timestamp,
    pub(super) attempt: u32,
}

/// Step 12.
pub(super) struct Back {
    pub(super) question: Arc<Question>,
    pub(super) request: MessageName,
    pub(super) plain: Plain,
    /// Whether it is kept for evidence: what was turned away is not on record.
    pub(super) kept: bool,
}

/// What came of it.
pub(super) struct Made {
    pub(super) what: What,
    /// `None` where it was not signed: its deadline has passed, or the key did not.
    pub(super) signed: Option<(Vec<u8>, MessageName)>,
}

impl Signing {
    fn unsigned(&self, date: Timestamp) -> Result<Unsigned<'_>, Unfit> {
        match &self.what {
            What::Request(onward) => {
                let question = &onward.question;
                let forward = Forward {
                    correlation: self.correlation,
                    sender: question.sender,
                    receiver: onward.receiver,
                    contract: onward.contract.id,
                    deadline: onward.deadline,
                    method: &question.method,
                    target: &question.target,
                    content_type: &question.content_type,
                    body: question.body(),
                };
                forward.dated(date)
            }
            What::Callback(outgoing) => {
                let forward = Forward {
                    correlation: outgoing.correlation,
                    sender: outgoing.sender,
                    receiver: outgoing.receiver,
                    contract: outgoing.contract,
                    deadline: outgoing.deadline,
                    method: CALLBACK,
                    target: &outgoing.target,
                    content_type: &outgoing.content_type,
                    body: &outgoing.body,
                };
                forward.dated(date)
            }
            What::Answer(back) => {
                let answer = Answer {
                    correlation: self.correlation,
                    request: back.request,
                    target: &back.question.target,
                    status: back.plain.status,
                    content_type: &back.plain.content_type,
                    body: &back.plain.body,
                };
                answer.dated(date)
            }
        }
    }

    /// Its head and name, once there is a signature.
    fn with(&mut self, signature: &[u8]) -> Option<(Vec<u8>, MessageName)> {
        let dated = self.dated.take()?;
        let signed = dated
            .with_signature(self.what.line(), &[], signature)
            .ok()?;
        let name = signed.name();
        Some((signed.into_head(), name))
    }
}

impl What {
    /// Method and target.
    fn line(&self) -> (&str, &str) {
        match self {
            Self::Request(onward) => (&onward.question.method, &onward.question.target),
            Self::Answer(back) => (ANSWER, &back.question.target),
            Self::Callback(outgoing) => (CALLBACK, &outgoing.target),
        }
    }
}

impl core::fmt::Debug for Outgoing {
    /// Without target and body.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (correlation, receiver) = (self.correlation, self.receiver);
        write!(formatter, "Outgoing({correlation}, {receiver})")
    }
}

impl Job for Signing {
    fn digest(&mut self) -> Option<Digest> {
        let now = (self.clock)();
        let unsigned = self.unsigned(now).ok()?;
        let digest = *unsigned.digest();
        self.dated = Some(unsigned.detached());
        Some(digest)
    }

    fn signed(mut self, signature: Result<&[u8], NotSigned>) {
        let signed = signature.ok().and_then(|signature| self.with(signature));
        let made = Made {
            what: self.what,
            signed,
        };
        (self.told)(made);
    }
}
