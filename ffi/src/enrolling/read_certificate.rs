//! What a certificate says of itself, and the hashes that it is named by.

use core::ffi::{c_char, c_void};

use daxsign_core::{CertificateFile, Thumbprint, ThumbprintKind};

use crate::date::DaxsignTime;
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::memory::plain::{Plain, Versioned};
use crate::status::DaxsignStatus;

use super::certificate_refusal::{FILE, call_certificate};

/// The room for a SHA-1 thumbprint's text, its NUL included.
pub const DAXSIGN_SHA1_TEXT: usize = 41;
/// The room for a SHA-256 thumbprint's text, its NUL included.
pub const DAXSIGN_SHA256_TEXT: usize = 65;

/// What a certificate says. Initialise it with `DAXSIGN_CERTIFICATE_INIT`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignCertificate {
    /// `sizeof(DaxsignCertificate)`.
    pub struct_size: u32,
    /// The size of its key in bits.
    pub modulus_bits: u32,
    /// The first second of its validity.
    pub not_before: DaxsignTime,
    /// The last second of its validity.
    pub not_after: DaxsignTime,
    /// Its SHA-1, by which DAX and .NET name it: 40 capital hexadecimal digits; ends in NUL.
    pub sha1: [c_char; DAXSIGN_SHA1_TEXT],
    /// Its SHA-256: 64 capital hexadecimal digits; ends in NUL.
    pub sha256: [c_char; DAXSIGN_SHA256_TEXT],
}

// SAFETY: integers.
unsafe impl Plain for DaxsignCertificate {}
// SAFETY: repr(C), starts with a u32.
unsafe impl Versioned for DaxsignCertificate {
    const NAME: &'static str = "certificate";
}

/// Reads an X.509 certificate, PEM or DER, the file's bytes as they are: its thumbprints, validity and
/// size of key. Of several PEM blocks the first certificate counts.
///
/// A thumbprint is a name and proves nothing: whether to trust the certificate, see
/// `daxsign_certificate_verify`.
///
/// Errors: `malformed-certificate`, with `offset` in its DER; of a file without a certificate, and of its
/// key, as `daxsign_public_key_load`. `daxsign_enrolling_message` says it in words. Exclusive:
/// `certificate`, which is as it was after every error. Stack: DAXSIGN_STACK_PUBLIC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_certificate_read(
    file: *const c_void,
    file_len: usize,
    certificate: *mut DaxsignCertificate,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_certificate(caller, detail, |outputs, refusal| {
        let place = outputs.versioned(certificate)?;
        let file = outputs.inputs().bytes(FILE, file, file_len)?;
        let read = CertificateFile::from_bytes(file);
        let read = read.map_err(|error| refusal.because(&error, FILE, 0))?;
        let bits = read.public_key()?.modulus_bits();
        let mut told = DaxsignCertificate {
            struct_size: DaxsignCertificate::size(),
            modulus_bits: u32::try_from(bits).unwrap_or(u32::MAX),
            not_before: DaxsignTime::from_timestamp(read.not_before()),
            not_after: DaxsignTime::from_timestamp(read.not_after()),
            sha1: [0; DAXSIGN_SHA1_TEXT],
            sha256: [0; DAXSIGN_SHA256_TEXT],
        };
        write_digits(&read.thumbprint(ThumbprintKind::Sha1), &mut told.sha1);
        write_digits(&read.thumbprint(ThumbprintKind::Sha256), &mut told.sha256);
        place.write(told);
        Ok(())
    })
}

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// The digits of a thumbprint; the last place stays NUL.
fn write_digits(thumbprint: &Thumbprint, place: &mut [c_char]) {
    for (pair, byte) in place.chunks_exact_mut(2).zip(thumbprint.as_bytes()) {
        for (slot, half) in pair.iter_mut().zip([byte >> 4, byte & 0xF]) {
            let digit = DIGITS.get(usize::from(half)).copied().unwrap_or_default();
            *slot = c_char::from_ne_bytes([digit]);
        }
    }
}
