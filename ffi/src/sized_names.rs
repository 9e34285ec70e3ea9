//! The functions that fill storage, under names that end in its size.
//!
//! The header calls them by these, so that a program does not link where its storage is smaller than
//! what this build writes. Keys have one for each size of at least the build's: storage for more is
//! good. That of a guard is the size of an entry, which the call does not tell.

use core::ffi::c_void;

use crate::date::DaxsignTime;
use crate::detail::DaxsignDetail;
use crate::enrolling::generate::{Progress, Random, daxsign_generate_key};
use crate::keys::{
    DAXSIGN_MAX_MODULUS_BITS, DaxsignPrivateKey, DaxsignPublicKey, daxsign_certificate_load,
    daxsign_private_key_load, daxsign_private_key_public, daxsign_public_key_load,
};
use crate::options::DaxsignOptions;
use crate::replay_guard::{
    DAXSIGN_REPLAY_ENTRY_SIZE, DaxsignReplayEntry, DaxsignReplayGuard, daxsign_replay_guard_start,
};
use crate::request::{DaxsignBytes, DaxsignRequest};
use crate::signing_stream::{
    DAXSIGN_SIGNING_STREAM_SIZE, DaxsignSigningStream, daxsign_signing_stream_start,
};
use crate::status::DaxsignStatus;
use crate::verifying::{
    DAXSIGN_VERIFYING_STREAM_SIZE, DaxsignVerifyingStream, daxsign_verifying_stream_start,
};

/// A function under another name. What makes the header does not look into macros.
macro_rules! named {
    ($(#[$when:meta])* $name:ident = $function:ident($($argument:ident: $type:ty),* $(,)?)) => {
        $(#[$when])*
        #[doc = concat!("[`", stringify!($function), "`] for storage of the size in the name.")]
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> DaxsignStatus {
            // SAFETY: the caller's contract.
            unsafe { $function($($argument),*) }
        }
    };
}

/// A function that fills a key: for moduli of at least what this build can hold.
macro_rules! named_by_modulus {
    ($name2048:ident $name3072:ident $name4096:ident = $function:ident $arguments:tt) => {
        named!(#[cfg(not(feature = "rsa-3072"))] $name2048 = $function $arguments);
        named!(#[cfg(not(feature = "rsa-4096"))] $name3072 = $function $arguments);
        named!($name4096 = $function $arguments);
    };
}

const _: () = {
    let smallest = match (cfg!(feature = "rsa-3072"), cfg!(feature = "rsa-4096")) {
        (_, true) => 4096,
        (true, false) => 3072,
        (false, false) => 2048,
    };
    assert!(DAXSIGN_MAX_MODULUS_BITS == smallest);
    // Of the names below.
    assert!(DAXSIGN_SIGNING_STREAM_SIZE == 176);
    assert!(DAXSIGN_VERIFYING_STREAM_SIZE == 336);
    assert!(DAXSIGN_REPLAY_ENTRY_SIZE == 48);
};

named_by_modulus! {
    daxsign_private_key_load_2048 daxsign_private_key_load_3072 daxsign_private_key_load_4096
    = daxsign_private_key_load(
        private_key: *mut DaxsignPrivateKey,
        private_key_size: usize,
        file: *const c_void,
        file_len: usize,
        detail: *mut DaxsignDetail,
    )
}

named_by_modulus! {
    daxsign_private_key_public_2048 daxsign_private_key_public_3072 daxsign_private_key_public_4096
    = daxsign_private_key_public(
        private_key: *const DaxsignPrivateKey,
        public_key: *mut DaxsignPublicKey,
        public_key_size: usize,
        detail: *mut DaxsignDetail,
    )
}

named_by_modulus! {
    daxsign_public_key_load_2048 daxsign_public_key_load_3072 daxsign_public_key_load_4096
    = daxsign_public_key_load(
        public_key: *mut DaxsignPublicKey,
        public_key_size: usize,
        file: *const c_void,
        file_len: usize,
        detail: *mut DaxsignDetail,
    )
}

named_by_modulus! {
    daxsign_certificate_load_2048 daxsign_certificate_load_3072 daxsign_certificate_load_4096
    = daxsign_certificate_load(
        public_key: *mut DaxsignPublicKey,
        public_key_size: usize,
        file: *const c_void,
        file_len: usize,
        not_before: *mut DaxsignTime,
        not_after: *mut DaxsignTime,
        detail: *mut DaxsignDetail,
    )
}

named_by_modulus! {
    daxsign_generate_key_2048 daxsign_generate_key_3072 daxsign_generate_key_4096
    = daxsign_generate_key(
        private_key: *mut DaxsignPrivateKey,
        private_key_size: usize,
        bits: u32,
        random: Option<Random>,
        progress: Option<Progress>,
        context: *mut c_void,
        detail: *mut DaxsignDetail,
    )
}

named! {
    daxsign_signing_stream_start_176
    = daxsign_signing_stream_start(
        stream: *mut DaxsignSigningStream,
        stream_size: usize,
        request: *const DaxsignRequest,
        components: *const DaxsignBytes,
        options: *const DaxsignOptions,
        body_len: u64,
        detail: *mut DaxsignDetail,
    )
}

named! {
    daxsign_verifying_stream_start_336
    = daxsign_verifying_stream_start(
        stream: *mut DaxsignVerifyingStream,
        stream_size: usize,
        public_key: *const DaxsignPublicKey,
        request: *const DaxsignRequest,
        profile: u32,
        options: *const DaxsignOptions,
        now: *const DaxsignTime,
        body_len: u64,
        detail: *mut DaxsignDetail,
    )
}

named! {
    daxsign_replay_guard_start_48
    = daxsign_replay_guard_start(
        guard: *mut DaxsignReplayGuard,
        guard_size: usize,
        entries: *mut DaxsignReplayEntry,
        count: usize,
        detail: *mut DaxsignDetail,
    )
}
