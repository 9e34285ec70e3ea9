//! Montgomery multiplication of numbers in vectors of digits.
//!
//! A product of digits i and j adds its low 52 bits to column i + j and its high ones to the column
//! above. All digits of one factor are multiplied, a vector at a time, with one digit of the other;
//! those with the same i mod 4 have their columns in the same lanes. So the products are added
//! class by class, from i mod 4 = 3 down, and between two classes all columns move up one lane. No
//! vector is loaded from an odd place, none has lanes of padding.
//!
//! Bounds: a column gets at most 4 · K low and as many high halves below 2^52 from one product (a
//! square is half of them, doubled), and at most two products are added: below 2 · 80 · 2^52 < 2^60
//! for K = 10.

use core::arch::x86_64::{
    __m256i, _mm256_add_epi64, _mm256_madd52hi_epu64, _mm256_madd52lo_epu64,
    _mm256_mask_madd52hi_epu64, _mm256_mask_madd52lo_epu64, _mm256_permute2x128_si256,
    _mm256_setzero_si256, _mm256_unpackhi_epi64, _mm256_unpacklo_epi64,
};

use zeroize::Zeroize;

use super::ifma_digits::{
    Digits, LANES, MAX_VECTORS, broadcast, carries, digit_mask, lane_up, load, normalise, store,
};

/// The columns of a product of two numbers.
#[derive(Clone, Copy)]
#[repr(C, align(32))]
pub(super) struct Columns<const K: usize> {
    /// The lowest 4 · K as digits, without what they carry.
    pub(super) low: Digits<K>,
    /// The highest vector of the low columns, carries and all.
    low_top: [u64; LANES],
    /// The others.
    high: [[u64; LANES]; K],
}

/// For up to so many vectors, low and high halves are summed up apart in products of half the
/// columns.
const FEW: usize = 5;

/// Vectors of columns while they are summed up: more than any K needs; only those used become
/// registers.
type Sums = [__m256i; 2 * MAX_VECTORS];

impl<const K: usize> Columns<K> {
    pub(super) const ZERO: Self = Self {
        low: Digits::ZERO,
        low_top: [0; LANES],
        high: [[0; LANES]; K],
    };
}

/// Repeats a block for every number below a limit (at most [`MAX_VECTORS`]), as a constant: so that
/// arrays of vectors become registers.
macro_rules! repeat {
    ($limit:expr, $i:ident, $body:block) => {
        repeat!(@ $limit, $i, $body, 0 1 2 3 4 5 6 7 8 9)
    };
    (@ $limit:expr, $i:ident, $body:block, $($n:literal)*) => {
        $(if $n < $limit {
            let $i: usize = $n;
            $body
        })*
    };
}

/// For each vector i of b and each part: adds the low or high halves of its digit `residue` times
/// all vectors of a, `up` vectors higher than they stand, in the lanes that `lanes` names. Of all
/// columns there are those from vector `first` on, as many as the sums have.
macro_rules! add_parts {
    ($a:ident, $b:ident, $first:expr, $lanes:ident,
     $($madd:ident, $sums:ident, $residue:literal, $up:literal);+) => {
        repeat!(K, i, {
            $(if let Some(digit) = $b.0.get(i).and_then(|vector| vector.get($residue)) {
                let digit = broadcast(*digit);
                repeat!(K, j, {
                    let vector = i.wrapping_add(j).wrapping_add($up).wrapping_sub($first);
                    if let (Some(sum), Some(a)) = ($sums.get_mut(vector), $a.get(j)) {
                        *sum = $madd(*sum, $lanes(i, j, $residue), digit, *a);
                    }
                });
            })+
        });
    };
}

