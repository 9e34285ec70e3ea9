//! A certificate (RFC 5280 4.1), read whole: what it says, and the hashes that it is named by.

use core::fmt;

use crate::bytes::other_hash::{Algorithm, AnyHash};
use crate::bytes::sink::Sink;
use crate::enrolling::error::{Document, EnrolError};
use crate::enrolling::extensions::Extensions;
use crate::enrolling::name::Name;
use crate::enrolling::signed::{Signed, read_algorithm};
use crate::enrolling::thumbprint::Thumbprint;
use crate::error::Error;
use crate::error::key_refusal::KeyRefusal;
use crate::keys::certificate::{Validity, read_validity};
use crate::keys::chain::certificate_readers;
use crate::keys::der::{CONTEXT_0, CONTEXT_3, INTEGER, Reader, SEQUENCE};
use crate::keys::spki::read_spki;
use crate::keys::{KeyKind, open};
use crate::request::date::Timestamp;
use crate::rsa::public_key::PublicKey;

/// The longest serial number that is read. RFC 5280 4.1.2.2 allows 20 bytes, and asks readers to be
/// prepared for more.
const MAX_SERIAL_LEN: usize = 32;

/// A certificate in its file, PEM or DER, which it borrows. Its structure was checked; who signed it was
/// not ([`TrustAnchor`](crate::TrustAnchor) does that).
///
/// ```no_run
/// # let file: &[u8] = b"";
/// use daxsign_core::{CertificateFile, ThumbprintKind};
///
/// let certificate = CertificateFile::from_bytes(file)?;
/// println!("{}", certificate.subject());
/// println!("{}", certificate.thumbprint(ThumbprintKind::Sha1));
/// for name in certificate.extensions().dns_names() {
///     println!("{name}");
/// }
/// # Ok::<(), daxsign_core::EnrolError>(())
/// ```
#[derive(Clone)]
pub struct CertificateFile<'a> {
    /// At its start.
    whole: Reader<'a>,
    version: u32,
    serial: Serial,
    issuer: Name<'a>,
    validity: Validity,
    subject: Name<'a>,
    /// At the SubjectPublicKeyInfo.
    spki: Reader<'a>,
    extensions: Extensions<'a>,
    signed: Signed<'a>,
}

impl<'a> CertificateFile<'a> {
    /// Reads a certificate, PEM or DER. Of several PEM blocks the first certificate counts.
    ///
    /// # Errors
    /// [`EnrolError::Malformed`] for one whose structure is damaged, or that holds texts which are none;
    /// [`EnrolError::Core`] for a file that holds no certificate.
    pub fn from_bytes(file: &'a [u8]) -> Result<Self, EnrolError> {
        let opened = open(file, |kind| kind == KeyKind::Certificate);
        let (_, reader) = opened.map_err(Error::from)?;
        Self::from_reader(reader)
    }

    /// The certificates of a file, PEM or DER, in their order. One that is damaged or cut off is an error in its
    /// place.
    pub fn all(file: &'a [u8]) -> impl Iterator<Item = Result<Self, EnrolError>> {
        certificate_readers(file).map(|opened| Self::from_reader(opened.map_err(Error::from)?))
    }

    fn from_reader(reader: Reader<'a>) -> Result<Self, EnrolError> {
        Self::read(reader).map_err(|refusal| EnrolError::of(Document::Certificate, refusal))
    }

    /// Certificate ::= SEQUENCE { SEQUENCE { [0] version optional, serial, algorithm, issuer, validity,
    /// subject, SPKI, [1] and [2] optional, [3] extensions optional }, algorithm, signature }.
    fn read(mut reader: Reader<'a>) -> Result<Self, KeyRefusal> {
        let whole = reader.clone();
        let outer = reader.enter(SEQUENCE)?;
        let content = reader.clone();
        let tbs = reader.enter(SEQUENCE)?;
        let version = read_version(&mut reader)?;
        let serial = Serial::read(&mut reader)?;
        let algorithm = reader.clone();
        read_algorithm(&mut reader)?;
        let issuer = Name::read(&mut reader)?;
        let validity = read_validity(&mut reader)?;
        let subject = Name::read(&mut reader)?;
        let spki = reader.clone();
        reader.skip(SEQUENCE)?;
        let extensions = read_extensions(&mut reader, version)?;
        reader.leave(tbs)?;
        let signed = Signed::read(content, &mut reader)?;
        if !signed.has_algorithm(algorithm)? {
            return Err(reader.malformed());
        }
        reader.leave(outer)?;
        reader.finish()?;
        Ok(Self {
            whole,
            version,
            serial,
            issuer,
            validity,
            subject,
            spki,
            extensions,
            signed,
        })
    }

