//! The memory that a call writes, with which all else that it gets is compared.

use crate::call_error::Noted;
use crate::failure::Failure;
use crate::status::DaxsignStatus as S;

use super::region::{DETAIL, Region};

/// The most that a function writes beside its detail: a stream, a result, a guard and its entries.
const MAX_OUTPUTS: usize = 4;

/// The memory of a call's outputs.
pub(super) struct Written {
    detail: Region,
    others: [Region; MAX_OUTPUTS],
}

impl Written {
    /// Nothing so far.
    pub(super) const NONE: Self = Self {
        detail: Region::NONE,
        others: [Region::NONE; MAX_OUTPUTS],
    };

    /// Remembers the detail.
    pub(super) const fn add_detail(&mut self, detail: Region) {
        self.detail = detail;
    }

    /// Refuses what overlaps an output. Where the detail is one of the two, it is the one that is named: it
    /// is not written then either.
    pub(super) fn keep_apart(
        &self,
        argument: &'static str,
        region: &Region,
        failure: &Failure,
    ) -> Result<(), Noted> {
        let argument = if self.detail.overlaps(region) {
            DETAIL
        } else if self.others.iter().any(|other| other.overlaps(region)) {
            argument
        } else {
            return Ok(());
        };
        Err(failure.call(S::DaxsignErrOverlap, argument))
    }

    /// Remembers an output.
    pub(super) fn add(
        &mut self,
        argument: &'static str,
        region: Region,
        failure: &Failure,
    ) -> Result<(), Noted> {
        self.keep_apart(argument, &region, failure)?;
        let free = self.others.iter_mut().find(|other| other.is_empty());
        debug_assert!(free.is_some(), "more than {MAX_OUTPUTS} outputs");
        // Refused rather than forgotten.
        *free.ok_or_else(|| failure.call(S::DaxsignErrUnknown, argument))? = region;
        Ok(())
    }
}
