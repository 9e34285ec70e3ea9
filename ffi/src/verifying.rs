//! Verifying a request, in one call or with its body in pieces.

use core::ffi::c_void;

use daxsign_core::{Verified, Verifier, VerifyingStream};

use crate::call::call;
use crate::date::{DaxsignTime, read_time};
use crate::detail::DaxsignDetail;
use crate::failure::Failure;
use crate::keys::DaxsignPublicKey;
use crate::memory::{Memory, Region, Versioned, keep_apart};
use crate::options::{DaxsignOptions, options_region, read_options, read_profile};
use crate::replay_guard::{DaxsignReplayGuard, read_guard};
use crate::request::{DaxsignBytes, DaxsignRequest, read_request};
use crate::signing::DAXSIGN_DIGEST_LEN;
use crate::signing_stream::{known_length, update};
use crate::status::DaxsignStatus;
use crate::storage::{DAXSIGN_STORAGE_ALIGN, Room, Storage, storage};

/// What a verified request proves: these components and the body were signed by the key's owner.
/// Initialise it with `DAXSIGN_VERIFIED_INIT`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignVerified {
    /// `sizeof(DaxsignVerified)`.
    pub struct_size: u32,
    /// The request's date.
    pub date: DaxsignTime,
    /// The components covered, as they were sent: a part of the request's `Signature` value. What
    /// is not among them (the query, other fields) is not protected; ask with
    /// `daxsign_components_contain`.
    pub components: DaxsignBytes,
    /// The SHA-256 of the signing string. To refuse replays by other means than a guard, keep it
    /// together with whose key this was: another key's signature over the same string is another
    /// request.
    pub string_hash: [u8; DAXSIGN_DIGEST_LEN],
}

// SAFETY: repr(C), starts with a u32, made of integers and pointers.
unsafe impl Versioned for DaxsignVerified {
    const NAME: &'static str = "verified";
}

/// The size of a `DaxsignVerifyingStream` in bytes.
pub const DAXSIGN_VERIFYING_STREAM_SIZE: usize = 336;
/// The alignment of a `DaxsignVerifyingStream` in bytes.
pub const DAXSIGN_VERIFYING_STREAM_ALIGN: usize = DAXSIGN_STORAGE_ALIGN;

/// A verification under way, with where the request lies.
#[derive(Clone)]
pub(crate) struct Waiting {
    stream: VerifyingStream<'static, 'static>,
    /// The component list as it was sent.
    components: DaxsignBytes,
}

/// Storage for a verification whose body comes in pieces. It points to the key and into the
/// request that it was started with.
#[repr(C)]
#[derive(Clone, Copy)]
pub union DaxsignVerifyingStream {
    /// Private to the library.
    pub opaque: [u8; DAXSIGN_VERIFYING_STREAM_SIZE],
    /// Gives the storage its alignment.
    pub align: u64,
}

storage!(DaxsignVerifyingStream("stream", b"daxs-vfs"): Waiting);

/// Verifies a request: its `Signature` field, its date, that its list binds the body, and its
/// signature. With a guard it is accepted once: the second time it is `replayed`.
///
/// `now` is your clock; the request's date must lie within `options.window` seconds of it.
/// `guard` and `verified` may be NULL: then the request is accepted as often as it comes while it is
/// fresh, and the result is not written. Success is `DAXSIGN_OK` and nothing else; the request must
/// not be acted on otherwise.
///
/// Errors: what is wrong with the `Signature` field; the first rule that the request breaks;
/// `stale-date`, `future-date`; `unbound-body`; `signature-mismatch`; `replayed`,
/// `replay-guard-full`. `verified` is then as it was.
/// Shared: `public_key`, `request`, `options`, `now`; exclusive: `guard`, `verified`. Stack:
/// DAXSIGN_STACK_PUBLIC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_verify(
    public_key: *const DaxsignPublicKey,
    request: *const DaxsignRequest,
    profile: u32,
    options: *const DaxsignOptions,
    now: *const DaxsignTime,
    guard: *mut DaxsignReplayGuard,
    verified: *mut DaxsignVerified,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    call(detail, |detail| {
        // SAFETY: the caller's contract, here and below.
        let read = unsafe { read_request(request) }?;
        let inputs = [
            // SAFETY: as above.
            Some(unsafe { DaxsignPublicKey::region(public_key) }?),
            Some(Region::array("now", now, 1)?),
            // SAFETY: as above.
            unsafe { options_region(options) }?,
        ];
        let inputs: &[&dyn Memory] = &[&read, &inputs];
        // SAFETY: as above.
        let outputs = [unsafe { verified_region(verified) }?, detail];
        // SAFETY: as above.
        let guard = unsafe { read_guard(guard, &outputs, inputs) }?;
        // SAFETY: as above.
        let judge = unsafe { read_verifier(public_key, profile, options) }?;
        // SAFETY: as above.
        let now = unsafe { read_time("now", now) }?;
        let result = match guard {
            None => judge.verify(&read.request, now),
            Some(mut guard) => judge.verify_once(&read.request, now, &mut guard),
        }?;
        let components = daxsign_core::SignatureHeader::of(&read.request)?;
        let components = DaxsignBytes::of(components.headers_parameter());
        // SAFETY: as above.
        unsafe { give(&result, components, verified) };
        Ok(())
    })
}

/// The verifier of a call.
///
/// # Safety
/// The pointers follow the header's rules during `'a`.
unsafe fn read_verifier<'a>(
    key: *const DaxsignPublicKey,
    profile: u32,
    options: *const DaxsignOptions,
) -> Result<Verifier<'a>, Failure> {
    // SAFETY: the caller's contract.
    let key = unsafe { DaxsignPublicKey::get(key) }?;
    // SAFETY: the same.
    let options = unsafe { read_options(options) }?;
    Ok(Verifier::new(key, read_profile(profile)?)
        .policy(options.policy)
        .window(options.window)
        .options(options.options))
}

