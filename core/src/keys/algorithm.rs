//! AlgorithmIdentifier (RFC 5280 4.1.1.2): which algorithm a key is for.

use super::der::{NULL, OBJECT_IDENTIFIER, Reader, SEQUENCE};
use crate::error::diagnosing::DIAGNOSES;
use crate::error::key_refusal::{Algorithm, KeyRefusal};

/// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 8017 A.1).
pub(crate) const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
/// The longest object identifier that is read.
const MAX_OID_LEN: usize = 24;

/// Other algorithms that key files are found with.
const OTHERS: [(&[u8], Algorithm); 8] = [
    (
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A],
        Algorithm::Pss,
    ),
    (
        &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01],
        Algorithm::EllipticCurve,
    ),
    (&[0x2B, 0x65, 0x70], Algorithm::Ed25519),
    (&[0x2B, 0x65, 0x71], Algorithm::Ed448),
    (&[0x2B, 0x65, 0x6E], Algorithm::X25519),
    (&[0x2B, 0x65, 0x6F], Algorithm::X448),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x38, 0x04, 0x01], Algorithm::Dsa),
    (
        &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x03, 0x01],
        Algorithm::DiffieHellman,
    ),
];

/// Reads an AlgorithmIdentifier that must be rsaEncryption, with NULL or no parameters.
///
/// # Errors
/// [`KeyRefusal::algorithm`] for another algorithm.
pub(crate) fn read_rsa_encryption(reader: &mut Reader<'_>) -> Result<(), KeyRefusal> {
    let outer = reader.enter(SEQUENCE)?;
    let mut buffer = [0; MAX_OID_LEN];
    let oid = reader.contents(OBJECT_IDENTIFIER, &mut buffer)?;
    if oid != RSA_ENCRYPTION {
        return Err(KeyRefusal::algorithm(known(oid)));
    }
    if !reader.at_end() && reader.header(NULL)? != 0 {
        return Err(reader.malformed());
    }
    reader.leave(outer)
}

/// The algorithm with this object identifier.
fn known(oid: &[u8]) -> Algorithm {
    let mut others = OTHERS.iter().filter(|_| DIAGNOSES);
    let known = others.find(|(known, _)| *known == oid);
    known.map_or(Algorithm::Unknown, |(_, algorithm)| *algorithm)
}
