//! Doing something else for a moment while a key signs: feeding a watchdog, giving way to another
//! task.

use crate::bytes::digest::Digest;
use crate::error::Error;
use crate::rsa::private_key::PrivateKey;
use crate::rsa::public_key::PublicKey;
use crate::signing::signer::Signer;

/// A private key that calls a function again and again while it signs; made by
/// [`PrivateKey::with_progress`].
pub struct WithProgress<'k, F> {
    key: &'k PrivateKey,
    progress: F,
}

impl PrivateKey {
    /// This key as a [`Signer`] that calls `progress` while it signs.
    ///
    /// It is called after each modular multiplication, about 2600 times in a signature of 2048
    /// bits. Between two calls there is never more than a hundredth of the signature's work: on a
    /// processor that needs a second for a signature, 10 ms. When it is called depends on the key's
    /// size only; it learns nothing of the key and cannot end the signature. It runs on top of the
    /// stack that signing takes.
    ///
    /// ```
    /// # const FILE: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs8.pem");
    /// use core::cell::Cell;
    /// use daxsign_core::{Digest, PrivateKey, Signer};
    ///
    /// let key = PrivateKey::from_bytes(FILE)?;
    /// let fed = Cell::new(0);
    /// let mut signature = [0; 256];
    /// key.with_progress(|| fed.set(fed.get() + 1))
    ///     .sign_digest(&Digest([7; 32]), &mut signature)?;
    /// assert!(fed.get() > 2000);
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    pub const fn with_progress<F: Fn()>(&self, progress: F) -> WithProgress<'_, F> {
        WithProgress {
            key: self,
            progress,
        }
    }
}

impl<F: Fn()> Signer for WithProgress<'_, F> {
    type Error = Error;

    fn modulus_len(&self) -> usize {
        self.key.modulus_len()
    }

    /// As the key's own.
    ///
    /// # Errors
    /// As the key's own.
    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Error> {
        self.key.sign(digest, signature, &mut || (self.progress)())
    }

    fn verified_with(&self) -> Option<&PublicKey> {
        self.key.verified_with()
    }
}

impl<F> core::fmt::Debug for WithProgress<'_, F> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("WithProgress")
            .field("key", self.key)
            .finish_non_exhaustive()
    }
}
