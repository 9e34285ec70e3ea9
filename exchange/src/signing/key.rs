//! What signs: a key in memory, or one elsewhere.

use core::fmt;

use daxsign_core::{Digest, PrivateKey, Signer};

/// The longest modulus, in bytes, with which a signature is short enough for others to wait for it: 2048 bits.
const QUICK_LEN: usize = 256;

/// A key that threads sign with (RSASSA-PKCS1-v1_5 with SHA-256).
pub trait Key: Send + Sync + 'static {
    /// The length of a signature.
    fn modulus_len(&self) -> usize;

    /// From how many digests on signing them at once is faster; `None` where it never is.
    fn together_from(&self) -> Option<usize>;

    /// Whether it signs by computing alone and in a moment, so that a thread may sign with it that others wait for.
    fn is_quick(&self) -> bool {
        false
    }

    /// Writes the signatures over `digests` one behind the other, each [`modulus_len`](Self::modulus_len) long.
    ///
    /// # Errors
    /// [`NotSigned`]: none of them is to be used.
    fn sign(&self, digests: &[Digest], signatures: &mut [u8]) -> Result<(), NotSigned>;
}

/// Why nothing was signed, for logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSigned(pub String);

impl fmt::Display for NotSigned {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the key did not sign: {}", self.0)
    }
}

impl std::error::Error for NotSigned {}

impl Key for PrivateKey {
    fn modulus_len(&self) -> usize {
        self.public_key().modulus_len()
    }

    fn together_from(&self) -> Option<usize> {
        self.signs_together_from()
    }

    fn is_quick(&self) -> bool {
        Key::modulus_len(self) <= QUICK_LEN
    }

    fn sign(&self, digests: &[Digest], signatures: &mut [u8]) -> Result<(), NotSigned> {
        self.sign_batch(digests, signatures)
            .map_err(|error| NotSigned(error.to_string()))
    }
}

/// A key that is elsewhere: a security module, a key vault. It signs one after the other.
#[derive(Clone, Debug)]
pub struct External<S>(pub S);

impl<S> Key for External<S>
where
    S: Signer + Send + Sync + 'static,
    S::Error: fmt::Display,
{
    fn modulus_len(&self) -> usize {
        self.0.modulus_len()
    }

    fn together_from(&self) -> Option<usize> {
        None
    }

    fn sign(&self, digests: &[Digest], signatures: &mut [u8]) -> Result<(), NotSigned> {
        let each = signatures.chunks_exact_mut(self.0.modulus_len().max(1));
        for (digest, signature) in digests.iter().zip(each) {
            self.0
                .sign_digest(digest, signature)
                .map_err(|error| NotSigned(error.to_string()))?;
        }
        Ok(())
    }
}
