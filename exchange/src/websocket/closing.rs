//! Why a connection ends, as the other end is told.

use core::fmt;

use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// Why a connection ends. The codes are those of RFC 6455 7.4.1, and from 4000 on our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// The other end closed it, or it broke.
    Gone,
    /// This end stops.
    GoingAway,
    /// What came is no WebSocket, or a client's frame is not masked.
    Protocol,
    /// A message came as text.
    Text,
    /// Control frames, or fragments of a message, without an end.
    Flood,
    /// A message is longer than one may be.
    TooLong,
    /// The instance connected again: the newer connection counts.
    Replaced,
    /// The certificate no longer counts.
    Certificate,
    /// Nothing came for too long, not even the answer to a ping.
    Silent,
    /// What is sent is not read.
    NotRead,
}

impl Closing {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Gone => 1000,
            Self::GoingAway => 1001,
            Self::Protocol => 1002,
            Self::Text => 1003,
            Self::Flood => 1008,
            Self::TooLong => 1009,
            Self::Replaced => 4001,
            Self::Certificate => 4002,
            Self::Silent => 4003,
            Self::NotRead => 4004,
        }
    }

    /// The one with this code, where that says more than that it is closed.
    pub(crate) fn from_code(code: u16) -> Option<Self> {
        let all = [
            Self::GoingAway,
            Self::Protocol,
            Self::Text,
            Self::Flood,
            Self::TooLong,
            Self::Replaced,
            Self::Certificate,
            Self::Silent,
            Self::NotRead,
        ];
        all.into_iter().find(|closing| closing.code() == code)
    }

    /// What the other end is told: at most 123 bytes (RFC 6455 5.5).
    const fn reason(self) -> &'static str {
        match self {
            Self::Gone => "closed",
            Self::GoingAway => "this end stops: connect again",
            Self::Protocol => {
                "not as RFC 6455 has it: a client masks its frames, and sends no other opcodes"
            }
            Self::Text => "a message is one binary frame of message/http, not text",
            Self::Flood => "too many control frames, or fragments without an end",
            Self::TooLong => "the message is longer than one may be",
            Self::Replaced => {
                "the same instance connected again: only its newest connection counts"
            }
            Self::Certificate => "the certificate no longer counts: it was revoked or has expired",
            Self::Silent => "nothing came for too long: answer pings",
            Self::NotRead => "what is sent is not read",
        }
    }

    pub(crate) fn frame(self) -> CloseFrame {
        CloseFrame {
            code: self.code().into(),
            reason: Utf8Bytes::from_static(self.reason()),
        }
    }

    /// What the library found.
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::Capacity(CapacityError::MessageTooLong { .. }) => Self::TooLong,
            Error::Utf8(_) => Self::Text,
            Error::Io(error) if super::metered::is_endless(error) => Self::Flood,
            Error::Protocol(_) if !is_reset(error) => Self::Protocol,
            _ => Self::Gone,
        }
    }
}

/// The connection broke: nobody is left to be told.
const fn is_reset(error: &Error) -> bool {
    use tokio_tungstenite::tungstenite::error::ProtocolError as Problem;
    matches!(
        error,
        Error::Protocol(Problem::ResetWithoutClosingHandshake | Problem::ReceivedAfterClosing)
    )
}

impl fmt::Display for Closing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.reason(), self.code())
    }
}
