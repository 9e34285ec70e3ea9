//! What a verified message is answered with.

use daxsign_core::Timestamp;

use super::answer::Answer;
use super::refused::Refused;
use super::request::{NoRequest, Request};
use super::stand_in::Alliera;
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::receiving::{Reply, line};

const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// What a message of the exchange asks.
pub(crate) struct Asked<'m> {
    pub(super) correlation: CorrelationId,
    pub(super) sender: Party,
    pub(super) method: &'m str,
    pub(super) target: &'m str,
    pub(super) body: &'m [u8],
}

impl<'m> From<&'m line::Request> for Asked<'m> {
    fn from(request: &'m line::Request) -> Self {
        Self {
            correlation: request.correlation(),
            sender: request.sender(),
            method: request.method(),
            target: request.target(),
            body: request.body(),
        }
    }
}

/// The answer, with the request that it is to. There is none where it cannot be read: that comes of a fault in the program,
/// since the exchange reads what it sends on.
pub(crate) fn answered(
    alliera: &mut Alliera,
    asked: &Asked<'_>,
    now: Timestamp,
) -> (Answer, Option<Request>) {
    let id = asked.correlation;
    let read = Request::read(id, asked.sender, asked.method, asked.target, asked.body);
    let refused = match read {
        Ok(request) => return (alliera.answer(&request, now), Some(request)),
        Err(NoRequest::Operation) => Refused::missing("operation"),
        Err(NoRequest::Unfit(text)) => Refused::invalid(text),
    };
    (Answer::refused(id, &refused, Vec::new()), None)
}

/// An answer as it is sent.
pub(crate) fn reply(answer: &Answer) -> Reply {
    Reply {
        status: answer.status,
        content_type: CONTENT_TYPE.to_owned(),
        body: answer.body.to_string().into_bytes(),
    }
}
