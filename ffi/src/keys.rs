//! Keys in caller's storage.

use core::ffi::c_void;

use daxsign_core::{KeyEncoding, KeyKind, MAX_MODULUS_BITS, PrivateKey, PublicKey, identify_key};

use crate::call::{call, call_without_detail};
use crate::date::DaxsignTime;
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::memory::plain::{Plain, Versioned};
use crate::memory::storage::storage;
use crate::number::numbers;
use crate::status::DaxsignStatus;
use crate::storage::DAXSIGN_STORAGE_ALIGN;

/// The largest modulus, in bits, that storage is declared for: as the library was built (2048, 3072
/// or 4096). Define it before including this header to save memory with a smaller build.
pub const DAXSIGN_MAX_MODULUS_BITS: usize = MAX_MODULUS_BITS;

/// The size of a `DaxsignPrivateKey` in bytes: its numbers and 80 bytes beside them.
pub const DAXSIGN_PRIVATE_KEY_SIZE: usize = DAXSIGN_MAX_MODULUS_BITS * 19 / 32 + 80;
/// The alignment of a `DaxsignPrivateKey` in bytes.
pub const DAXSIGN_PRIVATE_KEY_ALIGN: usize = DAXSIGN_STORAGE_ALIGN;
/// The size of a `DaxsignPublicKey` in bytes.
pub const DAXSIGN_PUBLIC_KEY_SIZE: usize = DAXSIGN_MAX_MODULUS_BITS / 4 + 24;
/// The alignment of a `DaxsignPublicKey` in bytes.
pub const DAXSIGN_PUBLIC_KEY_ALIGN: usize = DAXSIGN_STORAGE_ALIGN;

/// Storage for an RSA private key: declare one, fill it with `daxsign_private_key_load`, and
/// end it with `daxsign_private_key_wipe`. Secret; keep it where nothing copies it.
#[repr(C)]
#[derive(Clone, Copy)]
pub union DaxsignPrivateKey {
    /// Private to the library.
    pub opaque: [u8; DAXSIGN_PRIVATE_KEY_SIZE],
    /// Gives the storage its alignment.
    pub align: u64,
}

storage!(DaxsignPrivateKey("private_key", b"daxs-prv"): PrivateKey);

/// Storage for an RSA public key: declare one and fill it with `daxsign_public_key_load`.
#[repr(C)]
#[derive(Clone, Copy)]
pub union DaxsignPublicKey {
    /// Private to the library.
    pub opaque: [u8; DAXSIGN_PUBLIC_KEY_SIZE],
    /// Gives the storage its alignment.
    pub align: u64,
}

storage!(DaxsignPublicKey("public_key", b"daxs-pub"): PublicKey);

/// What a key file holds.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaxsignKeyKind {
    /// A private key in PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    Pkcs1Private = 1,
    /// A private key in PKCS#8 (`BEGIN PRIVATE KEY`).
    Pkcs8Private = 2,
    /// A public key in PKCS#1 (`BEGIN RSA PUBLIC KEY`).
    Pkcs1Public = 3,
    /// A public key in SPKI (`BEGIN PUBLIC KEY`).
    Spki = 4,
    /// An X.509 certificate (`BEGIN CERTIFICATE`).
    Certificate = 5,
}

/// How a key file is written.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaxsignKeyEncoding {
    /// Base64 between `-----BEGIN …-----` and `-----END …-----`.
    Pem = 1,
    /// Binary.
    Der = 2,
}

numbers!(DaxsignKeyKind: u32, DaxsignKeyEncoding: u32);

/// What is known of a key or a key file. Initialise it with `DAXSIGN_KEY_INFO_INIT`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignKeyInfo {
    /// `sizeof(DaxsignKeyInfo)`.
    pub struct_size: u32,
    /// A `DaxsignKeyKind`; 0 where it is a loaded key that is asked.
    pub kind: u32,
    /// A `DaxsignKeyEncoding`; 0 where it is a loaded key that is asked.
    pub encoding: u32,
    /// The modulus's size in bits; 0 for a file. A signature has an eighth of it in bytes, rounded
    /// up.
    pub modulus_bits: u32,
    /// The public exponent; 0 for a file.
    pub exponent: u32,
}

