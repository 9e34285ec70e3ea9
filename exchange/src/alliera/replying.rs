//! What a verified message is answered with.

use daxsign_core::Timestamp;

use super::answer::Answer;
use super::event::Event;
use super::refused::Refused;
use super::request::{NoRequest, Request};
use super::stand_in::Alliera;
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::receiving::Reply;

const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// What a message of the exchange asks.
pub(super) struct Asked<'m> {
    pub(super) correlation: CorrelationId,
    pub(super) sender: Party,
    pub(super) method: &'m str,
    pub(super) target: &'m str,
    pub(super) body: &'m [u8],
}

/// The answer, and what happened.
pub(super) fn replied(
    alliera: &mut Alliera,
    asked: &Asked<'_>,
    now: Timestamp,
) -> (Reply, Vec<Event>) {
    let id = asked.correlation;
    let read = Request::read(id, asked.sender, asked.method, asked.target, asked.body);
    let answer = match read {
        Ok(request) => alliera.answer(&request, now),
        Err(NoRequest::Operation) => {
            Answer::refused(id, &Refused::missing("operation"), Vec::new())
        }
        Err(NoRequest::Unfit(text)) => Answer::refused(id, &Refused::invalid(text), Vec::new()),
    };
    let reply = Reply {
        status: answer.status,
        content_type: CONTENT_TYPE.to_owned(),
        body: answer.body.to_string().into_bytes(),
    };
    (reply, answer.events)
}
