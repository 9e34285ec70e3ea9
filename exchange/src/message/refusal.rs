//! What is wrong with a message: one that comes, and one that is to be made.

use daxsign_core::{Error, MessageError};

/// Why a message that came is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// It is no message, or two readers would take it differently (S-FRAMING).
    Unreadable(MessageError),
    /// Its method is none that is expected here.
    Method,
    /// Its signature does not hold, or its date is not fresh.
    Signature(Error),
    /// Its signature covers another list.
    List,
    /// A field is missing, stands there twice, or is not what stands in such a field.
    Field {
        /// Which.
        name: &'static str,
    },
    /// It is for somebody else.
    Receiver,
    /// It came after its deadline.
    Deadline,
    /// It names another correlation id, target or status than it came with.
    Belonging {
        /// What differs.
        name: &'static str,
    },
    /// It answers no request that waits for an answer.
    NotAsked,
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(formatter),
            Self::Method => formatter.write_str("the method is none that is expected here"),
            Self::Signature(error) => error.fmt(formatter),
            Self::List => {
                formatter.write_str("the signature covers another list than such messages have")
            }
            Self::Field { name } => write!(
                formatter,
                "{name} is missing, stands there twice or cannot be read"
            ),
            Self::Receiver => formatter.write_str("the message is for another receiver"),
            Self::Deadline => formatter.write_str("the message came after its deadline"),
            Self::Belonging { name } => {
                write!(formatter, "{name} is not that of the message it came with")
            }
            Self::NotAsked => {
                formatter.write_str("the message answers no request that waits for an answer")
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// Why a message is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unfit {
    /// No request has this method (X-ANSWER).
    Method,
    /// Its deadline has passed (X-SIGN).
    Deadline,
    /// No answer has this status: it is below 200 or above 599, or 204 or 304, which have no body.
    Status,
    /// What is to stand in a field cannot stand there.
    Field {
        /// Which.
        name: &'static str,
    },
    /// It breaks a rule of what can be signed.
    Rule(Error),
}

impl core::fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Method => formatter.write_str("no request has the method ANSWER or CALLBACK"),
            Self::Deadline => formatter.write_str("the deadline has passed"),
            Self::Status => formatter
                .write_str("an answer has a status from 200 to 599, and neither 204 nor 304"),
            Self::Field { name } => {
                write!(formatter, "{name} is empty or holds a control character")
            }
            Self::Rule(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Unfit {}