// SAFETY: integers.
unsafe impl Plain for DaxsignKeyInfo {}
// SAFETY: repr(C), starts with a u32.
unsafe impl Versioned for DaxsignKeyInfo {
    const NAME: &'static str = "info";
}

/// Loads a private key: PKCS#1 or PKCS#8, PEM or DER, the file's bytes as they are. Of several PEM
/// blocks the first private key counts. `private_key_size` is `sizeof *private_key`.
///
/// The numbers are checked against each other. They go straight into `private_key`; no copy is made.
/// After an error of the file `private_key` holds zeros. The file is a secret of its own: wipe it, or
/// keep it in flash.
///
/// Errors: `invalid-key`, `unsupported-key`, `key-too-small`; `too-small` or `misaligned` storage.
/// Timing depends on the key's size and on how the file is laid out, not on its secret numbers.
/// Exclusive: `private_key`. Stack: DAXSIGN_STACK_LOAD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_private_key_load(
    private_key: *mut DaxsignPrivateKey,
    private_key_size: usize,
    file: *const c_void,
    file_len: usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let room = outputs.room(private_key, private_key_size)?;
        let file = outputs.inputs().bytes("file", file, file_len)?;
        room.load(|key| key.load(file))
    })
}

/// Overwrites a private key with zeros. Call it when the key is no longer needed; a loaded key is
/// overwritten by loading another one too. Storage without a key is left as it is.
///
/// Errors: `null-pointer`, `misaligned`. Exclusive: `private_key`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_private_key_wipe(
    private_key: *mut DaxsignPrivateKey,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |outputs| {
        outputs.held(private_key)?.wipe();
        Ok(())
    })
}

/// Puts the public half of a private key into `public_key`. `public_key_size` is
/// `sizeof *public_key`.
///
/// Errors: `not-initialised`, `too-small`, `misaligned`. Shared: `private_key`; exclusive:
/// `public_key`. Stack: DAXSIGN_STACK_PUBLIC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_private_key_public(
    private_key: *const DaxsignPrivateKey,
    public_key: *mut DaxsignPublicKey,
    public_key_size: usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let room = outputs.room(public_key, public_key_size)?;
        let key = outputs.inputs().stored(private_key)?.get()?;
        room.load(|public| {
            public.clone_from(key.public_key());
            Ok(())
        })
    })
}

/// Loads a public key: SPKI, PKCS#1 or an X.509 certificate, PEM or DER, the file's bytes as they
/// are. Of several PEM blocks the first public key or certificate counts. `public_key_size` is
/// `sizeof *public_key`.
///
/// Who signed a certificate and when it is valid is not judged: see `daxsign_certificate_load`.
///
/// Errors: `invalid-key`, `unsupported-key`, `key-too-small`; `too-small` or `misaligned` storage.
/// Exclusive: `public_key`, which holds zeros after an error of the file. Stack: DAXSIGN_STACK_PUBLIC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_public_key_load(
    public_key: *mut DaxsignPublicKey,
    public_key_size: usize,
    file: *const c_void,
    file_len: usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let room = outputs.room(public_key, public_key_size)?;
        let file = outputs.inputs().bytes("file", file, file_len)?;
        room.load(|key| key.load(file))
    })
}

