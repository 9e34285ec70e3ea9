//! Keys that sign through a function of the caller.

use core::ffi::c_void;

use daxsign_core::{Digest, Error, MAX_MODULUS_BITS, MIN_MODULUS_BITS, PublicKey, Signer};

use crate::failure::Failure;
use crate::keys::DaxsignPublicKey;
use crate::memory::{Region, Versioned};
use crate::options::out_of_range;
use crate::status::DaxsignStatus;
use crate::storage::Storage;

/// The function of a signer, as [`DaxsignSigner::sign_digest`] tells.
type SignDigest = unsafe extern "C" fn(
    context: *mut c_void,
    digest: *const u8,
    signature: *mut u8,
    signature_len: usize,
) -> i32;

/// A key that stays elsewhere: in Windows CNG, an HSM, a TPM or a secure element. Initialise it with
/// `DAXSIGN_SIGNER_INIT`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignSigner {
    /// `sizeof(DaxsignSigner)`.
    pub struct_size: u32,
    /// The size of the key's modulus in bits.
    pub modulus_bits: u32,
    /// Passed to your function as it is.
    pub context: *mut c_void,
    /// Your function: signs an already made SHA-256 with RSASSA-PKCS1-v1_5, that is, writes exactly
    /// `signature_len` bytes to `signature` and returns 0, or any other number for a failure.
    /// `digest` has 32 bytes. It is called on the caller's thread, at most once, and must not throw
    /// or jump out.
    pub sign_digest: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            digest: *const u8,
            signature: *mut u8,
            signature_len: usize,
        ) -> i32,
    >,
    /// The key's public half, to check each signature before it is given out. By default, with NULL,
    /// signatures are given out as your function made them.
    pub public_key: *const DaxsignPublicKey,
}

// SAFETY: repr(C), starts with a u32, made of integers, pointers and an optional function.
unsafe impl Versioned for DaxsignSigner {
    const NAME: &'static str = "signer";
}

/// A signer that was read.
pub(crate) struct ExternalSigner<'k> {
    modulus_len: usize,
    context: *mut c_void,
    sign_digest: SignDigest,
    public_key: Option<&'k PublicKey>,
}

impl ExternalSigner<'_> {
    /// Reads a signer.
    ///
    /// # Safety
    /// `pointer` follows the header's rules.
    pub(crate) unsafe fn read(pointer: *const DaxsignSigner) -> Result<Self, Failure> {
        // SAFETY: the caller's contract, here and below.
        let raw = unsafe { DaxsignSigner::read(pointer) }?;
        let bits = usize::try_from(raw.modulus_bits).unwrap_or_default();
        if !(MIN_MODULUS_BITS..=MAX_MODULUS_BITS).contains(&bits) {
            return Err(out_of_range("signer.modulus_bits", raw.modulus_bits.into()));
        }
        let public_key = if raw.public_key.is_null() {
            None
        } else {
            // SAFETY: as above.
            Some(unsafe { DaxsignPublicKey::get(raw.public_key) }?)
        };
        Ok(Self {
            modulus_len: bits.div_ceil(8),
            context: raw.context,
            sign_digest: raw.sign_digest.ok_or(Failure::call(
                DaxsignStatus::DaxsignErrNullPointer,
                "signer.sign_digest",
            ))?,
            public_key,
        })
    }

    /// The memory that a call with this signer reads.
    ///
    /// # Safety
    /// `pointer` follows the header's rules.
    pub(crate) unsafe fn regions(
        pointer: *const DaxsignSigner,
    ) -> Result<[Option<Region>; 2], Failure> {
        // SAFETY: the caller's contract, here and below.
        let raw = unsafe { DaxsignSigner::read(pointer) }?;
        let key = if raw.public_key.is_null() {
            None
        } else {
            // SAFETY: as above.
            Some(unsafe { DaxsignPublicKey::region(raw.public_key) }?)
        };
        Ok([Some(Region::array("signer", pointer, 1)?), key])
    }
}

impl Signer for ExternalSigner<'_> {
    type Error = Failure;

    fn modulus_len(&self) -> usize {
        self.modulus_len
    }

    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Failure> {
        let sign = self.sign_digest;
        // SAFETY: the caller's function keeps to its contract; both buffers have the lengths told.
        let code = unsafe {
            sign(
                self.context,
                digest.as_bytes().as_ptr(),
                signature.as_mut_ptr(),
                signature.len(),
            )
        };
        if code != 0 {
            // A negative number is told as its 64-bit two's complement.
            let found = u64::from_ne_bytes(i64::from(code).to_ne_bytes());
            return Err(Failure::sized(
                DaxsignStatus::DaxsignErrSignerFailed,
                "signer.sign_digest",
                0,
                found,
            ));
        }
        match self.public_key {
            Some(key) => key
                .verify_digest(digest, signature)
                .map_err(|_| Error::SigningFault.into()),
            None => Ok(()),
        }
    }
}
