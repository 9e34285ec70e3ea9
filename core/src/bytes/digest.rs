//! What is handed to the RSA signature.

use crate::bytes::sha256::HASH_LEN;

/// The 32 bytes that stand in the signature's DigestInfo: what a [`Signer`](crate::Signer) signs
/// as an already made SHA-256. In memory it is these bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Digest(pub [u8; HASH_LEN]);

impl Digest {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HASH_LEN] {
        &self.0
    }
}
