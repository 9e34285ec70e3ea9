//! The frame of every function: the detail is checked first and written last.

use crate::detail::DaxsignDetail;
use crate::failure::Failure;
use crate::memory::{DETAIL, Region, Versioned};
use crate::status::DaxsignStatus;

/// Runs a function's body and reports what came of it. The body gets the detail's memory, which
/// no output may overlap.
pub(crate) fn call(
    detail: *mut DaxsignDetail,
    body: impl FnOnce(Option<Region>) -> Result<(), Failure>,
) -> DaxsignStatus {
    let region = match open(detail) {
        Ok(region) => region,
        Err(failure) => return failure.status(),
    };
    let result = body(region);
    let overlaps = matches!(
        result,
        Err(Failure::Call {
            status: DaxsignStatus::DaxsignErrOverlap,
            argument: DETAIL,
            ..
        })
    );
    if region.is_some() && !overlaps {
        // SAFETY: checked by `open`; the body's references are gone.
        unsafe { DaxsignDetail::of(&result).give(detail) };
    }
    match result {
        Ok(()) => DaxsignStatus::DaxsignOk,
        Err(failure) => failure.status(),
    }
}

/// Checks the detail and gives its memory; `None` for NULL.
fn open(detail: *mut DaxsignDetail) -> Result<Option<Region>, Failure> {
    if detail.is_null() {
        return Ok(None);
    }
    // SAFETY: the contract of every function that takes a detail.
    unsafe { DaxsignDetail::check_size(detail) }?;
    Ok(Some(Region::array("detail", detail, 1)?))
}
