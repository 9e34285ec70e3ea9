//! Verifying a request, in one call or with its body in pieces.

use core::ffi::c_void;

use daxsign_core::{Verified, Verifier, VerifyingStream};

use crate::call::{call, call_without_detail};
use crate::call_error::CallError;
use crate::date::{DaxsignTime, timestamp};
use crate::detail::DaxsignDetail;
use crate::keys::DaxsignPublicKey;
use crate::memory::caller::Caller;
use crate::memory::place::Place;
use crate::memory::plain::{Plain, Versioned};
use crate::memory::storage::{Stored, storage};
use crate::options::{DaxsignOptions, read_options, read_profile};
use crate::replay_guard::{DaxsignReplayGuard, open_guard};
use crate::request::{DaxsignBytes, DaxsignRequest};
use crate::signing::DAXSIGN_DIGEST_LEN;
use crate::signing_stream::{known_length, update};
use crate::status::DaxsignStatus;
use crate::storage::DAXSIGN_STORAGE_ALIGN;

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

// SAFETY: integers and raw pointers.
unsafe impl Plain for DaxsignVerified {}
// SAFETY: repr(C), starts with a u32.
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
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let verified = outputs.optional(verified)?;
        let guard = open_guard(outputs, guard)?;
        let inputs = outputs.inputs();
        let request = inputs.request(request)?;
        let key = inputs.stored(public_key)?;
        let options = inputs.optional(options)?;
        let now = inputs.one("now", now)?;
        let judge = verifier(&key, profile, options)?;
        let now = timestamp(now)?;
        let result = match guard {
            None => judge.verify(&request, now),
            Some(mut guard) => judge.verify_once(&request, now, &mut guard),
        }?;
        let components = daxsign_core::SignatureHeader::from_request(&request)?;
        let components = DaxsignBytes::from_slice(components.headers_parameter());
        tell(&result, components, verified);
        Ok(())
    })
}

/// The verifier of a call.
fn verifier<'c>(
    key: &Stored<'c, '_, DaxsignPublicKey>,
    profile: u32,
    options: Option<&DaxsignOptions>,
) -> Result<Verifier<'c>, CallError> {
    let options = read_options(options)?;
    Ok(Verifier::new(key.get()?, read_profile(profile)?)
        .policy(options.policy)
        .window(options.window)
        .options(options.options))
}

/// Writes the result, if it is asked for.
fn tell(
    result: &Verified<'_>,
    components: DaxsignBytes,
    place: Option<Place<'_, DaxsignVerified>>,
) {
    if let Some(place) = place {
        place.write(DaxsignVerified {
            struct_size: DaxsignVerified::size(),
            date: DaxsignTime::from_timestamp(result.date),
            components,
            string_hash: result.string_hash,
        });
    }
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
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules, for the
    // key and the request until the stream is finished or wiped.
    let caller = unsafe { Caller::<'static>::promises() };
    call(caller, detail, |outputs| {
        let room = outputs.room(stream, stream_size)?;
        let inputs = outputs.inputs();
        let request = inputs.request(request)?;
        let key = inputs.stored(public_key)?;
        let options = inputs.optional(options)?;
        let now = inputs.one("now", now)?;
        room.start(|| {
            let verifier = verifier(&key, profile, options)?;
            let now = timestamp(now)?;
            let header = daxsign_core::SignatureHeader::from_request(&request)?;
            Ok(Waiting {
                stream: verifier.stream(&request, now, known_length(body_len))?,
                components: DaxsignBytes::from_slice(header.headers_parameter()),
            })
        })
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
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        update(
            outputs,
            stream,
            piece,
            piece_len,
            |waiting: &mut Waiting, piece| waiting.stream.update(piece),
        )
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
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let stream = outputs.held(stream)?;
        let verified = outputs.optional(verified)?;
        let guard = open_guard(outputs, guard)?;
        let waiting = stream.take()?;
        let result = match guard {
            None => waiting.stream.finish(),
            Some(mut guard) => waiting.stream.finish_once(&mut guard),
        }?;
        tell(&result, waiting.components, verified);
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
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |outputs| {
        outputs.held(stream)?.wipe();
        Ok(())
    })
}
