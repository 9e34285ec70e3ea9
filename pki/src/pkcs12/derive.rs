//! Keys of a passphrase in PKCS#12's own way (RFC 7292 B.2). RFC 7292 keeps it for the MAC, and for old files.

use sha2::Digest;
use sha2::digest::block_api::BlockSizeUser;
use zeroize::{Zeroize, Zeroizing};

/// What a key is for: B.3.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Key,
    Vector,
    Mac,
}

impl Purpose {
    const fn id(self) -> u8 {
        match self {
            Self::Key => 1,
            Self::Vector => 2,
            Self::Mac => 3,
        }
    }
}

/// As many bytes of key as `key` holds.
pub(crate) fn derive<D: Digest + BlockSizeUser>(
    passphrase: &[u8],
    salt: &[u8],
    purpose: Purpose,
    iterations: u32,
    key: &mut [u8],
) {
    let block = D::block_size();
    let diversifier = vec![purpose.id(); block];
    let mut input = Zeroizing::new(repeated(salt, block));
    input.extend_from_slice(&Zeroizing::new(repeated(passphrase, block)));
    for piece in key.chunks_mut(<D as Digest>::output_size()) {
        let first = D::new().chain_update(&diversifier);
        let mut hash = first.chain_update(&*input).finalize();
        for _ in 1..iterations {
            hash = D::digest(&hash);
        }
        for (byte, made) in piece.iter_mut().zip(&hash) {
            *byte = *made;
        }
        let full: Vec<u8> = hash.iter().copied().cycle().take(block).collect();
        let full = Zeroizing::new(full);
        for part in input.chunks_mut(block) {
            add_and_one(part, &full);
        }
        hash.as_mut_slice().zeroize();
    }
}

/// Repeated until whole blocks are full; nothing stays nothing.
fn repeated(bytes: &[u8], block: usize) -> Vec<u8> {
    let len = bytes.len().div_ceil(block).saturating_mul(block);
    bytes.iter().copied().cycle().take(len).collect()
}

/// `part + more + 1` as big-endian numbers, without what does not fit.
fn add_and_one(part: &mut [u8], more: &[u8]) {
    let mut carry = 1_u8;
    for (byte, more) in part.iter_mut().rev().zip(more.iter().rev()) {
        let sum = u16::from(*byte).saturating_add(u16::from(*more));
        let [high, low] = sum.saturating_add(u16::from(carry)).to_be_bytes();
        *byte = low;
        carry = high;
    }
}
