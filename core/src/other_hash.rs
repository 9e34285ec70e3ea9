//! The hashes that stand in signatures made wrongly: SHA-1, MD5 (RFC 1321), SHA-384 and SHA-512
//! (FIPS 180-4), and SHA-256 beside them. For diagnosis only: nothing is trusted for them.

use crate::sha256::Sha256;
use crate::sink::Sink;

/// The longest hash, of SHA-512.
pub(crate) const MAX_HASH_LEN: usize = 64;
/// The longest block, of SHA-384 and SHA-512.
const MAX_BLOCK_LEN: usize = 128;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Sha256,
    Sha1,
    Sha384,
    Sha512,
    Md5,
}

impl Algorithm {
    /// The hash's length in bytes.
    pub(crate) const fn len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha1 => 20,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
            Self::Md5 => 16,
        }
    }
}

/// A hash of any of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hash {
    bytes: [u8; MAX_HASH_LEN],
    len: usize,
}

impl Hash {
    /// The first bytes of `bytes`, as many as a hash can have.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut hash = Self {
            bytes: [0; MAX_HASH_LEN],
            len: bytes.len().min(MAX_HASH_LEN),
        };
        for (slot, byte) in hash.bytes.iter_mut().zip(bytes) {
            *slot = *byte;
        }
        hash
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// A hash under way.
#[derive(Clone)]
pub(crate) enum AnyHash {
    Sha256(Sha256),
    Other(Other),
}

impl AnyHash {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::default()),
            other => Self::Other(Other::new(other)),
        }
    }

    /// The hash of `bytes`.
    pub(crate) fn digest(algorithm: Algorithm, bytes: &[u8]) -> Hash {
        let mut hash = Self::new(algorithm);
        hash.write(bytes);
        hash.finish()
    }

    pub(crate) fn finish(self) -> Hash {
        match self {
            Self::Sha256(hash) => Hash::of(&hash.finish()),
            Self::Other(other) => other.finish(),
        }
    }
}

impl Sink for AnyHash {
    fn write(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.write(bytes),
            Self::Other(other) => other.write(bytes),
        }
    }
}

/// A hash under way other than SHA-256.
#[derive(Clone)]
pub(crate) struct Other {
    algorithm: Algorithm,
    /// The words of SHA-512; those of SHA-1 and MD5 in their lower halves.
    state: [u64; 8],
    block: [u8; MAX_BLOCK_LEN],
    filled: usize,
    len: u64,
}

const SHA1_MD5: [u64; 8] = [
    0x6745_2301,
    0xefcd_ab89,
    0x98ba_dcfe,
    0x1032_5476,
    0xc3d2_e1f0,
    0,
    0,
    0,
];
const SHA384: [u64; 8] = [
    0xcbbb_9d5d_c105_9ed8,
    0x629a_292a_367c_d507,
    0x9159_015a_3070_dd17,
    0x152f_ecd8_f70e_5939,
    0x6733_2667_ffc0_0b31,
    0x8eb4_4a87_6858_1511,
    0xdb0c_2e0d_64f9_8fa7,
    0x47b5_481d_befa_4fa4,
];
const SHA512: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

