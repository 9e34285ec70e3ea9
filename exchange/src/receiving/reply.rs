//! What a party answers.

use crate::message::{Answer, ForwardRead};

/// What a party answers, without what belongs to one delivery of the request: a repeated one has
/// another date, so another name, and gets this again, signed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status; neither 204 nor 304.
    pub status: u16,
    /// The content type of the body.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The answer to this delivery, to be dated and signed with the party's key.
    #[must_use]
    pub fn to<'m>(&'m self, request: &ForwardRead<'m>) -> Answer<'m> {
        Answer {
            correlation: request.correlation,
            request: request.name,
            target: request.target,
            status: self.status,
            content_type: &self.content_type,
            body: &self.body,
        }
    }
}
