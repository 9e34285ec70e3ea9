//! Calls of the C ABI in any order, over a caller's memory in which every argument has an allocation
//! of its own: whatever pointers and lengths come, no byte outside the arguments is touched, what the
//! header promises to refuse is refused, and what is written keeps the header's promises.
#![no_main]

use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;

use daxsign::date::{
    DaxsignTime, daxsign_date_format, daxsign_date_parse, daxsign_date_parse_http,
};
use daxsign::detail_message::daxsign_detail_message;
use daxsign::enrolling::generate::daxsign_generate_key;
use daxsign::enrolling::message::daxsign_enrolling_message;
use daxsign::enrolling::names::{DaxsignNames, DaxsignOtherName};
use daxsign::enrolling::read_certificate::{DaxsignCertificate, daxsign_certificate_read};
use daxsign::enrolling::verify_certificate::daxsign_certificate_verify;
use daxsign::enrolling::write_key::daxsign_write_private_key;
use daxsign::enrolling::write_request::{
    daxsign_write_certificate_request, daxsign_write_certificate_request_with,
};
use daxsign::explain::{
    DaxsignExplanation, daxsign_explain, daxsign_explanation_message, daxsign_explanation_string,
};
use daxsign::key_file_message::daxsign_key_file_message;
use daxsign::keys::{
    DaxsignKeyInfo, DaxsignPrivateKey, DaxsignPublicKey, daxsign_certificate_load,
    daxsign_key_identify, daxsign_private_key_load, daxsign_private_key_public,
    daxsign_private_key_wipe, daxsign_public_key_info, daxsign_public_key_load,
    daxsign_public_key_modulus, daxsign_public_key_wipe,
};
use daxsign::replay_guard::{
    DaxsignReplayGuard, daxsign_replay_guard_count, daxsign_replay_guard_start,
    daxsign_replay_guard_wipe,
};
use daxsign::signature_header::{
    DaxsignSignatureHeader, daxsign_components_contain, daxsign_signature_header_decode,
    daxsign_signature_header_find, daxsign_signature_header_parse,
};
use daxsign::signer::DaxsignSigner;
use daxsign::signing::{
    DaxsignDigest, daxsign_component_list, daxsign_sign, daxsign_sign_batch, daxsign_sign_digest,
    daxsign_sign_digest_with_progress, daxsign_sign_with, daxsign_signature_header_write,
    daxsign_signing_digest, daxsign_signing_string, daxsign_string_digest, daxsign_verify_digest,
};
use daxsign::signing_stream::{
    DAXSIGN_UNKNOWN_LENGTH, DaxsignSigningStream, daxsign_signing_stream_finish,
    daxsign_signing_stream_start, daxsign_signing_stream_update, daxsign_signing_stream_wipe,
};
use daxsign::status::{daxsign_status_message, daxsign_status_name};
use daxsign::verifying::{
    DaxsignVerified, DaxsignVerifyingStream, daxsign_verify, daxsign_verifying_stream_finish,
    daxsign_verifying_stream_start, daxsign_verifying_stream_update, daxsign_verifying_stream_wipe,
};
use daxsign::wipe::daxsign_wipe;
use daxsign_fuzz::caller::{CRequest, Call, ENTRIES, OK, Storages, bytes_of};
use daxsign_fuzz::model::{self, ModelOptions};
use daxsign_fuzz::request::OwnedRequest;
use daxsign_fuzz::trial::Trial;
use libfuzzer_sys::fuzz_target;

/// A call in the switches: the function and its choices.
const CALL: usize = 9;
/// More calls find no more.
const MAX_CALLS: usize = 12;
/// The functions of enrolling are called by numbers of their own, so that the others keep theirs.
const ENROLLING: core::ops::RangeInclusive<u8> = 0xF0..=0xF7;
/// Of calls that sign or load a private key, which take long.
const MAX_SLOW_CALLS: u32 = 1;
const KEY: &[u8] = include_bytes!("../../tests/vectors/keys/rsa2048.pkcs8.der");
const PUBLIC_KEY: &[u8] = include_bytes!("../../tests/vectors/keys/rsa2048.spki.der");

