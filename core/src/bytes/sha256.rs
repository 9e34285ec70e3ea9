//! SHA-256 (FIPS 180-4) as a sink.
//!
//! The compression function is the `sha2` crate's (with the machine's instructions where it has
//! them). Buffering and padding stand here because the crate's buffer layer brings panic paths
//! into builds for size, which firmware must not link.

use crate::bytes::sink::Sink;

/// A SHA-256 hash in bytes.
pub(crate) const HASH_LEN: usize = 32;
/// The block size in bytes.
const BLOCK_LEN: usize = 64;
/// Where the 64-bit length stands in the last block.
const LENGTH_OFFSET: usize = 56;
/// FIPS 180-4 5.3.3.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// A hash under way.
#[derive(Clone, Debug)]
pub struct Sha256 {
    state: [u32; 8],
    block: [u8; BLOCK_LEN],
    /// Bytes hashed so far; SHA-256 ends at 2^61 of them.
    len: u64,
}

impl Default for Sha256 {
    fn default() -> Self {
        Self {
            state: INITIAL,
            block: [0; BLOCK_LEN],
            len: 0,
        }
    }
}

impl Sha256 {
    /// The hash of `bytes`.
    #[must_use]
    pub fn digest(bytes: &[u8]) -> [u8; HASH_LEN] {
        let mut hash = Self::default();
        hash.write(bytes);
        hash.finish()
    }

    /// How many bytes of the block are filled.
    fn filled(&self) -> usize {
        usize::try_from(self.len % 64).unwrap_or_default()
    }

    fn compress_block(&mut self) {
        sha2::block_api::compress256(&mut self.state, core::slice::from_ref(&self.block));
    }

    /// The hash of all that was written.
    #[must_use]
    pub fn finish(mut self) -> [u8; HASH_LEN] {
        let bits = self.len.wrapping_mul(8);
        let filled = self.filled();
        let mut tail = self.block.iter_mut().skip(filled);
        if let Some(first) = tail.next() {
            *first = 0x80;
        }
        tail.for_each(|byte| *byte = 0);
        if filled >= LENGTH_OFFSET {
            self.compress_block();
            self.block = [0; BLOCK_LEN];
        }
        for (slot, byte) in self
            .block
            .iter_mut()
            .skip(LENGTH_OFFSET)
            .zip(bits.to_be_bytes())
        {
            *slot = byte;
        }
        self.compress_block();
        let mut hash = [0; HASH_LEN];
        let (chunks, _) = hash.as_chunks_mut::<4>();
        for (chunk, word) in chunks.iter_mut().zip(self.state) {
            *chunk = word.to_be_bytes();
        }
        hash
    }
}

impl Sink for Sha256 {
    fn write(&mut self, bytes: &[u8]) {
        let filled = self.filled();
        self.len = self.len.wrapping_add(crate::bytes::sink::length(bytes));
        let mut rest = bytes;
        if filled > 0 {
            let room = self.block.get_mut(filled..).unwrap_or_default();
            let taken = room.len().min(rest.len());
            let (now, later) = rest.split_at_checked(taken).unwrap_or_default();
            for (slot, byte) in room.iter_mut().zip(now) {
                *slot = *byte;
            }
            if taken < room.len() {
                return;
            }
            self.compress_block();
            rest = later;
        }
        // Whole blocks go to the compression function without a copy.
        let (blocks, tail) = rest.as_chunks::<BLOCK_LEN>();
        if !blocks.is_empty() {
            sha2::block_api::compress256(&mut self.state, blocks);
        }
        for (slot, byte) in self.block.iter_mut().zip(tail) {
            *slot = *byte;
        }
    }
}
