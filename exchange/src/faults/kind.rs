//! What can go wrong.

use core::fmt;
use core::str::FromStr;

/// Where in a request's way a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// At the door: the request goes no further.
    Arrival,
    /// On the way to the receiver.
    Wire,
    /// At the receiver.
    Receiver,
    /// At the door, once the answer is there: it was carried out.
    Answer,
}

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// 301 to the same place.
    MovedForGood,
    /// 302 to the same place.
    Found,
    /// 307 to the same place.
    TemporaryRedirect,
    /// 401: the token has expired.
    TokenExpired,
    /// 401: the date is too far from the exchange's clock.
    ClockOff,
    /// 401: the certificate is revoked.
    CertificateRevoked,
    /// 429 with the fields of a rate.
    RateLimit,
    /// 503.
    Overloaded,
    /// 500 as `application/problem+json`.
    ProblemDetails,
    /// 500 as plain text.
    Text,
    /// The request is taken in later.
    Delay,
    /// The connection ends, and nothing was done.
    Cut,
    /// The receiver gets the message twice.
    Duplicate,
    /// The signature over the message to the receiver does not hold.
    MessageSignature,
    /// The receiver does its work and does not answer.
    ReceiverSilent,
    /// The receiver does its work, and answers behind the deadline.
    ReceiverLate,
    /// A page has fewer than were asked for.
    ShortPage,
    /// A value that no list of values has.
    UnknownValue,
    /// The signature over the exchange's answer does not hold.
    AnswerSignature,
    /// The answer comes later.
    AnswerLate,
    /// The connection ends in place of the answer.
    AnswerLost,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::MovedForGood,
        Self::Found,
        Self::TemporaryRedirect,
        Self::TokenExpired,
        Self::ClockOff,
        Self::CertificateRevoked,
        Self::RateLimit,
        Self::Overloaded,
        Self::ProblemDetails,
        Self::Text,
        Self::Delay,
        Self::Cut,
        Self::Duplicate,
        Self::MessageSignature,
        Self::ReceiverSilent,
        Self::ReceiverLate,
        Self::ShortPage,
        Self::UnknownValue,
        Self::AnswerSignature,
        Self::AnswerLate,
        Self::AnswerLost,
    ];

    /// Its name, as it is ordered.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MovedForGood => "redirect-301",
            Self::Found => "redirect-302",
            Self::TemporaryRedirect => "redirect-307",
            Self::TokenExpired => "token-expired",
            Self::ClockOff => "clock-off",
            Self::CertificateRevoked => "certificate-revoked",
            Self::RateLimit => "rate-limit",
            Self::Overloaded => "overloaded",
            Self::ProblemDetails => "problem-details",
            Self::Text => "text",
            Self::Delay => "delay",
            Self::Cut => "cut",
            Self::Duplicate => "duplicate",
            Self::MessageSignature => "message-signature",
            Self::ReceiverSilent => "receiver-silent",
            Self::ReceiverLate => "receiver-late",
            Self::ShortPage => "short-page",
            Self::UnknownValue => "unknown-value",
            Self::AnswerSignature => "answer-signature",
            Self::AnswerLate => "answer-late",
            Self::AnswerLost => "answer-lost",
        }
    }

    /// What happens, in a sentence.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::MovedForGood => {
                "301 to the same place: ask there, with a fresh date and signature"
            }
            Self::Found => "302 to the same place: the same, with method and body as they were",
            Self::TemporaryRedirect => "307 to the same place",
            Self::TokenExpired => "401 invalid-token: ask for a token and try again",
            Self::ClockOff => {
                "401 stale-date: as if this machine's clock and the exchange's were apart"
            }
            Self::CertificateRevoked => "401 revoked-certificate",
            Self::RateLimit => "429 with X-Rate-Limit-… and Retry-After",
            Self::Overloaded => "503 with Retry-After",
            Self::ProblemDetails => {
                "500 as ProblemDetails (application/problem+json), in no envelope"
            }
            Self::Text => "500 as plain text, as a proxy on the way writes it",
            Self::Delay => "the request is taken in after `seconds`",
            Self::Cut => "the connection ends without an answer, and nothing was done",
            Self::Duplicate => "the receiver gets the message twice, and has to notice",
            Self::MessageSignature => {
                "the receiver gets a message that the exchange did not sign so, and has to refuse it: 504"
            }
            Self::ReceiverSilent => {
                "the receiver does its work and never answers: 504 at the deadline"
            }
            Self::ReceiverLate => {
                "the receiver does its work and answers `seconds` behind the deadline: 504, and its answer is one more leaf"
            }
            Self::ShortPage => {
                "a page has half as many as it would have; paging says what is there"
            }
            Self::UnknownValue => "a value that is in no list of values; it must not be fatal",
            Self::AnswerSignature => {
                "the exchange's signature over its answer does not hold: who wants signed answers has none"
            }
            Self::AnswerLate => "it was carried out, and the answer comes `seconds` later",
            Self::AnswerLost => "it was carried out, and the connection ends without an answer",
        }
    }

    /// Where it happens.
    #[must_use]
    pub const fn point(self) -> Point {
        match self {
            Self::MovedForGood
            | Self::Found
            | Self::TemporaryRedirect
            | Self::TokenExpired
            | Self::ClockOff
            | Self::CertificateRevoked
            | Self::RateLimit
            | Self::Overloaded
            | Self::ProblemDetails
            | Self::Text
            | Self::Delay
            | Self::Cut => Point::Arrival,
            Self::Duplicate | Self::MessageSignature => Point::Wire,
            Self::ReceiverSilent | Self::ReceiverLate | Self::ShortPage | Self::UnknownValue => {
                Point::Receiver
            }
            Self::AnswerSignature | Self::AnswerLate | Self::AnswerLost => Point::Answer,
        }
    }
}

/// No kind of fault has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| UnknownKind(name.chars().take(64).collect()))
    }
}

impl fmt::Display for UnknownKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Kind::ALL.map(Kind::name).join(", ");
        write!(formatter, "{:?} is no fault; there are {names}", self.0)
    }
}

impl std::error::Error for UnknownKind {}
