//! One delivery of a request.

use daxsign_core::Timestamp;

use crate::correlation::CorrelationId;
use crate::message::{Answer, ForwardRead, MessageName};
use crate::receiving::reply::Reply;

/// What the answer to one delivery says of it: a request that is sent again has another name and deadline.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) correlation: CorrelationId,
    pub(super) name: MessageName,
    pub(super) target: String,
    pub(super) deadline: Timestamp,
}

impl Delivery {
    pub(super) fn of(read: &ForwardRead<'_>) -> Self {
        Self {
            correlation: read.correlation,
            name: read.name,
            target: read.target.to_owned(),
            deadline: read.deadline,
        }
    }

    pub(super) fn answer<'m>(&'m self, reply: &'m Reply) -> Answer<'m> {
        Answer {
            correlation: self.correlation,
            request: self.name,
            target: &self.target,
            status: reply.status,
            content_type: &reply.content_type,
            body: &reply.body,
        }
    }
}
