//! Keys that sign through a function of the caller.

use core::ffi::c_void;

use daxsign_core::{Digest, Error, MAX_MODULUS_BITS, MIN_MODULUS_BITS, PublicKey, Signer};

use crate::call_error::{CallError, Noted};
use crate::failure::Failure;
use crate::keys::DaxsignPublicKey;
use crate::memory::inputs::Inputs;
use crate::memory::plain::{Plain, Versioned};
use crate::memory::storage::Stored;
use crate::options::out_of_range;
use crate::status::DaxsignStatus;

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

// SAFETY: integers, pointers and an optional function.
unsafe impl Plain for DaxsignSigner {}
// SAFETY: repr(C), starts with a u32.
unsafe impl Versioned for DaxsignSigner {
    const NAME: &'static str = "signer";
}

/// A signer that was read; what is in it is judged by [`RawSigner::check`].
pub(crate) struct RawSigner<'c, 'f> {
    raw: &'c DaxsignSigner,
    public_key: Option<Stored<'c, 'f, DaxsignPublicKey>>,
    failure: &'f Failure,
}

impl<'c, 'f> RawSigner<'c, 'f> {
    pub(crate) fn read(
        inputs: &Inputs<'c, 'f>,
        pointer: *const DaxsignSigner,
    ) -> Result<Self, Noted> {
        let raw = inputs.versioned(pointer)?;
        let public_key = if raw.public_key.is_null() {
            None
        } else {
            Some(inputs.stored(raw.public_key)?)
        };
        Ok(Self {
            raw,
            public_key,
            failure: inputs.failure(),
        })
    }

    pub(crate) fn check(self) -> Result<ExternalSigner<'c>, Noted> {
        let raw = self.raw;
        let bits = usize::try_from(raw.modulus_bits).unwrap_or_default();
        if !(MIN_MODULUS_BITS..=MAX_MODULUS_BITS).contains(&bits) {
            let error = out_of_range("signer.modulus_bits", raw.modulus_bits.into());
            return Err(self.failure.note(&error));
        }
        let Some(sign_digest) = raw.sign_digest else {
            let status = DaxsignStatus::DaxsignErrNullPointer;
            return Err(self.failure.call(status, "signer.sign_digest"));
        };
        Ok(ExternalSigner {
            modulus_len: bits.div_ceil(8),
            context: raw.context,
            sign_digest,
            public_key: self.public_key.map(|key| key.get()).transpose()?,
        })
    }
}

/// A signer whose numbers are good.
pub(crate) struct ExternalSigner<'c> {
    modulus_len: usize,
    context: *mut c_void,
    sign_digest: SignDigest,
    public_key: Option<&'c PublicKey>,
}

impl<'c> ExternalSigner<'c> {
    /// The key's public half, if it was told.
    pub(crate) const fn public_key(&self) -> Option<&'c PublicKey> {
        self.public_key
    }
}

impl Signer for ExternalSigner<'_> {
    type Error = CallError;

    fn modulus_len(&self) -> usize {
        self.modulus_len
    }

    fn verified_with(&self) -> Option<&PublicKey> {
        self.public_key
    }

    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), CallError> {
        let sign = self.sign_digest;
        // SAFETY: a function of C with this type, which writes as many bytes as told and neither throws nor
        // jumps out: its caller's promise. Both buffers have these lengths.
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
            return Err(CallError::sized(
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
