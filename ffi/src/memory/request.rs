//! A request and its component list, read where they are.

use daxsign_core::{HeaderField, HeaderSource, Headers, Request};

use crate::call_error::Noted;
use crate::request::{DaxsignBytes, DaxsignField, DaxsignRequest};

use super::inputs::{Inputs, slice};
use super::plain::{Plain, Versioned};

// SAFETY: a raw pointer and an integer.
unsafe impl Plain for DaxsignBytes {}
// SAFETY: two structs of which any bytes are a value.
unsafe impl Plain for DaxsignField {}
// SAFETY: integers and raw pointers.
unsafe impl Plain for DaxsignRequest {}
// SAFETY: repr(C), starts with a u32.
unsafe impl Versioned for DaxsignRequest {
    const NAME: &'static str = "request";
}

/// A request all of whose pointers [`Inputs::request`] has checked.
#[repr(transparent)]
struct Checked(DaxsignRequest);

impl<'c> Inputs<'c, '_> {
    /// A request: every pointer and length in it is checked.
    pub(crate) fn request(&self, pointer: *const DaxsignRequest) -> Result<Request<'c>, Noted> {
        let raw = self.versioned(pointer)?;
        let fields = self.array("request.fields", raw.fields, raw.field_count)?;
        for field in fields {
            self.text("request.fields[].name", &field.name)?;
            self.text("request.fields[].value", &field.value)?;
        }
        let method = self.text("request.method", &raw.method)?;
        let target = self.text("request.target", &raw.target)?;
        let body = self.text("request.body", &raw.body)?;
        // SAFETY: `Checked` is nothing but such a struct, and all of it was checked above.
        let checked: &'c Checked = unsafe { &*core::ptr::from_ref(raw).cast() };
        Ok(Request {
            method,
            target,
            headers: Headers::Source(checked),
            body,
        })
    }

    /// The text of a component list; `None` for NULL.
    pub(crate) fn components(
        &self,
        pointer: *const DaxsignBytes,
    ) -> Result<Option<&'c [u8]>, Noted> {
        const NAME: &str = "components";
        if pointer.is_null() {
            return Ok(None);
        }
        let text = self.one(NAME, pointer)?;
        self.text(NAME, text).map(Some)
    }

    /// Bytes that another input points to.
    pub(crate) fn text(
        &self,
        argument: &'static str,
        text: &DaxsignBytes,
    ) -> Result<&'c [u8], Noted> {
        self.bytes(argument, text.data, text.len)
    }
}

impl HeaderSource for Checked {
    fn get(&self, index: usize) -> Option<HeaderField<'_>> {
        if index >= self.0.field_count {
            return None;
        }
        // SAFETY: `Inputs::request` has checked the array of so many fields; that it is there and nobody
        // writes it is the caller's promise.
        let field = unsafe { &*self.0.fields.add(index) };
        // SAFETY: the same of the field's name.
        let name = unsafe { slice(field.name.data.cast(), field.name.len) };
        // SAFETY: the same of its value.
        let value = unsafe { slice(field.value.data.cast(), field.value.len) };
        Some(HeaderField { name, value })
    }
}
