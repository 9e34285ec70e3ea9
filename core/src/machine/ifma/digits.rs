//! Numbers as vectors of digits of 52 bits: the form that the multiply-add of AVX-512 IFMA works on.

use core::arch::x86_64::{
    __m512i, _mm_loadu_si128, _mm512_add_epi64, _mm512_broadcast_i64x2, _mm512_cmpeq_epu64_mask,
    _mm512_loadu_si512, _mm512_mask_mov_epi64, _mm512_set1_epi64, _mm512_setzero_si512,
    _mm512_storeu_si512,
};

use zeroize::Zeroize;

/// Bits in a digit.
pub(super) const DIGIT_BITS: u32 = 52;
/// All ones in a digit.
const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;
/// Digits in a vector.
pub(super) const LANES: usize = 8;

/// P numbers (one or two) side by side in K vectors, least significant digits first: the digits of
/// the same weight stand beside each other. Each number has [`Digits::LEN`] digits, and R is
/// 2^(52 · LEN).
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Digits<const K: usize, const P: usize>(pub(super) [[u64; LANES]; K]);

impl<const K: usize, const P: usize> Digits<K, P> {
    pub(super) const ZERO: Self = Self([[0; LANES]; K]);

    /// Digits of one number: 20, 32 or 40.
    pub(super) const LEN: usize = K * LANES / P;

    /// The digits of one of the numbers.
    pub(super) fn digits(&self, number: usize) -> impl Iterator<Item = &u64> {
        let (all, _) = self.0.as_flattened().as_chunks::<P>();
        all.iter().filter_map(move |digits| digits.get(number))
    }

    fn digits_mut(&mut self, number: usize) -> impl Iterator<Item = &mut u64> {
        let (all, _) = self.0.as_flattened_mut().as_chunks_mut::<P>();
        all.iter_mut()
            .filter_map(move |digits| digits.get_mut(number))
    }

    /// Reads limbs of 64 bits from bit `from` on, as far as the digits go.
    #[inline(never)]
    pub(super) fn read(&mut self, number: usize, limbs: &[u64], from: u32) {
        let mut position = from;
        for digit in self.digits_mut(number) {
            *digit = bits_at(limbs, position) & DIGIT_MASK;
            position = position.wrapping_add(DIGIT_BITS);
        }
    }

    /// Writes the digits as limbs of 64 bits, as far as the limbs go; returns the 64 bits above them.
    #[inline(never)]
    pub(super) fn write(&self, number: usize, limbs: &mut [u64]) -> u64 {
        let mut digits = self.digits(number);
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

    /// Copies the digits of one number over those of another.
    #[inline(never)]
    pub(super) fn copy(&mut self, to: usize, from: usize) {
        let source = *self;
        for (to, from) in self.digits_mut(to).zip(source.digits(from)) {
            *to = *from;
        }
    }

    /// `self = self − other + 2 · n` for `other ≤ 2 · n`; below R if self is below R − 2 · n. For
    /// one of the numbers.
    #[inline(never)]
    pub(super) fn subtract(&mut self, number: usize, other: &Self, n: &Self) {
        let others = other.digits(number).zip(n.digits(number));
        let mut carry = 0_i64;
        for (digit, (other, n)) in self.digits_mut(number).zip(others) {
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

    /// `self = self + other`, modulo R, for all the numbers.
    #[inline(never)]
    pub(super) fn add(&mut self, other: &Self) {
        for number in 0..P {
            let mut carry = 0;
            for (digit, other) in self.digits_mut(number).zip(other.digits(number)) {
                // Below 2^53.
                let sum = digit.wrapping_add(*other).wrapping_add(carry);
                *digit = sum & DIGIT_MASK;
                carry = sum >> DIGIT_BITS;
            }
        }
    }

    /// The number 2^exponent, for all the numbers.
    pub(super) fn power_of_two(exponent: u32) -> Self {
        let mut all = Self::ZERO;
        let position = usize::try_from(exponent / DIGIT_BITS).unwrap_or_default();
        for number in 0..P {
            if let Some(digit) = all.digits_mut(number).nth(position) {
                *digit = 1 << (exponent % DIGIT_BITS);
            }
        }
        all
    }

    #[inline(never)]
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

#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
fn load(from: &[u64; LANES]) -> __m512i {
    // SAFETY: reads the 64 bytes of the array, at any alignment.
    unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
fn store(to: &mut [u64; LANES], vector: __m512i) {
    // SAFETY: writes the 64 bytes of the array, at any alignment.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), vector) }
}

/// The digits of all numbers with one weight, in all lanes of their numbers.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
fn spread<const P: usize>(digits: &[u64; P]) -> __m512i {
    match digits.as_slice() {
        [digit] => broadcast(*digit),
        [_, _] => {
            // SAFETY: reads the 16 bytes of two digits, at any alignment.
            let pair = unsafe { _mm_loadu_si128(digits.as_ptr().cast()) };
            _mm512_broadcast_i64x2(pair)
        }
        _ => _mm512_setzero_si512(),
    }
}

#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
fn broadcast(word: u64) -> __m512i {
    _mm512_set1_epi64(word.cast_signed())
}

/// `out = entries[indices − first]` for each number whose index is one of these entries', as it is for
/// the others; reads every entry.
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn select<const K: usize, const P: usize>(
    out: &mut Digits<K, P>,
    entries: &[Digits<K, P>],
    first: u64,
    indices: &[u64; P],
) {
    let indices = spread(indices);
    let mut position = broadcast(first);
    let mut found = [_mm512_setzero_si512(); K];
    for (found, vector) in found.iter_mut().zip(&out.0) {
        *found = load(vector);
    }
    for entry in entries {
        let here = _mm512_cmpeq_epu64_mask(position, indices);
        for (found, vector) in found.iter_mut().zip(&entry.0) {
            *found = _mm512_mask_mov_epi64(*found, here, load(vector));
        }
        position = _mm512_add_epi64(position, broadcast(1));
    }
    for (out, found) in out.0.iter_mut().zip(found) {
        store(out, found);
    }
}
