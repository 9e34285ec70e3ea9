//! A request for a certificate (PKCS#10, RFC 2986), read, with its signature checked.

use core::fmt;

use crate::bytes::sink::Sink;
use crate::enrolling::error::{Document, EnrolError};
use crate::enrolling::extensions::Extensions;
use crate::enrolling::name::{Name, read_oid};
use crate::enrolling::signed::Signed;
use crate::error::Error;
use crate::error::key_refusal::KeyRefusal;
use crate::keys::der::{CONTEXT_0, INTEGER, Reader, SEQUENCE, SET, Source};
use crate::keys::is_pem;
use crate::keys::pem::Blocks;
use crate::keys::spki::read_spki;
use crate::rsa::public_key::PublicKey;

/// The end of the labels that requests have in PEM (RFC 7468 7; older ones start with `NEW`).
const LABEL: &[u8] = b"CERTIFICATE REQUEST";
/// extensionRequest, 1.2.840.113549.1.9.14 (RFC 2985 5.4.2).
const EXTENSION_REQUEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x0E];
/// Microsoft's older one, 1.3.6.1.4.1.311.2.1.14.
const MS_EXTENSION_REQUEST: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0E];

/// A request for a certificate in its file, PEM or DER, which it borrows.
///
/// ```
/// # const KEY: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs1.pem");
/// # use daxsign_core::{CertificateRequest, DaxNames, KeyEncoding, PrivateKey};
/// # let key = PrivateKey::from_bytes(KEY)?;
/// # let mut request = CertificateRequest::new(key.public_key());
/// # request.add_dns_name("tpp1.demo.axway.com")?;
/// # let mut buffer = [0; 1285];
/// # let file = request.write(&key, KeyEncoding::Pem, &mut buffer)?;
/// use daxsign_core::RequestFile;
///
/// let request = RequestFile::from_bytes(file)?;
/// assert!(request.extensions().dns_names().any(|name| name.is("tpp1.demo.axway.com")));
/// assert!(request.public_key()? == *key.public_key());
/// # Ok::<(), daxsign_core::EnrolError>(())
/// ```
#[derive(Clone)]
pub struct RequestFile<'a> {
    /// At its start.
    whole: Reader<'a>,
    subject: Name<'a>,
    /// At the SubjectPublicKeyInfo.
    spki: Reader<'a>,
    extensions: Extensions<'a>,
    signed: Signed<'a>,
}

impl<'a> RequestFile<'a> {
    /// Reads a request, PEM or DER, and checks that it is signed by the key that it is for: whoever made it
    /// has that key. Of several PEM blocks the first request counts.
    ///
    /// # Errors
    /// [`EnrolError::NotSignedByItsKey`]; [`EnrolError::Malformed`] for one whose structure is damaged, or
    /// that holds texts which are none, or a file without one; [`EnrolError::Core`] for damaged base64, or a key that
    /// this library does not take.
    pub fn from_bytes(file: &'a [u8]) -> Result<Self, EnrolError> {
        let request = Self::unverified(file)?;
        if !request.signed.verifies(&request.public_key()?) {
            return Err(EnrolError::NotSignedByItsKey);
        }
        Ok(request)
    }

    /// The same without a look at key and signature, for showing what it says.
    ///
    /// # Errors
    /// As [`from_bytes`](Self::from_bytes), but for those of key and signature.
    pub fn unverified(file: &'a [u8]) -> Result<Self, EnrolError> {
        let malformed = |refusal| EnrolError::of(Document::Request, refusal);
        if !is_pem(file) {
            return Self::read(Reader::new(Source::Der(file.iter()))).map_err(malformed);
        }
        let mut refusal = KeyRefusal::NOT_A_KEY;
        for block in Blocks::new(file) {
            match block {
                Ok(block) if block.label.ends_with(LABEL) => {
                    let bytes = block.bytes().map_err(malformed)?;
                    return Self::read(Reader::new(Source::Pem(bytes))).map_err(malformed);
                }
                Ok(_) => {}
                Err(problem) => refusal = problem.into(),
            }
        }
        Err(malformed(refusal))
    }

    /// CertificationRequest ::= SEQUENCE { SEQUENCE { version 0, subject, SPKI, [0] attributes },
    /// algorithm, signature }. Some leave out the attributes where there are none.
    fn read(mut reader: Reader<'a>) -> Result<Self, KeyRefusal> {
        let whole = reader.clone();
        let outer = reader.enter(SEQUENCE)?;
        let content = reader.clone();
        let info = reader.enter(SEQUENCE)?;
        if reader.peek()? != INTEGER || reader.small_integer()? != Some(0) {
            return Err(reader.malformed());
        }
        let subject = Name::read(&mut reader)?;
        let spki = reader.clone();
        reader.skip(SEQUENCE)?;
        let mut extensions = Extensions::default();
        if !reader.at_end() {
            let attributes = reader.enter(CONTEXT_0)?;
            while !reader.at_end() {
                read_attribute(&mut reader, &mut extensions)?;
            }
            reader.leave(attributes)?;
        }
        reader.leave(info)?;
        let signed = Signed::read(content, &mut reader)?;
        reader.leave(outer)?;
        reader.finish()?;
        Ok(Self {
            whole,
            subject,
            spki,
            extensions,
            signed,
        })
    }

    /// Who asks.
    #[must_use]
    pub const fn subject(&self) -> &Name<'a> {
        &self.subject
    }

    /// The extensions that are asked for.
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

    /// Writes its DER.
    pub fn write_der(&self, sink: &mut dyn Sink) {
        // It was read once already.
        let _ = self.whole.clone().write_element(sink);
    }
}

impl fmt::Debug for RequestFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestFile")
            .field("subject", &self.subject)
            .field("extensions", &self.extensions)
            .finish_non_exhaustive()
    }
}

/// Attribute ::= SEQUENCE { OID, SET OF value }; extensions are the one value of theirs.
fn read_attribute<'a>(
    reader: &mut Reader<'a>,
    extensions: &mut Extensions<'a>,
) -> Result<(), KeyRefusal> {
    let attribute = reader.enter(SEQUENCE)?;
    let oid = read_oid(reader)?;
    let is_extensions = oid.is_some_and(|oid| {
        let oid = oid.as_der();
        oid == EXTENSION_REQUEST || oid == MS_EXTENSION_REQUEST
    });
    if is_extensions {
        // Of two lists nobody knows which another program takes.
        if extensions.count() > 0 {
            return Err(reader.malformed());
        }
        let values = reader.enter(SET)?;
        *extensions = Extensions::read(reader)?;
        reader.leave(values)?;
    } else {
        reader.skip(SET)?;
    }
    reader.leave(attribute)
}
