//! Certificates of any shape, made of bytes, so that tests can have what no program would issue.

use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use der::Encode;
use der::asn1::ObjectIdentifier;
use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};

use crate::cases::key_file;
use crate::rsa_keys::sequence;

/// sha256WithRSAEncryption.
pub const SHA256_WITH_RSA: &str = "1.2.840.113549.1.1.11";
/// keyUsage.
pub const KEY_USAGE: &str = "2.5.29.15";
/// subjectAltName.
pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
/// extendedKeyUsage.
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
/// basicConstraints.
pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";

/// What stands before a SHA-256 in a signature (RFC 8017 9.2, note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// UTF8String.
pub const UTF8: u8 = 0x0C;
/// PrintableString.
pub const PRINTABLE: u8 = 0x13;
/// BMPString.
pub const BMP: u8 = 0x1E;

/// An element: tag, length, contents.
#[must_use]
pub fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let len = contents.len();
    let [_, third, high, low] = u32::try_from(len).expect("short").to_be_bytes();
    let header = match len {
        0..=0x7F => vec![tag, low],
        0x80..=0xFF => vec![tag, 0x81, low],
        0x100..=0xFFFF => vec![tag, 0x82, high, low],
        _ => vec![tag, 0x83, third, high, low],
    };
    [&header, contents].concat()
}

/// An object identifier.
#[must_use]
pub fn oid(text: &str) -> Vec<u8> {
    ObjectIdentifier::from_str(text).unwrap().to_der().unwrap()
}

/// A part of a name: type, string type, value.
pub type Part<'a> = (&'a str, u8, &'a [u8]);

/// A name of steps, each of one part or several.
#[must_use]
pub fn name(steps: &[Vec<Part<'_>>]) -> Vec<u8> {
    let part = |(kind, tag, value): &Part<'_>| sequence(&[oid(kind), element(*tag, value)]);
    let step = |parts: &Vec<Part<'_>>| {
        let mut parts: Vec<Vec<u8>> = parts.iter().map(part).collect();
        // The order of a SET in DER.
        parts.sort();
        element(0x31, &parts.concat())
    };
    let steps: Vec<Vec<u8>> = steps.iter().map(step).collect();
    sequence(&steps)
}

/// A name with one part, the common name.
#[must_use]
pub fn common_name(tag: u8, value: &[u8]) -> Vec<u8> {
    name(&[vec![("2.5.4.3", tag, value)]])
}

/// An extension around the DER of its value.
#[must_use]
pub fn extension(kind: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { vec![1, 1, 0xFF] } else { vec![] };
    sequence(&[oid(kind), critical, element(4, value)])
}

/// basicConstraints of an authority.
#[must_use]
pub fn authority(path_len: Option<u8>) -> Vec<u8> {
    let path_len = path_len.map_or(vec![], |len| vec![2, 1, len]);
    let constraints = sequence(&[vec![1, 1, 0xFF], path_len]);
    extension(BASIC_CONSTRAINTS, true, &constraints)
}

/// A key pair of the vectors.
pub fn key_pair(bits: usize) -> RsaPrivateKey {
    let file = key_file(&format!("rsa{bits}.pkcs8.der"));
    RsaPrivateKey::from_pkcs8_der(&file).expect("a key")
}

/// A PEM block.
#[must_use]
pub fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let lines = lines.join("\n");
    format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
}

/// A certificate in its parts.
#[derive(Clone, Debug)]
pub struct Made {
    /// As it is called: 1, 2 or 3.
    pub version: u8,
    /// The INTEGER's bytes.
    pub serial: Vec<u8>,
    /// The name's DER.
    pub issuer: Vec<u8>,
    /// Both times' DER.
    pub validity: [Vec<u8>; 2],
    /// The name's DER.
    pub subject: Vec<u8>,
    /// The key of the subject, in DER.
    pub spki: Vec<u8>,
    /// The DER of each.
    pub extensions: Vec<Vec<u8>>,
}

impl Made {
    /// A certificate of version 3 without extensions, from 2020 to 2049.
    #[must_use]
    pub fn new(issuer: Vec<u8>, subject: Vec<u8>, key: &RsaPrivateKey) -> Self {
        let spki = key.to_public_key().to_public_key_der().unwrap();
        Self {
            version: 3,
            serial: vec![1],
            issuer,
            validity: [utc_time("200101000000Z"), utc_time("491231235959Z")],
            subject,
            spki: spki.as_bytes().to_vec(),
            extensions: Vec::new(),
        }
    }

    /// With one extension more.
    #[must_use]
    pub fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    /// Signs it with SHA-256 and RSA; its DER.
    #[must_use]
    pub fn sign(&self, key: &RsaPrivateKey) -> Vec<u8> {
        let algorithm = sequence(&[oid(SHA256_WITH_RSA), vec![5, 0]]);
        let version = match self.version {
            1 => vec![],
            version => element(0xA0, &[2, 1, version - 1]),
        };
        let extensions = match &self.extensions[..] {
            [] => vec![],
            list => element(0xA3, &sequence(list)),
        };
        let tbs = sequence(&[
            version,
            element(2, &self.serial),
            algorithm.clone(),
            self.issuer.clone(),
            sequence(&self.validity),
            self.subject.clone(),
            self.spki.clone(),
            extensions,
        ]);
        let scheme = Pkcs1v15Sign {
            hash_len: Some(32),
            prefix: DIGEST_INFO.into(),
        };
        let signature = key.sign(scheme, &Sha256::digest(&tbs)).unwrap();
        let signature = element(3, &[&[0], &signature[..]].concat());
        sequence(&[tbs, algorithm, signature])
    }
}

/// A UTCTime.
#[must_use]
pub fn utc_time(text: &str) -> Vec<u8> {
    element(0x17, text.as_bytes())
}
