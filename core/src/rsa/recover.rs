//! What a signature holds, for diagnosis. Verification never does this: it builds the expected
//! encoding and compares ([`PublicKey::verify_digest`]).

use super::limb::be_bytes;
use super::public_key::PublicKey;
use super::sizes::MAX_SIGNATURE_LEN;
use crate::error::Error;

/// A block as long as the modulus: what was signed, or a signature.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    bytes: [u8; MAX_SIGNATURE_LEN],
    len: usize,
}

impl Block {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let mut block = Self {
            bytes: [0; MAX_SIGNATURE_LEN],
            len: bytes.len().min(MAX_SIGNATURE_LEN),
        };
        for (slot, byte) in block.bytes.iter_mut().zip(bytes) {
            *slot = *byte;
        }
        block
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    pub(crate) fn as_bytes_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.len).unwrap_or_default()
    }

    /// The bytes in reverse order. (`reverse` can panic where the compiler counts bytes alone.)
    pub(crate) fn reversed(mut self) -> Self {
        let forwards = self;
        let backwards = forwards.as_bytes().iter().rev();
        for (slot, byte) in self.as_bytes_mut().iter_mut().zip(backwards) {
            *slot = *byte;
        }
        self
    }
}

impl PublicKey {
    /// Opens a signature; `None` for one that is not below the modulus and holds nothing.
    ///
    /// # Errors
    /// As [`verify_digest`](Self::verify_digest), but no mismatch.
    pub(crate) fn recover(&self, signature: &[u8]) -> Result<Option<Block>, Error> {
        let len = self.modulus_len();
        let opened = self.open(signature, |message| {
            let mut block = Block {
                bytes: [0; MAX_SIGNATURE_LEN],
                len,
            };
            for (slot, byte) in block.bytes.iter_mut().zip(be_bytes(message, len)) {
                *slot = byte;
            }
            block
        });
        match opened {
            Ok(block) => Ok(Some(block)),
            Err(Error::SignatureMismatch) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