fuzz_target!(|data: &[u8]| {
    let trial = Trial::read(data);
    let mut session = Session {
        kept: CRequest::new(&trial.request),
        request: trial.request,
        list: trial.list.into_bytes(),
        storages: Storages::new(),
        verified: zeroed(),
        header: zeroed(),
        explanation: zeroed(),
        info: zeroed(),
        digest: zeroed(),
        times: [zeroed(), zeroed()],
        signature: vec![0x5A; 256].into(),
        slow_calls: 0,
    };
    for call in trial.switches.chunks(CALL).take(MAX_CALLS) {
        let mut choices = [0; 8];
        let (function, rest) = call.split_first().expect("a chunk");
        choices[..rest.len()].copy_from_slice(rest);
        session.call(*function, choices);
    }
});

/// What lives from call to call.
struct Session {
    request: OwnedRequest,
    /// What a verifying stream points into: it stays as it is.
    kept: CRequest,
    list: Vec<u8>,
    storages: Storages,
    verified: Box<DaxsignVerified>,
    header: Box<DaxsignSignatureHeader>,
    explanation: Box<DaxsignExplanation>,
    info: Box<DaxsignKeyInfo>,
    digest: Box<DaxsignDigest>,
    times: [Box<DaxsignTime>; 2],
    signature: Box<[u8]>,
    slow_calls: u32,
}

thread_local! {
    /// A loaded key: storage may be copied.
    static LOADED: Box<MaybeUninit<DaxsignPrivateKey>> = {
        let mut storage = Storages::new().private_key;
        let (key, size) = (storage.as_mut_ptr(), size_of::<DaxsignPrivateKey>());
        let (file, len) = (KEY.as_ptr().cast(), KEY.len());
        // SAFETY: storage, a file and no detail.
        let status = unsafe { daxsign_private_key_load(key, size, file, len, core::ptr::null_mut()) };
        assert_eq!(status as i32, OK);
        storage
    };
}

/// An object that holds zeros, in an allocation of its own.
#[allow(clippy::unnecessary_box_returns)]
fn zeroed<T>() -> Box<T> {
    // SAFETY: used for structs of integers and raw pointers only.
    Box::new(unsafe { core::mem::zeroed() })
}

/// With the right size in its first member.
fn sized<T>(place: &mut Box<T>) -> &mut T {
    let size = u32::try_from(size_of::<T>()).expect("small");
    // SAFETY: the first member is the size.
    unsafe { (&raw mut **place).cast::<u32>().write(size) };
    place
}

unsafe extern "C" fn sign_digest(
    context: *mut c_void,
    digest: *const u8,
    signature: *mut u8,
    len: usize,
) -> i32 {
    // SAFETY: the library promises 32 bytes and room for `len`.
    let (digest, signature) = unsafe {
        (
            core::slice::from_raw_parts(digest, 32),
            core::slice::from_raw_parts_mut(signature, len),
        )
    };
    signature.fill(digest[0]);
    i32::from(!context.is_null())
}

/// Randomness that is none: it fails, or is the same each time. A key would take too long.
unsafe extern "C" fn no_random(context: *mut c_void, bytes: *mut u8, len: usize) -> i32 {
    // SAFETY: the library promises room for `len`.
    unsafe { core::slice::from_raw_parts_mut(bytes, len) }.fill(0xA5);
    i32::from(!context.is_null())
}

unsafe extern "C" fn progress(_context: *mut c_void) {}

impl Session {
    fn call(&mut self, function: u8, choices: [u8; 8]) {
        let (seconds, nanoseconds) = self.date();
        let time = DaxsignTime {
            seconds,
            nanoseconds,
        };
        if ENROLLING.contains(&function) {
            let is_slow = [0xF2, 0xF3].contains(&function);
            self.slow_calls += u32::from(is_slow);
            if !is_slow || self.slow_calls <= MAX_SLOW_CALLS {
                let call = Call::new(choices, &self.request, &self.list, time);
                self.enrolling(function, call);
            }
            return;
        }
        let function = function % 41;
        if function == 7 && choices == [0; 8] {
            // SAFETY: both are storage of this type.
            let copy = LOADED.with(|key| unsafe { key.as_ptr().read() });
            self.storages.private_key.write(copy);
            return;
        }
        let is_slow = [3, 5, 6, 7, 40].contains(&function);
        self.slow_calls += u32::from(is_slow);
        if is_slow && self.slow_calls > MAX_SLOW_CALLS {
            return;
        }
        let call = Call::new(choices, &self.request, &self.list, time);
        match function {
            0..=6 => self.sign(function, call, choices),
            7..=14 => self.keys(function, call),
            15..=19 => self.signing_stream(function, call),
            20..=24 => self.verifying_stream(function, call),
            25..=28 => self.verify(function, call),
            29..=33 => self.header(function, call),
            34..=36 => self.explain(function, call),
            37..=39 => self.small(function, call),
            _ => self.sign_batch(call),
        }
    }

