//! Reading a `Signature` field by itself.

use core::ffi::c_char;

use daxsign_core::{Components, Error, MAX_MODULUS_BITS, SignatureHeader, decode_signature};

use crate::call::call;
use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::memory::place::Place;
use crate::memory::plain::{Plain, Versioned};
use crate::options::out_of_range;
use crate::request::{DaxsignBytes, DaxsignRequest};
use crate::status::DaxsignStatus;

/// A parsed `Signature` value. Initialise it with `DAXSIGN_SIGNATURE_HEADER_INIT`. Its members point
/// into the text that was parsed, which must stay where it is.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignSignatureHeader {
    /// `sizeof(DaxsignSignatureHeader)`.
    pub struct_size: u32,
    /// The `headers` parameter as it was sent: a component list, which was checked.
    pub components: DaxsignBytes,
    /// The `signature` parameter as it was sent, in base64 that was not checked.
    pub signature: DaxsignBytes,
}

// SAFETY: integers and raw pointers.
unsafe impl Plain for DaxsignSignatureHeader {}
// SAFETY: repr(C), starts with a u32.
unsafe impl Versioned for DaxsignSignatureHeader {
    const NAME: &'static str = "header";
}

/// Parses the value of a `Signature` field. To verify a request there is `daxsign_verify`, which
/// finds and parses the field itself.
///
/// Errors: `malformed-signature-header` with the offset, `missing-parameter`, `duplicate-parameter`,
/// `wrong-realm`, `unsupported-algorithm`, and what is wrong with the list; `header` is then as it
/// was. Shared: `value`; exclusive: `header`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signature_header_parse(
    value: *const c_char,
    value_len: usize,
    header: *mut DaxsignSignatureHeader,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let header = outputs.versioned(header)?;
        let value = outputs.inputs().bytes("value", value, value_len)?;
        tell(&header, &SignatureHeader::parse(value)?)
    })
}

/// Finds and parses the `Signature` field of a request.
///
/// Errors: `missing-header`; else as `daxsign_signature_header_parse`. Shared: `request`; exclusive:
/// `header`. Stack: DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signature_header_find(
    request: *const DaxsignRequest,
    header: *mut DaxsignSignatureHeader,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let header = outputs.versioned(header)?;
        let request = outputs.inputs().request(request)?;
        tell(&header, &SignatureHeader::from_request(&request)?)
    })
}

/// Writes where the parts of a header are, if its list is one.
fn tell(
    place: &Place<'_, DaxsignSignatureHeader>,
    parsed: &SignatureHeader<'_>,
) -> Result<(), CallError> {
    parsed.components()?;
    place.write(DaxsignSignatureHeader {
        struct_size: DaxsignSignatureHeader::size(),
        components: DaxsignBytes::from_slice(parsed.headers_parameter()),
        signature: DaxsignBytes::from_slice(parsed.signature_base64()),
    });
    Ok(())
}

/// Decodes the `signature` parameter of a parsed header for a key of `modulus_bits`: canonical
/// base64 of exactly the modulus's length.
///
/// Errors: `invalid-signature-encoding`, `buffer-too-small`, `invalid-argument` for `modulus_bits`
/// of 0 or above what this build holds. Shared: `header` and what it points to. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signature_header_decode(
    header: *const DaxsignSignatureHeader,
    modulus_bits: u32,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.bytes(out, out_cap, out_len)?;
        let inputs = outputs.inputs();
        let header = inputs.versioned(header)?;
        let base64 = inputs.text("header.signature", &header.signature)?;
        out.fill(|out| {
            let bits = usize::try_from(modulus_bits).unwrap_or_default();
            if !(1..=MAX_MODULUS_BITS).contains(&bits) {
                return Err(out_of_range("modulus_bits", modulus_bits.into()));
            }
            let needed = bits.div_ceil(8);
            let out = out
                .get_mut(..needed)
                .ok_or(Error::BufferTooSmall { needed })?;
            decode_signature(base64, out)?;
            Ok(needed)
        })
    })
}

/// Tells whether a component list holds `name`, compared without case: `*contains` is 1 or 0. For a
/// verified request (`DaxsignVerified.components`) that is whether the field is protected.
///
/// Errors: what is wrong with the list; `*contains` is then 0. Shared: `components`, `name`. Stack:
/// small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_components_contain(
    components: *const DaxsignBytes,
    name: *const c_char,
    name_len: usize,
    contains: *mut u32,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let contains = outputs.place("contains", contains)?;
        let inputs = outputs.inputs();
        let list = inputs.one("components", components)?;
        let list = inputs.text("components", list)?;
        let name = inputs.bytes("name", name, name_len)?;
        contains.write(0);
        let found = Components::parse(list)?
            .iter()
            .any(|component| component.name().eq_ignore_ascii_case(name));
        contains.write(found.into());
        Ok(())
    })
}
