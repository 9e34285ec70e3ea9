//! A request for a certificate (PKCS#10, RFC 2986), as DAX wants it or with other names (C-CSR, C-TYPES).

use heapless::Vec;

use crate::bytes::digest::Digest;
use crate::bytes::sha256::Sha256;
use crate::enrolling::der_writer::{
    Contents, DerWriter, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET,
};
use crate::enrolling::error::{EnrolError, FieldProblem, RequestField};
use crate::enrolling::field_check;
use crate::enrolling::name_field::{
    COMMON_NAME, COUNTRY, LOCALITY, ORGANIZATION, Refused, Text, UNIT, check, check_common_name,
    check_text,
};
use crate::enrolling::object_identifier::ObjectIdentifier;
use crate::enrolling::pem_writer::{PemWriter, pem_len};
use crate::enrolling::public_key_file::write_spki;
use crate::enrolling::signed::SHA256_WITH_RSA;
use crate::error::Error;
use crate::error::slice_sink::SliceSink;
use crate::keys::KeyEncoding;
use crate::rsa::public_key::{EMPTY_KEY, PublicKey};
use crate::rsa::sizes::MAX_SIGNATURE_LEN;
use crate::signing::signer::Signer;

/// How many parts the subject of a request may have.
const MAX_NAMES: usize = 16;
/// How many DNS names a request may have.
const MAX_DNS_NAMES: usize = 8;

/// The label of a request in PEM (RFC 7468 7).
const LABEL: &str = "CERTIFICATE REQUEST";
/// extensionRequest, 1.2.840.113549.1.9.14 (RFC 2985 5.4.2).
const EXTENSION_REQUEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x0E];
/// id-ce-subjectAltName, 2.5.29.17 (RFC 5280 4.2.1.6).
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1D, 0x11];
/// The attributes of a request: `[0]`, constructed.
const ATTRIBUTES: u8 = 0xA0;

/// Who asks DAX for a certificate: what stands in the text's `request.conf`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaxNames<'a> {
    /// The instance id, a GUID in any case.
    pub instance_id: &'a str,
    /// The partner id, a GUID in any case.
    pub partner_id: &'a str,
    /// The environment: [`PRODUCTION`](Self::PRODUCTION) unless Amido says another.
    pub environment: &'a str,
    /// The country, two letters: `SE`.
    pub country: &'a str,
    /// The city or place.
    pub locality: &'a str,
    /// The partner's name, as Amido has it.
    pub organization: &'a str,
    /// The part of the organization that is to own the certificate.
    pub unit: &'a str,
}

impl<'a> DaxNames<'a> {
    /// The environment that DAX itself is in.
    pub const PRODUCTION: &'static str = "prod";

    /// The subject but for the common name, in order.
    const fn fields(&self) -> [(&'static [u8], &'a str); 4] {
        [
            (COUNTRY, self.country),
            (LOCALITY, self.locality),
            (ORGANIZATION, self.organization),
            (UNIT, self.unit),
        ]
    }

    /// The names of the instance and of the partner.
    const fn hosts(&self) -> [Text<'a>; 2] {
        let environment = self.environment;
        [
            Text::Host {
                id: self.instance_id,
                role: ".instance.",
                environment,
            },
            Text::Host {
                id: self.partner_id,
                role: ".partner.",
                environment,
            },
        ]
    }

    fn check(&self) -> Result<(), Refused> {
        for (oid, value) in self.fields() {
            check_text(oid, value)?;
        }
        for (field, id) in [
            (RequestField::InstanceId, self.instance_id),
            (RequestField::PartnerId, self.partner_id),
        ] {
            field_check::guid(id).map_err(|problem| (field, problem))?;
        }
        field_check::dns_label(self.environment)
            .map_err(|problem| (RequestField::Environment, problem))?;
        let [instance, _] = self.hosts();
        check_common_name(instance.len())
    }
}

/// A request for a certificate. It borrows all that stands in it.
///
/// ```
/// # const KEY: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs1.pem");
/// use daxsign_core::{CertificateRequest, DaxNames, KeyEncoding, PrivateKey};
///
/// let key = PrivateKey::from_bytes(KEY)?;
/// let names = DaxNames {
///     instance_id: "01234567-89AB-CDEF-0123-456789ABCDEF",
///     partner_id: "7f8c2b1a-0000-4000-8000-00000000abcd",
///     environment: DaxNames::PRODUCTION,
///     country: "SE",
///     locality: "Gothenburg",
///     organization: "Partner Name",
///     unit: "IS/IT",
/// };
/// let request = CertificateRequest::dax(key.public_key(), &names)?;
/// assert_eq!(request.encoded_len(KeyEncoding::Der), 897);
///
/// let mut buffer = [0; 1285];
/// let pem = request.write(&key, KeyEncoding::Pem, &mut buffer)?;
/// assert!(pem.starts_with(b"-----BEGIN CERTIFICATE REQUEST-----\n"));
/// # Ok::<(), daxsign_core::EnrolError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CertificateRequest<'a> {
    public_key: &'a PublicKey,
    /// Those of a request to DAX, which come first.
    dax: Option<DaxNames<'a>>,
    /// Types and values.
    subject: Vec<(&'a [u8], &'a str), MAX_NAMES>,
    dns_names: Vec<&'a str, MAX_DNS_NAMES>,
}

