//! The frame of every function: the detail is checked first and written last.

use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::memory::outputs::Outputs;
use crate::memory::region::DETAIL;
use crate::status::DaxsignStatus;

/// Runs a function's body and reports what came of it. The body gets the call's outputs, of which the
/// detail is the first.
pub(crate) fn call<'c>(
    caller: Caller<'c>,
    detail: *mut DaxsignDetail,
    body: impl FnOnce(Outputs<'c>) -> Result<(), CallError>,
) -> DaxsignStatus {
    call_and_tell(caller, detail, body, |_| {})
}

/// The same where `tell` knows more for the detail than the result does.
pub(crate) fn call_and_tell<'c>(
    caller: Caller<'c>,
    detail: *mut DaxsignDetail,
    body: impl FnOnce(Outputs<'c>) -> Result<(), CallError>,
    tell: impl FnOnce(&mut DaxsignDetail),
) -> DaxsignStatus {
    let (outputs, place) = match Outputs::new(caller, detail) {
        Ok(opened) => opened,
        Err(failure) => return failure.status(),
    };
    let result = body(outputs);
    let overlaps = matches!(
        result,
        Err(CallError::Call {
            status: DaxsignStatus::DaxsignErrOverlap,
            argument: DETAIL,
            ..
        })
    );
    if let (Some(place), false) = (place, overlaps) {
        let mut detail = DaxsignDetail::from_result(&result);
        tell(&mut detail);
        place.write(detail);
    }
    match result {
        Ok(()) => DaxsignStatus::DaxsignOk,
        Err(failure) => failure.status(),
    }
}

/// The same for a function without a detail.
pub(crate) fn call_without_detail<'c>(
    caller: Caller<'c>,
    body: impl FnOnce(Outputs<'c>) -> Result<(), CallError>,
) -> DaxsignStatus {
    call(caller, core::ptr::null_mut(), body)
}
