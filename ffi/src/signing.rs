//! Signing: the signing string, its digest, and the `Signature` field's value.

use core::ffi::{c_char, c_void};

use daxsign_core::{
    Components, Digest, EncodingProblem, Error, PrivateKey, Request, Sha256, Signer, SliceSink,
    sign_digest_into, signature_header_len, signing_digest, signing_string, write_signature_header,
};

use crate::call::call;
use crate::call_error::CallError;
use crate::call_error::Noted;
use crate::detail::DaxsignDetail;
use crate::failure::Failure;
use crate::keys::{DaxsignPrivateKey, DaxsignPublicKey};
use crate::memory::buffer::Buffer;
use crate::memory::caller::Caller;
use crate::memory::inputs::Inputs;
use crate::memory::place::Place;
use crate::memory::plain::Plain;
use crate::options::{DaxsignOptions, OutOfRange, read_options, read_profile};
use crate::request::{DaxsignBytes, DaxsignRequest};
use crate::signer::{DaxsignSigner, RawSigner};
use crate::status::DaxsignStatus;

/// The length of a digest in bytes.
pub const DAXSIGN_DIGEST_LEN: usize = 32;

/// The 32 bytes that stand in the signature's DigestInfo: what an external signer signs as an
/// already made SHA-256 ("sign hash", "sign prehashed"; never "sign data").
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignDigest {
    /// The bytes.
    pub bytes: [u8; DAXSIGN_DIGEST_LEN],
}

// SAFETY: an array of bytes.
unsafe impl Plain for DaxsignDigest {}

/// The bytes of a `Signature` value beside its component list and its base64.
pub const DAXSIGN_SIGNATURE_HEADER_OVERHEAD: usize = 61;
const _: () = assert!(DAXSIGN_SIGNATURE_HEADER_OVERHEAD == signature_header_len(0, 0));

/// Writes the signing string: the exact bytes that are signed. For logs and for comparing with
/// a peer's; to sign, there is `daxsign_sign`, which needs no buffer for it.
///
/// `components` is the list as the `headers` parameter has it, names separated by single spaces, or
/// NULL for the default list of the request.
///
/// Errors: the first rule that the request breaks; `buffer-too-small` with the length in
/// `*out_len`. Shared: `request`, `components`, `options`. Stack: DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signing_string(
    request: *const DaxsignRequest,
    components: *const DaxsignBytes,
    options: *const DaxsignOptions,
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
        let request = inputs.request(request)?;
        let components = inputs.components(components)?;
        let options = inputs.optional(options)?;
        out.fill(|out| {
            let options = read_options(options)?.options;
            let list = list_of(components, &request)?;
            Ok(signing_string(&request, &list, options, out)?.len())
        })
    })
}

/// Writes the component list as it is signed and sent: in lowercase, each name once at its last
/// place, single spaces between. For NULL that is the default list of the request:
/// `(request-target)`, then `host`, `content-type` and `content-length` as far as the request has
/// them, then `date`.
///
/// Errors: `invalid-component`, `unsupported-component`, `missing-component`, `buffer-too-small`.
/// Shared: `request`, `components`. Stack: DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_component_list(
    request: *const DaxsignRequest,
    components: *const DaxsignBytes,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let inputs = outputs.inputs();
        let request = inputs.request(request)?;
        let components = inputs.components(components)?;
        out.fill(|out| {
            let mut sink = SliceSink::new(out);
            list_of(components, &request)?.write_to(&mut sink);
            Ok(sink.finish()?.len())
        })
    })
}

