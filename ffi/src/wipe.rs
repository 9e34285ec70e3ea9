//! Overwriting memory of the caller.

use core::ffi::c_void;

use zeroize::Zeroize;

use crate::call::call;
use crate::memory::Region;
use crate::status::DaxsignStatus;

/// Overwrites memory with zeros, in a way that no compiler leaves out as it may a `memset`: for the
/// buffer that a key file was read into.
///
/// Errors: `null-pointer`, `invalid-length`. Exclusive: `data`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_wipe(data: *mut c_void, len: usize) -> DaxsignStatus {
    call(core::ptr::null_mut(), |_| {
        Region::new("data", data.cast_const(), len)?;
        if len > 0 {
            // SAFETY: not NULL and of a possible length; the rest is the caller's contract.
            let bytes = unsafe { core::slice::from_raw_parts_mut(data.cast::<u8>(), len) };
            bytes.zeroize();
        }
        Ok(())
    })
}