impl Other {
    const fn new(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            state: match algorithm {
                Algorithm::Sha384 => SHA384,
                Algorithm::Sha512 => SHA512,
                _ => SHA1_MD5,
            },
            block: [0; MAX_BLOCK_LEN],
            filled: 0,
            len: 0,
        }
    }

    const fn is_wide(&self) -> bool {
        matches!(self.algorithm, Algorithm::Sha384 | Algorithm::Sha512)
    }

    const fn block_len(&self) -> usize {
        if self.is_wide() { MAX_BLOCK_LEN } else { 64 }
    }

    fn take(&mut self, byte: u8) {
        if let Some(slot) = self.block.get_mut(self.filled) {
            *slot = byte;
        }
        self.filled = self.filled.saturating_add(1);
        if self.filled >= self.block_len() {
            self.compress();
            self.filled = 0;
        }
    }

    fn compress(&mut self) {
        if self.is_wide() {
            return sha2::block_api::compress512(
                &mut self.state,
                core::slice::from_ref(&self.block),
            );
        }
        let mut state = self.state.map(low);
        let mut words = [0; 16];
        let (chunks, _) = self.block.as_chunks::<4>();
        for (word, chunk) in words.iter_mut().zip(chunks) {
            *word = match self.algorithm {
                Algorithm::Md5 => u32::from_le_bytes(*chunk),
                _ => u32::from_be_bytes(*chunk),
            };
        }
        match self.algorithm {
            Algorithm::Md5 => md5(&mut state, &words),
            _ => sha1(&mut state, &words),
        }
        self.state = state.map(u64::from);
    }

    fn finish(mut self) -> Hash {
        let bits = self.len.wrapping_mul(8);
        self.take(0x80);
        // The length has 8 bytes, in SHA-512 16 of which the first 8 are 0 here.
        let end = self.block_len().saturating_sub(8);
        let padded = if self.is_wide() {
            end.saturating_sub(8)
        } else {
            end
        };
        while self.filled > padded {
            self.take(0);
        }
        while self.filled < end {
            self.take(0);
        }
        let length = match self.algorithm {
            Algorithm::Md5 => bits.to_le_bytes(),
            _ => bits.to_be_bytes(),
        };
        for byte in length {
            self.take(byte);
        }
        self.output()
    }

    fn output(&self) -> Hash {
        let mut bytes = [0; MAX_HASH_LEN];
        if self.is_wide() {
            let (chunks, _) = bytes.as_chunks_mut::<8>();
            for (slot, word) in chunks.iter_mut().zip(self.state) {
                *slot = word.to_be_bytes();
            }
        } else {
            let (chunks, _) = bytes.as_chunks_mut::<4>();
            for (slot, word) in chunks.iter_mut().zip(self.state) {
                *slot = match self.algorithm {
                    Algorithm::Md5 => low(word).to_le_bytes(),
                    _ => low(word).to_be_bytes(),
                };
            }
        }
        Hash::of(bytes.get(..self.algorithm.len()).unwrap_or_default())
    }
}

impl Sink for Other {
    fn write(&mut self, bytes: &[u8]) {
        self.len = self.len.wrapping_add(crate::sink::length(bytes));
        for byte in bytes {
            self.take(*byte);
        }
    }
}

/// The lower half of a word.
fn low(word: u64) -> u32 {
    u32::try_from(word & u64::from(u32::MAX)).unwrap_or_default()
}

/// FIPS 180-4 6.1.2.
#[expect(clippy::many_single_char_names, reason = "the standard's names")]
fn sha1(state: &mut [u32; 8], block: &[u32; 16]) {
    let mut words = *block;
    let [mut a, mut b, mut c, mut d, mut e, ..] = *state;
    for round in 0_usize..80 {
        let at = |back: usize| {
            let index = round.wrapping_sub(back) % 16;
            words.get(index).copied().unwrap_or_default()
        };
        let word = if round < 16 {
            at(0)
        } else {
            (at(3) ^ at(8) ^ at(14) ^ at(16)).rotate_left(1)
        };
        if let Some(slot) = words.get_mut(round % 16) {
            *slot = word;
        }
        let (f, k) = match round {
            0..20 => ((b & c) | (!b & d), 0x5a82_7999_u32),
            20..40 => (b ^ c ^ d, 0x6ed9_eba1),
            40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6),
        };
        let next = a
            .rotate_left(5)
            .wrapping_add(f)
            .wrapping_add(e)
            .wrapping_add(k)
            .wrapping_add(word);
        (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
    }
    for (slot, word) in state.iter_mut().zip([a, b, c, d, e]) {
        *slot = slot.wrapping_add(word);
    }
}

/// RFC 1321 3.4: the integer part of 2^32 · |sin(i)|.
const SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];
/// How far each round turns.
const TURNS: [[u32; 4]; 4] = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
];

/// RFC 1321 3.4.
#[expect(clippy::many_single_char_names, reason = "the standard's names")]
fn md5(state: &mut [u32; 8], words: &[u32; 16]) {
    let [mut a, mut b, mut c, mut d, ..] = *state;
    for (round, sine) in SINES.iter().enumerate() {
        let (f, index) = match round / 16 {
            0 => ((b & c) | (!b & d), round),
            1 => ((d & b) | (!d & c), round.wrapping_mul(5).wrapping_add(1)),
            2 => (b ^ c ^ d, round.wrapping_mul(3).wrapping_add(5)),
            _ => (c ^ (b | !d), round.wrapping_mul(7)),
        };
        let word = words.get(index % 16).copied().unwrap_or_default();
        let turn = TURNS
            .get(round / 16)
            .and_then(|turns| turns.get(round % 4))
            .copied()
            .unwrap_or_default();
        let sum = a.wrapping_add(f).wrapping_add(*sine).wrapping_add(word);
        (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(turn)));
    }
    for (slot, word) in state.iter_mut().zip([a, b, c, d]) {
        *slot = slot.wrapping_add(word);
    }
}
