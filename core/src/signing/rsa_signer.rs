//! [`Signer`] for a key of the `rsa` crate (feature `rsa-signer`; needs a heap).

use ::rsa::traits::PublicKeyParts;
use ::rsa::{Pkcs1v15Sign, RsaPrivateKey};

use crate::bytes::digest::Digest;
use crate::bytes::sha256::HASH_LEN;
use crate::error::Error;
use crate::rsa::encoding::DIGEST_INFO_SHA256;
use crate::signing::signer::Signer;

impl Signer for RsaPrivateKey {
    type Error = Error;

    fn modulus_len(&self) -> usize {
        self.size()
    }

    /// # Errors
    /// [`Error::SigningFault`] if the crate returns no signature.
    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Error> {
        let scheme = Pkcs1v15Sign {
            hash_len: Some(HASH_LEN),
            prefix: DIGEST_INFO_SHA256.into(),
        };
        match self.sign(scheme, digest.as_bytes()) {
            Ok(made) if made.len() == signature.len() => {
                for (slot, byte) in signature.iter_mut().zip(made) {
                    *slot = byte;
                }
                Ok(())
            }
            _ => Err(Error::SigningFault),
        }
    }
}
