//! What is asked of a certificate.

use daxsign_core::{Purpose, Timestamp};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;

/// Whether what was shown is good for a purpose at a time.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    /// What was shown: the certificate in question, and others that may stand above it.
    pub(super) chain: &'a [CertificateDer<'a>],
    pub(super) purpose: Purpose,
    pub(super) now: Timestamp,
    pub(super) provider: &'a CryptoProvider,
}
