//! The frame of every function: the detail is checked first and written last.

use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::failure::Failure;
use crate::memory::caller::Caller;
use crate::memory::outputs::Outputs;
use crate::memory::place::Place;
use crate::memory::region::DETAIL;
use crate::status::DaxsignStatus;

/// Runs a function's body and reports what came of it. The body gets the call's outputs, of which the
/// detail is the first.
pub(crate) fn call<'c>(
    caller: Caller<'c>,
    detail: *mut DaxsignDetail,
    body: impl FnOnce(&mut Outputs<'c, '_>) -> Result<(), CallError>,
) -> DaxsignStatus {
    call_and_tell(caller, detail, body, |_| {})
}

/// The same where `tell` knows more for the detail than the result does.
pub(crate) fn call_and_tell<'c>(
    caller: Caller<'c>,
    detail: *mut DaxsignDetail,
    body: impl FnOnce(&mut Outputs<'c, '_>) -> Result<(), CallError>,
    tell: impl FnOnce(&mut DaxsignDetail),
) -> DaxsignStatus {
    let failure = Failure::new();
    let mut outputs = Outputs::new(caller, &failure);
    let Ok(place) = outputs.detail(detail) else {
        return failure.get().status();
    };
    let failed = match body(&mut outputs) {
        Ok(()) => None,
        Err(error) => {
            failure.note(&error);
            Some(&failure)
        }
    };
    report(place, failed, tell)
}

/// Writes the detail, and returns the status.
#[inline(never)]
fn report(
    place: Option<Place<'_, DaxsignDetail>>,
    failed: Option<&Failure>,
    tell: impl FnOnce(&mut DaxsignDetail),
) -> DaxsignStatus {
    let error = failed.map(Failure::get);
    let overlaps = matches!(
        error,
        Some(CallError::Call {
            status: DaxsignStatus::DaxsignErrOverlap,
            argument: DETAIL,
            ..
        })
    );
    if let (Some(place), false) = (place, overlaps) {
        let mut detail = DaxsignDetail::of(error.as_ref());
        tell(&mut detail);
        place.write(detail);
    }
    error.map_or(DaxsignStatus::DaxsignOk, |error| error.status())
}

/// The same for a function without a detail.
pub(crate) fn call_without_detail<'c>(
    caller: Caller<'c>,
    body: impl FnOnce(&mut Outputs<'c, '_>) -> Result<(), CallError>,
) -> DaxsignStatus {
    call(caller, core::ptr::null_mut(), body)
}
