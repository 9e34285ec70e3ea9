//! The message of what enrolling refused.

use core::ffi::c_char;

use daxsign_core::{EnrolError, Error, Sink, write_decimal};

use crate::call::call_without_detail;
use crate::detail::DaxsignDetail;
use crate::detail_message::{write, write_argument, write_code};
use crate::memory::caller::Caller;
use crate::status::DaxsignStatus;
use crate::status::DaxsignStatus as S;
use crate::text::{collect, unfixed};

use super::certificate_refusal::error_of;
use super::refusal::field_of;

/// Writes one English sentence for a log on what a function of enrolling said: `daxsign_generate_key`,
/// `daxsign_write_certificate_request`, `daxsign_certificate_verify` and the like. For what other functions
/// may refuse, too, it is what `daxsign_detail_message` writes, which knows of fields, randomness and
/// certificates the general sentence only: so a program that does not enrol does not link these.
///
/// `out` of 512 bytes holds every message and a NUL behind it. Errors: `buffer-too-small`. Any
/// thread. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_enrolling_message(
    about: *const DaxsignDetail,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let detail = outputs.inputs().versioned(about)?;
        out.fill(|out| {
            Ok(collect(out, |sink| match refusal(detail) {
                Some(error) => tell(detail, &error, sink),
                None => tell_other(detail, sink),
            })?)
        })
    })
}

/// The error that a detail tells of, if it is one of enrolling alone.
fn refusal(detail: &DaxsignDetail) -> Option<EnrolError> {
    let status = DaxsignStatus::from_number(detail.status)?;
    Some(match status {
        S::DaxsignErrInvalidField => {
            let (name, len) = unfixed(&detail.name);
            let name = core::str::from_utf8(name.get(..len)?).ok()?;
            let (field, problem) = field_of(detail, name)?;
            EnrolError::InvalidField { field, problem }
        }
        S::DaxsignErrKeySize => EnrolError::KeySize {
            bits: usize::try_from(detail.found).unwrap_or(usize::MAX),
        },
        S::DaxsignErrRandomnessFailed => EnrolError::RandomnessFailed,
        S::DaxsignErrRandomnessStuck => EnrolError::RandomnessStuck,
        S::DaxsignErrNoPrime => EnrolError::NoPrime,
        _ => return error_of(detail, status),
    })
}

/// An error of the core, or of the call. Of a key it is told in which file it is.
fn tell_other(detail: &DaxsignDetail, sink: &mut impl Sink) {
    if let Some(
        Error::InvalidKey { .. } | Error::UnsupportedKey { .. } | Error::KeyTooSmall { .. },
    ) = detail.error()
    {
        write_argument(detail, sink);
    }
    write(detail, sink);
}

fn tell(detail: &DaxsignDetail, error: &EnrolError, sink: &mut impl Sink) {
    let is_malformed = matches!(error, EnrolError::Malformed { .. });
    if is_malformed {
        write_argument(detail, sink);
    }
    // Of an authority it is the place above the certificate, which the error tells.
    if detail.position > 0 && !matches!(error, EnrolError::Untrusted { .. }) {
        sink.write(if is_malformed {
            b"certificate "
        } else {
            b"entry "
        });
        write_decimal(detail.position.into(), sink);
        sink.write(b": ");
    }
    error.write_message(sink);
    if *error == EnrolError::RandomnessFailed {
        write_code(detail.found, sink);
    }
}
