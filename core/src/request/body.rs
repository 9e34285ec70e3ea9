//! What a body must be to be signed (S-UTF8).

use crate::bytes::utf8::check_utf8;
use crate::error::diagnosing::DIAGNOSES;
use crate::error::refusal::{Noted, Refusal};
use crate::error::{BodyProblem, Error};

/// UTF-8's byte order mark.
const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The error for it.
pub(crate) const BYTE_ORDER_MARK_FOUND: Error = Error::InvalidBody {
    offset: 0,
    problem: BodyProblem::ByteOrderMark,
};

/// A body signed in one call: UTF-8 without a byte order mark.
pub(crate) fn check(body: &[u8], refusal: &mut Refusal) -> Result<(), Noted> {
    if body.starts_with(&BYTE_ORDER_MARK) {
        return Err(refusal.note(BYTE_ORDER_MARK_FOUND));
    }
    check_utf8(body).map_err(|offset| {
        refusal.note(Error::InvalidBody {
            offset,
            problem: what_stands_there(body),
        })
    })
}

/// What a body is that is not UTF-8, by its first bytes: gzip (RFC 1952 2.3.1), zlib (RFC 1950 2.2,
/// with a window of 32 KB), zstd (RFC 8878 3.1.1), UTF-16.
#[cold]
const fn what_stands_there(body: &[u8]) -> BodyProblem {
    match body {
        _ if !DIAGNOSES => BodyProblem::NotUtf8,
        [0x1F, 0x8B, ..] | [0x78, 0x9C | 0xDA, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] => {
            BodyProblem::Compressed
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => BodyProblem::Utf16,
        _ => BodyProblem::NotUtf8,
    }
}

/// Looks for a byte order mark at the start of a body that comes in pieces.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ByteOrderMarkCheck {
    /// How many bytes of the mark the body starts with so far.
    matched: u8,
    /// The body does not start with the mark.
    passed: bool,
}

impl ByteOrderMarkCheck {
    /// Takes the next piece.
    pub(crate) fn check(&mut self, piece: &[u8]) -> Result<(), Error> {
        for byte in piece {
            if self.passed {
                break;
            }
            let matched = usize::from(self.matched);
            self.passed = BYTE_ORDER_MARK.get(matched) != Some(byte);
            self.matched = self.matched.saturating_add(1);
            if !self.passed && BYTE_ORDER_MARK.len() == matched.saturating_add(1) {
                return Err(BYTE_ORDER_MARK_FOUND);
            }
        }
        Ok(())
    }
}
