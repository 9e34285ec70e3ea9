//! The `Content-Length` field against the body (S-LENGTH).

use crate::components::CONTENT_LENGTH;
use crate::error::Error;
use crate::field_value::write_field;
use crate::request::Request;
use crate::sink::Sink;

/// The length that the request declares; `None` where it has no `Content-Length`.
///
/// `actual` goes into the error: the body's length as far as it is known.
pub(crate) fn declared(request: &Request<'_>, actual: u64) -> Result<Option<u64>, Error> {
    let mut number = Decimal::default();
    let written = write_field(request, CONTENT_LENGTH.as_bytes(), &mut number);
    match (written, number) {
        (Ok(()), Decimal::Value(value)) => Ok(Some(value)),
        (Err(Error::MissingHeader { .. }), _) => Ok(None),
        _ => Err(mismatch(None, actual)),
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
    Error::ContentLengthMismatch { declared, actual }
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
