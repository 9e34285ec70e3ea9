//! A piece of the caller's memory as addresses: what can be told without following a pointer.

use crate::call_error::Noted;
use crate::failure::Failure;
use crate::number::to_u64;
use crate::status::DaxsignStatus as S;

/// The longest length of an object in memory.
const MAX_LENGTH: usize = usize::MAX >> 1;

/// What the detail is called.
pub(crate) const DETAIL: &str = "detail";

/// A piece of memory.
#[derive(Clone, Copy)]
pub(super) struct Region {
    start: usize,
    /// The first address behind it.
    end: usize,
}

impl Region {
    /// No memory.
    pub(super) const NONE: Self = Self { start: 0, end: 0 };

    /// `len` bytes from the address `start` on, which is a multiple of `align`; of any address if they
    /// are none.
    pub(super) fn new(
        argument: &'static str,
        start: usize,
        len: usize,
        align: usize,
        failure: &Failure,
    ) -> Result<Self, Noted> {
        let Some(end) = start.checked_add(len).filter(|_| len <= MAX_LENGTH) else {
            let status = S::DaxsignErrInvalidLength;
            return Err(failure.sized(status, argument, MAX_LENGTH, to_u64(len)));
        };
        if len == 0 {
            return Ok(Self::NONE);
        }
        if start == 0 {
            return Err(failure.call(S::DaxsignErrNullPointer, argument));
        }
        // An alignment is a power of two.
        if start & align.saturating_sub(1) != 0 {
            return Err(failure.sized(S::DaxsignErrMisaligned, argument, align, 0));
        }
        Ok(Self { start, end })
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub(super) const fn overlaps(&self, other: &Self) -> bool {
        !self.is_empty() && !other.is_empty() && self.start < other.end && other.start < self.end
    }
}