    /// The request's date, or any.
    fn date(&self) -> (i64, u32) {
        let mut fields = self.request.headers.iter();
        let field = fields.find(|(name, _)| name.eq_ignore_ascii_case("date"));
        let text = field.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
        text.and_then(|text| model::date_seconds(text.trim()).ok())
            .unwrap_or_default()
    }

    fn sign(&mut self, function: u8, mut call: Call, choices: [u8; 8]) {
        let key = self.storages.private_key.as_mut_ptr();
        // SAFETY: every pointer below is what the header asks for, or what it promises to refuse.
        unsafe {
            match function {
                0 => {
                    let (request, list, options) =
                        (call.request(), call.components(), call.options());
                    let (out, cap, len) = call.output(true);
                    let status = daxsign_signing_string(
                        request,
                        list,
                        options,
                        out,
                        cap,
                        len,
                        call.detail(),
                    );
                    let (status, out) = call.check(status);
                    self.compare(status, &out, choices);
                }
                1 => {
                    let (request, list) = (call.request(), call.components());
                    let (out, cap, len) = call.output(true);
                    let detail = call.detail();
                    let status =
                        daxsign_component_list(request, list, out.cast(), cap, len, detail);
                    call.check(status);
                }
                2 => {
                    let (request, list, profile) =
                        (call.request(), call.components(), call.profile());
                    let (options, digest) = (call.options(), call.one(&raw mut *self.digest));
                    let status = daxsign_signing_digest(
                        request,
                        list,
                        profile,
                        options,
                        digest,
                        call.detail(),
                    );
                    call.check(status);
                }
                3 => {
                    let key = call.one(key);
                    let (request, list, profile) =
                        (call.request(), call.components(), call.profile());
                    let options = call.options();
                    let (out, cap, len) = call.output(true);
                    let status = daxsign_sign(
                        key,
                        request,
                        list,
                        profile,
                        options,
                        out.cast(),
                        cap,
                        len,
                        call.detail(),
                    );
                    let (status, value) = call.check(status);
                    if status == OK {
                        self.add_signature(&value);
                    }
                }
                4 => self.sign_with(call),
                5 => {
                    let (key, digest) = (call.one(key), call.one(&raw mut *self.digest));
                    let (out, cap, len) = call.output(false);
                    let status = daxsign_sign_digest(key, digest, out, cap, len, call.detail());
                    let (status, signature) = call.check(status);
                    if status == OK {
                        self.signature = signature.into();
                    }
                }
                _ => {
                    let (key, digest) = (call.one(key), call.one(&raw mut *self.digest));
                    let context = core::ptr::null_mut();
                    let (out, cap, len) = call.output(false);
                    let status = daxsign_sign_digest_with_progress(
                        key,
                        digest,
                        Some(progress),
                        context,
                        out,
                        cap,
                        len,
                        call.detail(),
                    );
                    call.check(status);
                }
            }
        }
    }

    fn sign_batch(&mut self, mut call: Call) {
        let key = call.one(self.storages.private_key.as_mut_ptr());
        let mut digests = vec![*self.digest; 8].into_boxed_slice();
        let (digests, count) = call.array(digests.as_mut_ptr(), digests.len());
        let (out, cap, len) = call.output(false);
        // SAFETY: as in `sign`.
        let status =
            unsafe { daxsign_sign_batch(key, digests, count, out, cap, len, call.detail()) };
        call.check(status);
    }

