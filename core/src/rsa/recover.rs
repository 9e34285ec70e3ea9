//! What a signature holds, for diagnosis. Verification never does this: it builds the expected
//! encoding and compares ([`PublicKey::verify_digest`]).

use super::encoding::{DIGEST_INFO_SHA256, encode_info};
use super::limb::be_bytes;
use super::public_key::PublicKey;
use crate::digest::Digest;
use crate::error::Error;
use crate::sha256::HASH_LEN;

/// What was found in a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recovered {
    /// A SHA-256 in the right encoding.
    Sha256(Digest),
    /// Another hash, or another encoding.
    Other(&'static str),
    /// No PKCS#1 v1.5 padding: the signature was not made with this key (or not like this).
    Nothing,
}

/// The longest hash of the table.
const MAX_HASH_LEN: usize = 64;

/// DigestInfo prefixes (RFC 8017 9.2 note 1) with the length of the hash behind them.
const OTHERS: [(&str, &[u8], usize); 6] = [
    (
        "SHA-1",
        &[
            0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04,
            0x14,
        ],
        20,
    ),
    (
        "SHA-384",
        &[
            0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x02, 0x05, 0x00, 0x04, 0x30,
        ],
        48,
    ),
    (
        "SHA-512",
        &[
            0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x03, 0x05, 0x00, 0x04, 0x40,
        ],
        64,
    ),
    (
        "MD5",
        &[
            0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05,
            0x05, 0x00, 0x04, 0x10,
        ],
        16,
    ),
    (
        "SHA-256 without parameters in its DigestInfo",
        &[
            0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x04, 0x20,
        ],
        32,
    ),
    ("SHA-256 without its DigestInfo", &[], 32),
];

impl PublicKey {
    /// Opens a signature.
    ///
    /// # Errors
    /// As [`verify_digest`](Self::verify_digest), but no mismatch: a signature not below the
    /// modulus holds nothing.
    pub(crate) fn recover(&self, signature: &[u8]) -> Result<Recovered, Error> {
        let len = self.modulus_len();
        let recovered = self.open(signature, |message| {
            let mut hash = [0; HASH_LEN];
            if holds(
                || be_bytes(message, len),
                len,
                DIGEST_INFO_SHA256,
                &mut hash,
            ) {
                return Recovered::Sha256(Digest(hash));
            }
            let mut buffer = [0; MAX_HASH_LEN];
            for (name, digest_info, hash_len) in OTHERS {
                let hash = buffer.get_mut(..hash_len).unwrap_or_default();
                if holds(|| be_bytes(message, len), len, digest_info, hash) {
                    return Recovered::Other(name);
                }
            }
            if be_bytes(message, len)
                .take(10)
                .eq([0, 1].into_iter().chain([0xFF; 8]))
            {
                return Recovered::Other("an unknown hash");
            }
            Recovered::Nothing
        });
        match recovered {
            Err(Error::SignatureMismatch) => Ok(Recovered::Nothing),
            other => other,
        }
    }
}

/// Whether the message is the encoding of some hash with this DigestInfo; the hash goes to `hash`.
fn holds<I: Iterator<Item = u8>>(
    message: impl Fn() -> I,
    len: usize,
    digest_info: &[u8],
    hash: &mut [u8],
) -> bool {
    let skipped = len.saturating_sub(hash.len());
    for (slot, byte) in hash.iter_mut().zip(message().skip(skipped)) {
        *slot = byte;
    }
    message().eq(encode_info(len, digest_info, hash))
}
