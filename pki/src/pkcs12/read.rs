//! What a PKCS#12 file holds.

use std::fmt;

use daxsign_core::{CertificateFile, PrivateKey};

use crate::der::reader::{Element, Reader};
use crate::der::{CONTEXT_0, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET};
use crate::error::PkiError;
use crate::pkcs12::budget::Budget;
use crate::pkcs12::cipher::{Decrypted, decrypt};
use crate::pkcs12::mac::MacData;
use crate::pkcs12::oid;
use crate::pkcs12::passphrase::Passphrase;
use crate::pkcs12::refused::Refused;

/// How often a passphrase is hashed for all of a file at most. OpenSSL does it 2 048 times for each part, Java 17
/// 10 000 and reads up to 5 000 000, .NET reads up to 1 000 000.
const MAX_ITERATIONS: u32 = 10_000_000;
/// How many certificates a file may hold, each looked at for its place in a chain. All that browsers trust are 150.
const MAX_CERTIFICATES: usize = 1000;
/// `[0]` of a context, primitive: encryptedContent (RFC 5652 6.1).
const ENCRYPTED_CONTENT: u8 = 0x80;
/// BMPString: UTF-16, big-endian.
const BMP_STRING: u8 = 0x1E;

/// A private key with its certificates, or certificates alone, out of a file that its passphrase protects.
///
/// ```
/// use daxsign_pki::{Pkcs12, PkiError};
///
/// assert!(matches!(Pkcs12::from_bytes(b"no such file", "secret"), Err(PkiError::MalformedPkcs12)));
/// ```
#[derive(Default)]
pub struct Pkcs12 {
    key: Option<Box<PrivateKey>>,
    certificates: Vec<Vec<u8>>,
    name: Option<String>,
    is_old: bool,
    key_is_bare: bool,
    others: usize,
}

impl Pkcs12 {
    /// Opens a file (DER) with its passphrase. For an empty one a file without any passphrase is opened, too.
    ///
    /// What is read: a MAC with SHA-1 or SHA-2; PBES2 with PBKDF2 and AES, triple DES, and RC2; the passphrase is
    /// hashed 10 000 000 times at most.
    ///
    /// # Errors
    /// [`PkiError::MalformedPkcs12`] for what is no such file, or not whole; [`PkiError::WrongPassphrase`];
    /// [`PkiError::TooMuchWork`]; [`PkiError::Pkcs12Algorithm`] for what is not read; [`PkiError::NoMac`] where nothing
    /// shows that nobody changed it; [`PkiError::SeveralKeys`];
    /// [`PkiError::TooManyCertificates`] for more than 1 000; [`PkiError::Enrol`] for a key that the core refuses.
    pub fn from_bytes(file: &[u8], passphrase: &str) -> Result<Self, PkiError> {
        Self::from_bytes_within(file, passphrase, MAX_ITERATIONS)
    }

    /// The same with as many iterations at most, for whoever opens files of strangers.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes).
    pub fn from_bytes_within(
        file: &[u8],
        passphrase: &str,
        iterations: u32,
    ) -> Result<Self, PkiError> {
        let mut opened = Self::read(file, passphrase, Budget::new(iterations))?;
        opened.sort();
        Ok(opened)
    }

    /// The private key; a file can hold certificates alone.
    #[must_use]
    pub fn key(&self) -> Option<&PrivateKey> {
        self.key.as_deref()
    }

    /// The certificates in DER as they stand, not judged: the key's first, then each that issued the one before it,
    /// then what else there is.
    #[must_use]
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// What people and Java's keystores call the key: friendlyName (RFC 2985 5.5.1).
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether something in it is encrypted with RC2 or triple DES: who gets hold of the file may open it.
    #[must_use]
    pub const fn is_old(&self) -> bool {
        self.is_old
    }

    /// Whether the key stands in it as it is, encrypted neither by itself nor with what is around it: who gets hold of
    /// the file needs no passphrase for it.
    #[must_use]
    pub const fn key_is_bare(&self) -> bool {
        self.key_is_bare
    }

    /// How many entries of other kinds it holds, which are not taken: secret keys, lists, nested ones.
    #[must_use]
    pub const fn others(&self) -> usize {
        self.others
    }

