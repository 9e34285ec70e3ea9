//! A list of revoked certificates, read by who trusts its authority.

use std::collections::HashMap;

use daxsign_core::{CertificateFile, Digest, Name, ObjectIdentifier, PublicKey, Sha256, Timestamp};

use crate::certificate::asked::read_extensions;
use crate::certificate::extensions::Extension;
use crate::certificate::issuer::signs_lists;
use crate::certificate::serial::SerialNumber;
use crate::der::oid::{
    AUTHORITY_KEY_IDENTIFIER, CERTIFICATE_ISSUER, CRL_NUMBER, DELTA_LIST_INDICATOR,
    ISSUING_DISTRIBUTION_POINT, REASON_CODE, SHA256_WITH_RSA,
};
use crate::der::reader::{Malformed, Reader};
use crate::der::time;
use crate::der::{BIT_STRING, CONTEXT_0, ENUMERATED, INTEGER, NULL, OBJECT_IDENTIFIER, SEQUENCE};
use crate::error::PkiError;
use crate::pem;
use crate::revocation::reason::Reason;
use crate::revocation::write::Revoked;

/// The longest number that is read. RFC 5280 4.1.2.2 allows 20 bytes, and asks readers to be prepared for more.
const MAX_SERIAL_LEN: usize = 32;

/// A number in two's complement, in the place itself, so that a look-up goes to one place in memory. RFC 5280 forbids
/// authorities numbers below zero, and asks readers to be prepared for them, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key([u8; MAX_SERIAL_LEN]);

impl Key {
    /// That of a magnitude; `None` for one that needs more bytes.
    fn of(serial: &[u8]) -> Option<Self> {
        let zeros = serial.iter().take_while(|byte| **byte == 0).count();
        let key = Self::extended(serial.get(zeros..)?, 0)?;
        (!is_negative(&key.0)).then_some(key)
    }

    /// That of an INTEGER's bytes; `None` for a longer one.
    fn of_integer(bytes: &[u8]) -> Option<Self> {
        Self::extended(bytes, if is_negative(bytes) { 0xFF } else { 0 })
    }

    fn extended(bytes: &[u8], sign: u8) -> Option<Self> {
        let start = MAX_SERIAL_LEN.checked_sub(bytes.len())?;
        let mut key = [sign; MAX_SERIAL_LEN];
        key.get_mut(start..)?.copy_from_slice(bytes);
        Some(Self(key))
    }
}

fn is_negative(bytes: &[u8]) -> bool {
    matches!(bytes, [0x80..=0xFF, ..])
}

/// When and why a certificate was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Since when.
    pub time: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// A list of revoked certificates, ready for looking up.
#[derive(Debug)]
pub struct RevocationList {
    /// The name's DER.
    issuer: Vec<u8>,
    /// Without zeros in front, of whatever length.
    pub(crate) number: Option<Vec<u8>>,
    pub(crate) this_update: Timestamp,
    next_update: Option<Timestamp>,
    revoked: HashMap<Key, Revocation>,
    /// What was signed, as a hash.
    pub(crate) digest: Digest,
    signature: Vec<u8>,
}

impl RevocationList {
    /// Reads a list, PEM or DER. Who signed it is not checked: [`trust`](Self::trust) does that.
    ///
    /// # Errors
    /// [`PkiError::MalformedList`]; [`PkiError::SeveralLists`]; [`PkiError::ListAlgorithm`] for one that is not signed
    /// with SHA-256 and RSA; [`PkiError::PartialList`] for one that is not a whole list of one authority;
    /// [`PkiError::UnknownCriticalInList`] for one that says something else that must be understood.
    pub fn from_bytes(file: &[u8]) -> Result<Self, PkiError> {
        if pem::are_several(pem::LIST, file) {
            return Err(PkiError::SeveralLists);
        }
        match pem::decode(pem::LIST, file) {
            Some(der) => Self::read(&der),
            None => Self::read(file),
        }
    }

    /// CertificateList ::= SEQUENCE { tbsCertList, algorithm, BIT STRING }.
    fn read(der: &[u8]) -> Result<Self, PkiError> {
        let mut whole = Reader::new(der);
        let mut parts = whole.take(SEQUENCE)?.reader();
        whole.finish()?;
        let content = parts.take(SEQUENCE)?;
        let malformed = parts.malformed();
        let algorithm = parts.take(SEQUENCE)?.whole;
        let signature = parts.take(BIT_STRING)?.whole_bits()?;
        parts.finish()?;
        let (mut list, inner) = Self::read_content(content.reader())?;
        if inner != algorithm {
            return Err(malformed.into());
        }
        list.digest = Digest(Sha256::digest(content.whole));
        list.signature = signature.to_vec();
        Ok(list)
    }