/// Hashes a request for a key that signs elsewhere: the first of two steps. The key's owner signs
/// `digest` as an already made SHA-256 with RSASSA-PKCS1-v1_5 (32 bytes, to be put into a
/// DigestInfo), then `daxsign_signature_header_write` makes the field of it.
///
/// Errors: the first rule that the request breaks; `unbound-body` as in `daxsign_sign`; `digest` is
/// then zeroed. Shared: `request`, `components`, `options`. Stack: DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signing_digest(
    request: *const DaxsignRequest,
    components: *const DaxsignBytes,
    profile: u32,
    options: *const DaxsignOptions,
    digest: *mut DaxsignDigest,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let digest = outputs.place("digest", digest)?;
        let inputs = outputs.inputs();
        let request = inputs.request(request)?;
        let components = inputs.components(components)?;
        let options = inputs.optional(options)?;
        write_digest(&digest, || {
            let list = list_of(components, &request)?;
            let chosen = read_options(options)?;
            let list = list.for_policy(chosen.policy);
            let profile = read_profile(profile)?;
            Ok(signing_digest(&request, &list, profile, chosen.options)?)
        })
    })
}

/// The digest that is signed for a signing string that you have.
///
/// Errors: `invalid-argument` for an unknown profile; `digest` is then zeroed. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_string_digest(
    string: *const c_void,
    string_len: usize,
    profile: u32,
    digest: *mut DaxsignDigest,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let digest = outputs.place("digest", digest)?;
        let string = outputs.inputs().bytes("string", string, string_len)?;
        write_digest(&digest, || {
            Ok(read_profile(profile)?.digest(&Sha256::digest(string)))
        })
    })
}

/// Writes a digest, or zeros after a failure.
pub(crate) fn write_digest(
    place: &Place<'_, DaxsignDigest>,
    make: impl FnOnce() -> Result<Digest, CallError>,
) -> Result<(), CallError> {
    let result = make();
    let bytes = match &result {
        Ok(digest) => *digest.as_bytes(),
        Err(_) => [0; DAXSIGN_DIGEST_LEN],
    };
    place.write(DaxsignDigest { bytes });
    result.map(|_| ())
}

/// The component list of a call: that of the text, or the request's default list for none.
pub(crate) fn list_of<'a>(
    text: Option<&'a [u8]>,
    request: &Request<'a>,
) -> Result<Components<'a>, Error> {
    match text {
        Some(text) => Components::parse(text),
        None => Ok(Components::default_for(request)),
    }
}

/// Signs a request and writes the value of its `Signature` field.
///
/// `components` is the list as the `headers` parameter has it, or NULL for the default list of the
/// request (see `daxsign_component_list`). `out` needs `DAXSIGN_SIGNATURE_HEADER_LEN(bits, list)`
/// bytes, one more for a NUL. The signing string needs no memory: the request is hashed where it is.
///
/// The default list does not sign a body of a request without `Content-Length`, since verifiers
/// refuse it unless they choose the interop policy; with `options.policy` you choose it too. A list
/// of your own is signed as it is.
///
/// Errors: the first rule that the request breaks; `unbound-body` for such a body;
/// `buffer-too-small`; `signing-fault` if the signature made does not verify. After an error `out`
/// holds zeros.
/// Timing: constant for a key's size; the request's content and length show, the key does not.
/// Shared: `private_key`, `request`, `components`, `options`. Stack: DAXSIGN_STACK_SIGN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_sign(
    private_key: *const DaxsignPrivateKey,
    request: *const DaxsignRequest,
    components: *const DaxsignBytes,
    profile: u32,
    options: *const DaxsignOptions,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let inputs = outputs.inputs();
        let key = inputs.stored(private_key)?;
        let request = inputs.request(request)?;
        let signing = Signing {
            request: &request,
            components: inputs.components(components)?,
            profile,
            options: inputs.optional(options)?,
            failure: inputs.failure(),
        };
        signing.run(out, || key.get(), Failure::core)
    })
}

/// As `daxsign_sign`, with a key that stays elsewhere and signs through your function.
///
/// Errors: as `daxsign_sign`; `signer-failed` with your number in `detail.found`; `signing-fault` if
/// `signer.public_key` is given and the signature does not verify with it; `invalid-argument` for
/// `signer.modulus_bits` below 2048 or above what this build holds. Stack: DAXSIGN_STACK_PUBLIC and
/// what your function takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_sign_with(
    signer: *const DaxsignSigner,
    request: *const DaxsignRequest,
    components: *const DaxsignBytes,
    profile: u32,
    options: *const DaxsignOptions,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let inputs = outputs.inputs();
        let signer = RawSigner::read(&inputs, signer)?;
        let request = inputs.request(request)?;
        let signing = Signing {
            request: &request,
            components: inputs.components(components)?,
            profile,
            options: inputs.optional(options)?,
            failure: inputs.failure(),
        };
        signing.run(out, || signer.check(), Failure::note)
    })
}

