//! A new PKCS#12 file.

use daxsign_core::{CertificateFile, EnrolError, PrivateKey, Randomness};
use pkcs8::der::Encode;
use pkcs8::pkcs5::pbes2;
use sha1::{Digest, Sha1};

use crate::authority::key::{encrypted_key, salted};
use crate::der::writer::DerWriter;
use crate::der::{CONTEXT_0, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET};
use crate::error::PkiError;
use crate::pkcs12::passphrase::Passphrase;
use crate::pkcs12::{mac, oid};

/// How often the passphrase is hashed for each part: the most that .NET 9 and later read without being told to
/// (`Pkcs12LoaderLimits`).
const ITERATIONS: u32 = 300_000;
/// Bytes of the MAC's salt (RFC 8018 4.1 asks for 8 at least).
const SALT_LEN: usize = 16;
/// `[0]` of a context, primitive.
const ENCRYPTED_CONTENT: u8 = 0x80;
/// BMPString: UTF-16, big-endian.
const BMP_STRING: u8 = 0x1E;

/// Makes a PKCS#12 file (DER) of a key and its certificates: those of all `files` (PEM or DER), in their order, each
/// once. `name` is what people and Java's keystores call the key.
///
/// All is encrypted with AES-256 in CBC mode by PBES2, under a key that PBKDF2 makes of the passphrase with
/// HMAC-SHA-256 in 300 000 iterations; the MAC is HMAC-SHA-256 with as many. OpenSSL from 1.1 on, Java from
/// 8u301 and 11.0.12 on, Windows from 10 1709 and Server 2019 on, and .NET read it.
///
/// # Errors
/// [`PkiError::EmptyPassphrase`]; [`PkiError::NotItsCertificate`] if no certificate is the key's; [`PkiError::Enrol`]
/// without randomness, or for what is no certificate.
pub fn write_pkcs12(
    key: &PrivateKey,
    files: &[&[u8]],
    name: Option<&str>,
    passphrase: &str,
    random: &mut dyn Randomness,
) -> Result<Vec<u8>, PkiError> {
    if passphrase.is_empty() {
        return Err(PkiError::EmptyPassphrase);
    }
    let (certificates, own) = certificates(key, files)?;
    let attributes = attributes(name, &Sha1::digest(&own));
    let bags = DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            for certificate in &certificates {
                let attributes = (*certificate == own).then_some(&*attributes);
                certificate_bag(der, certificate, attributes);
            }
        });
    });
    let certificates = encrypted(&bags, passphrase, random)?;
    let key = encrypted_key(key, passphrase.as_bytes(), ITERATIONS, random)?;
    let key = DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            bag(
                der,
                oid::SHROUDED_KEY_BAG,
                key.as_bytes(),
                Some(&attributes),
            );
        });
    });
    let safes = DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            der.raw(&certificates);
            data(der, &key);
        });
    });
    let mut salt = [0; SALT_LEN];
    let filled = random.fill(&mut salt);
    filled.map_err(|_| EnrolError::RandomnessFailed)?;
    let mac = mac::make(&safes, &Passphrase::new(passphrase), &salt, ITERATIONS);
    let mac = mac.ok_or(PkiError::Pkcs12Algorithm)?;
    // PFX ::= SEQUENCE { version 3, ContentInfo, MacData }.
    Ok(DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            der.integer(&[3]);
            data(der, &safes);
            der.raw(&mac);
        });
    }))
}

/// The certificates of all files, and the one that is the key's.
fn certificates(key: &PrivateKey, files: &[&[u8]]) -> Result<(Vec<Vec<u8>>, Vec<u8>), PkiError> {
    let (mut all, mut own) = (Vec::new(), None);
    for file in files {
        // Where there is none it says so.
        CertificateFile::from_bytes(file)?;
        for certificate in CertificateFile::all(file) {
            let certificate = certificate?;
            let mut der = Vec::new();
            certificate.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
            if all.contains(&der) {
                continue;
            }
            let is_its = certificate.public_key().as_ref() == Ok(key.public_key());
            if is_its && own.is_none() {
                own = Some(der.clone());
            }
            all.push(der);
        }
    }
    own.map(|own| (all, own)).ok_or(PkiError::NotItsCertificate)
}

