//! What the sender of a request is told.

use super::judge::{OwnAnswer, Refused};
use crate::correlation::CorrelationId;
use crate::deciding::{CONTENT_TYPE, Fields, Problem, data_body, refusal_body};
use crate::message::{AnswerRead, Message};
use crate::record::Content;
use crate::registry::Candour;

/// What the sender is told.
#[derive(Clone, PartialEq, Eq)]
pub struct Told {
    /// The exchange.
    pub correlation: CorrelationId,
    /// The HTTP status.
    pub status: u16,
    /// Of the body.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
    /// What stands in the head of an HTTP answer beside the signed fields; what every answer has, and what is left
    /// to the instance, is the door's.
    pub fields: Fields,
    /// The head of the answer as a message, signed, up to and with the empty line; `None` where the request's
    /// signature did not hold (X-SIGNED-ANSWERS).
    pub head: Option<Vec<u8>>,
}

/// What tells the sender, once.
pub type Reply = Box<dyn FnOnce(Told) + Send>;

/// An answer before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
    /// Whether it is the exchange's own, and not passed on.
    pub(super) own: bool,
    /// What stands in the head of an HTTP answer, unsigned.
    pub(super) fields: Fields,
}

impl Plain {
    /// What is wrong, as the exchange says it of its own.
    pub(super) fn of_problem(correlation: CorrelationId, problem: &Problem) -> Self {
        // None of these tells of others.
        let messages = problem.messages(Candour::Production);
        let body = refusal_body(correlation, problem.status(), &messages);
        // Nor is one of them a rate, which would say until when.
        let wait = problem.retry_after(0);
        let wait = wait.map(|seconds| ("Retry-After", seconds.to_string()));
        Self::own(problem.status(), body, wait.into_iter().collect())
    }

    /// What the judge refused.
    pub(super) fn refusal(correlation: CorrelationId, refused: &Refused) -> Self {
        let body = refusal_body(correlation, refused.status, &refused.told);
        Self::own(refused.status, body, refused.fields.clone())
    }

    pub(super) fn of_data(correlation: CorrelationId, answer: OwnAnswer) -> Self {
        let OwnAnswer {
            status,
            data,
            paging,
        } = answer;
        let body = data_body(correlation, status, data, paging, &[]);
        Self::own(status, body, Fields::new())
    }

    /// An answer that is kept; `None` for what is none.
    pub(super) fn of_kept(content: &Content) -> Option<Self> {
        let message = Message::read(&content.message).ok()?;
        AnswerRead::claims(&message).ok()?;
        Some(Self {
            status: message.once("X-Dax-Status").ok()?.parse().ok()?,
            content_type: message.once("Content-Type").ok()?.to_owned(),
            body: message.body.to_vec(),
            own: false,
            fields: Vec::new(),
        })
    }

    /// With these messages.
    pub(super) fn of_lines(correlation: CorrelationId, status: u16, messages: &[String]) -> Self {
        let body = refusal_body(correlation, status, messages);
        Self::own(status, body, Fields::new())
    }

    pub(super) fn own(status: u16, body: Vec<u8>, fields: Fields) -> Self {
        Self {
            status,
            content_type: CONTENT_TYPE.to_owned(),
            body,
            own: true,
            fields,
        }
    }

    /// With what stands in every answer to this request.
    pub(super) fn told(
        self,
        correlation: CorrelationId,
        head: Option<Vec<u8>>,
        mut fields: Fields,
    ) -> Told {
        fields.extend(self.fields);
        Told {
            correlation,
            status: self.status,
            content_type: self.content_type,
            body: self.body,
            fields,
            head,
        }
    }
}

impl Told {
    /// The answer as bytes of `message/http`; `None` where it is not signed.
    #[must_use]
    pub fn message(&self) -> Option<Vec<u8>> {
        let head = self.head.as_ref()?;
        Some([head.as_slice(), &self.body].concat())
    }
}

impl core::fmt::Debug for Told {
    /// Without the body, which may hold a PIN.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (correlation, status) = (self.correlation, self.status);
        write!(formatter, "Told({correlation}, {status})")
    }
}
