//! Whether a pinned authority issued a certificate.

use core::array;
use core::ffi::c_void;

use daxsign_core::{CertificateFile, EnrolError, PublicKey, Purpose, TrustAnchor};

use crate::call_error::CallError;
use crate::date::{DaxsignTime, timestamp};
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::options::choose;
use crate::status::DaxsignStatus;

use super::certificate_refusal::{AUTHORITY, CertificateRefusal, FILE, call_certificate};

/// What a certificate is wanted for.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaxsignPurpose {
    /// Whatever it states: that is not judged.
    Any = 0,
    /// To be known as a client (clientAuth).
    ClientAuth = 1,
    /// To be known as a server (serverAuth).
    ServerAuth = 2,
}

/// In the order of their numbers.
const PURPOSES: [Option<Purpose>; 3] = [None, Some(Purpose::ClientAuth), Some(Purpose::ServerAuth)];

/// How many certificates behind the first are looked at: as many as the core looks at.
const MAX_OTHERS: usize = 8;

/// Checks that the first certificate in `file` was issued by `authority`, itself or through up to two
/// others that follow in `file`, in any order, of which eight are looked at: so that a controller takes
/// the exchange's next certificate without new firmware. `authority` is your own: the certificate of an
/// authority, or its bare public key (SPKI, PKCS#1), whose name and time nobody states; of a file with both,
/// the first certificate. Both are PEM or DER, the files' bytes as they are; a certificate in them that is
/// damaged or cut off is refused, and not passed over.
///
/// Each certificate on the way is of version 3, signed with SHA-256 and RSA by the key of the next, which
/// has the name of its issuer; each is valid at `now`, and has no critical extension that is not
/// understood; each but the first is an authority's that may sign certificates, with no more authorities
/// below it than it allows. With a `purpose` (a `DaxsignPurpose`) each one that states purposes (extended
/// key usage) names it, or any. Not checked: whether one was revoked, and whose it is: compare its
/// thumbprint or names with what you expect. Then load its key with `daxsign_certificate_load`.
///
/// DAXSIGN_OK is the only yes. Errors: `untrusted-certificate`, with a `DaxsignProblem`, where `position`
/// is 0 for the certificate itself, 1 for the authority above it, and so on; `malformed-certificate`, with
/// the argument as `name` and, behind the first of `file`, which one as `position`; `invalid-key`,
/// `unsupported-key` and `key-too-small` for a file without a certificate or key, and for the key of
/// `authority`; `invalid-date` for `now`; `invalid-argument` for `purpose`. `daxsign_enrolling_message` says it in words.
/// Shared: all inputs. Stack: DAXSIGN_STACK_CERTIFICATE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_certificate_verify(
    file: *const c_void,
    file_len: usize,
    authority: *const c_void,
    authority_len: usize,
    purpose: u32,
    now: *const DaxsignTime,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_certificate(caller, detail, |outputs, refusal| {
        let inputs = outputs.inputs();
        let file = inputs.bytes(FILE, file, file_len)?;
        let authority = inputs.bytes(AUTHORITY, authority, authority_len)?;
        let now = timestamp(inputs.one("now", now)?)?;
        let purpose = choose("purpose", purpose, PURPOSES)?;
        let anchor =
            &anchor(authority, purpose).map_err(|error| refusal.because(&error, AUTHORITY, 0))?;
        let certificate = CertificateFile::from_bytes(file);
        let certificate = certificate.map_err(|error| refusal.because(&error, FILE, 0))?;
        with_others(&certificate, file, refusal, |others| {
            let verified = anchor.verify(&certificate, others, now);
            verified.map_err(|error| refusal.because(&error, FILE, 0))
        })
    })
}

/// The authority in a file: the first certificate, or a bare key. On a frame of its own: its copies are gone
/// when signatures are checked.
#[inline(never)]
fn anchor(file: &[u8], purpose: Option<Purpose>) -> Result<TrustAnchor<'_>, EnrolError> {
    let anchor = match CertificateFile::all(file).next() {
        Some(certificate) => TrustAnchor::from_certificate(&certificate?)?,
        None => TrustAnchor::from_key(PublicKey::from_bytes(file)?),
    };
    Ok(match purpose {
        Some(purpose) => anchor.for_purpose(purpose),
        None => anchor,
    })
}

/// The certificates behind the first one of a file.
fn with_others(
    first: &CertificateFile<'_>,
    file: &[u8],
    refusal: &CertificateRefusal,
    then: impl FnOnce(&[CertificateFile<'_>]) -> Result<(), CallError>,
) -> Result<(), CallError> {
    let mut held: [CertificateFile<'_>; MAX_OTHERS] = array::from_fn(|_| first.clone());
    let mut count = 0_usize;
    let others = CertificateFile::all(file).skip(1);
    for ((slot, read), position) in held.iter_mut().zip(others).zip(2..) {
        *slot = read.map_err(|error| refusal.because(&error, FILE, position))?;
        count = count.saturating_add(1);
    }
    then(held.get(..count).unwrap_or_default())
}
