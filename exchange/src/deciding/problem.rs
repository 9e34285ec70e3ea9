//! What can be wrong with a request: the name, the status and the words of each.

use core::fmt;

use daxsign_core::Error;

use super::rate::Rate;
use crate::identity::BearerProblem;
use crate::record::Repeat;
use crate::registry::{Candour, Denied, NotAContractMessage, RegistryProblem, told};

/// What is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The target.
    Target,
    /// The head.
    Head,
    /// The body.
    Body,
}

/// Why a request is not taken.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// It did not come within its time.
    Slow,
    /// A part of it is too large.
    Large(Part),
    /// Others would read another request, or none: what is wrong.
    Framing(String),
    /// Its method is none of a request.
    Method,
    /// It is no message: why.
    Unreadable(String),
    /// The registry could not be confirmed.
    Unconfirmed,
    /// There is no room for it now.
    Busy,
    /// Its token does not hold.
    Bearer(BearerProblem),
    /// The certificate of its connection is not the token's instance's: why (X-MTLS).
    Client(String),
    /// The instance sends too much.
    Rate(Rate),
    /// It is no JSON in UTF-8.
    ContentType,
    /// Its date is missing, wrong, or not fresh.
    Date(Error),
    /// Its signature lists `authorization`, which is never kept.
    ListsAuthorization,
    /// Its signature does not hold.
    Signature(Error),
    /// The certificate that it was signed by no longer counts.
    Certificate(String),
    /// It was taken or refused before.
    Replayed,
    /// There is no such operation.
    NotFound,
    /// No contract allows it (steps 4 and 5).
    Denied(Denied),
    /// Query or body do not fit.
    Schema(Vec<String>),
    /// The idempotency key is not written as one, or stands there twice.
    IdempotencyKey,
    /// The signature does not cover the idempotency key.
    UnlistedIdempotencyKey,
    /// A request with this key was made before, and its answer cannot be given.
    Repeated(Repeat),
    /// The answer to the request with this key is not kept any more.
    Gone,
    /// A rule of the registry forbids the change.
    Contract(RegistryProblem),
    /// The body is no offer and no signature of one.
    ContractBody(NotAContractMessage),
    /// Nothing is known of the request whose outcome is asked for.
    NoOutcome,
    /// No such access group is shown to the caller.
    NoGroup,
    /// The caller has no such callback.
    NoCallback,
    /// An operation that this exchange does not carry out.
    NotOffered,
    /// As many requests wait for the receiver as may.
    Crowded,
    /// Nothing can be recorded now.
    Unrecorded,
    /// The receiver's answer does not verify.
    BadAnswer,
    /// No answer came before the deadline.
    Expired,
    /// Nobody knows whether it was carried out.
    Unknown,
    /// It was answered, and the answer is on record only.
    Elsewhere,
}

impl Problem {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Framing(_)
            | Self::Method
            | Self::Unreadable(_)
            | Self::ContentType
            | Self::ListsAuthorization
            | Self::Schema(_)
            | Self::IdempotencyKey
            | Self::UnlistedIdempotencyKey
            | Self::ContractBody(_) => 400,
            Self::Bearer(_)
            | Self::Client(_)
            | Self::Date(_)
            | Self::Signature(_)
            | Self::Certificate(_) => 401,
            Self::Denied(_) => 403,
            Self::Contract(problem) => contract_status(problem),
            Self::NotFound | Self::NoOutcome | Self::NoGroup | Self::NoCallback => 404,
            Self::Slow => 408,
            Self::Replayed => 409,
            Self::Gone => 410,
            Self::Large(Part::Body) => 413,
            Self::Rate(_) => 429,
            Self::Large(Part::Head | Part::Target) => 431,
            Self::NotOffered => 501,
            Self::BadAnswer => 502,
            Self::Unconfirmed | Self::Busy | Self::Crowded | Self::Unrecorded => 503,
            Self::Expired | Self::Unknown | Self::Elsewhere => 504,
            Self::Repeated(repeat) => repeat_status(*repeat),
        }
    }

    /// Its name, in `error[name]`: those of a signature are the core's.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Slow => "too-slow",
            Self::Large(_) => "too-large",
            Self::Framing(_) => "framing",
            Self::Method => "invalid-method",
            Self::Unreadable(_) => "invalid-message",
            Self::Unconfirmed => "registry-unconfirmed",
            Self::Busy => "overloaded",
            Self::Bearer(BearerProblem::NoCertificate) => "no-certificate",
            Self::Bearer(_) => "invalid-token",
            Self::Client(_) => "client-certificate",
            Self::Rate(_) => "rate-limit",
            Self::ContentType => "invalid-content-type",
            Self::Date(error) | Self::Signature(error) => error.name(),
            Self::ListsAuthorization => "authorization-listed",
            Self::Certificate(_) => "revoked-certificate",
            Self::Replayed => "replayed",
            Self::NotFound | Self::NoGroup | Self::NoCallback => "not-found",
            Self::Denied(_) => "not-allowed",
            Self::Schema(_) => "invalid-request",
            Self::IdempotencyKey => "invalid-idempotency-key",
            Self::UnlistedIdempotencyKey => "unsigned-idempotency-key",
            Self::Contract(_) => "contract-refused",
            Self::ContractBody(_) => "invalid-contract",
            Self::NoOutcome => "no-outcome",
            Self::NotOffered => "not-offered",
            Self::Crowded => "receiver-overloaded",
            Self::Unrecorded => "not-recorded",
            Self::BadAnswer | Self::Repeated(Repeat::Refused(_)) => "answer-refused",
            Self::Expired => "expired",
            Self::Gone | Self::Repeated(Repeat::Erased(_)) => "erased",
            Self::Repeated(Repeat::Different(_)) => "idempotency-key-reused",
            Self::Repeated(Repeat::InWork(_)) => "in-work",
            Self::Unknown | Self::Elsewhere | Self::Repeated(_) => "outcome-unknown",
        }
    }

    /// How many seconds to wait, where that helps.
    #[must_use]
    pub fn retry_after(&self, now: i64) -> Option<i64> {
        match self {
            Self::Rate(rate) => Some(rate.reset.saturating_sub(now).max(1)),
            Self::Unconfirmed | Self::Busy | Self::Crowded | Self::Unrecorded => Some(1),
            _ => None,
        }
    }

    /// What the sender is told: a sentence for each thing that is wrong.
    #[must_use]
    pub fn messages(&self, candour: Candour) -> Vec<String> {
        let texts = match self {
            Self::Denied(denied) => vec![told(denied, candour)],
            Self::Schema(faults) => faults.clone(),
            // Whether there is such a contract is nobody else's business.
            Self::Contract(problem)
                if candour == Candour::Production && contract_status(problem) == 403 =>
            {
                vec!["no contract of this party can be changed so".into()]
            }
            other => vec![other.to_string()],
        };
        let name = self.name();
        let told = texts.iter().map(|text| format!("error[{name}]: {text}"));
        told.collect()
    }
}

