//! EMSA-PSS (RFC 8017 9.1.2), for diagnosis: what of it can be seen without the message.

use super::recover::Block;
use crate::bytes::other_hash::{Algorithm, AnyHash, Hash};
use crate::bytes::rounding::div_ceil;
use crate::bytes::sink::Sink;

/// The last byte of the block.
const TRAILER: u8 = 0xBC;
/// With this many zeros of padding the structure stands there by no chance: 2^-64 and less.
const CERTAIN_ZEROS: usize = 8;

/// What a PSS block holds.
#[derive(Clone, Copy)]
pub(crate) struct Pss {
    algorithm: Algorithm,
    /// The hash of eight zeros, the message's hash and the salt.
    hash: Hash,
    /// The block unmasked: zeros, 01, the salt.
    unmasked: Block,
    salt_start: usize,
    /// Whether the structure alone shows that this is PSS.
    pub(crate) is_certain: bool,
}

impl Pss {
    /// The block of a key of `modulus_bits`, if it may be PSS with this hash and its MGF1.
    pub(crate) fn read(block: &[u8], modulus_bits: usize, algorithm: Algorithm) -> Option<Self> {
        // The message representative has one bit less than the modulus.
        let bits = modulus_bits.checked_sub(1)?;
        let block = block.get(block.len().checked_sub(div_ceil(bits, 8))?..)?;
        let (masked, tail) =
            block.split_at_checked(block.len().checked_sub(algorithm.len().checked_add(1)?)?)?;
        let (hash, [TRAILER]) = tail.split_at_checked(algorithm.len())? else {
            return None;
        };
        let unused = u32::try_from(block.len().saturating_mul(8).saturating_sub(bits)).ok()?;
        let used = u8::MAX.checked_shr(unused)?;
        let mut unmasked = Block::from_bytes(masked);
        if masked.first().is_none_or(|first| first & !used != 0) {
            return None;
        }
        unmask(unmasked.as_bytes_mut(), hash, algorithm);
        if let Some(first) = unmasked.as_bytes_mut().first_mut() {
            *first &= used;
        }
        let zeros = unmasked
            .as_bytes()
            .iter()
            .take_while(|byte| **byte == 0)
            .count();
        if unmasked.as_bytes().get(zeros) != Some(&1) {
            return None;
        }
        Some(Self {
            algorithm,
            hash: Hash::from_bytes(hash),
            unmasked,
            salt_start: zeros.saturating_add(1),
            is_certain: zeros >= CERTAIN_ZEROS,
        })
    }

    /// The hash function.
    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether the block was made for this hash of a message.
    pub(crate) fn is_of(&self, message_hash: &[u8]) -> bool {
        let mut hash = AnyHash::new(self.algorithm);
        hash.write(&[0; 8]);
        hash.write(message_hash);
        let salt = self.unmasked.as_bytes().get(self.salt_start..);
        hash.write(salt.unwrap_or_default());
        hash.finish() == self.hash
    }
}

/// XORs MGF1 (RFC 8017 B.2.1) of `seed` over `bytes`.
fn unmask(bytes: &mut [u8], seed: &[u8], algorithm: Algorithm) {
    for (piece, counter) in bytes.chunks_mut(algorithm.len().max(1)).zip(0_u32..) {
        let mut hash = AnyHash::new(algorithm);
        hash.write(seed);
        hash.write(&counter.to_be_bytes());
        for (byte, mask) in piece.iter_mut().zip(hash.finish().as_bytes()) {
            *byte ^= mask;
        }
    }
}
