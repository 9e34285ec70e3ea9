//! A list of revoked certificates, written.

use std::error::Error as StdError;

use daxsign_core::{Signer, Timestamp};

use crate::certificate::extensions::Extension;
use crate::certificate::issuer::Issuer;
use crate::certificate::serial::SerialNumber;
use crate::der::oid::{CRL_NUMBER, REASON_CODE, SHA256_WITH_RSA};
use crate::der::time;
use crate::der::writer::DerWriter;
use crate::der::{CONTEXT_0, ENUMERATED, SEQUENCE};
use crate::error::PkiError;
use crate::revocation::reason::Reason;
use crate::signed;

/// The version that is called 2.
const VERSION_2: u8 = 1;

/// One certificate that was revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Its number.
    pub serial: SerialNumber,
    /// Since when.
    pub time: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// Of what a list is, beside what was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListTerms {
    /// Greater than that of every list before it.
    pub number: u64,
    /// When it is made.
    pub this_update: Timestamp,
    /// When its successor will be there at the latest.
    pub next_update: Timestamp,
}

/// Makes a list of revoked certificates: its DER. Their order is that of their numbers.
///
/// # Errors
/// [`PkiError::OtherKey`], [`PkiError::Signing`] if the signer does not sign with the issuer's key;
/// [`PkiError::NoTime`] if the next update does not lie behind this one.
pub fn write_list<S>(
    issuer: &Issuer,
    terms: &ListTerms,
    revoked: &[Revoked],
    signer: &S,
) -> Result<Vec<u8>, PkiError>
where
    S: Signer + ?Sized,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    signed::sign(&content(issuer, terms, revoked)?, &issuer.key, signer)
}

/// TBSCertList ::= SEQUENCE { version, algorithm, issuer, thisUpdate, nextUpdate, SEQUENCE OF revoked OPTIONAL,
/// [0] extensions }.
fn content(issuer: &Issuer, terms: &ListTerms, revoked: &[Revoked]) -> Result<Vec<u8>, PkiError> {
    if terms.next_update <= terms.this_update {
        return Err(PkiError::NoTime);
    }
    let times = [
        time::encoded(terms.this_update)?,
        time::encoded(terms.next_update)?,
    ];
    let entries = entries(revoked)?;
    Ok(DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            der.integer(&[VERSION_2]);
            der.rsa_algorithm(SHA256_WITH_RSA);
            der.raw(&issuer.name);
            for end in &times {
                time::write(end, der);
            }
            // An empty list is left out (5.1.2.6).
            if !entries.is_empty() {
                der.bytes(SEQUENCE, &entries);
            }
            der.element(CONTEXT_0, |der| {
                der.element(SEQUENCE, |der| {
                    Extension::authority_key(&issuer.key_identifier).write(der);
                    number(terms.number).write(der);
                });
            });
        });
    }))
}

fn number(number: u64) -> Extension {
    Extension {
        oid: CRL_NUMBER.to_vec(),
        critical: false,
        value: DerWriter::make(|der| der.integer(&number.to_be_bytes())),
    }
}

/// Each SEQUENCE { serial, time, extensions OPTIONAL }, by their numbers.
fn entries(revoked: &[Revoked]) -> Result<Vec<u8>, PkiError> {
    let mut sorted: Vec<&Revoked> = revoked.iter().collect();
    sorted.sort_by_key(|one| (one.serial.as_bytes().len(), one.serial.as_bytes()));
    let mut der = DerWriter::default();
    for one in sorted {
        let time = time::encoded(one.time)?;
        der.element(SEQUENCE, |der| {
            der.integer(one.serial.as_bytes());
            time::write(&time, der);
            if one.reason != Reason::Unspecified {
                der.element(SEQUENCE, |der| reason(one.reason).write(der));
            }
        });
    }
    Ok(der.finish())
}

fn reason(reason: Reason) -> Extension {
    Extension {
        oid: REASON_CODE.to_vec(),
        critical: false,
        value: DerWriter::make(|der| der.bytes(ENUMERATED, &[reason.code()])),
    }
}
