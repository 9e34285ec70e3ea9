//! Numbers as vectors of digits of 52 bits, four a vector: the form that the multiply-add of
//! AVX-512 IFMA works on.

use core::arch::x86_64::{
    __m256i, _mm256_add_epi64, _mm256_alignr_epi64, _mm256_and_si256, _mm256_cmpeq_epu64_mask,
    _mm256_cmpgt_epu64_mask, _mm256_loadu_si256, _mm256_mask_add_epi64, _mm256_mask_mov_epi64,
    _mm256_set1_epi64x, _mm256_setzero_si256, _mm256_srli_epi64, _mm256_storeu_si256,
};

use zeroize::Zeroize;

/// Bits in a digit.
pub(super) const DIGIT_BITS: u32 = 52;
/// All ones in a digit.
const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;
/// Digits in a vector.
pub(super) const LANES: usize = 4;
/// Vectors of the longest number: 40 digits, 2080 bits.
pub(super) const MAX_VECTORS: usize = 10;

/// A number of K vectors, least significant digit first; R is 2^(52 · 4 · K).
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(super) struct Digits<const K: usize>(pub(super) [[u64; LANES]; K]);

impl<const K: usize> Digits<K> {
    pub(super) const ZERO: Self = Self([[0; LANES]; K]);

    /// Reads limbs of 64 bits from bit `from` on, as far as the digits go.
    pub(super) fn read(&mut self, limbs: &[u64], from: u32) {
        let mut position = from;
        for digit in self.0.as_flattened_mut() {
            *digit = bits_at(limbs, position) & DIGIT_MASK;
            position = position.wrapping_add(DIGIT_BITS);
        }
    }

    /// Writes the digits as limbs of 64 bits, as far as the limbs go; gives the 64 bits above them.
    pub(super) fn write(&self, limbs: &mut [u64]) -> u64 {
        let mut digits = self.0.as_flattened().iter();
        // `held` holds `count` bits that stand in no limb yet: fewer than 64, and a digit more.
        let (mut held, mut count) = (0_u128, 0_u32);
        for limb in limbs {
            while count < u64::BITS {
                let digit = digits.next().copied().unwrap_or_default();
                held |= u128::from(digit) << count;
                count = count.wrapping_add(DIGIT_BITS);
            }
            *limb = low_half(held);
            held >>= u64::BITS;
            count = count.wrapping_sub(u64::BITS);
        }
        let next = digits.next().copied().unwrap_or_default();
        low_half(held | u128::from(next) << count)
    }

    /// `self = self − other + 2 · n` for `other < 2 · n`; below R if self is below R − 2 · n.
    pub(super) fn subtract(&mut self, other: &Self, n: &Self) {
        let mut carry = 0_i64;
        let others = other.0.as_flattened().iter().zip(n.0.as_flattened());
        for (digit, (other, n)) in self.0.as_flattened_mut().iter_mut().zip(others) {
            // At most 3 · 2^52 above zero and 2^52 below, so the carry is small and may be negative.
            let sum = digit
                .wrapping_add(n << 1)
                .wrapping_sub(*other)
                .cast_signed()
                .wrapping_add(carry);
            *digit = sum.cast_unsigned() & DIGIT_MASK;
            carry = sum >> DIGIT_BITS;
        }
    }

    /// The number 2^exponent.
    pub(super) fn power_of_two(exponent: u32) -> Self {
        let mut number = Self::ZERO;
        let digit = usize::try_from(exponent / DIGIT_BITS).unwrap_or_default();
        if let Some(digit) = number.0.as_flattened_mut().get_mut(digit) {
            *digit = 1 << (exponent % DIGIT_BITS);
        }
        number
    }

    pub(super) fn wipe(&mut self) {
        self.0.as_flattened_mut().zeroize();
    }
}

