//! What the exchange sends on to a party (X-SIGN, X-FORWARD).

use daxsign_core::{PublicKey, Timestamp};
use uuid::Uuid;

use super::list::{
    ANSWER, CONTENT_LENGTH, CONTENT_TYPE, CONTRACT, CORRELATION, DATE, DEADLINE, FORWARD_LIST,
    RECEIVER, SENDER,
};
use super::name::MessageName;
use super::reading::Message;
use super::refusal::{Refusal, Unfit};
use super::unsigned::Unsigned;
use super::verify::verify;
use crate::correlation::CorrelationId;
use crate::party::Party;

/// A request on its way to its receiver, or a callback.
#[derive(Clone, Copy, Debug)]
pub struct Forward<'m> {
    /// Of the exchange.
    pub correlation: CorrelationId,
    /// Who asks.
    pub sender: Party,
    /// Who is asked.
    pub receiver: Party,
    /// The contract that allows it.
    pub contract: Uuid,
    /// When it expires.
    pub deadline: Timestamp,
    /// The method: that of the request, or `CALLBACK`.
    pub method: &'m str,
    /// The target of the request, byte for byte.
    pub target: &'m str,
    /// The content type of the body.
    pub content_type: &'m str,
    /// The body of the request, byte for byte.
    pub body: &'m [u8],
}

impl<'m> Forward<'m> {
    /// The message, dated now: each attempt has a date of its own (X-SIGN-LATE).
    ///
    /// # Errors
    /// [`Unfit`]: [`Unfit::Deadline`] at the deadline and after it.
    pub fn dated(&self, now: Timestamp) -> Result<Unsigned<'m>, Unfit> {
        if self.method.eq_ignore_ascii_case(ANSWER) {
            return Err(Unfit::Method);
        }
        if now >= self.deadline {
            return Err(Unfit::Deadline);
        }
        let text = |time: Timestamp| time.format().map_err(Unfit::Rule);
        let fields = vec![
            (CORRELATION, self.correlation.to_string()),
            (SENDER, self.sender.to_string()),
            (RECEIVER, self.receiver.to_string()),
            (CONTRACT, self.contract.hyphenated().to_string()),
            (DEADLINE, text(self.deadline)?.to_string()),
            (CONTENT_TYPE, self.content_type.to_owned()),
            (CONTENT_LENGTH, self.body.len().to_string()),
            (DATE, text(now)?.to_string()),
        ];
        Unsigned::new((self.method, self.target), fields, &FORWARD_LIST, self.body)
    }
}

/// A message that the exchange sent, for this party, verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForwardRead<'m> {
    /// Of the exchange.
    pub correlation: CorrelationId,
    /// Who asks.
    pub sender: Party,
    /// The contract that allows it.
    pub contract: Uuid,
    /// When it expires.
    pub deadline: Timestamp,
    /// When it was signed.
    pub date: Timestamp,
    /// What its answer names it by.
    pub name: MessageName,
    /// The method; `CALLBACK` for a callback.
    pub method: &'m str,
    /// The target.
    pub target: &'m str,
    /// The content type of the body.
    pub content_type: &'m str,
    /// The body.
    pub body: &'m [u8],
}

impl<'m> ForwardRead<'m> {
    /// Verifies a message that the exchange sent to `receiver`. `keys` are the exchange's.
    ///
    /// That it comes for the first time is not said: see [`Inbox`](crate::receiving::Inbox).
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn verify(
        message: &Message<'m>,
        keys: &[&PublicKey],
        receiver: &Party,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        if message.method.eq_ignore_ascii_case(ANSWER.as_bytes()) {
            return Err(Refusal::Method);
        }
        let held = verify(message, keys, &FORWARD_LIST, now)?;
        if message.parsed::<Party>(RECEIVER)? != *receiver {
            return Err(Refusal::Receiver);
        }
        let read = Self {
            correlation: message.parsed(CORRELATION)?,
            sender: message.parsed(SENDER)?,
            contract: contract(message)?,
            deadline: deadline(message)?,
            date: held.date,
            name: held.name,
            method: text(message.method)?,
            target: text(message.target)?,
            content_type: message.once(CONTENT_TYPE)?,
            body: message.body,
        };
        if now >= read.deadline {
            return Err(Refusal::Deadline);
        }
        Ok(read)
    }
}

/// The contract's id, in the spelling that is written.
fn contract(message: &Message<'_>) -> Result<Uuid, Refusal> {
    let value = message.once(CONTRACT)?;
    Uuid::try_parse(value)
        .ok()
        .filter(|id| id.hyphenated().to_string() == value)
        .ok_or(Refusal::Field { name: CONTRACT })
}

fn deadline(message: &Message<'_>) -> Result<Timestamp, Refusal> {
    let value = message.once(DEADLINE)?;
    Timestamp::parse(value).map_err(|_| Refusal::Field { name: DEADLINE })
}

/// Method and target are ASCII, or their signature does not hold.
fn text(part: &[u8]) -> Result<&str, Refusal> {
    str::from_utf8(part).map_err(|_| Refusal::Method)
}
