//! What comes back (X-ANSWER): from the receiver to the exchange, and from the exchange to who asked.

use daxsign_core::{PublicKey, Timestamp};

use super::list::{
    ANSWER, ANSWER_LIST, CONTENT_LENGTH, CONTENT_TYPE, CORRELATION, DATE, REQUEST, STATUS,
};
use super::name::MessageName;
use super::reading::Message;
use super::refusal::{Refusal, Unfit};
use super::unsigned::Unsigned;
use super::verify::verify;
use crate::correlation::CorrelationId;

/// An answer that is to be signed.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'m> {
    /// Of the exchange.
    pub correlation: CorrelationId,
    /// What the request is known by.
    pub request: MessageName,
    /// The target of the request, byte for byte.
    pub target: &'m str,
    /// The HTTP status; 204 and 304 have no body, and so are none.
    pub status: u16,
    /// The content type of the body.
    pub content_type: &'m str,
    /// The body.
    pub body: &'m [u8],
}

impl<'m> Answer<'m> {
    /// The message, dated now.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn dated(&self, now: Timestamp) -> Result<Unsigned<'m>, Unfit> {
        if !is_status(self.status) {
            return Err(Unfit::Status);
        }
        let fields = vec![
            (CORRELATION, self.correlation.to_string()),
            (REQUEST, self.request.to_string()),
            (STATUS, self.status.to_string()),
            (CONTENT_TYPE, self.content_type.to_owned()),
            (CONTENT_LENGTH, self.body.len().to_string()),
            (DATE, now.format().map_err(Unfit::Rule)?.to_string()),
        ];
        Unsigned::new((ANSWER, self.target), fields, &ANSWER_LIST, self.body)
    }
}

/// A request that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// What it is known by.
    pub name: MessageName,
    /// Its target.
    pub target: &'a str,
    /// The id of the exchange, where that is known: who asked first does not know it.
    pub correlation: Option<CorrelationId>,
}

/// An answer that was verified and belongs to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerRead<'m> {
    /// Of the exchange.
    pub correlation: CorrelationId,
    /// What the request is known by.
    pub request: MessageName,
    /// The HTTP status.
    pub status: u16,
    /// When it was signed.
    pub date: Timestamp,
    /// Which of the keys it was signed with.
    pub key: usize,
    /// The content type of the body.
    pub content_type: &'m str,
    /// The body.
    pub body: &'m [u8],
}

impl<'m> AnswerRead<'m> {
    /// Which request a message says that it answers. Nothing is verified.
    ///
    /// # Errors
    /// [`Refusal`] where it is no answer.
    pub fn claims(message: &Message<'m>) -> Result<MessageName, Refusal> {
        if message.method != ANSWER.as_bytes() {
            return Err(Refusal::Method);
        }
        message.parsed(REQUEST)
    }

    /// Verifies an answer with the keys of who was asked, and that it answers this request.
    ///
    /// # Errors
    /// [`Refusal`]; [`Refusal::NotAsked`] where it answers another request.
    pub fn verify(
        message: &Message<'m>,
        keys: &[&PublicKey],
        asked: &Asked<'_>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let claimed = Self::claims(message)?;
        let held = verify(message, keys, &ANSWER_LIST, now)?;
        if claimed != asked.name {
            return Err(Refusal::NotAsked);
        }
        if message.target != asked.target.as_bytes() {
            return Err(Refusal::Belonging { name: "the target" });
        }
        let correlation = message.parsed(CORRELATION)?;
        if asked.correlation.is_some_and(|known| known != correlation) {
            return Err(Refusal::Belonging { name: CORRELATION });
        }
        Ok(Self {
            correlation,
            request: claimed,
            status: status(message)?,
            date: held.date,
            key: held.key,
            content_type: message.once(CONTENT_TYPE)?,
            body: message.body,
        })
    }
}

fn status(message: &Message<'_>) -> Result<u16, Refusal> {
    let value = message.once(STATUS)?;
    value
        .parse()
        .ok()
        .filter(|status| is_status(*status) && status.to_string() == value)
        .ok_or(Refusal::Field { name: STATUS })
}

/// Whether an answer may have this status: one that has a body.
fn is_status(status: u16) -> bool {
    (200..600).contains(&status) && ![204, 304].contains(&status)
}
