//! What certificates and lists have in common: a piece of DER, the algorithm and the signature over it.

use std::error::Error as StdError;

use daxsign_core::{Digest, MAX_SIGNATURE_LEN, PublicKey, Sha256, Signer};

use crate::der::SEQUENCE;
use crate::der::oid::SHA256_WITH_RSA;
use crate::der::writer::DerWriter;
use crate::error::PkiError;

/// Signs `content` with SHA-256 and RSA: SEQUENCE { content, AlgorithmIdentifier, BIT STRING }.
///
/// # Errors
/// [`PkiError::OtherKey`] if the signature is not that of `key`; what the signer returns.
pub(crate) fn sign<S>(content: &[u8], key: &PublicKey, signer: &S) -> Result<Vec<u8>, PkiError>
where
    S: Signer + ?Sized,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let verified = signer.verified_with();
    let mut buffer = [0; MAX_SIGNATURE_LEN];
    let signature = buffer
        .get_mut(..signer.modulus_len())
        .ok_or(PkiError::OtherKey)?;
    if verified.is_some_and(|own| own != key) {
        return Err(PkiError::OtherKey);
    }
    let digest = Digest(Sha256::digest(content));
    signer
        .sign_digest(&digest, signature)
        .map_err(|error| PkiError::Signing(error.into()))?;
    if verified.is_none() && key.verify_digest(&digest, signature).is_err() {
        return Err(PkiError::OtherKey);
    }
    Ok(DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            der.raw(content);
            der.rsa_algorithm(SHA256_WITH_RSA);
            der.bit_string(signature);
        });
    }))
}