    /// Its version: 3, but for old ones and those that were made without their extensions.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The number that its issuer gave it.
    #[must_use]
    pub const fn serial(&self) -> &Serial {
        &self.serial
    }

    /// Who issued it.
    #[must_use]
    pub const fn issuer(&self) -> &Name<'a> {
        &self.issuer
    }

    /// Whose it is.
    #[must_use]
    pub const fn subject(&self) -> &Name<'a> {
        &self.subject
    }

    /// The first moment of its validity.
    #[must_use]
    pub const fn not_before(&self) -> Timestamp {
        self.validity.0
    }

    /// The last moment of its validity.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.validity.1
    }

    /// What else it says.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions<'a> {
        &self.extensions
    }

    /// The public key.
    ///
    /// # Errors
    /// As [`PublicKey::from_bytes`].
    pub fn public_key(&self) -> Result<PublicKey, Error> {
        let mut key = PublicKey::EMPTY;
        read_spki(&mut self.spki.clone(), &mut key)?;
        Ok(key)
    }

    /// The hash that it is named by (C-THUMB).
    #[must_use]
    pub fn thumbprint(&self, kind: ThumbprintKind) -> Thumbprint {
        let mut hash = AnyHash::new(match kind {
            ThumbprintKind::Sha1 => Algorithm::Sha1,
            ThumbprintKind::Sha256 => Algorithm::Sha256,
        });
        self.write_der(&mut hash);
        Thumbprint::of(&hash.finish())
    }

    /// Writes its DER.
    pub fn write_der(&self, sink: &mut dyn Sink) {
        // It was read once already.
        let _ = self.whole.clone().write_element(sink);
    }

    pub(super) const fn signed(&self) -> &Signed<'a> {
        &self.signed
    }
}

impl fmt::Debug for CertificateFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateFile")
            .field("serial", &self.serial)
            .field("issuer", &self.issuer)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// Which hash names a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThumbprintKind {
    /// SHA-1: how DAX and .NET name it. It is a name and proves nothing.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// A serial number, in big-endian bytes. [`Display`](fmt::Display) shows it in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Serial {
    bytes: [u8; MAX_SERIAL_LEN],
    len: usize,
}

impl Serial {
    fn read(reader: &mut Reader<'_>) -> Result<Self, KeyRefusal> {
        let malformed = reader.malformed();
        let mut serial = Self {
            bytes: [0; MAX_SERIAL_LEN],
            len: 0,
        };
        serial.len = reader.contents(INTEGER, &mut serial.bytes)?.len();
        if serial.len == 0 {
            return Err(malformed);
        }
        Ok(serial)
    }

    /// The bytes of the INTEGER, without the zero that may stand before them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        match bytes {
            [0, rest @ ..] if !rest.is_empty() => rest,
            bytes => bytes,
        }
    }

    /// Whether the number is below zero, as none should be (RFC 5280 4.1.2.2); its bytes are in two's complement then.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        matches!(self.bytes, [0x80..=0xFF, ..])
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.as_bytes().iter();
        bytes.try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Version ::= [0] INTEGER, one less than what it is called; 1 where it is absent.
fn read_version(reader: &mut Reader<'_>) -> Result<u32, KeyRefusal> {
    if reader.peek()? != CONTEXT_0 {
        return Ok(1);
    }
    let malformed = reader.malformed();
    let outer = reader.enter(CONTEXT_0)?;
    let version = reader.small_integer()?;
    reader.leave(outer)?;
    match version {
        Some(version @ 0..=2) => Ok(version.saturating_add(1)),
        _ => Err(malformed),
    }
}

/// What follows the key. Only version 3 has extensions.
fn read_extensions<'a>(
    reader: &mut Reader<'a>,
    version: u32,
) -> Result<Extensions<'a>, KeyRefusal> {
    let mut extensions = Extensions::default();
    while !reader.at_end() {
        let tag = reader.peek()?;
        if tag == CONTEXT_3 && version == 3 {
            let outer = reader.enter(CONTEXT_3)?;
            extensions = Extensions::read(reader)?;
            reader.leave(outer)?;
            // Nothing comes behind them.
            break;
        }
        // Unique identifiers (4.1.2.8), which nobody uses.
        if !matches!(tag, 0x81 | 0x82) {
            return Err(reader.malformed());
        }
        reader.skip(tag)?;
    }
    Ok(extensions)
}
