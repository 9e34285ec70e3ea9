//! Signing a request whose body comes in pieces.

use core::ffi::c_void;

use daxsign_core::SigningStream;

use crate::call::call;
use crate::detail::DaxsignDetail;
use crate::failure::Failure;
use crate::memory::{Region, bytes, keep_apart};
use crate::options::{DaxsignOptions, options_region, read_options, read_profile};
use crate::request::{
    DaxsignBytes, DaxsignRequest, components_region, read_components, read_request,
};
use crate::signing::{DaxsignDigest, give_digest};
use crate::status::DaxsignStatus;
use crate::storage::{DAXSIGN_STORAGE_ALIGN, Room, Storage, storage};

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
/// known by now that there is a body; `too-small` or `misaligned` storage; the stream is then wiped. Shared: `request`, `components`, `options`; exclusive: `stream`. Stack:
/// DAXSIGN_STACK_STRING.
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
    call(detail, |detail| {
        let room = Room::new(stream, stream_size)?;
        // SAFETY: the caller's contract, here and below.
        let read = unsafe { read_request(request) }?;
        // SAFETY: as above.
        let options_region = unsafe { options_region(options) }?;
        keep_apart(
            &[Some(room.region()?), detail],
            &[&read, &components_region(components), &options_region],
        )?;
        // SAFETY: as above.
        unsafe {
            room.start(|| {
                let list = read_components(components, &read.request)?;
                let chosen = read_options(options)?;
                let list = list.for_policy(chosen.policy);
                let body_len = known_length(body_len);
                Ok(SigningStream::new(
                    &read.request,
                    &list,
                    chosen.options,
                    body_len,
                )?)
            })
        }
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
    call(detail, |detail| {
        // SAFETY: the caller's contract.
        unsafe { update(stream, piece, piece_len, detail, SigningStream::update) }
    })
}

/// Takes a piece of a body into a stream; after an error the stream is wiped.
///
/// # Safety
/// The pointers follow the header's rules.
pub(crate) unsafe fn update<S: Storage>(
    stream: *mut S,
    piece: *const c_void,
    piece_len: usize,
    detail: Option<Region>,
    update: impl FnOnce(&mut S::Value, &[u8]) -> Result<(), daxsign_core::Error>,
) -> Result<(), Failure> {
    let piece_region = Region::new("piece", piece, piece_len)?;
    // SAFETY: the caller's contract, here and below.
    let stream_region = unsafe { S::region(stream) }?;
    keep_apart(&[Some(stream_region), detail], &[&piece_region])?;
    // SAFETY: as above.
    let value = unsafe { S::get_mut(stream) }?;
    // SAFETY: as above.
    let piece = unsafe { bytes("piece", piece, piece_len) }?;
    let result = update(value, piece);
    if result.is_err() {
        // SAFETY: as above.
        unsafe { S::wipe(stream) }?;
    }
    Ok(result?)
}

/// Gives the digest to sign and wipes the stream. Sign it with `daxsign_sign_digest` or elsewhere;
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
    call(detail, |detail| {
        // SAFETY: the caller's contract.
        let input = unsafe { DaxsignSigningStream::region(stream) }?;
        // SAFETY: the same.
        unsafe {
            give_digest(digest, detail, &[&input], || {
                let profile = read_profile(profile)?;
                let value = DaxsignSigningStream::take(stream)?;
                Ok(value.finish(profile)?)
            })
        }
    })
}

/// Overwrites a stream with zeros: for giving up half-way. Storage without a stream is left as it is.
///
/// Errors: `null-pointer`, `misaligned`. Exclusive: `stream`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_signing_stream_wipe(
    stream: *mut DaxsignSigningStream,
) -> DaxsignStatus {
    call(core::ptr::null_mut(), |_| {
        // SAFETY: the caller's contract.
        unsafe { DaxsignSigningStream::wipe(stream) }
    })
}
