//! What certificates and requests have in common: a piece of DER, the algorithm and the signature over it.

use crate::bytes::digest::Digest;
use crate::bytes::sha256::Sha256;
use crate::enrolling::name::{bytes, read_oid};
use crate::enrolling::object_identifier::ObjectIdentifier;
use crate::error::key_refusal::KeyRefusal;
use crate::keys::der::{BIT_STRING, NULL, Reader, SEQUENCE};
use crate::rsa::public_key::PublicKey;
use crate::rsa::sizes::MAX_SIGNATURE_LEN;

/// sha256WithRSAEncryption, 1.2.840.113549.1.1.11 (RFC 8017 A.2.4).
pub(super) const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];

/// SEQUENCE { what is signed, AlgorithmIdentifier, BIT STRING }.
#[derive(Clone)]
pub(super) struct Signed<'a> {
    /// At what is signed.
    content: Reader<'a>,
    pub(super) algorithm: ObjectIdentifier,
    /// In the algorithm's element.
    algorithm_element: Reader<'a>,
    /// In the signature.
    signature: Reader<'a>,
}

impl<'a> Signed<'a> {
    /// Reads past the algorithm and the signature behind the content, which `content` stands at.
    pub(super) fn read(content: Reader<'a>, reader: &mut Reader<'a>) -> Result<Self, KeyRefusal> {
        let mut algorithm_element = reader.clone();
        let algorithm = read_algorithm(reader)?;
        let _ = algorithm_element.enter(SEQUENCE)?;
        let mut signature = reader.clone();
        reader.skip(BIT_STRING)?;
        let _ = signature.enter(BIT_STRING)?;
        signature.no_unused_bits()?;
        Ok(Self {
            content,
            algorithm,
            algorithm_element,
            signature,
        })
    }

    /// Whether the algorithm beside the signature, which is not signed, is byte for byte that at `named`, which is:
    /// else whoever sends it could change its thumbprint (RFC 5280 4.1.1.2).
    pub(super) fn has_algorithm(&self, mut named: Reader<'a>) -> Result<bool, KeyRefusal> {
        let _ = named.enter(SEQUENCE)?;
        Ok(bytes(named).eq(bytes(self.algorithm_element.clone())))
    }

    /// Whether the signature is one with SHA-256 and RSA.
    pub(super) fn is_sha256_with_rsa(&self) -> bool {
        self.algorithm.as_der() == SHA256_WITH_RSA
    }

    /// Whether it is the key's.
    pub(super) fn verifies(&self, key: &PublicKey) -> bool {
        let mut hash = Sha256::default();
        if !self.is_sha256_with_rsa() || self.content.clone().write_element(&mut hash).is_err() {
            return false;
        }
        let mut buffer = [0; MAX_SIGNATURE_LEN];
        let mut signature = bytes(self.signature.clone());
        let mut len = 0_usize;
        for (slot, byte) in buffer.iter_mut().zip(&mut signature) {
            *slot = byte;
            len = len.saturating_add(1);
        }
        let made = buffer.get(..len).unwrap_or_default();
        signature.next().is_none() && key.verify_digest(&Digest(hash.finish()), made).is_ok()
    }
}

/// AlgorithmIdentifier, whose parameters are none of RSA's: NULL or absent (RFC 4055 5).
pub(super) fn read_algorithm(reader: &mut Reader<'_>) -> Result<ObjectIdentifier, KeyRefusal> {
    let outer = reader.enter(SEQUENCE)?;
    let oid = read_oid(reader)?.ok_or(reader.malformed())?;
    if oid.as_der() != SHA256_WITH_RSA {
        reader.leave_early(outer)?;
        return Ok(oid);
    }
    if !reader.at_end() && reader.header(NULL)? != 0 {
        return Err(reader.malformed());
    }
    reader.leave(outer)?;
    Ok(oid)
}
