//! The message of a key file that was refused: what the file is, where that is known.

use core::ffi::{c_char, c_void};

use daxsign_core::{Error, KeyHint, KeyProblem, Label};

use crate::call::call_without_detail;
use crate::detail::DaxsignDetail;
use crate::detail_message::write;
use crate::memory::caller::Caller;
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
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let inputs = outputs.inputs();
        let detail = inputs.versioned(about)?;
        let file = inputs.bytes("file", file, file_len)?;
        let hint = refusal(detail).and_then(|error| KeyHint::for_refused(file, &error));
        out.fill(|out| {
            Ok(collect(out, |sink| match hint {
                Some(hint) => hint.write_text(sink),
                None => write(detail, sink),
            })?)
        })
    })
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