impl<'a> CertificateRequest<'a> {
    /// A request without names for the owner of this key.
    #[must_use]
    pub const fn new(public_key: &'a PublicKey) -> Self {
        Self {
            public_key,
            dax: None,
            subject: Vec::new(),
            dns_names: Vec::new(),
        }
    }

    /// A request to DAX (C-CSR): the subject is C, L, O, OU and CN, the common name
    /// `<instance id>.instance.<environment>.dax.amido.io`; the subjectAltName is that and
    /// `<partner id>.partner.<environment>.dax.amido.io`. Ids are written in lowercase.
    ///
    /// # Errors
    /// [`EnrolError::InvalidField`], with the field: an id that is no GUID, a country that is not two
    /// letters, a name that is empty or too long, among them a common name of more than 64 characters.
    pub fn dax(public_key: &'a PublicKey, names: &DaxNames<'a>) -> Result<Self, EnrolError> {
        names.check().map_err(invalid)?;
        let mut request = Self::new(public_key);
        request.dax = Some(*names);
        Ok(request)
    }

    /// Adds a part to the subject, behind those that it has: its type and its value. Types that RFC 5280
    /// wants as PrintableString (country, serial number) or IA5String (domain component, e-mail address)
    /// are written so, all others as UTF8String (C-TYPES).
    ///
    /// ```
    /// # const KEY: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.spki.pem");
    /// use daxsign_core::{CertificateRequest, ObjectIdentifier, PublicKey};
    ///
    /// let key = PublicKey::from_bytes(KEY)?;
    /// let serial_number = ObjectIdentifier::parse("2.5.4.5").unwrap();
    /// let mut request = CertificateRequest::new(&key);
    /// request.add_name(&serial_number, "18505934000140")?;
    /// request.add_dns_name("tpp1.demo.axway.com")?;
    /// # Ok::<(), daxsign_core::EnrolError>(())
    /// ```
    ///
    /// # Errors
    /// [`EnrolError::InvalidField`], with the field: a value that its type cannot hold, or more than 16
    /// parts beside those of DAX.
    pub fn add_name(
        &mut self,
        oid: &'a ObjectIdentifier,
        value: &'a str,
    ) -> Result<(), EnrolError> {
        check(oid.as_der(), value).map_err(invalid)?;
        let problem = FieldProblem::TooMany { max: MAX_NAMES };
        let pushed = self.subject.push((oid.as_der(), value));
        pushed.map_err(|_| invalid((RequestField::OtherName, problem)))
    }

    /// Adds a DNS name to the subjectAltName.
    ///
    /// # Errors
    /// [`EnrolError::InvalidField`] for what is no DNS name, or more than 8 of them beside those of DAX.
    pub fn add_dns_name(&mut self, name: &'a str) -> Result<(), EnrolError> {
        let problem = |problem| invalid((RequestField::DnsName, problem));
        field_check::dns_name(name).map_err(problem)?;
        let too_many = FieldProblem::TooMany { max: MAX_DNS_NAMES };
        let pushed = self.dns_names.push(name);
        pushed.map_err(|_| problem(too_many))
    }

    /// How many bytes [`write`](Self::write) writes, exactly: 897 in DER and 1285 in PEM for a key of 2048
    /// bits and usual names.
    #[must_use]
    pub fn encoded_len(&self, encoding: KeyEncoding) -> usize {
        let len = DerWriter::count(&|der| self.write_signed(der, None));
        match encoding {
            KeyEncoding::Der => len,
            KeyEncoding::Pem => pem_len(LABEL, len),
        }
    }

