//! Certificates of instances, and whose key is whose.

use daxsign_core::{
    CertificateFile, EnrolError, MAX_SIGNATURE_LEN, PublicKey, Sha256, Sink, ThumbprintKind,
    Timestamp,
};

use crate::party::Party;

/// How many certificates of an instance may be live at a time (X-REG): the `Signature` field has no key id, so
/// each of them is tried.
pub const MAX_LIVE_CERTIFICATES: usize = 4;

/// What a public key is recognised by: SHA-256 over its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 32]);

impl KeyId {
    /// That of a key.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        let mut out = [0; MAX_SIGNATURE_LEN];
        let mut hash = Sha256::default();
        hash.write(&key.exponent().to_be_bytes());
        // The buffer holds the longest modulus that there is.
        hash.write(key.write_modulus(&mut out).unwrap_or_default());
        Self(hash.finish())
    }
}

/// A certificate that was registered.
#[derive(Clone)]
pub struct Registered {
    /// Whose it is.
    pub party: Party,
    /// Its DER.
    pub der: Vec<u8>,
    /// Its key, ready to verify with.
    pub key: Box<PublicKey>,
    /// What the key is recognised by.
    pub key_id: KeyId,
    /// Its SHA-256.
    pub thumbprint: [u8; 32],
    /// Its SHA-1 in capital hexadecimal digits, as DAX names it (C-THUMB).
    pub short_thumbprint: String,
    /// Its first moment.
    pub not_before: Timestamp,
    /// Its last moment.
    pub not_after: Timestamp,
    /// Since when it is revoked.
    pub revoked: Option<Timestamp>,
}

impl Registered {
    /// Reads a certificate, PEM or DER. Who issued it is not checked here.
    ///
    /// # Errors
    /// Those of the certificate and its key.
    pub fn read(party: Party, file: &[u8]) -> Result<Self, EnrolError> {
        let certificate = CertificateFile::from_bytes(file)?;
        let key = certificate.public_key()?;
        let mut der = Vec::new();
        certificate.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
        let thumbprint = Sha256::digest(&der);
        Ok(Self {
            party,
            key_id: KeyId::of(&key),
            key: Box::new(key),
            thumbprint,
            short_thumbprint: certificate.thumbprint(ThumbprintKind::Sha1).to_string(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            der,
            revoked: None,
        })
    }

    /// Whether it takes up one of the instance's places: neither revoked nor past. One that is valid only
    /// later does, so that a roll-over can be prepared.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && now <= self.not_after
    }

    /// Whether a signature by it counts.
    #[must_use]
    pub fn counts(&self, now: Timestamp) -> bool {
        self.is_live(now) && self.not_before <= now
    }
}

impl core::fmt::Debug for Registered {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("Registered")
            .field("party", &self.party)
            .field("thumbprint", &self.short_thumbprint)
            .field("not_after", &self.not_after)
            .field("revoked", &self.revoked)
            .finish_non_exhaustive()
    }
}