    /// PFX ::= SEQUENCE { version 3, ContentInfo, MacData OPTIONAL }.
    fn read(file: &[u8], passphrase: &str, mut budget: Budget) -> Result<Self, Refused> {
        let mut reader = Reader::new(file);
        let mut pfx = reader.take(SEQUENCE)?.reader();
        reader.finish()?;
        if pfx.take(INTEGER)?.contents != [3] {
            return Err(Refused::Malformed);
        }
        let mut info = pfx.take(SEQUENCE)?.reader();
        if info.take(OBJECT_IDENTIFIER)?.contents != oid::DATA {
            // Signed with a key instead (RFC 7292 4: public-key integrity mode).
            return Err(PkiError::NoMac.into());
        }
        let content = octets(&mut info)?;
        let mac = pfx
            .optional(SEQUENCE)?
            .ok_or(Refused::Other(PkiError::NoMac))?;
        pfx.finish()?;
        let mac = MacData::read(&mac, &mut budget)?;
        let passphrase = right(&mac, content, passphrase)?;
        let mut opened = Self::default();
        let mut safes = sequence(content)?;
        while !safes.at_end() {
            opened.read_safe(&safes.take(SEQUENCE)?, &passphrase, &mut budget)?;
        }
        Ok(opened)
    }

    /// ContentInfo ::= SEQUENCE { contentType, [0] content }: bags as they are, or encrypted.
    fn read_safe(
        &mut self,
        safe: &Element<'_>,
        passphrase: &Passphrase<'_>,
        budget: &mut Budget,
    ) -> Result<(), Refused> {
        let mut info = safe.reader();
        match info.take(OBJECT_IDENTIFIER)?.contents {
            oid::DATA => {
                self.key_is_bare |= self.read_bags(octets(&mut info)?, passphrase, budget)?;
                Ok(())
            }
            oid::ENCRYPTED_DATA => {
                let mut data = info.take(CONTEXT_0)?.reader().take(SEQUENCE)?.reader();
                data.take(INTEGER)?;
                let mut encrypted = data.take(SEQUENCE)?.reader();
                encrypted.take(OBJECT_IDENTIFIER)?;
                let algorithm = encrypted.take(SEQUENCE)?;
                let contents = encrypted.take(ENCRYPTED_CONTENT)?.contents;
                encrypted.finish()?;
                let plain = self.decrypted(&algorithm, contents, passphrase, budget)?;
                self.read_bags(&plain.bytes, passphrase, budget)?;
                Ok(())
            }
            // For the key of who is to read it (RFC 7292 4: public-key privacy mode).
            _ => Err(PkiError::Pkcs12Algorithm.into()),
        }
    }

    /// SafeContents ::= SEQUENCE OF SEQUENCE { bagId, [0] bagValue, SET OF attributes OPTIONAL }. Whether a key stands in
    /// them that is not encrypted by itself.
    fn read_bags(
        &mut self,
        contents: &[u8],
        passphrase: &Passphrase<'_>,
        budget: &mut Budget,
    ) -> Result<bool, Refused> {
        let mut is_bare = false;
        let mut bags = sequence(contents)?;
        while !bags.at_end() {
            let mut bag = bags.take(SEQUENCE)?.reader();
            let kind = bag.take(OBJECT_IDENTIFIER)?.contents;
            let value = bag.take(CONTEXT_0)?;
            let attributes = bag.optional(SET)?;
            bag.finish()?;
            match kind {
                oid::KEY_BAG => {
                    is_bare = true;
                    self.take_key(value.contents)?;
                    self.name = attributes.and_then(|found| friendly_name(&found));
                }
                oid::SHROUDED_KEY_BAG => {
                    let mut info = value.reader().take(SEQUENCE)?.reader();
                    let algorithm = info.take(SEQUENCE)?;
                    let contents = info.take(OCTET_STRING)?.contents;
                    let plain = self.decrypted(&algorithm, contents, passphrase, budget)?;
                    self.take_key(&plain.bytes)?;
                    self.name = attributes.and_then(|found| friendly_name(&found));
                }
                oid::CERTIFICATE_BAG => self.take_certificate(&value)?,
                _ => self.others = self.others.saturating_add(1),
            }
        }
        Ok(is_bare)
    }

    fn decrypted(
        &mut self,
        algorithm: &Element<'_>,
        contents: &[u8],
        passphrase: &Passphrase<'_>,
        budget: &mut Budget,
    ) -> Result<Decrypted, Refused> {
        let plain = decrypt(algorithm, contents, passphrase, budget)?;
        self.is_old |= plain.is_old;
        Ok(plain)
    }