/// SET OF PKCS12Attribute: the name, and what says that key and certificate belong together.
fn attributes(name: Option<&str>, key_id: &[u8]) -> Vec<u8> {
    let attribute = |oid: &[u8], tag: u8, value: &[u8]| {
        DerWriter::make(|der| {
            der.element(SEQUENCE, |der| {
                der.bytes(OBJECT_IDENTIFIER, oid);
                der.element(SET, |der| der.bytes(tag, value));
            });
        })
    };
    let mut all = vec![attribute(oid::LOCAL_KEY_ID, OCTET_STRING, key_id)];
    if let Some(name) = name {
        let units = name.encode_utf16().flat_map(u16::to_be_bytes);
        let units: Vec<u8> = units.collect();
        all.push(attribute(oid::FRIENDLY_NAME, BMP_STRING, &units));
    }
    // A set's elements stand in the order of their bytes (X.690 11.6).
    all.sort();
    DerWriter::make(|der| der.element(SET, |der| der.raw(&all.concat())))
}

/// SafeBag ::= SEQUENCE { bagId, [0] bagValue, bagAttributes OPTIONAL }.
fn bag(der: &mut DerWriter, kind: &[u8], value: &[u8], attributes: Option<&[u8]>) {
    der.element(SEQUENCE, |der| {
        der.bytes(OBJECT_IDENTIFIER, kind);
        der.bytes(CONTEXT_0, value);
        der.raw(attributes.unwrap_or_default());
    });
}

/// Its value is CertBag ::= SEQUENCE { certId, [0] { OCTET STRING } }.
fn certificate_bag(der: &mut DerWriter, certificate: &[u8], attributes: Option<&[u8]>) {
    let value = DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            der.bytes(OBJECT_IDENTIFIER, oid::X509);
            der.element(CONTEXT_0, |der| der.bytes(OCTET_STRING, certificate));
        });
    });
    bag(der, oid::CERTIFICATE_BAG, &value, attributes);
}

/// ContentInfo ::= SEQUENCE { data, [0] { OCTET STRING } }.
fn data(der: &mut DerWriter, contents: &[u8]) {
    der.element(SEQUENCE, |der| {
        der.bytes(OBJECT_IDENTIFIER, oid::DATA);
        der.element(CONTEXT_0, |der| der.bytes(OCTET_STRING, contents));
    });
}

/// ContentInfo ::= SEQUENCE { encryptedData, [0] { SEQUENCE { version 0, SEQUENCE { data, AlgorithmIdentifier,
/// [0] IMPLICIT OCTET STRING } } } } (RFC 5652 8).
fn encrypted(
    contents: &[u8],
    passphrase: &str,
    random: &mut dyn Randomness,
) -> Result<Vec<u8>, PkiError> {
    let parameters: pbes2::Parameters = salted(ITERATIONS, random)?;
    let described = parameters.to_der();
    let described = described.map_err(|_| PkiError::Pkcs12Algorithm)?;
    let encrypted = parameters.encrypt(passphrase, contents);
    let encrypted = encrypted.map_err(|_| PkiError::Pkcs12Algorithm)?;
    Ok(DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            der.bytes(OBJECT_IDENTIFIER, oid::ENCRYPTED_DATA);
            der.element(CONTEXT_0, |der| {
                der.element(SEQUENCE, |der| {
                    der.integer(&[0]);
                    der.element(SEQUENCE, |der| {
                        der.bytes(OBJECT_IDENTIFIER, oid::DATA);
                        der.element(SEQUENCE, |der| {
                            der.bytes(OBJECT_IDENTIFIER, oid::PBES2);
                            der.raw(&described);
                        });
                        der.bytes(ENCRYPTED_CONTENT, &encrypted);
                    });
                });
            });
        });
    }))
}
