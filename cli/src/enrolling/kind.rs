//! What a file around certificates holds, where another was meant.

use daxsign_core::{CertificateFile, KeyKind, RequestFile, identify_key};
use daxsign_pki::RevocationList;

use crate::key_file;

/// What is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Certificate,
    Request,
    PrivateKey,
    EncryptedKey,
    PublicKey,
    List,
}

impl Kind {
    /// `None` for what is nothing of it.
    pub(crate) fn of(file: &[u8]) -> Option<Self> {
        if CertificateFile::from_bytes(file).is_ok() {
            return Some(Self::Certificate);
        }
        if RequestFile::unverified(file).is_ok() {
            return Some(Self::Request);
        }
        if RevocationList::from_bytes(file).is_ok() {
            return Some(Self::List);
        }
        if key_file::is_encrypted(file) {
            return Some(Self::EncryptedKey);
        }
        match identify_key(file).ok()?.0 {
            KeyKind::Certificate => None,
            kind if kind.is_private() => Some(Self::PrivateKey),
            _ => Some(Self::PublicKey),
        }
    }

    /// With its article.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Certificate => "a certificate",
            Self::Request => "a request for a certificate",
            Self::PrivateKey => "a private key",
            Self::EncryptedKey => "an encrypted private key",
            Self::PublicKey => "a public key",
            Self::List => "a list of revoked certificates",
        }
    }
}
