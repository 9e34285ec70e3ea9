//! The `Content-Length` field against the body (S-LENGTH).

use crate::bytes::sink::Sink;
use crate::error::diagnosing::DIAGNOSES;
use crate::error::refusal::{Noted, Refusal};
use crate::error::{Error, LengthProblem};
use crate::request::Request;
use crate::request::field_name::CONTENT_LENGTH;
use crate::request::field_value::write_field;

/// The length that the request declares; `None` where it has no `Content-Length`.
///
/// `actual` goes into the error: the body's length as far as it is known.
///
/// Inline, so that a program which only signs does not pay for the reader of messages, the second caller.
#[expect(clippy::inline_always, reason = "the compiler keeps it apart else")]
#[inline(always)]
pub(crate) fn declared(
    request: &Request<'_>,
    actual: u64,
    refusal: &mut Refusal,
) -> Result<Option<u64>, Noted> {
    let mut number = Decimal::default();
    let written = write_field(request, CONTENT_LENGTH.as_bytes(), &mut number, refusal);
    match (written, number) {
        (Ok(()), Decimal::Value(value)) => Ok(Some(value)),
        (Err(Noted), _) if matches!(refusal.error(), Error::MissingHeader { .. }) => Ok(None),
        _ => Err(refusal.note(mismatch(None, actual))),
    }
}

/// S-LENGTH for a body that is there as a whole: what else the declared length may be is told.
pub(crate) fn check_body(
    declared: Option<u64>,
    body: &[u8],
    refusal: &mut Refusal,
) -> Result<(), Noted> {
    let actual = crate::bytes::sink::length(body);
    match declared {
        Some(value) if value != actual => Err(refusal.note(Error::ContentLengthMismatch {
            declared,
            actual,
            problem: what_is_long(value, body),
        })),
        _ => Ok(()),
    }
}

/// S-LENGTH, once the body's length is known.
pub(crate) fn check(declared: Option<u64>, actual: u64) -> Result<(), Error> {
    match declared {
        Some(value) if value != actual => Err(mismatch(declared, actual)),
        _ => Ok(()),
    }
}

/// The error for a declared length that is not the body's.
pub(crate) const fn mismatch(declared: Option<u64>, actual: u64) -> Error {
    Error::ContentLengthMismatch {
        declared,
        actual,
        problem: LengthProblem::Different,
    }
}

/// What form of `body` has this length, which is not its own.
#[cold]
fn what_is_long(declared: u64, body: &[u8]) -> LengthProblem {
    if !DIAGNOSES {
        return LengthProblem::Different;
    }
    // In UTF-8; most languages count in UTF-16, where characters of four bytes count twice.
    let (mut characters, mut long_ones) = (0_u64, 0_u64);
    let (mut lf, mut crlf) = (0_u64, 0_u64);
    let mut before = 0;
    for &byte in body {
        let one_if = u64::from;
        characters = characters.saturating_add(one_if(byte & 0xC0 != 0x80));
        long_ones = long_ones.saturating_add(one_if(byte >= 0xF0));
        lf = lf.saturating_add(one_if(byte == b'\n'));
        crlf = crlf.saturating_add(one_if(byte == b'\n' && before == b'\r'));
        before = byte;
    }
    let actual = crate::bytes::sink::length(body);
    if declared == characters || declared == characters.saturating_add(long_ones) {
        LengthProblem::Characters
    } else if declared == actual.saturating_sub(crlf) {
        LengthProblem::LfForm
    } else if declared == actual.saturating_add(lf.saturating_sub(crlf)) {
        LengthProblem::CrlfForm
    } else {
        LengthProblem::Different
    }
}

/// A sink that reads one decimal number (RFC 9110 8.6: 1*DIGIT).
#[derive(Clone, Copy, Default)]
enum Decimal {
    /// No digit yet.
    #[default]
    Empty,
    Value(u64),
    /// Another character than a digit, or more than 64 bits.
    NotANumber,
}

impl Sink for Decimal {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let value = match *self {
                Self::Empty => Some(0),
                Self::Value(value) => Some(value),
                Self::NotANumber => None,
            };
            let digit = u64::from(byte.wrapping_sub(b'0'));
            *self = value
                .filter(|_| byte.is_ascii_digit())
                .and_then(|value: u64| value.checked_mul(10)?.checked_add(digit))
                .map_or(Self::NotANumber, Self::Value);
        }
    }
}
