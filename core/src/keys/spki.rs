//! The numbers of a public key: PKCS#1 (RFC 8017 A.1.1) and SPKI (RFC 5280 4.1.2.7).

use super::algorithm::read_rsa_encryption;
use super::der::{BIT_STRING, Reader, SEQUENCE};
use crate::error::key_refusal::KeyRefusal;
use crate::rsa::public_key::PublicKey;

/// SubjectPublicKeyInfo ::= SEQUENCE { AlgorithmIdentifier, BIT STRING }.
pub(crate) fn read_spki(reader: &mut Reader<'_>, key: &mut PublicKey) -> Result<(), KeyRefusal> {
    let outer = reader.enter(SEQUENCE)?;
    read_rsa_encryption(reader)?;
    let bits = reader.enter(BIT_STRING)?;
    reader.no_unused_bits()?;
    read_pkcs1(reader, key)?;
    reader.leave(bits)?;
    reader.leave(outer)
}

/// RSAPublicKey ::= SEQUENCE { modulus, publicExponent }.
pub(super) fn read_pkcs1(reader: &mut Reader<'_>, key: &mut PublicKey) -> Result<(), KeyRefusal> {
    let outer = reader.enter(SEQUENCE)?;
    read_numbers(reader, key)?;
    reader.leave(outer)
}

/// The modulus and the public exponent, as they stand in public and private keys.
pub(super) fn read_numbers(reader: &mut Reader<'_>, key: &mut PublicKey) -> Result<(), KeyRefusal> {
    let len = reader.integer_len()?;
    key.load_modulus(len, |limbs| reader.magnitude(len, limbs))?;
    let e = reader.small_integer()?.ok_or(KeyRefusal::LONG_EXPONENT)?;
    key.load_exponent(e)
}
