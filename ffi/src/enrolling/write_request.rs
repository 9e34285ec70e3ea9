//! Writing the request for a certificate.

use core::ffi::c_void;

use daxsign_core::{KeyEncoding, PublicKey, Signer};

use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::keys::DaxsignPrivateKey;
use crate::memory::buffer::Buffer;
use crate::memory::caller::Caller;
use crate::options::out_of_range;
use crate::signer::{DaxsignSigner, RawSigner};
use crate::status::DaxsignStatus;

use super::names::{DaxsignNames, Names};
use super::refusal::{Refusal, call_enrolling};
use super::write_key::{file, is_pem};

/// Writes the request for a certificate (PKCS#10) that DAX wants: signed with the key that the certificate
/// is to be for. `encoding` is a `DaxsignKeyEncoding`; behind PEM a NUL is put where there is room. Send
/// it to DAX; it is no secret.
///
/// To feed a watchdog meanwhile, call `daxsign_write_certificate_request_with` with a function that calls
/// `daxsign_sign_digest_with_progress`.
///
/// `DAXSIGN_REQUEST_LEN(bits)` bytes hold each request without `others` and `dns_names`, and a NUL; usual
/// names with a key of 2048 bits make 897 bytes of DER, 1285 of PEM. Errors: `invalid-field`, where `name` in the detail is the
/// field and `problem` what is wrong with it; `buffer-too-small`; `signing-fault`; `not-initialised`;
/// `invalid-argument` for `encoding`. `daxsign_enrolling_message` says it in words. Timing: constant for
/// a key's size and names. Shared: `private_key`, `names` and what it points to. Stack:
/// DAXSIGN_STACK_REQUEST.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_write_certificate_request(
    private_key: *const DaxsignPrivateKey,
    names: *const DaxsignNames,
    encoding: u32,
    out: *mut c_void,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_enrolling(caller, detail, |outputs, refusal| {
        let out = file(outputs, encoding, out, out_cap, out_len)?;
        let inputs = outputs.inputs();
        let key = inputs.stored(private_key)?;
        let names = Names::read(inputs, names)?;
        write(out, encoding, &names, refusal, || {
            let key = key.get()?;
            Ok((key, key.public_key()))
        })
    })
}

/// The same with a key that stays elsewhere. `signer.public_key` must be its public half, which stands in
/// the request and checks the signature.
///
/// Errors: as `daxsign_write_certificate_request`; `signer-failed` with your function's number;
/// `null-pointer` for no function or no public key; `invalid-argument` where `signer.modulus_bits` is
/// not that key's. Shared: `signer`, `names` and what they point to. Stack:
/// DAXSIGN_STACK_REQUEST and what your function takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_write_certificate_request_with(
    signer: *const DaxsignSigner,
    names: *const DaxsignNames,
    encoding: u32,
    out: *mut c_void,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_enrolling(caller, detail, |outputs, refusal| {
        let out = file(outputs, encoding, out, out_cap, out_len)?;
        let inputs = outputs.inputs();
        let signer = RawSigner::read(&inputs, signer)?;
        let names = Names::read(inputs, names)?;
        write(out, encoding, &names, refusal, || {
            let signer = signer.check()?;
            let none = DaxsignStatus::DaxsignErrNullPointer;
            let none = CallError::call(none, "signer.public_key");
            let public_key = signer.public_key().ok_or(none)?;
            if public_key.modulus_len() != signer.modulus_len() {
                let found = crate::number::to_u64(signer.modulus_len().saturating_mul(8));
                return Err(out_of_range("signer.modulus_bits", found));
            }
            Ok((signer, public_key))
        })
    })
}

fn write<'k, S: Signer>(
    out: Buffer<'_, '_>,
    encoding: u32,
    names: &Names<'_, '_>,
    refusal: &Refusal,
    key: impl FnOnce() -> Result<(S, &'k PublicKey), CallError>,
) -> Result<(), CallError>
where
    CallError: From<S::Error>,
{
    out.fill(|out| {
        let encoding = if is_pem(encoding)? {
            KeyEncoding::Pem
        } else {
            KeyEncoding::Der
        };
        let (signer, public_key) = key()?;
        names.with_request(public_key, refusal, |request| {
            Ok(request.write(&signer, encoding, out)?.len())
        })
    })
}