    unsafe fn sign_with(&mut self, mut call: Call) {
        let mut signer: Box<DaxsignSigner> = Box::new(DaxsignSigner {
            struct_size: u32::try_from(size_of::<DaxsignSigner>()).expect("small"),
            modulus_bits: 2048,
            context: core::ptr::null_mut(),
            sign_digest: Some(sign_digest),
            public_key: core::ptr::null(),
        });
        match call.choice() {
            1 => signer.context = (&raw mut *self.digest).cast(),
            2 => signer.modulus_bits = u32::MAX,
            3 => signer.public_key = self.storages.public_key.as_ptr(),
            4 => signer.modulus_bits = 4096,
            _ => {}
        }
        let signer = call.versioned(&mut *signer);
        let (request, list, profile) = (call.request(), call.components(), call.profile());
        let (out, cap, len) = call.output(true);
        let options = core::ptr::null();
        // SAFETY: as above.
        let status = unsafe {
            daxsign_sign_with(
                signer,
                request,
                list,
                profile,
                options,
                out.cast(),
                cap,
                len,
                call.detail(),
            )
        };
        call.check(status);
    }

    /// A signing string of a call without any twist is the model's.
    fn compare(&self, status: i32, out: &[u8], choices: [u8; 8]) {
        if choices != [0; 8] || out.is_empty() && status == OK {
            return;
        }
        let Ok(list) = String::from_utf8(self.list.clone()) else {
            return;
        };
        let names = daxsign_fuzz::trial::names(&list);
        let string = model::signing_string(&self.request, &names, ModelOptions::default());
        match string {
            Ok(string) if status == OK => assert_eq!(out, string),
            Ok(string) => assert!(string.len() > 2048, "refused with {status}"),
            Err(_) => assert_ne!(status, OK),
        }
    }

