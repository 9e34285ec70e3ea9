//! Which interface this is.

use core::ffi::c_char;

/// The version of this interface: it grows when a function, a struct or a size changes so that a
/// program compiled with the older header would not work.
pub const DAXSIGN_ABI_VERSION: u32 = 1;

/// The version of the interface that the library was built with. Compare it with
/// `DAXSIGN_ABI_VERSION`, the version that your program was compiled with, before anything else, and
/// refuse to start if they differ.
///
/// A program that does not is still safe: structs and storage of another size are refused with
/// `abi-mismatch` and `too-small`. Any thread, any time. Stack: small.
#[unsafe(no_mangle)]
pub const extern "C" fn daxsign_abi_version() -> u32 {
    DAXSIGN_ABI_VERSION
}

/// The version of the library, such as `0.1.0`: a constant string that ends in NUL. Any thread, any
/// time. Stack: small.
#[unsafe(no_mangle)]
pub const extern "C" fn daxsign_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The largest modulus that this build of the library can hold, in bits: 2048, 3072 or 4096. Your
/// `DAXSIGN_MAX_MODULUS_BITS` must be at least this. Any thread, any time. Stack: small.
#[unsafe(no_mangle)]
pub extern "C" fn daxsign_max_modulus_bits() -> u32 {
    u32::try_from(daxsign_core::MAX_MODULUS_BITS).unwrap_or_default()
}
