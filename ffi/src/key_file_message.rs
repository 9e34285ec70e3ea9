//! The message of a key file that was refused: what the file is, where that is known.

use core::ffi::{c_char, c_void};

use daxsign_core::{Error, KeyHint, KeyProblem, Label};

use crate::call::call;
use crate::detail::DaxsignDetail;
use crate::detail_message::daxsign_detail_message;
use crate::memory::{RawOutput, Region, Versioned, bytes, keep_apart};
use crate::problem::Numbered;
use crate::status::DaxsignStatus;
use crate::text::{collect, unfixed};

/// Writes one English sentence on a key file that a load function refused with `about`: what the file
/// is and the command that helps, such as "this is a PKCS#12 file (.p12, .pfx): take the key out with
/// …"; where nothing more is known, what `daxsign_detail_message` writes. `FILE` in a sentence stands
/// for the file's name. No sentence holds a part of the file but a header line's name.
///
/// Takes time by the file's length and contents. For hosts: a program that does not call it does not
/// link it. `out` of 512 bytes holds every message and a NUL behind it. Errors: `buffer-too-small`.
/// Any thread. Stack: DAXSIGN_STACK_PUBLIC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_key_file_message(
    about: *const DaxsignDetail,
    file: *const c_void,
    file_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> DaxsignStatus {
    let mut hint = None;
    let status = call(core::ptr::null_mut(), |_| {
        // SAFETY: the caller's contract.
        let detail = unsafe { DaxsignDetail::read(about) }?;
        let told = Region::array("about", about, 1)?;
        let input = Region::new("file", file, file_len)?;
        // SAFETY: the same.
        let file = unsafe { bytes("file", file, file_len) }?;
        hint = refusal(detail).and_then(|error| KeyHint::of(file, &error));
        let output = RawOutput::text(out, out_cap, out_len);
        let Some(hint) = hint else {
            let [text, len] = output.regions()?;
            return keep_apart(&[Some(text), Some(len)], &[&told, &input]);
        };
        // SAFETY: the same.
        unsafe {
            output.fill(None, &[&told, &input], |out| {
                Ok(collect(out, |sink| hint.write_text(sink))?)
            })
        }
    });
    if hint.is_some() || status != DaxsignStatus::DaxsignOk {
        return status;
    }
    // SAFETY: the same.
    unsafe { daxsign_detail_message(about, out, out_cap, out_len) }
}

/// The error of loading that a detail tells of. By itself, and not by `DaxsignDetail::error`, which
/// takes less stack with one caller.
fn refusal(detail: &DaxsignDetail) -> Option<Error> {
    match DaxsignStatus::from_number(detail.status)? {
        DaxsignStatus::DaxsignErrInvalidKey => Some(Error::InvalidKey {
            problem: KeyProblem::with(detail.problem, 0, "")?,
        }),
        DaxsignStatus::DaxsignErrUnsupportedKey => {
            let (text, len) = unfixed(&detail.text);
            let found = Label::new(text.get(..len).unwrap_or_default());
            Some(Error::UnsupportedKey { found })
        }
        _ => None,
    }
}
