//! Writing a private key as a file.

use core::ffi::c_void;

use daxsign_core::KeyFormat;

use crate::call::call;
use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::keys::{DaxsignKeyEncoding, DaxsignKeyKind, DaxsignPrivateKey};
use crate::memory::buffer::Buffer;
use crate::memory::caller::Caller;
use crate::memory::outputs::Outputs;
use crate::options::out_of_range;
use crate::status::DaxsignStatus;

/// Writes a private key as a file: `kind` is `DAXSIGN_KEY_KIND_PKCS8_PRIVATE`, which every program
/// reads, or `DAXSIGN_KEY_KIND_PKCS1_PRIVATE`; `encoding` a `DaxsignKeyEncoding`. Behind PEM a NUL is
/// put where there is room.
///
/// The file is as secret as the key: wipe `out` with `daxsign_wipe` when it is stored. The
/// private exponent in it is made anew, as every program may: where it differs from that of the file
/// the key came from, both are right.
///
/// `DAXSIGN_KEY_FILE_LEN(bits)` bytes hold each of the four and a NUL, for primes of half the key's size. Errors: `not-initialised`,
/// `buffer-too-small`; `invalid-argument` for `kind` or `encoding`. Timing: constant for a key's size.
/// Shared: `private_key`. Stack: DAXSIGN_STACK_WRITE_KEY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_write_private_key(
    private_key: *const DaxsignPrivateKey,
    kind: u32,
    encoding: u32,
    out: *mut c_void,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = file(outputs, encoding, out, out_cap, out_len)?;
        let key = outputs.inputs().stored(private_key)?;
        out.fill(|out| {
            let format = read_format(kind, encoding)?;
            Ok(key.get()?.write(format, out)?.len())
        })
    })
}

/// The buffer for a file: PEM is text.
pub(super) fn file<'c, 'f>(
    outputs: &mut Outputs<'c, 'f>,
    encoding: u32,
    out: *mut c_void,
    out_cap: usize,
    out_len: *mut usize,
) -> Result<Buffer<'c, 'f>, CallError> {
    if encoding == DaxsignKeyEncoding::Pem.number() {
        Ok(outputs.text(out.cast(), out_cap, out_len)?)
    } else {
        Ok(outputs.bytes(out.cast(), out_cap, out_len)?)
    }
}

fn read_format(kind: u32, encoding: u32) -> Result<KeyFormat, CallError> {
    let is_pem = is_pem(encoding)?;
    if kind == DaxsignKeyKind::Pkcs8Private.number() {
        return Ok(if is_pem {
            KeyFormat::Pkcs8Pem
        } else {
            KeyFormat::Pkcs8Der
        });
    }
    if kind == DaxsignKeyKind::Pkcs1Private.number() {
        return Ok(if is_pem {
            KeyFormat::Pkcs1Pem
        } else {
            KeyFormat::Pkcs1Der
        });
    }
    Err(out_of_range("kind", kind.into()))
}

/// Whether a file's encoding is PEM; else it is DER.
pub(super) fn is_pem(encoding: u32) -> Result<bool, CallError> {
    [
        (DaxsignKeyEncoding::Pem, true),
        (DaxsignKeyEncoding::Der, false),
    ]
    .into_iter()
    .find(|(known, _)| known.number() == encoding)
    .map(|(_, is_pem)| is_pem)
    .ok_or_else(|| out_of_range("encoding", encoding.into()))
}
