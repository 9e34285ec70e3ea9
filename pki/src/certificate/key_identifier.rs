//! Identifiers of keys (RFC 5280 4.2.1.2), by which certificates and their issuers are found.

use sha1::{Digest, Sha1};

use crate::der::reader::{Malformed, Reader};
use crate::der::{BIT_STRING, SEQUENCE};

/// Method (1): SHA-1 over the bits of the public key in a SubjectPublicKeyInfo. It is a name and proves nothing.
pub(crate) fn of_spki(spki: &[u8]) -> Result<Vec<u8>, Malformed> {
    Ok(Sha1::digest(key_bits(spki)?).to_vec())
}

/// The bits of the public key in a SubjectPublicKeyInfo: the same for the same key, whatever stands beside it.
pub(super) fn key_bits(spki: &[u8]) -> Result<&[u8], Malformed> {
    let mut reader = Reader::new(spki).take(SEQUENCE)?.reader();
    reader.take(SEQUENCE)?;
    reader.take(BIT_STRING)?.whole_bits()
}