/// Where the result goes, checked before any work; `None` where it is not asked for.
///
/// # Safety
/// `verified` is NULL or follows the header's rules.
unsafe fn verified_region(verified: *mut DaxsignVerified) -> Result<Option<Region>, Failure> {
    if verified.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's contract.
    unsafe { DaxsignVerified::check_size(verified) }?;
    Ok(Some(Region::array("verified", verified, 1)?))
}

/// Gives the result out, if it is asked for.
///
/// # Safety
/// `verified` has passed [`verified_region`].
unsafe fn give(result: &Verified<'_>, components: DaxsignBytes, verified: *mut DaxsignVerified) {
    if verified.is_null() {
        return;
    }
    let known = DaxsignVerified {
        struct_size: DaxsignVerified::size(),
        date: DaxsignTime::of(result.date),
        components,
        string_hash: result.string_hash,
    };
    // SAFETY: checked before the work, and apart from every input.
    unsafe { known.give(verified) };
}

/// Starts to verify a request whose body comes in pieces; a body in `request` counts as the first
/// piece. `stream_size` is `sizeof *stream`; `body_len` is the whole body's length in bytes, or
/// `DAXSIGN_UNKNOWN_LENGTH`.
///
/// The stream points to `public_key` and into `request`: both, and every byte that the request's fields
/// point to, must stay where they are and as they are until the stream is finished or wiped.
/// Nothing of the body may be acted on before `daxsign_verifying_stream_finish` has accepted it.
///
/// The date is judged now, and so is the list where it is known that there is a body: by `body_len`,
/// a `Content-Length` or a first piece. Else the first byte of a body that the list does not bind is
/// refused.
///
/// Errors: as `daxsign_verify`, as far as the body is not needed; the stream is then wiped. Shared:
/// `public_key`, `request`, `options`, `now`; exclusive: `stream`. Stack: DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_verifying_stream_start(
    stream: *mut DaxsignVerifyingStream,
    stream_size: usize,
    public_key: *const DaxsignPublicKey,
    request: *const DaxsignRequest,
    profile: u32,
    options: *const DaxsignOptions,
    now: *const DaxsignTime,
    body_len: u64,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    call(detail, |detail| {
        let room = Room::new(stream, stream_size)?;
        // SAFETY: the caller's contract, here and below.
        let read = unsafe { read_request(request) }?;
        let inputs = [
            // SAFETY: as above.
            Some(unsafe { DaxsignPublicKey::region(public_key) }?),
            Some(Region::array("now", now, 1)?),
            // SAFETY: as above.
            unsafe { options_region(options) }?,
        ];
        keep_apart(&[Some(room.region()?), detail], &[&read, &inputs])?;
        // SAFETY: as above; the caller keeps key and request until the stream ends.
        unsafe {
            room.start(|| {
                let verifier = read_verifier(public_key, profile, options)?;
                let now = read_time("now", now)?;
                let header = daxsign_core::SignatureHeader::of(&read.request)?;
                Ok(Waiting {
                    stream: verifier.stream(&read.request, now, known_length(body_len))?,
                    components: DaxsignBytes::of(header.headers_parameter()),
                })
            })
        }
    })
}

/// Takes the next piece of the body.
///
/// Errors: as `daxsign_signing_stream_update`. Exclusive: `stream`. Stack: DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_verifying_stream_update(
    stream: *mut DaxsignVerifyingStream,
    piece: *const c_void,
    piece_len: usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    call(detail, |detail| {
        // SAFETY: the caller's contract.
        unsafe {
            update(
                stream,
                piece,
                piece_len,
                detail,
                |waiting: &mut Waiting, piece| waiting.stream.update(piece),
            )
        }
    })
}

/// The verdict; the stream is wiped. `guard` and `verified` may be NULL, as in `daxsign_verify`.
///
/// Errors: as `daxsign_verify`; `not-initialised`. Exclusive: `stream`, `guard`, `verified`. Stack:
/// DAXSIGN_STACK_PUBLIC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_verifying_stream_finish(
    stream: *mut DaxsignVerifyingStream,
    guard: *mut DaxsignReplayGuard,
    verified: *mut DaxsignVerified,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    call(detail, |detail| {
        // SAFETY: the caller's contract, here and below.
        let stream_region = Some(unsafe { DaxsignVerifyingStream::region(stream) }?);
        // SAFETY: as above.
        let outputs = [stream_region, unsafe { verified_region(verified) }?, detail];
        // SAFETY: as above.
        let guard = unsafe { read_guard(guard, &outputs, &[]) }?;
        // SAFETY: as above.
        let waiting = unsafe { DaxsignVerifyingStream::take(stream) }?;
        let result = match guard {
            None => waiting.stream.finish(),
            Some(mut guard) => waiting.stream.finish_once(&mut guard),
        }?;
        // SAFETY: as above.
        unsafe { give(&result, waiting.components, verified) };
        Ok(())
    })
}

/// Overwrites a stream with zeros: for giving up half-way. Storage without a stream is left as it is.
///
/// Errors: `null-pointer`, `misaligned`. Exclusive: `stream`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_verifying_stream_wipe(
    stream: *mut DaxsignVerifyingStream,
) -> DaxsignStatus {
    call(core::ptr::null_mut(), |_| {
        // SAFETY: the caller's contract.
        unsafe { DaxsignVerifyingStream::wipe(stream) }
    })
}
