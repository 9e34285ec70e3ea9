//! Signing a request whose body comes in pieces.

use core::ffi::c_void;

use daxsign_core::SigningStream;

use crate::call::{call, call_without_detail};
use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::memory::outputs::Outputs;
use crate::memory::storage::{Storage, storage};
use crate::options::{DaxsignOptions, read_options, read_profile};
use crate::request::{DaxsignBytes, DaxsignRequest};
use crate::signing::{DaxsignDigest, list_of, write_digest};
use crate::status::DaxsignStatus;
use crate::storage::DAXSIGN_STORAGE_ALIGN;

/// The size of a `DaxsignSigningStream` in bytes.
pub const DAXSIGN_SIGNING_STREAM_SIZE: usize = 176;
/// The alignment of a `DaxsignSigningStream` in bytes.
pub const DAXSIGN_SIGNING_STREAM_ALIGN: usize = DAXSIGN_STORAGE_ALIGN;
/// For a body whose length is not known beforehand.
pub const DAXSIGN_UNKNOWN_LENGTH: u64 = u64::MAX;

/// Storage for the hash of a request whose body comes in pieces.
#[repr(C)]
#[derive(Clone, Copy)]
pub union DaxsignSigningStream {
    /// Private to the library.
    pub opaque: [u8; DAXSIGN_SIGNING_STREAM_SIZE],
    /// Gives the storage its alignment.
    pub align: u64,
}

storage!(DaxsignSigningStream("stream", b"daxs-sgs"): SigningStream);

/// A body's length as C has it.
pub(crate) fn known_length(body_len: u64) -> Option<u64> {
    (body_len != DAXSIGN_UNKNOWN_LENGTH).then_some(body_len)
}

/// Checks and hashes everything but the body. A body in `request` counts as the first piece.
/// `stream_size` is `sizeof *stream`; `body_len` is the whole body's length in bytes, or
/// `DAXSIGN_UNKNOWN_LENGTH`. The request is not needed any more for the stream.
///
/// Errors: the first rule that the request breaks; `unbound-body` as in `daxsign_sign`, where it is
/// known by now that there is a body; `too-small` or `misaligned` storage; the stream is then wiped.
/// Shared: `request`, `components`, `options`; exclusive: `stream`. Stack: DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signing_stream_start(
    stream: *mut DaxsignSigningStream,
    stream_size: usize,
    request: *const DaxsignRequest,
    components: *const DaxsignBytes,
    options: *const DaxsignOptions,
    body_len: u64,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let room = outputs.room(stream, stream_size)?;
        let inputs = outputs.inputs();
        let request = inputs.request(request)?;
        let components = inputs.components(components)?;
        let options = inputs.optional(options)?;
        room.start(|| {
            let list = list_of(components, &request)?;
            let chosen = read_options(options)?;
            let list = list.for_policy(chosen.policy);
            let body_len = known_length(body_len);
            let stream = SigningStream::new(&request, &list, chosen.options, body_len)?;
            Ok(stream)
        })
    })
}

/// Takes the next piece of the body.
///
/// UTF-8 is not checked in pieces; a byte order mark at the start is.
///
/// Errors: `content-length-mismatch` as soon as more bytes came than expected; `invalid-body`;
/// `unbound-body` for the first byte of a body that the list does not bind; `not-initialised`. The
/// stream is wiped after an error. Exclusive: `stream`. Stack:
/// DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signing_stream_update(
    stream: *mut DaxsignSigningStream,
    piece: *const c_void,
    piece_len: usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        update(outputs, stream, piece, piece_len, SigningStream::update)
    })
}

/// Takes a piece of a body into a stream; after an error the stream is wiped.
pub(crate) fn update<S: Storage>(
    outputs: &mut Outputs<'_, '_>,
    stream: *mut S,
    piece: *const c_void,
    piece_len: usize,
    update: impl FnOnce(&mut S::Value, &[u8]) -> Result<(), daxsign_core::Error>,
) -> Result<(), CallError> {
    let mut stream = outputs.held(stream)?;
    let piece = outputs.inputs().bytes("piece", piece, piece_len)?;
    let result = update(stream.get_mut()?, piece);
    if result.is_err() {
        stream.wipe();
    }
    Ok(result?)
}

/// Writes the digest to sign and wipes the stream. Sign it with `daxsign_sign_digest` or elsewhere;
/// `daxsign_signature_header_write` makes the field.
///
/// Errors: `content-length-mismatch` if fewer bytes came than expected; `not-initialised`; the
/// digest is then zeroed. Exclusive: `stream`, `digest`. Stack: DAXSIGN_STACK_STRING.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signing_stream_finish(
    stream: *mut DaxsignSigningStream,
    profile: u32,
    digest: *mut DaxsignDigest,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let digest = outputs.place("digest", digest)?;
        let stream = outputs.held(stream)?;
        write_digest(&digest, || {
            let profile = read_profile(profile)?;
            Ok(stream.take()?.finish(profile)?)
        })
    })
}

/// Overwrites a stream with zeros: for giving up half-way. Storage without a stream is left as it is.
///
/// Errors: `null-pointer`, `misaligned`. Exclusive: `stream`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signing_stream_wipe(
    stream: *mut DaxsignSigningStream,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |outputs| {
        outputs.held(stream)?.wipe();
        Ok(())
    })
}
