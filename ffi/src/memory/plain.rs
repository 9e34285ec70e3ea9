//! What a caller's bytes may be taken for.

use core::ffi::c_void;

use daxsign_core::Digest;

/// A type that any bytes are a value of.
///
/// # Safety
/// Implementors are made of integers, raw pointers, optional functions of C and arrays of such, and
/// have the same layout in Rust and in C.
pub(crate) unsafe trait Plain: Copy {}

// SAFETY: integers.
unsafe impl Plain for u32 {}
// SAFETY: integers.
unsafe impl Plain for usize {}
// SAFETY: transparent, an array of bytes.
unsafe impl Plain for Digest {}

/// A struct whose first member is its size as the caller was compiled.
///
/// # Safety
/// Implementors are `repr(C)` and start with a `u32`.
pub(crate) unsafe trait Versioned: Plain {
    /// What the argument is called.
    const NAME: &'static str;

    /// The `struct_size` of this build.
    fn size() -> u32 {
        u32::try_from(size_of::<Self>()).unwrap_or(u32::MAX)
    }
}

/// What a pointer to bytes points to: `char` is one of the first two in C.
pub(crate) trait Byte {}

impl Byte for u8 {}
impl Byte for i8 {}
impl Byte for c_void {}