/// The arguments that all ways to sign share.
struct Signing<'s, 'c, 'f> {
    request: &'s Request<'c>,
    components: Option<&'c [u8]>,
    profile: u32,
    options: Option<&'c DaxsignOptions>,
    failure: &'f Failure,
}

impl Signing<'_, '_, '_> {
    /// Signs, and writes the field's value.
    fn run<S: Signer>(
        self,
        out: Buffer<'_, '_>,
        signer: impl FnOnce() -> Result<S, Noted>,
        note: fn(&Failure, &S::Error) -> Noted,
    ) -> Result<(), CallError> {
        let failure = self.failure;
        let range = |found: OutOfRange| failure.note(&found.into());
        out.fill(|out| {
            let profile = read_profile(self.profile).map_err(range)?;
            let signer = signer()?;
            let list = failure.of_core(list_of(self.components, self.request))?;
            let chosen = read_options(self.options).map_err(range)?;
            let list = list.for_policy(chosen.policy);
            let digest = signing_digest(self.request, &list, profile, chosen.options);
            let digest = failure.of_core(digest)?;
            let note = |error| note(failure, &error);
            Ok(sign_digest_into(&signer, &digest, &list, out, note)?)
        })
    }
}

/// Signs a digest: `signature` gets the raw signature, an eighth of the modulus's bits in bytes.
/// With `daxsign_signature_header_write` it becomes the field.
///
/// Errors: `not-initialised`, `buffer-too-small`, `signing-fault`; `signature` then holds zeros.
/// Timing: constant for a key's size. Shared: `private_key`, `digest`. Stack: DAXSIGN_STACK_SIGN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_sign_digest(
    private_key: *const DaxsignPrivateKey,
    digest: *const DaxsignDigest,
    signature: *mut u8,
    signature_cap: usize,
    signature_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.bytes(signature, signature_cap, signature_len)?;
        sign_raw(&outputs.inputs(), private_key, digest, out, Ok)
    })
}

/// Signs `digest_count` digests with one key, for hosts that relay many messages: the signatures
/// stand one behind the other in `signatures`, in the digests' order, each an eighth of the
/// modulus's bits in bytes, together `*signatures_len`. Each is the one that `daxsign_sign_digest`
/// makes.
///
/// On x86-64 with AVX-512 IFMA, with keys of 2048, 3072 or 4096 bits whose primes have half of that,
/// eight are computed at once in about two thirds of the time of one by one: hand over multiples of
/// eight. Elsewhere it is as good as a loop, and the stack is that of `daxsign_sign_digest`.
///
/// Errors: `not-initialised`, `buffer-too-small`; `signing-fault` if any of the signatures made does
/// not verify. `signatures` then holds zeros. Timing: constant for a key's size and a number of
/// digests. Shared: `private_key`, `digests`. Stack: DAXSIGN_STACK_BATCH.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_sign_batch(
    private_key: *const DaxsignPrivateKey,
    digests: *const DaxsignDigest,
    digest_count: usize,
    signatures: *mut u8,
    signatures_cap: usize,
    signatures_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.bytes(signatures, signatures_cap, signatures_len)?;
        let inputs = outputs.inputs();
        let key = inputs.stored(private_key)?;
        // Both kinds of digest are the same bytes.
        let digests = inputs.array("digests", digests.cast::<Digest>(), digest_count)?;
        out.fill(|out| {
            let key = key.get()?;
            let needed = digest_count.saturating_mul(key.modulus_len());
            let out = out
                .get_mut(..needed)
                .ok_or(Error::BufferTooSmall { needed })?;
            key.sign_batch(digests, out)?;
            Ok(needed)
        })
    })
}

