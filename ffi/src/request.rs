//! The request as a C program has it, read in place.

use core::ffi::c_void;

use daxsign_core::{Components, HeaderField, HeaderSource, Headers, Request};

use crate::failure::Failure;
use crate::memory::{Memory, Region, Versioned, bytes, check, shared};

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

// SAFETY: repr(C), starts with a u32, made of integers and raw pointers.
unsafe impl Versioned for DaxsignRequest {
    const NAME: &'static str = "request";
}

impl DaxsignBytes {
    /// No bytes.
    pub const EMPTY: Self = Self {
        data: core::ptr::null(),
        len: 0,
    };

    /// Bytes to be given out.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self {
            data: bytes.as_ptr().cast(),
            len: bytes.len(),
        }
    }

    pub(crate) fn region(&self, argument: &'static str) -> Result<Region, Failure> {
        Region::new(argument, self.data, self.len)
    }

    /// The bytes.
    ///
    /// # Safety
    /// As [`bytes`].
    unsafe fn get<'a>(&self, argument: &'static str) -> Result<&'a [u8], Failure> {
        // SAFETY: the caller's contract.
        unsafe { bytes(argument, self.data, self.len) }
    }
}

/// A request that was read, with the memory it lies in.
#[derive(Clone, Copy)]
pub(crate) struct ReadRequest<'a> {
    pub(crate) request: Request<'a>,
    raw: &'a DaxsignRequest,
}

/// Reads a request: every pointer and length in it is checked.
///
/// # Safety
/// `pointer` follows the header's rules, and so does all it points to, during `'a`.
pub(crate) unsafe fn read_request<'a>(
    pointer: *const DaxsignRequest,
) -> Result<ReadRequest<'a>, Failure> {
    // SAFETY: the caller's contract.
    let raw = unsafe { DaxsignRequest::read(pointer) }?;
    Region::array("request.fields", raw.fields, raw.field_count)?;
    for index in 0..raw.field_count {
        if let Some(field) = raw.field(index) {
            field.name.region("request.fields[].name")?;
            field.value.region("request.fields[].value")?;
        }
    }
    // SAFETY: the caller's contract.
    let method = unsafe { raw.method.get("request.method") }?;
    // SAFETY: the same.
    let target = unsafe { raw.target.get("request.target") }?;
    // SAFETY: the same.
    let body = unsafe { raw.body.get("request.body") }?;
    Ok(ReadRequest {
        request: Request {
            method,
            target,
            headers: Headers::Source(raw),
            body,
        },
        raw,
    })
}

impl DaxsignRequest {
    /// The field at `index`; only after the array was checked.
    fn field(&self, index: usize) -> Option<&DaxsignField> {
        if index >= self.field_count {
            return None;
        }
        // SAFETY: the array has `field_count` fields (the caller's contract) and was checked.
        let field = unsafe { self.fields.add(index) };
        // SAFETY: inside the array, aligned.
        Some(unsafe { &*field })
    }
}

impl HeaderSource for DaxsignRequest {
    fn get(&self, index: usize) -> Option<HeaderField<'_>> {
        let field = self.field(index)?;
        // SAFETY: checked by `read_request`; the caller's contract.
        let name = unsafe { field.name.get("") }.ok()?;
        // SAFETY: the same.
        let value = unsafe { field.value.get("") }.ok()?;
        Some(HeaderField { name, value })
    }
}

/// All the memory that is read of a request; every part was found good before.
impl Memory for ReadRequest<'_> {
    fn overlap(&self, output: &Region) -> Option<&'static str> {
        let raw = self.raw;
        let parts = [
            Region::array("request", raw, 1),
            Region::array("request.fields", raw.fields, raw.field_count),
            raw.method.region("request.method"),
            raw.target.region("request.target"),
            raw.body.region("request.body"),
        ];
        let mut fields = (0..raw.field_count).filter_map(|index| raw.field(index));
        parts.map(Result::ok).overlap(output).or_else(|| {
            fields.find_map(|field| {
                let name = field.name.region("request.fields[].name").ok();
                let value = field.value.region("request.fields[].value").ok();
                [name, value].overlap(output)
            })
        })
    }
}

/// The component list of a call: the text at `pointer`, or the request's default list for NULL.
///
/// # Safety
/// `pointer` is NULL or follows the header's rules during `'a`.
pub(crate) unsafe fn read_components<'a>(
    pointer: *const DaxsignBytes,
    request: &Request<'a>,
) -> Result<Components<'a>, Failure> {
    if pointer.is_null() {
        return Ok(Components::default_for(request));
    }
    // SAFETY: the caller's contract.
    let text = unsafe { shared("components", pointer) }?;
    // SAFETY: the same.
    let text: &'a [u8] = unsafe { text.get("components") }?;
    Ok(Components::parse(text)?)
}

/// The memory of a component list: the text and what points to it. Nothing for NULL and what
/// [`read_components`] refuses.
pub(crate) fn components_region(pointer: *const DaxsignBytes) -> [Option<Region>; 2] {
    let text = check("components", pointer).ok().and_then(|()| {
        // SAFETY: neither NULL nor misaligned; the caller's contract.
        let text = unsafe { pointer.read() };
        text.region("components").ok()
    });
    let place = Region::new("components", pointer, size_of::<DaxsignBytes>()).ok();
    [text, place]
}