/// Adds one class: what has its columns in these lanes. It is summed up by itself, so that it does
/// not wait for the class before it; low and high halves apart from each other too, where `apart`
/// says that the registers suffice and the sums are so few that each would wait for itself.
macro_rules! add_class {
    ($sums:ident, $a:ident, $b:ident, $low:literal, ($high:literal, $up:literal),
     $first:expr, $lanes:ident, $apart:expr) => {
        let (mut low, mut high): (Sums, Sums) = ([_mm256_setzero_si256(); _], [_mm256_setzero_si256(); _]);
        let len = $sums.len();
        let low = low.get_mut(..len).unwrap_or_default();
        let high = high.get_mut(..len).unwrap_or_default();
        if $apart {
            add_parts!($a, $b, $first, $lanes,
                _mm256_mask_madd52lo_epu64, low, $low, 0;
                _mm256_mask_madd52hi_epu64, high, $high, $up);
        } else {
            add_parts!($a, $b, $first, $lanes, _mm256_mask_madd52lo_epu64, low, $low, 0);
            add_parts!($a, $b, $first, $lanes, _mm256_mask_madd52hi_epu64, low, $high, $up);
        }
        for ((sum, low), high) in $sums.iter_mut().zip(low).zip(high) {
            *sum = _mm256_add_epi64(*sum, _mm256_add_epi64(*low, *high));
        }
    };
}

/// Adds the product of a and b. The high halves of digit 3 belong to digit 0 of the next vector.
macro_rules! add_product {
    ($sums:ident, $a:ident, $b:ident, $first:expr, $lanes:ident, $apart:expr) => {
        add_class!($sums, $a, $b, 3, (2, 0), $first, $lanes, $apart);
        all_lanes_up($sums);
        add_class!($sums, $a, $b, 2, (1, 0), $first, $lanes, $apart);
        all_lanes_up($sums);
        add_class!($sums, $a, $b, 1, (0, 0), $first, $lanes, $apart);
        all_lanes_up($sums);
        add_class!($sums, $a, $b, 0, (3, 1), $first, $lanes, $apart);
    };
}

/// All lanes.
const fn all(_: usize, _: usize, _: usize) -> u8 {
    0b1111
}

/// The lanes of vector j whose digits stand above digit `residue` of vector i.
const fn above(i: usize, j: usize, residue: usize) -> u8 {
    match residue {
        _ if j < i => 0,
        _ if j > i => 0b1111,
        0 => 0b1110,
        1 => 0b1100,
        2 => 0b1000,
        _ => 0,
    }
}

/// Moves every column up one lane.
#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
fn all_lanes_up(sums: &mut [__m256i]) {
    let mut below = _mm256_setzero_si256();
    for sum in sums {
        let moved = lane_up(*sum, below);
        below = *sum;
        *sum = moved;
    }
}

#[inline]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
fn load_all<const K: usize>(from: &[[u64; LANES]; K]) -> [__m256i; K] {
    let mut vectors = [_mm256_setzero_si256(); K];
    for (vector, from) in vectors.iter_mut().zip(from) {
        *vector = load(from);
    }
    vectors
}

/// `out = a · b`.
#[inline(never)]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn multiply<const K: usize>(out: &mut Columns<K>, a: &Digits<K>, b: &Digits<K>) {
    let mut sums: Sums = [_mm256_setzero_si256(); _];
    let used = sums.get_mut(..K.wrapping_mul(2)).unwrap_or_default();
    let a = load_all(&a.0);
    add_product!(used, a, b, 0, all, false);
    out.set(used);
}

