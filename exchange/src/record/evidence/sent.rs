//! What the exchange signed for a party (X-SIGN, X-ANSWER), and that it passed on what it got (X-FORWARD).

use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::evidence::file::{SentHead, SentTo};
use crate::record::evidence::message::Signed;
use crate::record::evidence::problem::EvidenceProblem;
use daxsign_core::{PublicKey, TargetForm};

/// What the exchange signs of a request that it passes on.
const REQUEST_LIST: &[u8] =
    b"(request-target) x-correlation-id x-dax-sender x-dax-receiver x-dax-contract \
x-dax-deadline content-type content-length date";
/// What everybody signs of an answer.
const ANSWER_LIST: &[u8] =
    b"(request-target) x-correlation-id x-dax-request x-dax-status content-type content-length date";
/// The method of an answer.
const ANSWER: &[u8] = b"ANSWER";

/// The message that the exchange passed on.
pub(super) struct Passed<'m> {
    pub(super) correlation: CorrelationId,
    pub(super) key: &'m PublicKey,
    /// Of the request, or of the answer; `None` where that is erased, or there is none.
    pub(super) body: Option<&'m [u8]>,
}

impl Passed<'_> {
    /// Verifies one that was sent. `None` where its body is not there any more.
    pub(super) fn read(&self, sent: &SentHead) -> Result<Option<Signed>, EvidenceProblem> {
        let own = sent.body.as_ref().map(|body| body.0.as_slice());
        let Some(body) = own.or(self.body) else {
            return Ok(None);
        };
        let message = [&sent.head.0, body].concat();
        let signed = Signed::read(&message, self.key).ok_or(EvidenceProblem::Sent)?;
        let list = match sent.to {
            SentTo::Receiver => REQUEST_LIST,
            SentTo::Sender => ANSWER_LIST,
        };
        let named =
            signed.field("x-correlation-id") == Some(self.correlation.to_string().as_bytes());
        let is_whole = signed.body_len == body.len() && signed.form == TargetForm::Full;
        if named && is_whole && signed.list == list {
            Ok(Some(signed))
        } else {
            Err(EvidenceProblem::Sent)
        }
    }
}

/// Whether this is the request, passed on from sender to receiver.
pub(super) fn is_passed_on(
    sent: &Signed,
    request: &Signed,
    sender: &Party,
    receiver: &Party,
) -> bool {
    (&sent.method, &sent.target) == (&request.method, &request.target)
        && sent.field("x-dax-sender") == Some(sender.to_string().as_bytes())
        && sent.field("x-dax-receiver") == Some(receiver.to_string().as_bytes())
}

/// Whether this is an answer to the request of that name and target.
pub(super) fn is_answer_to(answer: &Signed, name: &str, target: &[u8]) -> bool {
    answer.method == ANSWER
        && answer.list == ANSWER_LIST
        && answer.target == target
        && answer.field("x-dax-request") == Some(name.as_bytes())
}