/// As `daxsign_sign_digest`, and calls `progress(context)` again and again while it signs: to feed
/// a watchdog or give way to another task. It is called about 2600 times for 2048 bits; between two
/// calls there is never more than a hundredth of the signature's work. When it is called depends on
/// the key's size only. It runs on the caller's thread, on top of the stack that signing takes; it
/// cannot end the signature and must not throw or jump out.
///
/// Errors: as `daxsign_sign_digest`; `null-pointer` for no function. Shared: `private_key`,
/// `digest`. Stack: DAXSIGN_STACK_SIGN and what your function takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_sign_digest_with_progress(
    private_key: *const DaxsignPrivateKey,
    digest: *const DaxsignDigest,
    progress: Option<unsafe extern "C" fn(context: *mut c_void)>,
    context: *mut c_void,
    signature: *mut u8,
    signature_cap: usize,
    signature_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.bytes(signature, signature_cap, signature_len)?;
        sign_raw(&outputs.inputs(), private_key, digest, out, |key| {
            let status = DaxsignStatus::DaxsignErrNullPointer;
            let progress = progress.ok_or(CallError::call(status, "progress"))?;
            Ok(key.with_progress(move || {
                // SAFETY: a function of C with this type, which neither throws nor jumps out: its
                // caller's promise.
                unsafe { progress(context) };
            }))
        })
    })
}

/// Signs a digest with what `signer` makes of the key.
fn sign_raw<'c, S: Signer<Error = Error>>(
    inputs: &Inputs<'c, '_>,
    private_key: *const DaxsignPrivateKey,
    digest: *const DaxsignDigest,
    out: Buffer<'_, '_>,
    signer: impl FnOnce(&'c PrivateKey) -> Result<S, CallError>,
) -> Result<(), CallError> {
    let key = inputs.stored(private_key)?;
    // Both kinds of digest are the same bytes.
    let digest = inputs.one("digest", digest.cast::<Digest>())?;
    out.fill(|out| {
        let signer = signer(key.get()?)?;
        let needed = signer.modulus_len();
        let out = out
            .get_mut(..needed)
            .ok_or(Error::BufferTooSmall { needed })?;
        signer.sign_digest(digest, out)?;
        Ok(needed)
    })
}

/// Checks a raw signature over a digest. To verify a request there is `daxsign_verify`.
///
/// Errors: `signature-mismatch`; `invalid-signature-encoding` for a signature of another length than
/// the modulus; `not-initialised`. Shared: `public_key`, `digest`, `signature`. Stack:
/// DAXSIGN_STACK_PUBLIC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_verify_digest(
    public_key: *const DaxsignPublicKey,
    digest: *const DaxsignDigest,
    signature: *const u8,
    signature_len: usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let inputs = outputs.inputs();
        let key = inputs.stored(public_key)?;
        let digest = inputs.one("digest", digest.cast::<Digest>())?;
        let signature = inputs.bytes("signature", signature, signature_len)?;
        Ok(key.get()?.verify_digest(digest, signature)?)
    })
}

/// Writes the value of the `Signature` field for a signature made by any means: the second of the
/// two steps of signing elsewhere. `request` and `components` are those of the first step.
///
/// Errors: what is wrong with the list; `invalid-signature-encoding` for an empty signature;
/// `buffer-too-small`. Shared: `request`, `components`, `signature`. Stack: DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signature_header_write(
    request: *const DaxsignRequest,
    components: *const DaxsignBytes,
    signature: *const u8,
    signature_len: usize,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let inputs = outputs.inputs();
        let request = inputs.request(request)?;
        let components = inputs.components(components)?;
        let signature = inputs.bytes("signature", signature, signature_len)?;
        out.fill(|out| {
            let list = list_of(components, &request)?;
            if signature.is_empty() {
                return Err(Error::InvalidSignatureEncoding {
                    expected: daxsign_core::MIN_MODULUS_BITS / 8,
                    found: 0,
                    problem: EncodingProblem::Bytes,
                }
                .into());
            }
            Ok(write_signature_header(&list, signature, out)?.len())
        })
    })
}
