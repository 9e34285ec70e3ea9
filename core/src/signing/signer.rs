//! Keys that sign: ours, and those that stay in a secure element, a TPM or a key store.

use crate::bytes::digest::Digest;
use crate::error::Error;
use crate::rsa::private_key::PrivateKey;
use crate::rsa::public_key::PublicKey;

/// Signs an already made SHA-256 with RSASSA-PKCS1-v1_5 (RFC 8017 8.2): the key's owner builds
/// `00 01 FF … FF 00 | DigestInfo(SHA-256, digest)` and applies the private key. In other
/// libraries this is "sign hash" or "sign prehashed" with SHA-256, never "sign data".
///
/// ```
/// use daxsign_core::{Digest, Error, Signer};
///
/// /// A key in a secure element behind some bus.
/// struct SecureElement;
/// # impl SecureElement {
/// #     fn sign_hash(&self, _: &[u8; 32], signature: &mut [u8]) -> bool { signature.fill(1); true }
/// # }
///
/// impl Signer for SecureElement {
///     type Error = Error;
///     fn modulus_len(&self) -> usize {
///         256
///     }
///     fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Error> {
///         match self.sign_hash(digest.as_bytes(), signature) {
///             true => Ok(()),
///             false => Err(Error::SigningFault),
///         }
///     }
/// }
/// ```
pub trait Signer {
    /// What can go wrong: errors of the core, and the key's own.
    type Error: From<Error>;

    /// The modulus's length in bytes, which is the length of a signature; at most
    /// [`MAX_SIGNATURE_LEN`](crate::MAX_SIGNATURE_LEN).
    fn modulus_len(&self) -> usize;

    /// Writes the signature over `digest` into `signature`, which has
    /// [`modulus_len`](Self::modulus_len) bytes.
    ///
    /// # Errors
    /// Whatever keeps the key from signing. What `signature` then holds is not given out.
    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Self::Error>;

    /// The public key that each signature was verified with before it was given out, for a signer that
    /// does so. With `None`, who needs to be sure verifies again.
    fn verified_with(&self) -> Option<&PublicKey> {
        None
    }
}

impl<S: Signer + ?Sized> Signer for &S {
    type Error = S::Error;

    fn modulus_len(&self) -> usize {
        (**self).modulus_len()
    }

    #[inline]
    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Self::Error> {
        (**self).sign_digest(digest, signature)
    }

    fn verified_with(&self) -> Option<&PublicKey> {
        (**self).verified_with()
    }
}

impl Signer for PrivateKey {
    type Error = Error;

    fn modulus_len(&self) -> usize {
        self.public_key().modulus_len()
    }

    /// Constant time; the result is verified before it is written.
    ///
    /// # Errors
    /// [`Error::SigningFault`] if it does not verify; [`Error::InvalidKey`] if no key was loaded;
    /// [`Error::InvalidSignatureEncoding`] if `signature` does not have the modulus's length.
    /// `signature` is then zeroed.
    #[inline]
    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Error> {
        self.sign(digest, signature, &mut || ())
    }

    fn verified_with(&self) -> Option<&PublicKey> {
        Some(self.public_key())
    }
}
