//! What the RSA signature is made over (S-PROFILE).

use crate::bytes::digest::Digest;
use crate::bytes::sha256::{HASH_LEN, Sha256};
use crate::error::Error;
use crate::error::refusal::{Noted, Refusal};
use crate::request::Request;
use crate::request::options::Options;
use crate::signing::components::Components;
use crate::signing::string::write_checked;

/// The two readings of "SHA256withRSA over `sha256(signingstring)`". Both sides must use the same
/// one, so there is no default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The signature is over the signing string: its SHA-256 is signed. What the text says.
    Documented,
    /// The signature is over the SHA-256 of the signing string, so that a SHA-256 of a SHA-256 is
    /// signed. What the vendor's SDK does and the production service was seen to accept.
    VendorSdk,
}

impl Profile {
    /// Both profiles.
    pub const ALL: [Self; 2] = [Self::Documented, Self::VendorSdk];

    /// `documented` or `vendor-sdk`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::VendorSdk => "vendor-sdk",
        }
    }

    /// The digest that is signed, from the SHA-256 of the signing string.
    #[must_use]
    pub fn digest(self, string_hash: &[u8; HASH_LEN]) -> Digest {
        Digest(match self {
            Self::Documented => *string_hash,
            Self::VendorSdk => Sha256::digest(string_hash),
        })
    }
}

impl core::fmt::Display for Profile {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// The digest to sign for `request`. No buffer for the signing string is needed: the request is
/// hashed where it lies.
///
/// # Errors
/// The first rule that the request breaks; then [`Error::UnboundBody`] for the default list of a
/// request that has a body and no `Content-Length` (see [`Components::default_for`]).
pub fn signing_digest(
    request: &Request<'_>,
    components: &Components<'_>,
    profile: Profile,
    options: Options,
) -> Result<Digest, Error> {
    Refusal::of(|refusal| checked_digest(request, components, profile, options, refusal))
}

/// The same with a place for the error.
pub(crate) fn checked_digest(
    request: &Request<'_>,
    components: &Components<'_>,
    profile: Profile,
    options: Options,
    refusal: &mut Refusal,
) -> Result<Digest, Noted> {
    let mut hash = Sha256::default();
    write_checked(request, components, options, &mut hash, refusal)?;
    if let Some(problem) = components.unbound()
        && !request.body.is_empty()
    {
        return Err(refusal.note(Error::UnboundBody { problem }));
    }
    Ok(profile.digest(&hash.finish()))
}
