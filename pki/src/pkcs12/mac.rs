//! The MAC over all of a file: that nobody without the passphrase changed it (RFC 7292 4 and 5.1).

use hmac::{KeyInit, Mac, SimpleHmac};
use sha1::Sha1;
use sha2::digest::block_api::BlockSizeUser;
use sha2::{Digest, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::der::reader::Element;
use crate::der::writer::DerWriter;
use crate::der::{INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::error::PkiError;
use crate::pkcs12::budget::Budget;
use crate::pkcs12::derive::{Purpose, derive};
use crate::pkcs12::oid;
use crate::pkcs12::passphrase::Passphrase;
use crate::pkcs12::refused::Refused;

/// What a file says of its MAC.
pub(crate) struct MacData<'a> {
    hash: &'a [u8],
    expected: &'a [u8],
    salt: &'a [u8],
    iterations: u32,
}

impl<'a> MacData<'a> {
    /// MacData ::= SEQUENCE { SEQUENCE { AlgorithmIdentifier, digest }, macSalt, iterations DEFAULT 1 }.
    pub(crate) fn read(element: &Element<'a>, budget: &mut Budget) -> Result<Self, Refused> {
        let mut parts = element.reader();
        let mut digest = parts.take(SEQUENCE)?.reader();
        let mut algorithm = digest.take(SEQUENCE)?.reader();
        let hash = algorithm.take(OBJECT_IDENTIFIER)?.contents;
        let _absent_or_null = algorithm.optional(NULL)?;
        // RFC 9579's PBMAC1 has parameters of its own.
        let plain = algorithm.at_end();
        let expected = digest.take(OCTET_STRING)?.contents;
        digest.finish()?;
        let salt = parts.take(OCTET_STRING)?.contents;
        let iterations = match parts.optional(INTEGER)? {
            Some(number) => budget.spend_read(&number)?,
            None => 1,
        };
        parts.finish()?;
        if !plain {
            return Err(PkiError::Pkcs12Algorithm.into());
        }
        Ok(Self {
            hash,
            expected,
            salt,
            iterations,
        })
    }

    /// Whether this is the MAC over `content` under the passphrase.
    pub(crate) fn is_of(
        &self,
        content: &[u8],
        passphrase: &Passphrase<'_>,
    ) -> Result<bool, PkiError> {
        match self.hash {
            oid::SHA_1 => Ok(self.verify::<Sha1>(content, passphrase)),
            oid::SHA_256 => Ok(self.verify::<Sha256>(content, passphrase)),
            oid::SHA_384 => Ok(self.verify::<Sha384>(content, passphrase)),
            oid::SHA_512 => Ok(self.verify::<Sha512>(content, passphrase)),
            _ => Err(PkiError::Pkcs12Algorithm),
        }
    }

    fn verify<D: Digest + BlockSizeUser>(
        &self,
        content: &[u8],
        passphrase: &Passphrase<'_>,
    ) -> bool {
        let mac = keyed::<D>(passphrase, self.salt, self.iterations);
        mac.is_some_and(|mac| {
            mac.chain_update(content)
                .verify_slice(self.expected)
                .is_ok()
        })
    }
}

/// HMAC with the key of this passphrase. HMAC takes keys of any length.
fn keyed<D: Digest + BlockSizeUser>(
    passphrase: &Passphrase<'_>,
    salt: &[u8],
    iterations: u32,
) -> Option<SimpleHmac<D>> {
    let mut key = Zeroizing::new(vec![0; <D as Digest>::output_size()]);
    derive::<D>(&passphrase.utf16, salt, Purpose::Mac, iterations, &mut key);
    SimpleHmac::new_from_slice(&key).ok()
}

/// The same structure for a new file, with SHA-256; `None` is never seen.
pub(crate) fn make(
    content: &[u8],
    passphrase: &Passphrase<'_>,
    salt: &[u8],
    iterations: u32,
) -> Option<Vec<u8>> {
    let mac = keyed::<Sha256>(passphrase, salt, iterations)?;
    let mac = mac.chain_update(content).finalize().into_bytes();
    Some(DerWriter::make(|der| {
        der.element(SEQUENCE, |der| {
            der.element(SEQUENCE, |der| {
                der.rsa_algorithm(oid::SHA_256);
                der.bytes(OCTET_STRING, &mac);
            });
            der.bytes(OCTET_STRING, salt);
            der.integer(&iterations.to_be_bytes());
        });
    }))
}
