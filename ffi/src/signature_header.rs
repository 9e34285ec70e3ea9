//! Reading a `Signature` field by itself.

use core::ffi::{c_char, c_void};

use daxsign_core::{Components, Error, MAX_MODULUS_BITS, SignatureHeader, decode_signature};

use crate::call::call;
use crate::detail::DaxsignDetail;
use crate::failure::Failure;
use crate::memory::{Memory, RawOutput, Region, Versioned, bytes, check, keep_apart, shared};
use crate::options::out_of_range;
use crate::request::{DaxsignBytes, DaxsignRequest, components_region, read_request};
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

// SAFETY: repr(C), starts with a u32, made of integers and pointers.
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
    call(detail, |detail| {
        let value = value.cast::<c_void>();
        let input = Region::new("value", value, value_len)?;
        // SAFETY: the caller's contract, here and below.
        let text: &[u8] = unsafe { bytes("value", value, value_len) }?;
        // SAFETY: as above.
        unsafe { give(header, detail, &[&input], || SignatureHeader::parse(text)) }
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
    call(detail, |detail| {
        // SAFETY: the caller's contract, here and below.
        let read = unsafe { read_request(request) }?;
        // SAFETY: as above.
        unsafe {
            give(header, detail, &[&read], || {
                SignatureHeader::of(&read.request)
            })
        }
    })
}

/// Parses and gives a header.
///
/// # Safety
/// `header` follows the header's rules.
unsafe fn give<'a>(
    header: *mut DaxsignSignatureHeader,
    detail: Option<Region>,
    inputs: &[&dyn Memory],
    parse: impl FnOnce() -> Result<SignatureHeader<'a>, Error>,
) -> Result<(), Failure> {
    // SAFETY: the caller's contract.
    unsafe { DaxsignSignatureHeader::check_size(header) }?;
    keep_apart(&[Some(Region::array("header", header, 1)?), detail], inputs)?;
    let parsed = parse()?;
    parsed.components()?;
    let known = DaxsignSignatureHeader {
        struct_size: DaxsignSignatureHeader::size(),
        components: DaxsignBytes::of(parsed.headers_parameter()),
        signature: DaxsignBytes::of(parsed.signature_base64()),
    };
    // SAFETY: checked, and apart from every input.
    unsafe { known.give(header) };
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
    call(detail, |detail| {
        // SAFETY: the caller's contract, here and below.
        let raw = unsafe { DaxsignSignatureHeader::read(header) }?;
        let inputs = [
            Region::array("header", header, 1)?,
            raw.signature.region("header.signature")?,
        ];
        // SAFETY: as above.
        let base64 = unsafe { bytes("header.signature", raw.signature.data, raw.signature.len) }?;
        // SAFETY: as above.
        unsafe {
            RawOutput::bytes(out, out_cap, out_len).fill(detail, &[&inputs], |out| {
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
        }
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
    call(detail, |detail| {
        let name = name.cast::<c_void>();
        check("contains", contains)?;
        let input = Region::new("name", name, name_len)?;
        let output = Region::array("contains", contains, 1)?;
        keep_apart(
            &[Some(output), detail],
            &[&input, &components_region(components)],
        )?;
        // SAFETY: checked, and apart from every input.
        unsafe { contains.write(0) };
        // SAFETY: the caller's contract, here and below.
        let list = unsafe { shared("components", components) }?;
        // SAFETY: as above.
        let list = unsafe { bytes("components", list.data, list.len) }?;
        // SAFETY: as above.
        let name = unsafe { bytes("name", name, name_len) }?;
        let found = Components::parse(list)?
            .iter()
            .any(|component| component.name().eq_ignore_ascii_case(name));
        // SAFETY: as above.
        unsafe { contains.write(found.into()) };
        Ok(())
    })
}
