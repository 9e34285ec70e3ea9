//! A key that signs elsewhere, in a security module or a key store, as rustls asks it.

use std::fmt;
use std::sync::Arc;

use daxsign_core::{Digest, PublicKey, Sha256, Signer};
use rustls::sign::SigningKey;
use rustls::{Error, SignatureAlgorithm, SignatureScheme};

/// What a key and a certificate say that do not belong together.
pub(super) const OTHER_KEY: &str = "it does not belong to the certificate";

/// What signs, with all that a handshake needs to know of it.
pub(super) struct SignerKey<S> {
    signer: Arc<S>,
    /// That of the certificate: no signature goes out that does not hold.
    public_key: PublicKey,
}

impl<S> SignerKey<S> {
    pub(super) fn new(signer: S, public_key: PublicKey) -> Self {
        Self {
            signer: Arc::new(signer),
            public_key,
        }
    }
}

impl<S> SignerKey<S>
where
    S: Signer + Send + Sync + 'static,
    S::Error: fmt::Display,
{
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    pub(super) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let digest = Digest(Sha256::digest(message));
        let mut signature = vec![0; self.public_key.modulus_len()];
        if self.signer.modulus_len() != signature.len() {
            return Err(OTHER_KEY.to_owned());
        }
        let signed = self.signer.sign_digest(&digest, &mut signature);
        signed.map_err(|error| error.to_string())?;
        let good = self.public_key.verify_digest(&digest, &signature);
        good.map_err(|_| "it does not belong to the certificate, or signed wrongly".to_owned())?;
        Ok(signature)
    }
}

impl<S> Clone for SignerKey<S> {
    fn clone(&self) -> Self {
        Self {
            signer: Arc::clone(&self.signer),
            public_key: self.public_key.clone(),
        }
    }
}

impl<S> fmt::Debug for SignerKey<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignerKey").finish_non_exhaustive()
    }
}

impl<S> SigningKey for SignerKey<S>
where
    S: Signer + Send + Sync + 'static,
    S::Error: fmt::Display,
{
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn rustls::sign::Signer>> {
        if !offered.contains(&SignatureScheme::RSA_PKCS1_SHA256) {
            return None;
        }
        Some(Box::new(self.clone()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

impl<S> rustls::sign::Signer for SignerKey<S>
where
    S: Signer + Send + Sync + 'static,
    S::Error: fmt::Display,
{
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.signature(message).map_err(Error::General)
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::RSA_PKCS1_SHA256
    }
}