/// 64 bits of a number from a bit position on.
pub(super) fn bits_at(limbs: &[u64], position: u32) -> u64 {
    let index = usize::try_from(position / u64::BITS).unwrap_or_default();
    let limb = |index: usize| limbs.get(index).copied().unwrap_or_default();
    let pair = u128::from(limb(index.wrapping_add(1))) << u64::BITS | u128::from(limb(index));
    low_half(pair >> (position % u64::BITS))
}

fn low_half(x: u128) -> u64 {
    u64::try_from(x & u128::from(u64::MAX)).unwrap_or_default()
}

/// The vector in memory.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn load(from: &[u64; LANES]) -> __m256i {
    // SAFETY: reads the 32 bytes of the array, at any alignment.
    unsafe { _mm256_loadu_si256(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn store(to: &mut [u64; LANES], vector: __m256i) {
    // SAFETY: writes the 32 bytes of the array, at any alignment.
    unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), vector) }
}

/// `x` moved up one lane, with the highest lane of `below` coming in.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn lane_up(x: __m256i, below: __m256i) -> __m256i {
    _mm256_alignr_epi64::<3>(x, below)
}

/// A digit in all lanes.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn broadcast(digit: u64) -> __m256i {
    _mm256_set1_epi64x(digit.cast_signed())
}

/// All ones of a digit, in all lanes.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn digit_mask() -> __m256i {
    broadcast(DIGIT_MASK)
}

/// The bits above a digit: what it carries to the next.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn carries(x: __m256i) -> __m256i {
    _mm256_srli_epi64::<52>(x)
}

/// Columns of any 64 bits as digits; `below` holds the carry into them in its highest lane. What
/// the highest digit carries is dropped.
///
/// After one step up, each digit is at most 2^52 − 1 + 2^12. It then carries 1 if it is above
/// 2^52 − 1 (it generates), or if it is 2^52 − 1 and gets a carry (it propagates), and never more.
/// Those chains are what the carries of an addition of integers do, one bit a digit: in
/// (2 · generates + propagates), a bit that differs from `propagates` had a carry coming in.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn normalise<const K: usize>(
    out: &mut Digits<K>,
    columns: &[__m256i; K],
    below: __m256i,
) {
    let mask = digit_mask();
    let mut digits = [_mm256_setzero_si256(); K];
    let (mut generates, mut propagates) = (0_u64, 0_u64);
    let mut carry = below;
    let mut position = 0_u32;
    for (digit, column) in digits.iter_mut().zip(columns) {
        let carry_out = carries(*column);
        *digit = _mm256_add_epi64(_mm256_and_si256(*column, mask), lane_up(carry_out, carry));
        carry = carry_out;
        generates |= u64::from(_mm256_cmpgt_epu64_mask(*digit, mask)) << position;
        propagates |= u64::from(_mm256_cmpeq_epu64_mask(*digit, mask)) << position;
        position = position.wrapping_add(4);
    }
    let mut carry_in = (generates << 1).wrapping_add(propagates) ^ propagates;
    let one = broadcast(1);
    for (out, digit) in out.0.iter_mut().zip(digits) {
        let [lanes, ..] = carry_in.to_le_bytes();
        let digit = _mm256_mask_add_epi64(digit, lanes & 0xF, digit, one);
        store(out, _mm256_and_si256(digit, mask));
        carry_in >>= 4;
    }
}

/// `out = table[index]`, reading every entry.
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn select<const K: usize, const N: usize>(
    out: &mut Digits<K>,
    table: &[Digits<K>; N],
    index: u64,
) {
    let index = broadcast(index);
    let mut position = _mm256_setzero_si256();
    let mut found = [_mm256_setzero_si256(); K];
    for entry in table {
        let here = _mm256_cmpeq_epu64_mask(position, index);
        for (found, vector) in found.iter_mut().zip(&entry.0) {
            *found = _mm256_mask_mov_epi64(*found, here, load(vector));
        }
        position = _mm256_add_epi64(position, broadcast(1));
    }
    for (out, found) in out.0.iter_mut().zip(found) {
        store(out, found);
    }
}
