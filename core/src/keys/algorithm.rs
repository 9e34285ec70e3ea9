//! AlgorithmIdentifier (RFC 5280 4.1.1.2): which algorithm a key is for.

use super::der::{NULL, OBJECT_IDENTIFIER, Reader, SEQUENCE};
use crate::error::diagnosing::DIAGNOSES;
use crate::error::key_refusal::KeyRefusal;

/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 A.1).
const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
/// The longest object identifier that is read.
const MAX_OID_LEN: usize = 24;

/// Other algorithms that key files are found with, and how to tell.
const OTHERS: [(&[u8], &[u8]); 8] = [
    (
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A],
        b"an RSA key restricted to PSS",
    ),
    (
        &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01],
        b"an elliptic curve key",
    ),
    (&[0x2B, 0x65, 0x70], b"an Ed25519 key"),
    (&[0x2B, 0x65, 0x71], b"an Ed448 key"),
    (&[0x2B, 0x65, 0x6E], b"an X25519 key"),
    (&[0x2B, 0x65, 0x6F], b"an X448 key"),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x38, 0x04, 0x01], b"a DSA key"),
    (
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x03, 0x01],
        b"a Diffie-Hellman key",
    ),
];

/// Reads an AlgorithmIdentifier that must be rsaEncryption, with NULL or no parameters.
///
/// # Errors
/// [`KeyRefusal::Unsupported`] for another algorithm.
pub(crate) fn read_rsa_encryption(reader: &mut Reader<'_>) -> Result<(), KeyRefusal<'static>> {
    let outer = reader.enter(SEQUENCE)?;
    let mut buffer = [0; MAX_OID_LEN];
    let oid = reader.contents(OBJECT_IDENTIFIER, &mut buffer)?;
    if oid != RSA_ENCRYPTION {
        return Err(KeyRefusal::Unsupported(name_of(oid)));
    }
    if !reader.at_end() && reader.header(NULL)? != 0 {
        return Err(reader.malformed());
    }
    reader.leave(outer)
}

/// What a key of another algorithm is called.
fn name_of(oid: &[u8]) -> &'static [u8] {
    if !DIAGNOSES {
        return b"a key of another algorithm";
    }
    let mut others = OTHERS.iter();
    let known = others.find(|(known, _)| *known == oid);
    known.map_or(b"a key of an unknown algorithm", |(_, name)| name)
}
