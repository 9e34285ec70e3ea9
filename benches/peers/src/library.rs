//! What is asked of each library, in the terms in which a user of it would ask.

/// An RSA key that was loaded, ready to sign and to verify.
///
/// What is signed is the SHA-256 of a message with RSASSA-PKCS1-v1_5. Everybody gets the message and
/// hashes it, since some libraries take nothing else.
pub(crate) trait Key {
    /// Signs into `signature`, which has the modulus's length.
    fn sign(&self, message: &[u8], signature: &mut [u8]);

    /// Whether `signature` belongs to `message`.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// A key of the heap: one allocation, which is nothing beside loading a key.
pub(crate) type BoxedKey = Box<dyn Key>;

/// A library.
#[derive(Clone, Copy)]
pub(crate) struct Library {
    /// As in the results.
    pub(crate) name: &'static str,
    /// Loads a private key: PKCS#8 as DER, and the public key as PKCS#1 DER for libraries that
    /// do not make the one from the other.
    pub(crate) load_der: fn(&[u8], &[u8]) -> BoxedKey,
    /// Loads a private key, PKCS#8 as PEM, if the library reads PEM.
    pub(crate) load_pem: Option<fn(&str) -> BoxedKey>,
    /// SHA-256 of all bytes in one call.
    pub(crate) sha256: fn(&[u8]) -> [u8; 32],
}

/// Unwraps with words: a peer that fails is a broken comparison.
pub(crate) fn must<T, E>(result: Result<T, E>, what: &str) -> T {
    result.unwrap_or_else(|_| panic!("the peer cannot {what}"))
}