    /// Signs the request with SHA-256 and RSA and writes it into `out`, which needs
    /// [`encoded_len`](Self::encoded_len) bytes. The signer holds the private key that belongs to the
    /// request's public key: this library's, or one in a secure element, a TPM or a key store.
    ///
    /// # Errors
    /// [`Error::BufferTooSmall`] with the exact size needed, before the key is used;
    /// [`Error::InvalidKey`] for a public key that was not loaded; [`Error::SigningFault`] if the
    /// signature does not verify with the request's public key, as when the signer has another key; what
    /// the signer returns. After an error `out` is zeroed.
    pub fn write<'o, S: Signer + ?Sized>(
        &self,
        signer: &S,
        encoding: KeyEncoding,
        out: &'o mut [u8],
    ) -> Result<&'o [u8], S::Error> {
        let needed = self.encoded_len(encoding);
        let mut buffer = [0; MAX_SIGNATURE_LEN];
        let signature = buffer.get_mut(..self.public_key.modulus_len());
        let made = match signature {
            _ if out.len() < needed => Err(Error::BufferTooSmall { needed }.into()),
            Some(signature) if !signature.is_empty() => {
                self.sign(signer, signature).map(|()| &*signature)
            }
            _ => Err(EMPTY_KEY.into()),
        };
        match made {
            Ok(signature) => Ok(self.encode(signature, encoding, out)?),
            Err(error) => {
                out.fill(0);
                Err(error)
            }
        }
    }

    /// Makes the signature, which must be that of the public key in the request.
    fn sign<S: Signer + ?Sized>(&self, signer: &S, signature: &mut [u8]) -> Result<(), S::Error> {
        let verified = signer.verified_with();
        let other = verified.is_some_and(|key| key != self.public_key);
        if other || signer.modulus_len() != signature.len() {
            return Err(Error::SigningFault.into());
        }
        let mut hash = Sha256::default();
        DerWriter::write(&mut hash, &|der| self.write_info(der));
        let digest = Digest(hash.finish());
        signer.sign_digest(&digest, signature)?;
        if verified.is_none() && self.public_key.verify_digest(&digest, signature).is_err() {
            return Err(Error::SigningFault.into());
        }
        Ok(())
    }

    fn encode<'o>(
        &self,
        signature: &[u8],
        encoding: KeyEncoding,
        out: &'o mut [u8],
    ) -> Result<&'o [u8], Error> {
        let mut sink = SliceSink::new(out);
        let contents: &Contents<'_> = &|der| self.write_signed(der, Some(signature));
        match encoding {
            KeyEncoding::Der => DerWriter::write(&mut sink, contents),
            KeyEncoding::Pem => {
                let mut pem = PemWriter::new(LABEL, &mut sink);
                DerWriter::write(&mut pem, contents);
                pem.finish();
            }
        }
        Ok(sink.finish()?)
    }

    /// CertificationRequest ::= SEQUENCE { info, signatureAlgorithm, BIT STRING }.
    fn write_signed(&self, der: &mut DerWriter<'_>, signature: Option<&[u8]>) {
        der.element(SEQUENCE, |der| {
            self.write_info(der);
            der.rsa_algorithm(SHA256_WITH_RSA);
            der.bit_string(|der| match signature {
                Some(signature) => der.raw(signature),
                None => der.room(self.public_key.modulus_len()),
            });
        });
    }

    /// CertificationRequestInfo ::= SEQUENCE { version 0, subject, SPKI, [0] attributes }: what is signed.
    fn write_info(&self, der: &mut DerWriter<'_>) {
        der.element(SEQUENCE, |der| {
            der.integer(&[0]);
            der.element(SEQUENCE, |der| {
                if let Some(names) = &self.dax {
                    for (oid, value) in names.fields() {
                        Text::Plain(value).write_name(oid, der);
                    }
                    let [instance, _] = names.hosts();
                    instance.write_name(COMMON_NAME, der);
                }
                for (oid, value) in &self.subject {
                    Text::Plain(value).write_name(oid, der);
                }
            });
            write_spki(self.public_key, der);
            der.element(ATTRIBUTES, |der| self.write_attributes(der));
        });
    }

    /// The extensions that are asked for: Attribute ::= SEQUENCE { extensionRequest, SET { Extensions } }.
    fn write_attributes(&self, der: &mut DerWriter<'_>) {
        if self.dax.is_none() && self.dns_names.is_empty() {
            return;
        }
        der.element(SEQUENCE, |der| {
            der.bytes(OBJECT_IDENTIFIER, EXTENSION_REQUEST);
            der.element(SET, |der| {
                der.element(SEQUENCE, |der| {
                    write_extension(SUBJECT_ALT_NAME, der, |der| {
                        der.element(SEQUENCE, |der| {
                            for name in self.dax.iter().flat_map(DaxNames::hosts) {
                                name.write_dns_name(der);
                            }
                            for name in &self.dns_names {
                                Text::Plain(name).write_dns_name(der);
                            }
                        });
                    });
                });
            });
        });
    }
}

/// Extension ::= SEQUENCE { OID, OCTET STRING }, one that is not critical.
fn write_extension(oid: &[u8], der: &mut DerWriter<'_>, value: impl FnOnce(&mut DerWriter<'_>)) {
    der.element(SEQUENCE, |der| {
        der.bytes(OBJECT_IDENTIFIER, oid);
        der.element(OCTET_STRING, value);
    });
}

#[cold]
fn invalid((field, problem): Refused) -> EnrolError {
    EnrolError::InvalidField { field, problem }
}