    /// As it is written, but that the version and all that it allows may be absent. The algorithm beside it.
    fn read_content(mut reader: Reader<'_>) -> Result<(Self, &[u8]), PkiError> {
        if let Some(version) = reader.optional(INTEGER)?
            && version.contents != [1]
        {
            return Err(version.reader().malformed().into());
        }
        let algorithm = read_algorithm(&mut reader)?;
        let issuer = reader.take(SEQUENCE)?.whole;
        Name::from_der(issuer)?;
        let this_update = time::read(&mut reader)?;
        let next_update = if time::is_next(&reader) {
            Some(time::read(&mut reader)?)
        } else {
            None
        };
        let mut list = Self {
            issuer: issuer.to_vec(),
            number: None,
            this_update,
            next_update,
            revoked: HashMap::new(),
            digest: Digest([0; 32]),
            signature: Vec::new(),
        };
        if let Some(entries) = reader.optional(SEQUENCE)? {
            list.read_entries(entries.reader())?;
        }
        if let Some(extensions) = reader.optional(CONTEXT_0)? {
            for extension in read_extensions(&mut extensions.reader())? {
                list.take(&extension)?;
            }
        }
        reader.finish()?;
        Ok((list, algorithm))
    }

    fn read_entries(&mut self, mut entries: Reader<'_>) -> Result<(), PkiError> {
        while !entries.at_end() {
            let mut entry = entries.take(SEQUENCE)?.reader();
            let number = entry.take(INTEGER)?;
            let malformed = number.reader().malformed();
            let serial = Key::of_integer(number.integer()?).ok_or(malformed)?;
            let time = time::read(&mut entry)?;
            let mut reason = Reason::Unspecified;
            if !entry.at_end() {
                for extension in read_extensions(&mut entry)? {
                    if extension.oid == REASON_CODE {
                        reason = read_reason(&extension)?;
                    } else if extension.oid == CERTIFICATE_ISSUER {
                        // A list of several authorities.
                        return Err(PkiError::PartialList);
                    } else if extension.critical {
                        return Err(PkiError::UnknownCriticalInList);
                    }
                }
            }
            entry.finish()?;
            self.revoked.insert(serial, Revocation { time, reason });
        }
        Ok(())
    }

    fn take(&mut self, extension: &Extension) -> Result<(), PkiError> {
        match extension.oid.as_slice() {
            CRL_NUMBER => {
                let number = Reader::new(&extension.value).take(INTEGER)?.magnitude()?;
                let zeros = number.iter().take_while(|byte| **byte == 0).count();
                self.number = Some(number.get(zeros..).unwrap_or_default().to_vec());
                Ok(())
            }
            AUTHORITY_KEY_IDENTIFIER => Ok(()),
            // Critical by RFC 5280 5.2.4 and 5.2.5; and no less a part of a list where that was left out.
            DELTA_LIST_INDICATOR | ISSUING_DISTRIBUTION_POINT => Err(PkiError::PartialList),
            _ if extension.critical => Err(PkiError::UnknownCriticalInList),
            _ => Ok(()),
        }
    }

    /// Checks that this authority made the list and may make lists, that it was made by `now`, and that no other
    /// should have taken its place. One that does not say when that is would hold for ever, and is refused.
    ///
    /// # Errors
    /// [`PkiError::OtherList`], [`PkiError::NoListSigner`], [`PkiError::ListSignature`], [`PkiError::ListNotYet`],
    /// [`PkiError::ListWithoutEnd`], [`PkiError::ListOverdue`].
    pub fn trust(&self, authority: &CertificateFile<'_>, now: Timestamp) -> Result<(), PkiError> {
        self.signed_by(authority)?;
        if self.this_update > now {
            let this_update = time::text(self.this_update)?;
            return Err(PkiError::ListNotYet { this_update });
        }
        match self.next_update {
            None => Err(PkiError::ListWithoutEnd),
            Some(next) if now > next => Err(PkiError::ListOverdue {
                next_update: time::text(next)?,
            }),
            Some(_) => Ok(()),
        }
    }

