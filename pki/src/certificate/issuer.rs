//! Who issues.

use daxsign_core::{CertificateFile, KeyUsage, Name, PublicKey, Timestamp};

use crate::certificate::asked::Asked;
use crate::certificate::key_identifier;
use crate::certificate::profile::Profile;
use crate::error::PkiError;

/// An authority, as far as certificates and lists name it.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The name's DER.
    pub(crate) name: Vec<u8>,
    pub(crate) key: PublicKey,
    pub(crate) key_identifier: Vec<u8>,
    /// The bits of its public key, to compare without loading another.
    key_bits: Vec<u8>,
    /// The last moment of its own certificate; `None` for one that is still to be made.
    pub(super) end: Option<Timestamp>,
    /// How many authorities it may have below it.
    path_len: Option<u32>,
}

impl Issuer {
    /// The authority whose certificate this is, PEM or DER.
    ///
    /// # Errors
    /// [`PkiError::NotAnAuthority`] for the certificate of somebody else, and for one whose key usage leaves out
    /// certificates (keyCertSign) or lists (cRLSign); as [`CertificateFile::from_bytes`].
    pub fn from_certificate(file: &[u8]) -> Result<Self, PkiError> {
        let certificate = CertificateFile::from_bytes(file)?;
        let constraints = certificate.extensions().basic_constraints();
        let constraints = constraints
            .filter(|constraints| constraints.is_authority)
            .ok_or(PkiError::NotAnAuthority)?;
        let usage = certificate.extensions().key_usage();
        if usage.is_some_and(|usage| !usage.key_cert_sign() || !signs_lists(usage)) {
            return Err(PkiError::NotAnAuthority);
        }
        let asked = Asked::from_certificate(file)?;
        let mut issuer = Self::of(&asked, certificate.public_key()?)?;
        if let Some(identifier) = asked.key_identifier() {
            issuer.key_identifier = identifier.to_vec();
        }
        issuer.end = Some(certificate.not_after());
        issuer.path_len = constraints.path_len;
        Ok(issuer)
    }

    /// The one who asks, as its own authority.
    pub(super) fn of(asked: &Asked, key: PublicKey) -> Result<Self, PkiError> {
        Ok(Self {
            name: asked.subject().to_vec(),
            key,
            key_identifier: key_identifier::of_spki(asked.spki())?,
            key_bits: key_identifier::key_bits(asked.spki())?.to_vec(),
            end: None,
            path_len: None,
        })
    }

    /// Whether the one who asks has its name, or its key.
    pub(super) fn is_named_or_keyed_by(&self, asked: &Asked) -> Result<bool, PkiError> {
        let same_name = Name::from_der(asked.subject())? == Name::from_der(&self.name)?;
        Ok(same_name || key_identifier::key_bits(asked.spki())? == self.key_bits)
    }

    /// The key that its certificates verify with.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// The last moment of its own certificate.
    #[must_use]
    pub const fn not_after(&self) -> Option<Timestamp> {
        self.end
    }

    /// What a certificate of this profile becomes below this authority: an authority gets no more room than is
    /// left.
    pub(super) fn limited(&self, profile: Profile) -> Result<Profile, PkiError> {
        let (Profile::Authority { path_len }, Some(own)) = (profile, self.path_len) else {
            return Ok(profile);
        };
        let left = own.checked_sub(1).ok_or(PkiError::NotAnAuthority)?;
        let left = u8::try_from(left).unwrap_or(u8::MAX);
        let path_len = Some(path_len.map_or(left, |wanted| wanted.min(left)));
        Ok(Profile::Authority { path_len })
    }
}

/// Whether a key that may be used so signs lists of revoked certificates (cRLSign).
pub(crate) fn signs_lists(usage: KeyUsage) -> bool {
    usage.names().any(|name| name == "cRLSign")
}