    /// PrivateKeyInfo, which the core reads.
    fn take_key(&mut self, der: &[u8]) -> Result<(), Refused> {
        if self.key.is_some() {
            return Err(PkiError::SeveralKeys.into());
        }
        // In its place, so that no copy of the numbers stays on the stack.
        let mut key = Box::new(PrivateKey::empty());
        key.load(der).map_err(PkiError::from)?;
        self.key = Some(key);
        Ok(())
    }

    /// CertBag ::= SEQUENCE { certId, [0] certValue }.
    fn take_certificate(&mut self, value: &Element<'_>) -> Result<(), Refused> {
        let mut bag = value.reader().take(SEQUENCE)?.reader();
        if bag.take(OBJECT_IDENTIFIER)?.contents != oid::X509 {
            self.others = self.others.saturating_add(1);
            return Ok(());
        }
        let der = octets(&mut bag)?;
        // Whether it can be used is not judged here, as little as whether it is valid: the key can.
        sequence(der)?;
        if !self.certificates.iter().any(|known| known == der) {
            if self.certificates.len() == MAX_CERTIFICATES {
                return Err(PkiError::TooManyCertificates.into());
            }
            self.certificates.push(der.to_vec());
        }
        Ok(())
    }

    /// Puts the key's certificate first, and behind each the one that issued it.
    fn sort(&mut self) {
        let Some(key) = &self.key else { return };
        let all = self.certificates.iter();
        let mut rest: Vec<_> = all
            .map(|der| (der.clone(), CertificateFile::from_bytes(der).ok()))
            .collect();
        let mut sorted = Vec::with_capacity(rest.len());
        let mut next = rest.iter().position(|(_, one)| {
            one.as_ref()
                .is_some_and(|one| one.public_key().as_ref() == Ok(key.public_key()))
        });
        while let Some(place) = next {
            let (der, own) = rest.remove(place);
            sorted.push(der);
            next = own.and_then(|own| {
                let is_above = |one: &CertificateFile<'_>| one.subject() == own.issuer();
                rest.iter()
                    .position(|(_, one)| one.as_ref().is_some_and(is_above))
            });
        }
        sorted.extend(rest.into_iter().map(|(der, _)| der));
        self.certificates = sorted;
    }
}

/// Neither the key nor its length.
impl fmt::Debug for Pkcs12 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pkcs12")
            .field("certificates", &self.certificates.len())
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The passphrase in the form under which the MAC is right.
fn right<'a>(
    mac: &MacData<'_>,
    content: &[u8],
    passphrase: &'a str,
) -> Result<Passphrase<'a>, PkiError> {
    let given = Passphrase::new(passphrase);
    if mac.is_of(content, &given)? {
        return Ok(given);
    }
    let none = Passphrase::none();
    if passphrase.is_empty() && mac.is_of(content, &none)? {
        return Ok(none);
    }
    Err(PkiError::WrongPassphrase)
}

/// [0] { OCTET STRING }, the last in its structure.
fn octets<'a>(info: &mut Reader<'a>) -> Result<&'a [u8], Refused> {
    let mut content = info.take(CONTEXT_0)?.reader();
    info.finish()?;
    let octets = content.take(OCTET_STRING)?;
    content.finish()?;
    Ok(octets.contents)
}

/// The elements of a SEQUENCE that is all there is.
fn sequence(der: &[u8]) -> Result<Reader<'_>, Refused> {
    let mut reader = Reader::new(der);
    let inner = reader.take(SEQUENCE)?.reader();
    reader.finish()?;
    Ok(inner)
}

/// The friendlyName of attributes, each SEQUENCE { type, SET OF value }. One that is damaged names nothing.
fn friendly_name(attributes: &Element<'_>) -> Option<String> {
    let mut attributes = attributes.reader();
    while let Ok(attribute) = attributes.take(SEQUENCE) {
        let mut parts = attribute.reader();
        if parts.take(OBJECT_IDENTIFIER).ok()?.contents == oid::FRIENDLY_NAME {
            let value = parts.take(SET).ok()?.reader().take(BMP_STRING).ok()?;
            let (units, _) = value.contents.as_chunks();
            let units: Vec<u16> = units.iter().copied().map(u16::from_be_bytes).collect();
            return String::from_utf16(&units).ok();
        }
    }
    None
}
