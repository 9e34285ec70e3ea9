//! The request as a C program has it.

use core::ffi::c_void;

/// Some bytes of the caller: a text or a body. `data` may be NULL where `len` is 0; there is no NUL
/// at the end, and none is looked for.
///
/// `DAXSIGN_LITERAL("text")` initialises one, `daxsign_text(string)` makes one of a C string.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignBytes {
    /// The first byte.
    pub data: *const c_void,
    /// How many bytes.
    pub len: usize,
}

/// One header field: its name in any case and without the colon, and its value's bytes as they
/// stood on the line. The value may be folded and surrounded by white space.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignField {
    /// The name.
    pub name: DaxsignBytes,
    /// The value.
    pub value: DaxsignBytes,
}

/// An HTTP request. Initialise it with `DAXSIGN_REQUEST_INIT`, then fill in. The library reads it
/// where it is and copies nothing.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignRequest {
    /// `sizeof(DaxsignRequest)`; tells the library which header you compiled with.
    pub struct_size: u32,
    /// The method in any case: `POST`.
    pub method: DaxsignBytes,
    /// The target as it stands on the request line, percent-encoded: `/api/v2.0/cards?limit=5`.
    pub target: DaxsignBytes,
    /// The header fields in the order they are sent. NULL where `field_count` is 0.
    pub fields: *const DaxsignField,
    /// How many fields.
    pub field_count: usize,
    /// The body; empty for none. When the body comes in pieces: its first piece, or empty.
    pub body: DaxsignBytes,
}

impl DaxsignBytes {
    /// No bytes.
    pub const EMPTY: Self = Self {
        data: core::ptr::null(),
        len: 0,
    };

    /// Bytes that a result points to.
    pub(crate) fn from_slice(bytes: &[u8]) -> Self {
        Self {
            data: bytes.as_ptr().cast(),
            len: bytes.len(),
        }
    }
}
