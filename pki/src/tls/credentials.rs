//! What this side shows: its certificate with those above it, and its key.

use std::fmt;
use std::sync::Arc;

use daxsign_core::{CertificateFile, PublicKey, Signer};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls::{InconsistentKeys, SupportedProtocolVersion};

use crate::error::PkiError;
use crate::tls::signer_key::{OTHER_KEY, SignerKey};

/// A certificate, those above it, and the key.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(super) resolver: Arc<SingleCertAndKey>,
    /// Whether the key cannot sign as TLS 1.3 wants it.
    only_tls12: bool,
}

impl Credentials {
    /// Reads both from PEM; the certificate comes first, and the key is PKCS#1 or PKCS#8 and not encrypted.
    ///
    /// # Errors
    /// [`PkiError::Credentials`] for what cannot be read, and for a key that does not belong to the certificate.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, PkiError> {
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| {
            wrong_key("there is none in PEM that is not encrypted, or it is damaged")
        })?;
        let provider: CryptoProvider = rustls::crypto::ring::default_provider();
        let key = provider.key_provider.load_private_key(key).map_err(|_| {
            wrong_key("it is damaged, or none that TLS takes here (RSA of 2048 bits and more, ECDSA, Ed25519)")
        })?;
        Self::with_key(chain, key)
    }

    /// A certificate in PEM, with those above it behind it, and any key that rustls can ask to sign, such as one in a
    /// security module that makes signatures with RSASSA-PSS.
    ///
    /// # Errors
    /// [`PkiError::Credentials`] for what cannot be read, and for a key that tells its public key and does not belong
    /// to the certificate.
    pub fn with_key(chain: &[u8], key: Arc<dyn SigningKey>) -> Result<Self, PkiError> {
        let both = CertifiedKey::new(read_chain(chain)?, key);
        belong_together(&both).map_err(wrong_key)?;
        Ok(Self::of(both, false))
    }

    /// A certificate in PEM, with those above it behind it, and a key that signs requests, wherever that is. It signs
    /// handshakes of TLS 1.2 alone: TLS 1.3 takes no RSASSA-PKCS1-v1_5 (RFC 8446 4.2.3), and
    /// [`with_key`](Self::with_key) what can do more. Each signature is verified before it goes out.
    ///
    /// ```no_run
    /// use std::fs;
    ///
    /// use daxsign_core::PrivateKey;
    /// use daxsign_pki::tls::Credentials;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let key = PrivateKey::from_bytes(&fs::read("own.key")?)?; // or one in a security module
    /// let own = Credentials::from_signer(&fs::read("own.crt")?, key)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`PkiError::Credentials`] for what cannot be read, and for a key that does not belong to the certificate or
    /// does not sign: it has to once, here.
    pub fn from_signer<S>(chain: &[u8], signer: S) -> Result<Self, PkiError>
    where
        S: Signer + Send + Sync + 'static,
        S::Error: fmt::Display,
    {
        let chain = read_chain(chain)?;
        let key = SignerKey::new(signer, certified_key(&chain)?);
        key.signature(b"daxsign").map_err(wrong_key)?;
        let both = CertifiedKey::new(chain, Arc::new(key));
        Ok(Self::of(both, true))
    }

    fn of(both: CertifiedKey, only_tls12: bool) -> Self {
        Self {
            resolver: Arc::new(SingleCertAndKey::from(both)),
            only_tls12,
        }
    }

    /// Those of the versions that the key can sign for.
    pub(super) fn versions(
        &self,
        asked: &[&'static SupportedProtocolVersion],
    ) -> Vec<&'static SupportedProtocolVersion> {
        let can = |version: &&&'static SupportedProtocolVersion| {
            !self.only_tls12 || version.version == rustls::ProtocolVersion::TLSv1_2
        };
        asked.iter().filter(can).copied().collect()
    }
}

fn read_chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, PkiError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = read.map_err(wrong_certificate)?;
    if chain.is_empty() {
        return Err(wrong_certificate("there is none in PEM"));
    }
    Ok(chain)
}

fn certified_key(chain: &[CertificateDer<'_>]) -> Result<PublicKey, PkiError> {
    let own = chain.first().map_or(&[][..], AsRef::as_ref);
    let own = CertificateFile::from_bytes(own).map_err(wrong_certificate)?;
    own.public_key().map_err(wrong_certificate)
}

fn wrong_certificate(why: impl fmt::Display) -> PkiError {
    PkiError::Credentials {
        text: format!("the certificate: {why}"),
    }
}

fn wrong_key(why: impl fmt::Display) -> PkiError {
    PkiError::Credentials {
        text: format!("the private key: {why}"),
    }
}

fn belong_together(both: &CertifiedKey) -> Result<(), String> {
    match both.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(()),
        Err(rustls::Error::InconsistentKeys(_)) => Err(OTHER_KEY.to_owned()),
        // It reads none of version 1, which other programs let in: whoever shows one is told so by them.
        Err(error) => {
            let (certificate, key) = (both.cert.first(), both.key.public_key());
            let certificate = certificate.and_then(|der| CertificateFile::from_bytes(der).ok());
            let certified = certificate.and_then(|read| read.public_key().ok());
            let held = key.and_then(|key| PublicKey::from_der(key.as_ref()).ok());
            match (certified, held) {
                (Some(certified), Some(held)) if certified == held => Ok(()),
                (Some(_), Some(_)) => Err(OTHER_KEY.to_owned()),
                _ => Err(error.to_string()),
            }
        }
    }
}
