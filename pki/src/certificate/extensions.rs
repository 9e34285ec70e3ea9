//! Extensions of a certificate (RFC 5280 4.2), as a profile has them.

use crate::certificate::profile::{Constraints, Profile};
use crate::der::oid::{
    AUTHORITY_KEY_IDENTIFIER, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, KEY_USAGE, SUBJECT_ALT_NAME,
    SUBJECT_KEY_IDENTIFIER,
};
use crate::der::writer::DerWriter;
use crate::der::{BIT_STRING, BOOLEAN, KEY_IDENTIFIER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};

/// One extension, in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extension {
    /// The object identifier's contents.
    pub(crate) oid: Vec<u8>,
    pub(crate) critical: bool,
    /// What stands in the OCTET STRING.
    pub(crate) value: Vec<u8>,
}

impl Extension {
    fn new(oid: &[u8], critical: bool, value: Vec<u8>) -> Self {
        Self {
            oid: oid.to_vec(),
            critical,
            value,
        }
    }

    /// Extension ::= SEQUENCE { OID, BOOLEAN DEFAULT FALSE, OCTET STRING }.
    pub(crate) fn write(&self, der: &mut DerWriter) {
        der.element(SEQUENCE, |der| {
            der.bytes(OBJECT_IDENTIFIER, &self.oid);
            if self.critical {
                der.bytes(BOOLEAN, &[0xFF]);
            }
            der.bytes(OCTET_STRING, &self.value);
        });
    }

    /// authorityKeyIdentifier ::= SEQUENCE { [0] keyIdentifier }.
    pub(crate) fn authority_key(identifier: &[u8]) -> Self {
        let value = DerWriter::make(|der| {
            der.element(SEQUENCE, |der| der.bytes(KEY_IDENTIFIER, identifier));
        });
        Self::new(AUTHORITY_KEY_IDENTIFIER, false, value)
    }
}

/// What differs between certificates of one profile.
pub(super) struct Parts<'p> {
    /// The value of the subjectAltName, if there is one, as it was asked for.
    pub(super) names: Option<&'p [u8]>,
    /// A certificate without a subject is known by these names alone, which are critical then (4.2.1.6).
    pub(super) names_critical: bool,
    pub(super) subject_key: &'p [u8],
    pub(super) authority_key: &'p [u8],
}

/// The profile's own extensions, without those that differ between certificates.
pub(super) fn of_profile(profile: Profile) -> Vec<Extension> {
    let constraints = profile.constraints().map(|constraints| {
        let value = constraints_value(constraints);
        Extension::new(BASIC_CONSTRAINTS, constraints.critical, value)
    });
    let usage = DerWriter::make(|der| der.bytes(BIT_STRING, &profile.key_usage()));
    let purpose = profile.purpose().map(|purpose| {
        let value = DerWriter::make(|der| {
            der.element(SEQUENCE, |der| der.bytes(OBJECT_IDENTIFIER, purpose));
        });
        Extension::new(EXTENDED_KEY_USAGE, false, value)
    });
    let usage = Some(Extension::new(KEY_USAGE, true, usage));
    [constraints, usage, purpose]
        .into_iter()
        .flatten()
        .collect()
}

/// All of a certificate's, in the order of the text's `.cnf` files: basicConstraints, subjectAltName, keyUsage,
/// extendedKeyUsage; then the identifiers of both keys.
pub(super) fn all(profile: Profile, parts: &Parts<'_>) -> Vec<Extension> {
    let mut extensions = of_profile(profile);
    if let Some(names) = parts.names {
        let place = usize::from(profile.constraints().is_some()).min(extensions.len());
        let names = Extension::new(SUBJECT_ALT_NAME, parts.names_critical, names.to_vec());
        extensions.insert(place, names);
    }
    let subject_key = DerWriter::make(|der| der.bytes(OCTET_STRING, parts.subject_key));
    extensions.push(Extension::new(SUBJECT_KEY_IDENTIFIER, false, subject_key));
    extensions.push(Extension::authority_key(parts.authority_key));
    extensions
}

/// BasicConstraints ::= SEQUENCE { BOOLEAN DEFAULT FALSE, INTEGER OPTIONAL }.
fn constraints_value(constraints: Constraints) -> Vec<u8> {
    DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            if constraints.is_authority {
                der.bytes(BOOLEAN, &[0xFF]);
            }
            if let Some(len) = constraints.path_len {
                der.integer(&[len]);
            }
        });
    })
}
