//! What can be wrong with a request: the name, the status and the words of each.

use core::fmt;

use daxsign_core::Error;

use super::rate::Rate;
use crate::identity::BearerProblem;
use crate::record::Repeat;
use crate::registry::{Candour, Denied, told};

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
    /// Its method is none of a request.
    Method,
    /// The registry could not be confirmed.
    Unconfirmed,
    /// There is no room for it now.
    Busy,
    /// Its token does not hold.
    Bearer(BearerProblem),
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
}

impl Problem {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Method
            | Self::ContentType
            | Self::ListsAuthorization
            | Self::Schema(_)
            | Self::IdempotencyKey
            | Self::UnlistedIdempotencyKey => 400,
            Self::Bearer(_) | Self::Date(_) | Self::Signature(_) | Self::Certificate(_) => 401,
            Self::Denied(_) => 403,
            Self::NotFound => 404,
            Self::Slow => 408,
            Self::Replayed => 409,
            Self::Large(Part::Body) => 413,
            Self::Rate(_) => 429,
            Self::Large(Part::Head | Part::Target) => 431,
            Self::Unconfirmed | Self::Busy => 503,
            Self::Repeated(repeat) => repeat_status(*repeat),
        }
    }

    /// Its name, in `error[name]`: those of a signature are the core's.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Slow => "too-slow",
            Self::Large(_) => "too-large",
            Self::Method => "invalid-method",
            Self::Unconfirmed => "registry-unconfirmed",
            Self::Busy => "overloaded",
            Self::Bearer(BearerProblem::NoCertificate) => "no-certificate",
            Self::Bearer(_) => "invalid-token",
            Self::Rate(_) => "rate-limit",
            Self::ContentType => "invalid-content-type",
            Self::Date(error) | Self::Signature(error) => error.name(),
            Self::ListsAuthorization => "authorization-listed",
            Self::Certificate(_) => "revoked-certificate",
            Self::Replayed => "replayed",
            Self::NotFound => "not-found",
            Self::Denied(_) => "not-allowed",
            Self::Schema(_) => "invalid-request",
            Self::IdempotencyKey => "invalid-idempotency-key",
            Self::UnlistedIdempotencyKey => "unsigned-idempotency-key",
            Self::Repeated(Repeat::Different(_)) => "idempotency-key-reused",
            Self::Repeated(Repeat::InWork(_)) => "in-work",
            Self::Repeated(Repeat::Erased(_)) => "erased",
            Self::Repeated(Repeat::Refused(_)) => "answer-refused",
            Self::Repeated(_) => "outcome-unknown",
        }
    }

    /// How many seconds to wait, where that helps.
    #[must_use]
    pub fn retry_after(&self, now: i64) -> Option<i64> {
        match self {
            Self::Rate(rate) => Some(rate.reset.saturating_sub(now).max(1)),
            Self::Unconfirmed | Self::Busy => Some(1),
            _ => None,
        }
    }

    /// What the sender is told: a sentence for each thing that is wrong.
    #[must_use]
    pub fn messages(&self, candour: Candour) -> Vec<String> {
        let texts = match self {
            Self::Denied(denied) => vec![told(denied, candour)],
            Self::Schema(faults) => faults.clone(),
            other => vec![other.to_string()],
        };
        let name = self.name();
        let told = texts.iter().map(|text| format!("error[{name}]: {text}"));
        told.collect()
    }
}

const fn repeat_status(repeat: Repeat) -> u16 {
    match repeat {
        Repeat::Different(_) | Repeat::InWork(_) => 409,
        Repeat::Erased(_) => 410,
        // Its answer did not verify (X-ANSWER).
        Repeat::Refused(_) => 502,
        Repeat::Answered(_) | Repeat::Expired(_) | Repeat::Unknown(_) => 504,
    }
}

fn write_repeat(repeat: Repeat, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (first, what) = match repeat {
        Repeat::Answered(first) => (first, "was answered"),
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
            Self::Certificate(text) => text,
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