const fn contract_status(problem: &RegistryProblem) -> u16 {
    match problem {
        RegistryProblem::Unknown(_) | RegistryProblem::NotTheirs | RegistryProblem::NotPromised => {
            403
        }
        RegistryProblem::Known(_) | RegistryProblem::State(_) | RegistryProblem::OtherOffer => 409,
        _ => 400,
    }
}

const fn repeat_status(repeat: Repeat) -> u16 {
    match repeat {
        Repeat::Different(_) | Repeat::InWork(_) => 409,
        Repeat::Erased(_) => 410,
        // Its answer did not verify (X-ANSWER).
        Repeat::Refused(_) => 502,
        Repeat::Answered(_) | Repeat::Several(_) | Repeat::Expired(_) | Repeat::Unknown(_) => 504,
    }
}

fn write_repeat(repeat: Repeat, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (first, what) = match repeat {
        Repeat::Answered(first) | Repeat::Several(first) => (first, "was answered"),
        Repeat::Refused(first) => (first, "got an answer that does not verify"),
        Repeat::Different(first) => (first, "was another request: take a new key"),
        Repeat::InWork(first) => (first, "is still in work"),
        Repeat::Expired(first) => (first, "expired without an answer"),
        Repeat::Unknown(first) => (first, "may have been carried out or not: nobody knows"),
        Repeat::Erased(first) => (first, "was answered, and the answer is erased"),
    };
    write!(
        formatter,
        "the first request with this idempotency key, {first}, {what}"
    )
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Slow => "the request did not come in time",
            Self::Large(Part::Target) => "the target is too long",
            Self::Large(Part::Head) => "the head is too large, or has too many fields",
            Self::Large(Part::Body) => "the body is too large",
            Self::Method => "ANSWER and CALLBACK are no methods of requests",
            Self::Unconfirmed => "the registry cannot be confirmed: try again",
            Self::Busy => "the exchange has no room for the request: try again",
            Self::Rate(_) => "too many requests: wait until X-Rate-Limit-Reset",
            Self::ContentType => {
                "Content-Type must be application/json; charset=utf-8, once, without a content coding"
            }
            Self::ListsAuthorization => {
                "the signature must not list authorization, which the exchange never keeps"
            }
            Self::Framing(text)
            | Self::Client(text)
            | Self::Certificate(text)
            | Self::Unreadable(text) => text,
            Self::Replayed => {
                "the same request came before: a retry needs a fresh date and signature"
            }
            Self::NotFound => "there is no such operation",
            Self::IdempotencyKey => {
                "X-Dax-Idempotency-Key stands there once, with 1 to 64 visible ASCII characters"
            }
            Self::UnlistedIdempotencyKey => {
                "the signature must list x-dax-idempotency-key where the request has it"
            }
            Self::Gone => {
                "the answer to the first request with this idempotency key is not kept any more"
            }
            Self::NoOutcome => "no request of this instance is on record under this name",
            Self::NoGroup => "no such access group is shown to this partner",
            Self::NoCallback => "this instance has no such callback",
            Self::NotOffered => "this exchange does not carry out this operation",
            Self::Crowded => "as many requests wait for this receiver as may: try again",
            Self::Unrecorded => "nothing can be recorded now: try again",
            Self::BadAnswer => "the receiver's answer does not verify",
            Self::Expired => "no answer came before the deadline",
            Self::Unknown => {
                "nobody knows whether it was carried out: ask for the outcome, then the receiver"
            }
            Self::Elsewhere => "it was answered: ask for the outcome",
            Self::Contract(problem) => return problem.fmt(formatter),
            Self::ContractBody(problem) => return problem.fmt(formatter),
            Self::Bearer(problem) => return problem.fmt(formatter),
            Self::Date(error) | Self::Signature(error) => return error.fmt(formatter),
            Self::Denied(denied) => return denied.fmt(formatter),
            Self::Schema(faults) => return formatter.write_str(&faults.join("; ")),
            Self::Repeated(repeat) => return write_repeat(*repeat, formatter),
        };
        formatter.write_str(text)
    }
}

impl std::error::Error for Problem {}
