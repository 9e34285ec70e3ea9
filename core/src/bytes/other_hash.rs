//! The hashes that stand in signatures made wrongly: SHA-1, MD5 (RFC 1321), SHA-384 and SHA-512
//! (FIPS 180-4), and SHA-256 beside them. For diagnosis only: nothing is trusted for them.

use crate::bytes::sha256::Sha256;
use crate::bytes::sink::Sink;

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
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
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
            Self::Sha256(hash) => Hash::from_bytes(&hash.finish()),
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
            let mut words = [0; 16];
            let (chunks, _) = self.block.as_chunks::<8>();
            for (word, chunk) in words.iter_mut().zip(chunks) {
                *word = u64::from_be_bytes(*chunk);
            }
            return sha512(&mut self.state, &words);
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
        Hash::from_bytes(bytes.get(..self.algorithm.len()).unwrap_or_default())
    }
}

impl Sink for Other {
    fn write(&mut self, bytes: &[u8]) {
        self.len = self.len.wrapping_add(crate::bytes::sink::length(bytes));
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

/// FIPS 180-4 4.2.3: the first 64 bits of the fractions of the cube roots of the first 80 primes.
const CUBE_ROOTS: [u64; 80] = [
    0x428a_2f98_d728_ae22,
    0x7137_4491_23ef_65cd,
    0xb5c0_fbcf_ec4d_3b2f,
    0xe9b5_dba5_8189_dbbc,
    0x3956_c25b_f348_b538,
    0x59f1_11f1_b605_d019,
    0x923f_82a4_af19_4f9b,
    0xab1c_5ed5_da6d_8118,
    0xd807_aa98_a303_0242,
    0x1283_5b01_4570_6fbe,
    0x2431_85be_4ee4_b28c,
    0x550c_7dc3_d5ff_b4e2,
    0x72be_5d74_f27b_896f,
    0x80de_b1fe_3b16_96b1,
    0x9bdc_06a7_25c7_1235,
    0xc19b_f174_cf69_2694,
    0xe49b_69c1_9ef1_4ad2,
    0xefbe_4786_384f_25e3,
    0x0fc1_9dc6_8b8c_d5b5,
    0x240c_a1cc_77ac_9c65,
    0x2de9_2c6f_592b_0275,
    0x4a74_84aa_6ea6_e483,
    0x5cb0_a9dc_bd41_fbd4,
    0x76f9_88da_8311_53b5,
    0x983e_5152_ee66_dfab,
    0xa831_c66d_2db4_3210,
    0xb003_27c8_98fb_213f,
    0xbf59_7fc7_beef_0ee4,
    0xc6e0_0bf3_3da8_8fc2,
    0xd5a7_9147_930a_a725,
    0x06ca_6351_e003_826f,
    0x1429_2967_0a0e_6e70,
    0x27b7_0a85_46d2_2ffc,
    0x2e1b_2138_5c26_c926,
    0x4d2c_6dfc_5ac4_2aed,
    0x5338_0d13_9d95_b3df,
    0x650a_7354_8baf_63de,
    0x766a_0abb_3c77_b2a8,
    0x81c2_c92e_47ed_aee6,
    0x9272_2c85_1482_353b,
    0xa2bf_e8a1_4cf1_0364,
    0xa81a_664b_bc42_3001,
    0xc24b_8b70_d0f8_9791,
    0xc76c_51a3_0654_be30,
    0xd192_e819_d6ef_5218,
    0xd699_0624_5565_a910,
    0xf40e_3585_5771_202a,
    0x106a_a070_32bb_d1b8,
    0x19a4_c116_b8d2_d0c8,
    0x1e37_6c08_5141_ab53,
    0x2748_774c_df8e_eb99,
    0x34b0_bcb5_e19b_48a8,
    0x391c_0cb3_c5c9_5a63,
    0x4ed8_aa4a_e341_8acb,
    0x5b9c_ca4f_7763_e373,
    0x682e_6ff3_d6b2_b8a3,
    0x748f_82ee_5def_b2fc,
    0x78a5_636f_4317_2f60,
    0x84c8_7814_a1f0_ab72,
    0x8cc7_0208_1a64_39ec,
    0x90be_fffa_2363_1e28,
    0xa450_6ceb_de82_bde9,
    0xbef9_a3f7_b2c6_7915,
    0xc671_78f2_e372_532b,
    0xca27_3ece_ea26_619c,
    0xd186_b8c7_21c0_c207,
    0xeada_7dd6_cde0_eb1e,
    0xf57d_4f7f_ee6e_d178,
    0x06f0_67aa_7217_6fba,
    0x0a63_7dc5_a2c8_98a6,
    0x113f_9804_bef9_0dae,
    0x1b71_0b35_131c_471b,
    0x28db_77f5_2304_7d84,
    0x32ca_ab7b_40c7_2493,
    0x3c9e_be0a_15c9_bebc,
    0x431d_67c4_9c10_0d4c,
    0x4cc5_d4be_cb3e_42b6,
    0x597f_299c_fc65_7e2a,
    0x5fcb_6fab_3ad6_faec,
    0x6c44_198c_4a47_5817,
];

/// FIPS 180-4 6.4.2. The compression function of the crate `sha2` links code that panics.
#[expect(clippy::many_single_char_names, reason = "the standard's names")]
fn sha512(state: &mut [u64; 8], block: &[u64; 16]) {
    let mut words = *block;
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (round, k) in CUBE_ROOTS.into_iter().enumerate() {
        let at = |back: usize| {
            let index = round.wrapping_sub(back) % 16;
            words.get(index).copied().unwrap_or_default()
        };
        let word = if round < 16 {
            at(0)
        } else {
            let (old, new) = (at(15), at(2));
            let sigma_0 = old.rotate_right(1) ^ old.rotate_right(8) ^ (old >> 7);
            let sigma_1 = new.rotate_right(19) ^ new.rotate_right(61) ^ (new >> 6);
            at(16)
                .wrapping_add(sigma_0)
                .wrapping_add(at(7))
                .wrapping_add(sigma_1)
        };
        if let Some(slot) = words.get_mut(round % 16) {
            *slot = word;
        }
        let sum_1 = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
        let sum_0 = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
        let first = h
            .wrapping_add(sum_1)
            .wrapping_add((e & f) ^ (!e & g))
            .wrapping_add(k)
            .wrapping_add(word);
        let second = sum_0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(second));
    }
    for (slot, word) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
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
