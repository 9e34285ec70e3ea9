//! What this side shows: its certificate with those above it, and its key.

use std::sync::Arc;

use daxsign_core::{CertificateFile, PublicKey};
use rustls::InconsistentKeys;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use crate::error::PkiError;

/// A certificate, those above it, and the key.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(super) resolver: Arc<SingleCertAndKey>,
}

impl Credentials {
    /// Reads both from PEM; the certificate comes first, and the key is PKCS#1 or PKCS#8 and not encrypted.
    ///
    /// # Errors
    /// [`PkiError::Credentials`] for what cannot be read, and for a key that does not belong to the certificate.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, PkiError> {
        let wrong = |what: &str, why: String| PkiError::Credentials {
            text: format!("{what}: {why}"),
        };
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain).collect();
        let chain = read.map_err(|error| wrong("the certificate", error.to_string()))?;
        if chain.is_empty() {
            return Err(wrong("the certificate", "there is none in PEM".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| wrong("the private key", error.to_string()))?;
        let provider: CryptoProvider = rustls::crypto::ring::default_provider();
        let key = provider.key_provider.load_private_key(key);
        let key = key.map_err(|error| wrong("the private key", error.to_string()))?;
        let both = CertifiedKey::new(chain, key);
        belong_together(&both).map_err(|why| wrong("the private key", why))?;
        Ok(Self {
            resolver: Arc::new(SingleCertAndKey::from(both)),
        })
    }
}

fn belong_together(both: &CertifiedKey) -> Result<(), String> {
    let other = || "it does not belong to the certificate".to_owned();
    match both.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(()),
        Err(rustls::Error::InconsistentKeys(_)) => Err(other()),
        // It reads none of version 1, which other programs let in: whoever shows one is told so by them.
        Err(error) => {
            let (certificate, key) = (both.cert.first(), both.key.public_key());
            let certificate = certificate.and_then(|der| CertificateFile::from_bytes(der).ok());
            let certified = certificate.and_then(|read| read.public_key().ok());
            let held = key.and_then(|key| PublicKey::from_der(key.as_ref()).ok());
            match (certified, held) {
                (Some(certified), Some(held)) if certified == held => Ok(()),
                (Some(_), Some(_)) => Err(other()),
                _ => Err(error.to_string()),
            }
        }
    }
}