    /// Checks that this authority made the list, at whatever time, and may make lists: the key that it was made with.
    pub(crate) fn signed_by(&self, authority: &CertificateFile<'_>) -> Result<PublicKey, PkiError> {
        if Name::from_der(&self.issuer)? != *authority.subject() {
            return Err(PkiError::OtherList);
        }
        let usage = authority.extensions().key_usage();
        if usage.is_some_and(|usage| !signs_lists(usage)) {
            return Err(PkiError::NoListSigner);
        }
        let key = authority.public_key()?;
        self.verify(&key)?;
        Ok(key)
    }

    /// Checks the signature alone.
    ///
    /// # Errors
    /// [`PkiError::ListSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), PkiError> {
        key.verify_digest(&self.digest, &self.signature)
            .map_err(|_| PkiError::ListSignature)
    }

    /// Whether the certificate with this number, in bytes without a sign, was revoked, of those that the list's authority
    /// issued.
    #[must_use]
    pub fn look_up(&self, serial: &[u8]) -> Option<&Revocation> {
        self.revoked.get(&Key::of(serial)?)
    }

    /// Whether this certificate was revoked: by its issuer and its number.
    ///
    /// # Errors
    /// [`PkiError::OtherList`] for a certificate of another authority, of which the list says nothing.
    pub fn revocation(
        &self,
        certificate: &CertificateFile<'_>,
    ) -> Result<Option<&Revocation>, PkiError> {
        if Name::from_der(&self.issuer)? != *certificate.issuer() {
            return Err(PkiError::OtherList);
        }
        let serial = certificate.serial();
        if !serial.is_negative() {
            return Ok(self.look_up(serial.as_bytes()));
        }
        let key = Key::of_integer(serial.as_bytes());
        Ok(key.and_then(|key| self.revoked.get(&key)))
    }

    /// The name's DER.
    pub(crate) fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// All that it has, by their numbers.
    pub(crate) fn entries(&self) -> Result<Vec<Revoked>, PkiError> {
        let entries = self.revoked.iter().map(|(key, revocation)| {
            let serial = SerialNumber::from_bytes(&key.0);
            Ok(Revoked {
                serial: serial.ok_or(PkiError::InvalidSerial)?,
                time: revocation.time,
                reason: revocation.reason,
            })
        });
        let mut entries = entries.collect::<Result<Vec<_>, PkiError>>()?;
        entries.sort_by(|one, other| one.serial.cmp(&other.serial));
        Ok(entries)
    }

    /// Whether it has all that another one has.
    #[cfg(feature = "tls")]
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let mut keys = other.revoked.keys();
        keys.all(|key| self.revoked.contains_key(key))
    }

    /// The numbers of all certificates that it has, in no order.
    pub(crate) fn serials(&self) -> impl Iterator<Item = &[u8]> {
        self.revoked.keys().map(|key| &key.0[..])
    }

    /// Its number; `None` where it has none, and [`u64::MAX`] for one of more than 64 bits.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        let mut digits = self.number.as_ref()?.iter();
        let number = digits.try_fold(0_u64, |value, byte| {
            Some(value.checked_mul(0x100)? | u64::from(*byte))
        });
        Some(number.unwrap_or(u64::MAX))
    }

    /// When it was made.
    #[must_use]
    pub const fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// When its successor is there at the latest, if it says so.
    #[must_use]
    pub const fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// How many certificates it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.revoked.len()
    }

    /// Whether nothing was revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.revoked.is_empty()
    }
}

/// SHA-256 with RSA and nothing else, so that the signature is judged as what it is; its parameters are NULL or
/// absent (RFC 4055 5). The element as it stands, which is the same in both places.
fn read_algorithm<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], PkiError> {
    let algorithm = reader.take(SEQUENCE)?;
    let mut parts = algorithm.reader();
    let malformed = parts.malformed();
    let oid = parts.take(OBJECT_IDENTIFIER)?.contents;
    if oid != SHA256_WITH_RSA {
        let oid = ObjectIdentifier::from_der(oid)
            .ok_or(malformed)?
            .to_string();
        return Err(PkiError::ListAlgorithm { oid });
    }
    let parameters = parts.optional(NULL)?;
    parts.finish()?;
    if parameters.is_none_or(|null| null.contents.is_empty()) {
        Ok(algorithm.whole)
    } else {
        Err(malformed.into())
    }
}

fn read_reason(extension: &Extension) -> Result<Reason, Malformed> {
    let mut reader = Reader::new(&extension.value);
    let code = reader.take(ENUMERATED)?;
    match code.contents {
        [code] => Ok(Reason::from_code(*code)),
        _ => Err(code.reader().malformed()),
    }
}
