//! A certificate (RFC 5280 4.1), always of version 3 (C-ISSUE).

use std::error::Error as StdError;

use daxsign_core::{PublicKey, Signer, Timestamp};

use crate::certificate::asked::Asked;
use crate::certificate::extensions::{self, Parts};
use crate::certificate::issuer::Issuer;
use crate::certificate::key_identifier;
use crate::certificate::profile::Profile;
use crate::certificate::serial::SerialNumber;
use crate::der::oid::SHA256_WITH_RSA;
use crate::der::time;
use crate::der::writer::DerWriter;
use crate::der::{CONTEXT_0, CONTEXT_3, SEQUENCE};
use crate::error::PkiError;
use crate::signed;

/// The version that is called 3.
const VERSION_3: u8 = 2;

/// What an authority decides about one certificate.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What it is to be good for.
    pub profile: Profile,
    /// Its number.
    pub serial: SerialNumber,
    /// The first moment of its validity; fractions of a second are cut off.
    pub not_before: Timestamp,
    /// The last moment of its validity.
    pub not_after: Timestamp,
}

/// Issues a certificate to who asks: its DER.
///
/// # Errors
/// [`PkiError::Outlives`], [`PkiError::NoTime`] for times that cannot be; [`PkiError::NoServerName`] for a server
/// without a DNS name or an address; [`PkiError::Enrol`] for DNS names that are none, [`PkiError::UnshownName`] and
/// [`PkiError::TooManyNames`] for other alternative names; [`PkiError::AuthoritysOwn`] for the issuer's own name or
/// key, unless it is for an authority; [`PkiError::NotAnAuthority`] for an authority below one that may have none;
/// [`PkiError::OtherKey`], [`PkiError::Signing`] if the signer does not sign with the issuer's key.
pub fn issue<S>(
    issuer: &Issuer,
    asked: &Asked,
    terms: &Terms,
    signer: &S,
) -> Result<Vec<u8>, PkiError>
where
    S: Signer + ?Sized,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    if let Some(end) = issuer.end
        && terms.not_after > end
    {
        let end = time::text(end)?;
        return Err(PkiError::Outlives { end });
    }
    if !matches!(terms.profile, Profile::Authority { .. }) && issuer.is_named_or_keyed_by(asked)? {
        return Err(PkiError::AuthoritysOwn);
    }
    let profile = issuer.limited(terms.profile)?;
    let content = content(issuer, asked, profile, terms)?;
    signed::sign(&content, &issuer.key, signer)
}

/// Issues an authority's certificate to itself: a root's.
///
/// # Errors
/// As [`issue`].
pub fn issue_root<S>(
    asked: &Asked,
    key: &PublicKey,
    terms: &Terms,
    signer: &S,
) -> Result<Vec<u8>, PkiError>
where
    S: Signer + ?Sized,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let issuer = Issuer::of(asked, key.clone())?;
    issue(&issuer, asked, terms, signer)
}

/// TBSCertificate ::= SEQUENCE { [0] version, serial, algorithm, issuer, validity, subject, SPKI, [3]
/// extensions }.
fn content(
    issuer: &Issuer,
    asked: &Asked,
    profile: Profile,
    terms: &Terms,
) -> Result<Vec<u8>, PkiError> {
    if terms.not_after <= terms.not_before {
        return Err(PkiError::NoTime);
    }
    asked.check_names(profile)?;
    let validity = [
        time::encoded(terms.not_before)?,
        time::encoded(terms.not_after)?,
    ];
    let extensions = extensions::all(
        profile,
        &Parts {
            names: asked.alternative_names(),
            names_critical: !asked.has_subject(),
            subject_key: &key_identifier::of_spki(asked.spki())?,
            authority_key: &issuer.key_identifier,
        },
    );
    Ok(DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            der.element(CONTEXT_0, |der| der.integer(&[VERSION_3]));
            der.integer(terms.serial.as_bytes());
            der.rsa_algorithm(SHA256_WITH_RSA);
            der.raw(&issuer.name);
            der.element(SEQUENCE, |der| {
                for end in &validity {
                    time::write(end, der);
                }
            });
            der.raw(asked.subject());
            der.raw(asked.spki());
            der.element(CONTEXT_3, |der| {
                der.element(SEQUENCE, |der| {
                    for extension in &extensions {
                        extension.write(der);
                    }
                });
            });
        });
    }))
}