    /// The request goes on with its signature; streams that point into the old one are ended.
    fn add_signature(&mut self, value: &[u8]) {
        let headers = &mut self.request.headers;
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("signature"));
        headers.push(("Signature".into(), value.to_vec()));
        // SAFETY: the storage is the session's.
        unsafe { daxsign_verifying_stream_wipe(self.storages.verifying.as_mut_ptr()) };
        self.kept = CRequest::new(&self.request);
    }

    fn keys(&mut self, function: u8, mut call: Call) {
        let storages = &mut self.storages;
        let private = storages.private_key.as_mut_ptr();
        let public = storages.public_key.as_mut_ptr();
        let file: Box<[u8]> = match call.choice() % 3 {
            0 if function == 7 => KEY.into(),
            0 => PUBLIC_KEY.into(),
            1 => self.request.body.as_slice().into(),
            _ => self.list.as_slice().into(),
        };
        // SAFETY: as in `sign`. A stream that points to the public key is ended before that changes.
        unsafe {
            if (8..=11).contains(&function) {
                daxsign_verifying_stream_wipe(storages.verifying.as_mut_ptr());
            }
            match function {
                7 => {
                    let (key, size) = (call.one(private), call.size::<DaxsignPrivateKey>());
                    let (file, len) = call.bytes(&file);
                    let status = daxsign_private_key_load(key, size, file, len, call.detail());
                    call.check(status);
                }
                8 => {
                    let key = call.one(private);
                    let (public, size) = (call.one(public), call.size::<DaxsignPublicKey>());
                    let status = daxsign_private_key_public(key, public, size, call.detail());
                    call.check(status);
                }
                9 => {
                    let (key, size) = (call.one(public), call.size::<DaxsignPublicKey>());
                    let (file, len) = call.bytes(&file);
                    let status = daxsign_public_key_load(key, size, file, len, call.detail());
                    call.check(status);
                }
                10 => {
                    let (key, size) = (call.one(public), call.size::<DaxsignPublicKey>());
                    let (file, len) = call.bytes(&file);
                    let [before, after] = &mut self.times;
                    let (before, after) = (call.one(&raw mut **before), call.one(&raw mut **after));
                    let detail = call.detail();
                    let status =
                        daxsign_certificate_load(key, size, file, len, before, after, detail);
                    call.check(status);
                }
                11 => {
                    let status = match call.choice() & 1 {
                        0 => daxsign_public_key_wipe(call.one(public)),
                        _ => daxsign_private_key_wipe(call.one(private)),
                    };
                    call.check_without_detail(status);
                }
                12 => {
                    let key = call.one(public);
                    let info = call.versioned(sized(&mut self.info));
                    let status = daxsign_public_key_info(key, info, call.detail());
                    call.check(status);
                }
                13 => {
                    let key = call.one(public);
                    let (out, cap, len) = call.output(false);
                    let status = daxsign_public_key_modulus(key, out, cap, len, call.detail());
                    call.check(status);
                }
                _ => {
                    let (file, len) = call.bytes(&file);
                    let info = call.versioned(sized(&mut self.info));
                    let status = daxsign_key_identify(file, len, info, call.detail());
                    call.check(status);
                }
            }
        }
    }

    fn signing_stream(&mut self, function: u8, mut call: Call) {
        let stream = self.storages.signing.as_mut_ptr();
        let body: Box<[u8]> = self.request.body.as_slice().into();
        // SAFETY: as in `sign`.
        unsafe {
            match function {
                15 | 16 => {
                    let (stream, size) = (call.one(stream), call.size::<DaxsignSigningStream>());
                    let (request, list) = (call.request(), call.components());
                    let (options, len) = (call.options(), body_len(call.choice(), &body));
                    let detail = call.detail();
                    let status = daxsign_signing_stream_start(
                        stream, size, request, list, options, len, detail,
                    );
                    call.check(status);
                }
                17 => {
                    let (stream, (piece, len)) = (call.one(stream), call.bytes(&body));
                    let status = daxsign_signing_stream_update(stream, piece, len, call.detail());
                    call.check(status);
                }
                18 => {
                    let (stream, profile) = (call.one(stream), call.profile());
                    let digest = call.one(&raw mut *self.digest);
                    let status =
                        daxsign_signing_stream_finish(stream, profile, digest, call.detail());
                    call.check(status);
                }
                _ => {
                    let stream = call.one(stream);
                    let status = daxsign_signing_stream_wipe(stream);
                    call.check_without_detail(status);
                }
            }
        }
    }

    fn verifying_stream(&mut self, function: u8, mut call: Call) {
        let stream = self.storages.verifying.as_mut_ptr();
        let body: Box<[u8]> = self.request.body.as_slice().into();
        // SAFETY: as in `sign`.
        unsafe {
            match function {
                20 | 21 => {
                    let (stream, size) = (call.one(stream), call.size::<DaxsignVerifyingStream>());
                    let key = call.one(self.storages.public_key.as_mut_ptr());
                    let (profile, options, now) = (call.profile(), call.options(), call.time());
                    let (len, request) = (
                        body_len(call.choice(), &body),
                        &raw const *self.kept.request,
                    );
                    let detail = call.detail();
                    let status = daxsign_verifying_stream_start(
                        stream, size, key, request, profile, options, now, len, detail,
                    );
                    call.check(status);
                }
                22 => {
                    let (stream, (piece, len)) = (call.one(stream), call.bytes(&body));
                    let status = daxsign_verifying_stream_update(stream, piece, len, call.detail());
                    call.check(status);
                }
                23 => {
                    let stream = call.one(stream);
                    let guard = call.optional(self.storages.guard.as_mut_ptr());
                    let verified = call.versioned_or_null(sized(&mut self.verified));
                    let status =
                        daxsign_verifying_stream_finish(stream, guard, verified, call.detail());
                    call.check(status);
                }
                _ => {
                    let stream = call.one(stream);
                    let status = daxsign_verifying_stream_wipe(stream);
                    call.check_without_detail(status);
                }
            }
        }
    }

    fn verify(&mut self, function: u8, mut call: Call) {
        let guard = self.storages.guard.as_mut_ptr();
        // SAFETY: as in `sign`.
        unsafe {
            match function {
                25 => {
                    let key = call.one(self.storages.public_key.as_mut_ptr());
                    let (request, profile) = (call.request(), call.profile());
                    let (options, now) = (call.options(), call.time());
                    let guard = call.optional(guard);
                    let verified = call.versioned_or_null(sized(&mut self.verified));
                    let detail = call.detail();
                    let status = daxsign_verify(
                        key, request, profile, options, now, guard, verified, detail,
                    );
                    call.check(status);
                }
                26 => {
                    let (guard, size) = (call.one(guard), call.size::<DaxsignReplayGuard>());
                    let entries = self.storages.entries.as_mut_ptr().cast();
                    let (entries, count) = call.array(entries, ENTRIES);
                    let status =
                        daxsign_replay_guard_start(guard, size, entries, count, call.detail());
                    call.check(status);
                }
                27 => {
                    let mut count = Box::new(0);
                    let (guard, place) = (call.one(guard), call.one(&raw mut *count));
                    let status = daxsign_replay_guard_count(guard, place, call.detail());
                    call.check(status);
                    assert!(*count <= ENTRIES);
                }
                _ => {
                    let guard = call.one(guard);
                    let status = daxsign_replay_guard_wipe(guard);
                    call.check_without_detail(status);
                }
            }
        }
    }

    fn header(&mut self, function: u8, mut call: Call) {
        let fields = &self.request.headers;
        let value: Box<[u8]> = fields
            .last()
            .map(|(_, value)| value.as_slice().into())
            .unwrap_or_default();
        // SAFETY: as in `sign`. A header points into what was parsed: it is used here and dropped.
        unsafe {
            match function {
                29 => {
                    let (text, len) = call.bytes(&value);
                    let header = call.versioned(sized(&mut self.header));
                    let status =
                        daxsign_signature_header_parse(text.cast(), len, header, call.detail());
                    call.check(status);
                }
                30 => {
                    let request = call.request();
                    let header = call.versioned(sized(&mut self.header));
                    let status = daxsign_signature_header_find(request, header, call.detail());
                    call.check(status);
                }
                31 => {
                    let header = sized(&mut self.header);
                    (header.components, header.signature) =
                        (bytes_of(&self.list), bytes_of(&value));
                    let (header, bits) = (call.versioned(header), u32::from(call.choice()) * 256);
                    let (out, cap, len) = call.output(false);
                    let status = daxsign_signature_header_decode(
                        header,
                        2048_u32.wrapping_add(bits),
                        out,
                        cap,
                        len,
                        call.detail(),
                    );
                    call.check(status);
                }
                32 => {
                    let (mut place, mut contains) = (Box::new(bytes_of(&self.list)), Box::new(77));
                    (place.data, place.len) = call.bytes(&self.list);
                    let (list, (name, len)) = (call.one(&raw mut *place), call.bytes(&value));
                    let contains_place = call.one(&raw mut *contains);
                    let status = daxsign_components_contain(
                        list,
                        name.cast(),
                        len,
                        contains_place,
                        call.detail(),
                    );
                    let (status, _) = call.check(status);
                    assert!(status != OK || *contains <= 1);
                }
                _ => {
                    let (request, list) = (call.request(), call.components());
                    let (signature, signature_len) = call.bytes(&self.signature);
                    let (out, cap, len) = call.output(true);
                    let detail = call.detail();
                    let status = daxsign_signature_header_write(
                        request,
                        list,
                        signature.cast(),
                        signature_len,
                        out.cast(),
                        cap,
                        len,
                        detail,
                    );
                    call.check(status);
                }
            }
            self.header = zeroed();
        }
    }

    fn explain(&mut self, function: u8, mut call: Call) {
        // SAFETY: as in `sign`. What an explanation holds may be anything.
        unsafe {
            let explanation = sized(&mut self.explanation);
            match function {
                34 => {
                    let key = call.one(self.storages.public_key.as_mut_ptr());
                    let (request, options) = (call.request(), call.options());
                    explanation.budget = 1 << 16;
                    let explanation = call.versioned(explanation);
                    let status = daxsign_explain(key, request, options, explanation, call.detail());
                    call.check(status);
                }
                35 => {
                    explanation.finding =
                        explanation.finding.wrapping_add(u32::from(call.choice()));
                    let explanation = call.versioned(explanation);
                    let (out, cap, len) = call.output(false);
                    let status = daxsign_explanation_message(
                        explanation,
                        out.cast(),
                        cap,
                        len,
                        call.detail(),
                    );
                    call.check(status);
                }
                _ => {
                    for (to, from) in explanation.name.iter_mut().zip(&self.list) {
                        *to = c_char::from_ne_bytes([*from]);
                    }
                    let explanation = call.versioned(explanation);
                    let (request, options) = (call.request(), call.options());
                    let (out, cap, len) = call.output(true);
                    let status = daxsign_explanation_string(
                        explanation,
                        request,
                        options,
                        out,
                        cap,
                        len,
                        call.detail(),
                    );
                    call.check(status);
                }
            }
        }
    }

    /// A file: a certificate that starts in the body or the list, or a key.
    fn file(&self, choice: u8) -> Box<[u8]> {
        match choice % 4 {
            0 => self.request.body.as_slice().into(),
            1 => self.list.as_slice().into(),
            2 => KEY.into(),
            _ => PUBLIC_KEY.into(),
        }
    }

    fn enrolling(&mut self, function: u8, mut call: Call) {
        // SAFETY: as in `sign`.
        unsafe {
            match function {
                0xF0 => {
                    let file = self.file(call.choice());
                    let mut read: Box<DaxsignCertificate> = zeroed();
                    let (file, len) = call.bytes(&file);
                    let place = call.versioned(sized(&mut read));
                    let status = daxsign_certificate_read(file, len, place, call.detail());
                    let (status, _) = call.check(status);
                    let digits = |text: &[c_char]| text.iter().take_while(|c| **c != 0).count();
                    let expected = if status == OK { [40, 64] } else { [0, 0] };
                    assert_eq!([digits(&read.sha1), digits(&read.sha256)], expected);
                }
                0xF1 => {
                    let choice = call.choice();
                    let (file, authority) = (self.file(choice), self.file(choice >> 2));
                    let ((file, len), (by, by_len)) = (call.bytes(&file), call.bytes(&authority));
                    let (purpose, now) = (u32::from(choice >> 4), call.time());
                    let detail = call.detail();
                    let status =
                        daxsign_certificate_verify(file, len, by, by_len, purpose, now, detail);
                    call.check(status);
                }
                0xF2 => {
                    let key = call.one(self.storages.private_key.as_mut_ptr());
                    let (kind, encoding) = (u32::from(call.choice()), u32::from(call.choice()));
                    let (out, cap, len) = call.output(false);
                    let out = out.cast();
                    let detail = call.detail();
                    let status =
                        daxsign_write_private_key(key, kind, encoding, out, cap, len, detail);
                    call.check(status);
                }
                0xF3 | 0xF4 => self.write_request(function == 0xF3, call),
                0xF5 | 0xF6 => self.message(function == 0xF5, call),
                _ => {
                    let key = call.one(self.storages.private_key.as_mut_ptr());
                    let size = call.size::<DaxsignPrivateKey>();
                    let context = call.optional(&raw mut *self.digest).cast();
                    let bits = 2048 + 512 * u32::from(call.choice() % 5);
                    let detail = call.detail();
                    let random = Some(no_random as _);
                    let status =
                        daxsign_generate_key(key, size, bits, random, None, context, detail);
                    let (status, _) = call.check(status);
                    assert_ne!(status, OK);
                }
            }
        }
    }

    /// # Safety
    /// As in `sign`.
    unsafe fn write_request(&mut self, by_key: bool, mut call: Call) {
        let mut names: Box<DaxsignNames> = zeroed();
        let id = b"01234567-89ab-cdef-0123-456789abcdef";
        (names.instance_id, names.partner_id) = (bytes_of(id), bytes_of(id));
        (names.environment, names.country) = (bytes_of(b"prod"), bytes_of(b"SE"));
        (names.locality, names.organization, names.unit) =
            (bytes_of(b"a"), bytes_of(b"b"), bytes_of(b"c"));
        let body: Box<[u8]> = self.request.body.as_slice().into();
        let (list, choice) = (self.list.clone(), call.choice());
        let mut other = Box::new(DaxsignOtherName {
            oid: bytes_of(&list),
            value: bytes_of(b"d"),
        });
        let mut host = Box::new(bytes_of(&body));
        let (data, len) = call.bytes(&body);
        let text = daxsign::request::DaxsignBytes { data, len };
        match choice % 10 {
            1 => names.instance_id = text,
            2 => names.partner_id = text,
            3 => names.environment = text,
            4 => names.country = text,
            5 => names.locality = text,
            6 => names.organization = text,
            7 => names.unit = text,
            8 => {
                other.value = text;
                (names.others, names.other_count) = (&raw mut *other, 1);
            }
            9 => {
                *host = text;
                (names.dns_names, names.dns_name_count) = (&raw mut *host, 1);
            }
            _ => call.expect_none(),
        }
        let names = call.versioned(sized(&mut names));
        let encoding = u32::from(choice >> 6);
        let mut signer: Box<DaxsignSigner> = zeroed();
        signer.modulus_bits = 2048;
        signer.sign_digest = Some(sign_digest);
        signer.public_key = self.storages.public_key.as_ptr();
        let key = self.storages.private_key.as_mut_ptr();
        // SAFETY: as in `sign`.
        unsafe {
            let status = if by_key {
                let key = call.one(key);
                let ((out, cap, len), detail) = (call.output(false), call.detail());
                daxsign_write_certificate_request(
                    key,
                    names,
                    encoding,
                    out.cast(),
                    cap,
                    len,
                    detail,
                )
            } else {
                let signer = call.versioned(sized(&mut signer));
                let ((out, cap, len), detail) = (call.output(false), call.detail());
                daxsign_write_certificate_request_with(
                    signer,
                    names,
                    encoding,
                    out.cast(),
                    cap,
                    len,
                    detail,
                )
            };
            call.check(status);
        }
    }

    /// The sentences on a detail of anyone's making.
    ///
    /// # Safety
    /// As in `sign`.
    unsafe fn message(&mut self, of_enrolling: bool, mut call: Call) {
        let mut detail: Box<daxsign::detail::DaxsignDetail> = zeroed();
        let body = &self.request.body;
        let len = body.len().min(size_of_val(&*detail));
        // SAFETY: as in `sign`; a detail is made of integers.
        unsafe {
            core::ptr::copy_nonoverlapping(body.as_ptr(), (&raw mut *detail).cast(), len);
            let about = call.versioned(sized(&mut detail));
            call.without_detail();
            let file = self.file(call.choice());
            let status = if of_enrolling {
                let (out, cap, len) = call.output(false);
                daxsign_enrolling_message(about, out.cast(), cap, len)
            } else {
                let (file, file_len) = call.bytes(&file);
                let (out, cap, len) = call.output(false);
                daxsign_key_file_message(about, file, file_len, out.cast(), cap, len)
            };
            call.check_without_detail(status);
        }
    }

    fn small(&mut self, function: u8, mut call: Call) {
        let mut body: Box<[u8]> = self.request.body.as_slice().into();
        // SAFETY: as in `sign`.
        unsafe {
            match function {
                37 => {
                    let time = call.time();
                    let (out, cap, len) = call.output(false);
                    let status = daxsign_date_format(time, out.cast(), cap, len, call.detail());
                    call.check(status);
                    let (text, len) = (body.as_ptr().cast(), body.len());
                    daxsign_date_parse(text, len, &raw mut *self.times[0], core::ptr::null_mut());
                    daxsign_date_parse_http(
                        text,
                        len,
                        &raw mut *self.times[0],
                        core::ptr::null_mut(),
                    );
                }
                38 => {
                    // A detail of anyone's making.
                    let mut detail: Box<daxsign::detail::DaxsignDetail> = zeroed();
                    let len = body.len().min(size_of_val(&*detail));
                    core::ptr::copy_nonoverlapping(body.as_ptr(), (&raw mut *detail).cast(), len);
                    let about = call.versioned(sized(&mut detail));
                    call.without_detail();
                    let (out, cap, len) = call.output(false);
                    let status = daxsign_detail_message(about, out.cast(), cap, len);
                    call.check_without_detail(status);
                    for text in [
                        daxsign_status_name(detail.status),
                        daxsign_status_message(detail.status),
                    ] {
                        assert!(!core::ffi::CStr::from_ptr(text).is_empty());
                    }
                }
                _ => {
                    let (string, len) = call.bytes(&body);
                    let (profile, digest) = (call.profile(), call.one(&raw mut *self.digest));
                    let status = daxsign_string_digest(string, len, profile, digest, call.detail());
                    call.check(status);
                    let signature = &self.signature;
                    let key = self.storages.public_key.as_ptr();
                    let detail = core::ptr::null_mut();
                    daxsign_verify_digest(
                        key,
                        &raw const *self.digest,
                        signature.as_ptr(),
                        signature.len(),
                        detail,
                    );
                    daxsign_wipe(body.as_mut_ptr().cast(), body.len());
                    assert!(body.iter().all(|byte| *byte == 0));
                }
            }
        }
    }
}

/// The length that a stream is told.
fn body_len(choice: u8, body: &[u8]) -> u64 {
    match choice {
        0 => u64::try_from(body.len()).expect("64 bits"),
        1 => DAXSIGN_UNKNOWN_LENGTH,
        other => u64::from(other),
    }
}
