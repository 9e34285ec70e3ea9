//! Overwriting memory of the caller.

use core::ffi::c_void;

use zeroize::Zeroize;

use crate::call::call_without_detail;
use crate::memory::caller::Caller;
use crate::status::DaxsignStatus;

/// Overwrites memory with zeros, in a way that no compiler leaves out as it may a `memset`: for the
/// buffer that a key file was read into.
///
/// Errors: `null-pointer`, `invalid-length`. Exclusive: `data`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_wipe(data: *mut c_void, len: usize) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |outputs| {
        let data = outputs.places("data", data.cast::<u8>(), len)?;
        data.into_bytes().zeroize();
        Ok(())
    })
}
