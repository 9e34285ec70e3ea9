//! What is asked for: subject, key and alternative names, and what else stands in a request.

use daxsign_core::{CertificateFile, Name, ObjectIdentifier, RequestFile};

use crate::certificate::asked_names::AskedNames;
use crate::certificate::extensions::{Extension, of_profile};
use crate::certificate::profile::Profile;
use crate::der::oid::{
    AUTHORITY_KEY_IDENTIFIER, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, EXTENSION_REQUEST, KEY_USAGE,
    MS_EXTENSION_REQUEST, SUBJECT_ALT_NAME, SUBJECT_KEY_IDENTIFIER,
};
use crate::der::reader::{Malformed, Reader};
use crate::der::{
    BOOLEAN, CONTEXT_0, CONTEXT_3, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET,
};
use crate::error::PkiError;

/// The extensions that people know by name.
const NAMES: [(&[u8], &str); 6] = [
    (SUBJECT_KEY_IDENTIFIER, "subjectKeyIdentifier"),
    (KEY_USAGE, "keyUsage"),
    (SUBJECT_ALT_NAME, "subjectAltName"),
    (BASIC_CONSTRAINTS, "basicConstraints"),
    (AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier"),
    (EXTENDED_KEY_USAGE, "extendedKeyUsage"),
];

/// Who asks for a certificate, for which key. The bytes are those of the request, never written anew (C-TYPES).
#[derive(Clone, Debug)]
pub struct Asked {
    /// The name's DER.
    subject: Vec<u8>,
    /// The SubjectPublicKeyInfo's DER.
    spki: Vec<u8>,
    extensions: Vec<Extension>,
    /// What stands in its subjectAltName.
    names: AskedNames,
    /// Other attributes of a request, by their types' contents.
    attributes: Vec<Vec<u8>>,
}

impl Asked {
    /// Reads a request, PEM or DER, which must be signed by the key that it is for.
    ///
    /// # Errors
    /// As [`RequestFile::from_bytes`]; [`PkiError::NoName`] for one that names nobody; for alternative names as
    /// [`issue`](fn@crate::issue).
    pub fn from_request(file: &[u8]) -> Result<Self, PkiError> {
        let request = RequestFile::from_bytes(file)?;
        let mut der = Vec::new();
        request.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
        let mut asked = Self::read_request(&der)?;
        asked.names = AskedNames::of(request.extensions());
        asked.names.check()?;
        asked.named()
    }

    /// What the certificate, PEM or DER, says of its owner: for one that follows it, with every name.
    ///
    /// # Errors
    /// As [`CertificateFile::from_bytes`]; [`PkiError::NoName`] for one that names nobody.
    pub fn from_certificate(file: &[u8]) -> Result<Self, PkiError> {
        let certificate = CertificateFile::from_bytes(file)?;
        certificate.public_key()?;
        let mut der = Vec::new();
        certificate.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
        let mut asked = Self::read_certificate(&der)?;
        asked.names = AskedNames::of(certificate.extensions());
        asked.named()
    }

    fn named(self) -> Result<Self, PkiError> {
        if self.has_subject() || !self.names.is_empty() {
            Ok(self)
        } else {
            Err(PkiError::NoName)
        }
    }

    /// CertificationRequestInfo ::= SEQUENCE { version, subject, SPKI, [0] attributes }.
    fn read_request(der: &[u8]) -> Result<Self, Malformed> {
        let mut info = Reader::new(der).take(SEQUENCE)?.reader();
        let mut info = info.take(SEQUENCE)?.reader();
        info.take(INTEGER)?;
        let mut asked = Self {
            subject: info.take(SEQUENCE)?.whole.to_vec(),
            spki: info.take(SEQUENCE)?.whole.to_vec(),
            extensions: Vec::new(),
            names: AskedNames::default(),
            attributes: Vec::new(),
        };
        let Some(attributes) = info.optional(CONTEXT_0)? else {
            return Ok(asked);
        };
        let mut attributes = attributes.reader();
        while !attributes.at_end() {
            let mut attribute = attributes.take(SEQUENCE)?.reader();
            let oid = attribute.take(OBJECT_IDENTIFIER)?.contents;
            let mut values = attribute.take(SET)?.reader();
            if [EXTENSION_REQUEST, MS_EXTENSION_REQUEST].contains(&oid) {
                // The last one counts, as for the core.
                asked.extensions = read_extensions(&mut values)?;
            } else {
                asked.attributes.push(oid.to_vec());
            }
        }
        Ok(asked)
    }

    /// TBSCertificate ::= SEQUENCE { [0] version, serial, algorithm, issuer, validity, subject, SPKI, …, [3]
    /// extensions }.
    fn read_certificate(der: &[u8]) -> Result<Self, Malformed> {
        let mut tbs = Reader::new(der).take(SEQUENCE)?.reader();
        let mut tbs = tbs.take(SEQUENCE)?.reader();
        tbs.optional(CONTEXT_0)?;
        tbs.take(INTEGER)?;
        for _ in ["algorithm", "issuer", "validity"] {
            tbs.take(SEQUENCE)?;
        }
        let mut asked = Self {
            subject: tbs.take(SEQUENCE)?.whole.to_vec(),
            spki: tbs.take(SEQUENCE)?.whole.to_vec(),
            extensions: Vec::new(),
            names: AskedNames::default(),
            attributes: Vec::new(),
        };
        while !tbs.at_end() {
            let element = tbs.any()?;
            if element.tag == CONTEXT_3 {
                asked.extensions = read_extensions(&mut element.reader())?;
            }
        }
        Ok(asked)
    }

    /// The subject as text, such as `C=SE, O=Partner Name`.
    ///
    /// # Errors
    /// [`PkiError::Enrol`] if it is no name.
    pub fn subject_text(&self) -> Result<String, PkiError> {
        Ok(Name::from_der(&self.subject)?.to_string())
    }

    pub(crate) fn subject(&self) -> &[u8] {
        &self.subject
    }

    pub(crate) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Whether the subject has parts: an empty one is a SEQUENCE of nothing.
    pub(super) fn has_subject(&self) -> bool {
        self.subject.len() > 2
    }

    /// The value of the subjectAltName; `None` where nothing stands in it, too.
    pub(super) fn alternative_names(&self) -> Option<&[u8]> {
        let names = self.extension(SUBJECT_ALT_NAME)?;
        (!self.names.is_empty()).then_some(&names.value)
    }

    /// Whether it may have its names in a certificate of this profile.
    pub(super) fn check_names(&self, profile: Profile) -> Result<(), PkiError> {
        self.names.check()?;
        if profile == Profile::Server && !self.names.name_a_server() {
            return Err(PkiError::NoServerName);
        }
        Ok(())
    }

    /// The value of the subjectKeyIdentifier.
    pub(super) fn key_identifier(&self) -> Option<&[u8]> {
        let value = &self.extension(SUBJECT_KEY_IDENTIFIER)?.value;
        Some(Reader::new(value).take(OCTET_STRING).ok()?.contents)
    }

    fn extension(&self, oid: &[u8]) -> Option<&Extension> {
        self.extensions
            .iter()
            .find(|extension| extension.oid == oid)
    }

    /// What the request asks for and the profile does not give as it was asked: extensions by their names, and
    /// attributes by their numbers. The profile decides, so that is no fault, but the one who asked may wonder.
    #[must_use]
    pub fn not_taken(&self, profile: Profile) -> Vec<String> {
        let given = of_profile(profile);
        let is_taken = |extension: &&Extension| {
            extension.oid == SUBJECT_ALT_NAME
                || extension.oid == SUBJECT_KEY_IDENTIFIER
                || given.contains(extension)
        };
        let extensions = self.extensions.iter().filter(|one| !is_taken(one));
        let extensions = extensions.map(|extension| extension_name(&extension.oid));
        let attributes = self.attributes.iter();
        let attributes = attributes.map(|oid| format!("attribute {}", number(oid)));
        extensions.chain(attributes).collect()
    }
}

fn extension_name(oid: &[u8]) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == oid);
    known.map_or_else(|| number(oid), |(_, name)| (*name).to_owned())
}

fn number(oid: &[u8]) -> String {
    ObjectIdentifier::from_der(oid)
        .map_or_else(|| "of a long number".to_owned(), |oid| oid.to_string())
}

/// Extensions ::= SEQUENCE OF Extension.
pub(crate) fn read_extensions(reader: &mut Reader<'_>) -> Result<Vec<Extension>, Malformed> {
    let mut list = reader.take(SEQUENCE)?.reader();
    let mut extensions = Vec::new();
    while !list.at_end() {
        let mut extension = list.take(SEQUENCE)?.reader();
        extensions.push(Extension {
            oid: extension.take(OBJECT_IDENTIFIER)?.contents.to_vec(),
            critical: extension
                .optional(BOOLEAN)?
                .is_some_and(|boolean| boolean.contents != [0]),
            value: extension.take(OCTET_STRING)?.contents.to_vec(),
        });
    }
    Ok(extensions)
}