/// `out = a²`: the products of different digits once, doubled, and the squares of the digits.
#[inline(never)]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn square<const K: usize>(out: &mut Columns<K>, digits: &Digits<K>) {
    let mut sums: Sums = [_mm256_setzero_si256(); _];
    let used = sums.get_mut(..K.wrapping_mul(2)).unwrap_or_default();
    let a = load_all(&digits.0);
    add_product!(used, a, digits, 0, above, false);
    let (pairs, _) = used.as_chunks_mut::<2>();
    for ([first, second], a) in pairs.iter_mut().zip(a) {
        // The low half of lane j belongs to column 2 · j, the high half above it.
        let low = _mm256_madd52lo_epu64(_mm256_setzero_si256(), a, a);
        let high = _mm256_madd52hi_epu64(_mm256_setzero_si256(), a, a);
        let lanes_0_2 = _mm256_unpacklo_epi64(low, high);
        let lanes_1_3 = _mm256_unpackhi_epi64(low, high);
        let low = _mm256_permute2x128_si256::<0x20>(lanes_0_2, lanes_1_3);
        let high = _mm256_permute2x128_si256::<0x31>(lanes_0_2, lanes_1_3);
        *first = _mm256_add_epi64(_mm256_add_epi64(*first, *first), low);
        *second = _mm256_add_epi64(_mm256_add_epi64(*second, *second), high);
    }
    out.set(used);
}

impl<const K: usize> Columns<K> {
    #[inline]
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    fn set(&mut self, sums: &[__m256i]) {
        let Some((low, high)) = sums.split_first_chunk::<K>() else {
            return;
        };
        for (to, from) in self.high.iter_mut().zip(high) {
            store(to, *from);
        }
        if let Some(top) = low.last() {
            store(&mut self.low_top, *top);
        }
        normalise(&mut self.low, low, _mm256_setzero_si256());
    }

    /// The number below R · R that stands in limbs of 64 bits.
    pub(super) fn read(&mut self, limbs: &[u64]) {
        let bits = u32::try_from(K).unwrap_or_default().wrapping_mul(208);
        let mut high = Digits::<K>::ZERO;
        self.low.read(limbs, 0);
        high.read(limbs, bits);
        self.high = high.0;
        self.low_top = self.low.0.last().copied().unwrap_or_default();
        high.wipe();
    }

    pub(super) fn wipe(&mut self) {
        self.low.wipe();
        self.low_top.zeroize();
        self.high.as_flattened_mut().zeroize();
    }
}

/// `out = a · b mod R`.
#[inline(never)]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn multiply_low<const K: usize>(
    out: &mut Digits<K>,
    a: &Digits<K>,
    b: &Digits<K>,
    plus: u64,
) {
    let zero = _mm256_setzero_si256();
    let mut sums = [zero; K];
    let used = sums.as_mut_slice();
    let a = load_all(&a.0);
    add_product!(used, a, b, 0, all, K <= FEW);
    if let Some(sum) = used.first_mut() {
        *sum = _mm256_add_epi64(*sum, load(&[plus, 0, 0, 0]));
    }
    normalise(out, &sums, zero);
}

/// `out = (t + q · n) / R`, for q that makes this a whole number.
///
/// The columns below the highest low one are not computed: what they carry into that one is less
/// than 2^52 (they have at most 60 bits), and it makes that column a multiple of 2^52. So that column
/// carries its bits above 52, rounded up.
#[inline(never)]
#[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
pub(super) fn add_high<const K: usize>(
    out: &mut Digits<K>,
    t: &Columns<K>,
    q: &Digits<K>,
    n: &Digits<K>,
) {
    let zero = _mm256_setzero_si256();
    let mut sums: Sums = [zero; _];
    let used = sums.get_mut(..K.wrapping_add(1)).unwrap_or_default();
    let n = load_all(&n.0);
    add_product!(used, n, q, K.wrapping_sub(1), all, K <= FEW);
    let Some((low_top, high)) = used.split_first_chunk::<1>() else {
        return;
    };
    let mut columns = [zero; K];
    for ((column, sum), t) in columns.iter_mut().zip(high).zip(&t.high) {
        *column = _mm256_add_epi64(*sum, load(t));
    }
    let [low_top] = low_top;
    let low_top = _mm256_add_epi64(_mm256_add_epi64(*low_top, load(&t.low_top)), digit_mask());
    normalise(out, &columns, carries(low_top));
}