/// Loads the public key of an X.509 certificate, PEM or DER, and tells when the certificate is
/// valid: from `not_before` to `not_after`, both included. Compare them with your clock, and the
/// certificate with the ones you trust: its own signature, issuer and extensions are not judged.
///
/// Errors: as `daxsign_public_key_load`. Exclusive: `public_key`, `not_before`, `not_after`. After an
/// error of the file `public_key` holds zeros and the times are as they were. Stack:
/// DAXSIGN_STACK_PUBLIC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_certificate_load(
    public_key: *mut DaxsignPublicKey,
    public_key_size: usize,
    file: *const c_void,
    file_len: usize,
    not_before: *mut DaxsignTime,
    not_after: *mut DaxsignTime,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let room = outputs.room(public_key, public_key_size)?;
        let not_before = outputs.place("not_before", not_before)?;
        let not_after = outputs.place("not_after", not_after)?;
        let file = outputs.inputs().bytes("file", file, file_len)?;
        room.load(|key| {
            let (first, last) = key.load_certificate(file)?;
            not_before.write(DaxsignTime::from_timestamp(first));
            not_after.write(DaxsignTime::from_timestamp(last));
            Ok(())
        })
    })
}

/// Overwrites a public key with zeros. Storage without a key is left as it is.
///
/// Errors: `null-pointer`, `misaligned`. Exclusive: `public_key`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_public_key_wipe(
    public_key: *mut DaxsignPublicKey,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |outputs| {
        outputs.held(public_key)?.wipe();
        Ok(())
    })
}

/// Tells a public key's size and exponent.
///
/// Errors: `not-initialised`, `abi-mismatch`. Shared: `public_key`; exclusive: `info`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_public_key_info(
    public_key: *const DaxsignPublicKey,
    info: *mut DaxsignKeyInfo,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let info = outputs.versioned(info)?;
        let key = outputs.inputs().stored(public_key)?.get()?;
        info.write(DaxsignKeyInfo {
            struct_size: DaxsignKeyInfo::size(),
            kind: 0,
            encoding: 0,
            modulus_bits: u32::try_from(key.modulus_bits()).unwrap_or_default(),
            exponent: key.exponent(),
        });
        Ok(())
    })
}

/// Writes a public key's modulus in big-endian bytes, as many as a signature has.
///
/// Errors: `not-initialised`, `buffer-too-small`. Shared: `public_key`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_public_key_modulus(
    public_key: *const DaxsignPublicKey,
    out: *mut u8,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.bytes(out, out_cap, out_len)?;
        let key = outputs.inputs().stored(public_key)?;
        out.fill(|out| Ok(key.get()?.write_modulus(out)?.len()))
    })
}

/// Tells what a key file holds without reading the key itself: `kind` and `encoding`.
///
/// Errors: `invalid-key` if it is no key file, `unsupported-key` for a key of another kind.
/// Exclusive: `info`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_key_identify(
    file: *const c_void,
    file_len: usize,
    info: *mut DaxsignKeyInfo,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let info = outputs.versioned(info)?;
        let file = outputs.inputs().bytes("file", file, file_len)?;
        let (kind, encoding) = identify_key(file)?;
        info.write(DaxsignKeyInfo {
            struct_size: DaxsignKeyInfo::size(),
            kind: kind_number(kind),
            encoding: match encoding {
                KeyEncoding::Pem => DaxsignKeyEncoding::Pem,
                KeyEncoding::Der => DaxsignKeyEncoding::Der,
            }
            .number(),
            modulus_bits: 0,
            exponent: 0,
        });
        Ok(())
    })
}

const fn kind_number(kind: KeyKind) -> u32 {
    match kind {
        KeyKind::Pkcs1Private => DaxsignKeyKind::Pkcs1Private.number(),
        KeyKind::Pkcs8Private => DaxsignKeyKind::Pkcs8Private.number(),
        KeyKind::Pkcs1Public => DaxsignKeyKind::Pkcs1Public.number(),
        KeyKind::Spki => DaxsignKeyKind::Spki.number(),
        KeyKind::Certificate => DaxsignKeyKind::Certificate.number(),
        // A kind that this version of the interface has no number for.
        _ => 0,
    }
}
