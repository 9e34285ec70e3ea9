//! Montgomery arithmetic on eight numbers at once with AVX-512 IFMA: lane j of every vector belongs
//! to number j, so that no digit ever crosses a lane. All eight are taken modulo the same number.
//!
//! A number is a row of digits of 52 bits, what VPMADD52 multiplies, in blocks of five: 20, 30 and
//! 40 digits for primes of 1024, 1536 and 2048 bits, twice as many for their products. With D
//! digits R is 2^(52 · D), at least 2^16 times the modulus m.
//!
//! **Columns.** A product is summed column by column: the low half of aᵢ · bⱼ in column i + j, the
//! high half in the one above. Ten columns are summed at once, in registers, from products of two
//! blocks: a digit that is loaded is used ten times, and ten sums that do not wait for each other
//! hide the time a multiplication takes. Digits of the quotient, the multiple of m that clears the
//! columns below R, follow as soon as their column is complete.
//!
//! **Bounds.** A column gets at most D low and D high halves of products of two numbers, each below
//! 2^52, and as many of the quotient and m; D is at most 80. The sum is below
//! 4 · 80 · 2^52 < 2^61, with the carry from the column below, and none overflows. For factors a
//! and b the result is (a · b + quotient · m) / R < a · b / R + m: for `a, b < 4 · m` that is below
//! m · (1 + 2^-12). So nothing is subtracted between multiplications.
//!
//! Constant time: no branch or address depends on a digit.

#![allow(
    clippy::large_types_passed_by_value,
    reason = "they are passed in registers: all that takes them is inlined"
)]
#![allow(
    clippy::unused_self,
    reason = "the modulus holds the proof that the machine has the instructions"
)]

use core::arch::x86_64::{
    __m512i, __mmask8, _mm512_add_epi64, _mm512_and_si512, _mm512_andnot_si512, _mm512_load_si512,
    _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_mask_mov_epi64, _mm512_or_si512,
    _mm512_set1_epi64, _mm512_setzero_si512, _mm512_srai_epi64, _mm512_srli_epi64,
    _mm512_store_si512, _mm512_sub_epi64, _mm512_test_epi64_mask, _mm512_xor_si512,
};

use zeroize::Zeroize;

use super::Ifma;

/// Numbers that are computed at once.
pub(crate) const LANES: usize = 8;
/// Bits of a digit.
const DIGIT_BITS: usize = 52;
/// Digits of a block.
const BLOCK: usize = 5;
const DIGIT_SHIFT: u32 = 52;
const LIMB_BITS: usize = 64;
const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;

/// One digit of each of the eight numbers.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Digit([u64; LANES]);

/// Eight numbers of B blocks of digits, the lowest first. Wiped on drop.
pub(crate) struct Lanes<const B: usize>([[Digit; BLOCK]; B]);

type Vector = __m512i;
type Five = [Vector; BLOCK];
/// Sums of ten columns that follow each other.
type Ten = [Vector; 2 * BLOCK];

impl<const B: usize> Lanes<B> {
    pub(crate) const ZERO: Self = Self([[Digit([0; LANES]); BLOCK]; B]);
    /// log2 of R.
    pub(crate) const BITS: usize = B * BLOCK * DIGIT_BITS;

    /// The same number, given in limbs, for all lanes.
    pub(crate) fn set_all(&mut self, limbs: &[u64]) {
        for (digit, value) in self.digits_mut().zip(digits_of(limbs)) {
            digit.0 = [value; LANES];
        }
    }

    /// The number of one lane, given in limbs.
    pub(crate) fn set(&mut self, lane: usize, limbs: &[u64]) {
        for (digit, value) in self.digits_mut().zip(digits_of(limbs)) {
            if let Some(slot) = digit.0.get_mut(lane) {
                *slot = value;
            }
        }
    }

    /// The number of one lane in limbs, as many of them as there are.
    pub(crate) fn get(&self, lane: usize, limbs: &mut [u64]) {
        limbs.fill(0);
        for (digit, position) in self.digits().zip((0..).step_by(DIGIT_BITS)) {
            let value = digit.0.get(lane).copied().unwrap_or_default();
            let (index, shift) = (position / LIMB_BITS, position % LIMB_BITS);
            if let Some(limb) = limbs.get_mut(index) {
                *limb |= value << shift;
            }
            if let (true, Some(limb)) = (shift > 0, limbs.get_mut(index.wrapping_add(1))) {
                *limb |= value >> LIMB_BITS.wrapping_sub(shift);
            }
        }
    }

    pub(crate) fn copy(&mut self, from: &Self) {
        self.0 = from.0;
    }

    /// The lower and the upper half of a number of twice the length.
    pub(crate) fn split_into<const H: usize>(&self, [low, high]: [&mut Lanes<H>; 2]) {
        for (to, from) in low.0.iter_mut().chain(&mut high.0).zip(&self.0) {
            *to = *from;
        }
    }

    /// The number of which these are the halves.
    pub(crate) fn join<const H: usize>(&mut self, [low, high]: [&Lanes<H>; 2]) {
        for (to, from) in self.0.iter_mut().zip(low.0.iter().chain(&high.0)) {
            *to = *from;
        }
    }

    fn digits(&self) -> impl DoubleEndedIterator<Item = &Digit> {
        self.0.iter().flatten()
    }

    fn digits_mut(&mut self) -> impl Iterator<Item = &mut Digit> {
        self.0.iter_mut().flatten()
    }
}

impl<const B: usize> Drop for Lanes<B> {
    fn drop(&mut self) {
        for digit in self.digits_mut() {
            digit.0.zeroize();
        }
    }
}

/// The digits of a number in limbs, the lowest first, with zeros above.
fn digits_of(limbs: &[u64]) -> impl Iterator<Item = u64> {
    (0..).step_by(DIGIT_BITS).map(|position| {
        let limb = |index: usize| limbs.get(index).copied().unwrap_or_default();
        let (index, shift) = (position / LIMB_BITS, position % LIMB_BITS);
        let low = limb(index) >> shift;
        let high = match shift {
            0 => 0,
            shift => limb(index.wrapping_add(1)) << LIMB_BITS.wrapping_sub(shift),
        };
        (low | high) & DIGIT_MASK
    })
}

/// An odd modulus, the same for all lanes, at most R / 2^16. Wiped on drop.
pub(crate) struct LaneModulus<const B: usize> {
    /// Who has a modulus may use the instructions.
    _ifma: Ifma,
    digits: [[u64; BLOCK]; B],
    /// −m⁻¹ modulo 2^52.
    neg_inv: u64,
}

impl<const B: usize> Drop for LaneModulus<B> {
    fn drop(&mut self) {
        self.digits.as_flattened_mut().zeroize();
        self.neg_inv.zeroize();
    }
}

impl<const B: usize> LaneModulus<B> {
    /// From limbs.
    pub(crate) fn new(ifma: Ifma, limbs: &[u64]) -> Self {
        let mut digits = [[0; BLOCK]; B];
        for (digit, value) in digits.as_flattened_mut().iter_mut().zip(digits_of(limbs)) {
            *digit = value;
        }
        let lowest = limbs.first().copied().unwrap_or(1);
        // Newton's iteration: an odd number is its own inverse modulo 8, and each step doubles the
        // number of right bits: 3, 6, 12, 24, 48, 96.
        let mut inverse = lowest;
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(u64::wrapping_sub(2, lowest.wrapping_mul(inverse)));
        }
        Self {
            _ifma: ifma,
            digits,
            neg_inv: inverse.wrapping_neg() & DIGIT_MASK,
        }
    }

    /// `out = a · b · R⁻¹`, below m · (1 + 2^-12) for `a, b < 4 · m`, and below 2 · m for any
    /// `a < R` and `b < m`.
    pub(crate) fn multiply(&self, out: &mut Lanes<B>, a: &Lanes<B>, b: &Lanes<B>) {
        // SAFETY: the modulus holds the proof that the machine has the instructions.
        unsafe { montgomery::<B, false>(out, a, b, self) }
    }

    /// As [`multiply`](Self::multiply) for `a · a`.
    pub(crate) fn square(&self, out: &mut Lanes<B>, a: &Lanes<B>) {
        // SAFETY: the modulus holds the proof that the machine has the instructions.
        unsafe { montgomery::<B, true>(out, a, a, self) }
    }

    /// `a = a + b`, below R.
    pub(crate) fn add(&self, a: &mut Lanes<B>, b: &Lanes<B>) {
        // SAFETY: the modulus holds the proof that the machine has the instructions.
        unsafe { add(a, b) }
    }

    /// `a = a + 2 · m − b` for `a, b < 2 · m`, below 4 · m.
    pub(crate) fn subtract(&self, a: &mut Lanes<B>, b: &Lanes<B>) {
        // SAFETY: the modulus holds the proof that the machine has the instructions.
        unsafe { subtract(a, b, self) }
    }

    /// `a = a mod m` for `a < 2 · m`.
    pub(crate) fn reduce_once(&self, a: &mut Lanes<B>) {
        // SAFETY: the modulus holds the proof that the machine has the instructions.
        unsafe { reduce_once(a, self) }
    }

    /// Whether all eight numbers are below m.
    pub(crate) fn all_below(&self, a: &Lanes<B>) -> bool {
        // SAFETY: the modulus holds the proof that the machine has the instructions.
        unsafe { all_below(a, self) }
    }

    /// Whether all eight numbers are the same in both.
    pub(crate) fn all_equal(&self, a: &Lanes<B>, b: &Lanes<B>) -> bool {
        // SAFETY: the modulus holds the proof that the machine has the instructions.
        unsafe { all_equal(a, b) }
    }

    /// `low + high · R = m · a + addend` for `a < m`, where `addend` is below m too.
    pub(crate) fn times_modulus(
        &self,
        [low, high]: [&mut Lanes<B>; 2],
        a: &Lanes<B>,
        addend: &Lanes<B>,
    ) {
        // SAFETY: the modulus holds the proof that the machine has the instructions.
        unsafe { times_modulus([low, high], a, addend, self) }
    }

    /// `out = table[index]`, the same index for all lanes, reading every entry.
    pub(crate) fn select(&self, out: &mut Lanes<B>, table: &[Lanes<B>], index: u8) {
        // SAFETY: the modulus holds the proof that the machine has the instructions.
        unsafe { select(out, table, index) }
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load(digit: &Digit) -> Vector {
    // SAFETY: a digit has 64 bytes and is aligned to them.
    unsafe { _mm512_load_si512(core::ptr::from_ref(digit).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(digit: &mut Digit, vector: Vector) {
    // SAFETY: a digit has 64 bytes and is aligned to them.
    unsafe { _mm512_store_si512(core::ptr::from_mut(digit).cast(), vector) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn broadcast(digit: u64) -> Vector {
    _mm512_set1_epi64(digit.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_block([d_0, d_1, d_2, d_3, d_4]: &[Digit; BLOCK]) -> Five {
    [load(d_0), load(d_1), load(d_2), load(d_3), load(d_4)]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store_block(block: &mut [Digit; BLOCK], vectors: Five) {
    for (digit, vector) in block.iter_mut().zip(vectors) {
        store(digit, vector);
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn broadcast_block([d_0, d_1, d_2, d_3, d_4]: &[u64; BLOCK]) -> Five {
    [
        broadcast(*d_0),
        broadcast(*d_1),
        broadcast(*d_2),
        broadcast(*d_3),
        broadcast(*d_4),
    ]
}

/// The product of two digits onto the sums of its two columns.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn add_product([low, high]: [Vector; 2], x: Vector, y: Vector) -> [Vector; 2] {
    [
        _mm512_madd52lo_epu64(low, x, y),
        _mm512_madd52hi_epu64(high, x, y),
    ]
}

/// The products of one digit with a block. Low halves first: a sum is not waited for.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn add_row([s_0, s_1, s_2, s_3, s_4, s_5]: [Vector; 6], x: Vector, y: Five) -> [Vector; 6] {
    let [y_0, y_1, y_2, y_3, y_4] = y;
    let s_0 = _mm512_madd52lo_epu64(s_0, x, y_0);
    let s_1 = _mm512_madd52lo_epu64(s_1, x, y_1);
    let s_2 = _mm512_madd52lo_epu64(s_2, x, y_2);
    let s_3 = _mm512_madd52lo_epu64(s_3, x, y_3);
    let s_4 = _mm512_madd52lo_epu64(s_4, x, y_4);
    let s_1 = _mm512_madd52hi_epu64(s_1, x, y_0);
    let s_2 = _mm512_madd52hi_epu64(s_2, x, y_1);
    let s_3 = _mm512_madd52hi_epu64(s_3, x, y_2);
    let s_4 = _mm512_madd52hi_epu64(s_4, x, y_3);
    let s_5 = _mm512_madd52hi_epu64(s_5, x, y_4);
    [s_0, s_1, s_2, s_3, s_4, s_5]
}

/// The products of two blocks.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn add_tile(sums: Ten, x: Five, y: Five) -> Ten {
    let [s_0, s_1, s_2, s_3, s_4, s_5, s_6, s_7, s_8, s_9] = sums;
    let [x_0, x_1, x_2, x_3, x_4] = x;
    let [s_0, s_1, s_2, s_3, s_4, s_5] = add_row([s_0, s_1, s_2, s_3, s_4, s_5], x_0, y);
    let [s_1, s_2, s_3, s_4, s_5, s_6] = add_row([s_1, s_2, s_3, s_4, s_5, s_6], x_1, y);
    let [s_2, s_3, s_4, s_5, s_6, s_7] = add_row([s_2, s_3, s_4, s_5, s_6, s_7], x_2, y);
    let [s_3, s_4, s_5, s_6, s_7, s_8] = add_row([s_3, s_4, s_5, s_6, s_7, s_8], x_3, y);
    let [s_4, s_5, s_6, s_7, s_8, s_9] = add_row([s_4, s_5, s_6, s_7, s_8, s_9], x_4, y);
    [s_0, s_1, s_2, s_3, s_4, s_5, s_6, s_7, s_8, s_9]
}

/// The products of a block's different digits, once each.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn add_pairs(sums: Ten, x: Five) -> Ten {
    let [s_0, s_1, s_2, s_3, s_4, s_5, s_6, s_7, s_8, s_9] = sums;
    let [x_0, x_1, x_2, x_3, x_4] = x;
    let [s_1, s_2] = add_product([s_1, s_2], x_0, x_1);
    let [s_3, s_4] = add_product([s_3, s_4], x_1, x_2);
    let [s_5, s_6] = add_product([s_5, s_6], x_2, x_3);
    let [s_7, s_8] = add_product([s_7, s_8], x_3, x_4);
    let [s_2, s_3] = add_product([s_2, s_3], x_0, x_2);
    let [s_4, s_5] = add_product([s_4, s_5], x_1, x_3);
    let [s_6, s_7] = add_product([s_6, s_7], x_2, x_4);
    let [s_3, s_4] = add_product([s_3, s_4], x_0, x_3);
    let [s_5, s_6] = add_product([s_5, s_6], x_1, x_4);
    let [s_4, s_5] = add_product([s_4, s_5], x_0, x_4);
    [s_0, s_1, s_2, s_3, s_4, s_5, s_6, s_7, s_8, s_9]
}

/// The squares of a block's digits.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn add_squares(sums: Ten, x: Five) -> Ten {
    let [s_0, s_1, s_2, s_3, s_4, s_5, s_6, s_7, s_8, s_9] = sums;
    let [x_0, x_1, x_2, x_3, x_4] = x;
    let [s_0, s_1] = add_product([s_0, s_1], x_0, x_0);
    let [s_2, s_3] = add_product([s_2, s_3], x_1, x_1);
    let [s_4, s_5] = add_product([s_4, s_5], x_2, x_2);
    let [s_6, s_7] = add_product([s_6, s_7], x_3, x_3);
    let [s_8, s_9] = add_product([s_8, s_9], x_4, x_4);
    [s_0, s_1, s_2, s_3, s_4, s_5, s_6, s_7, s_8, s_9]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn zeros<const N: usize>() -> [Vector; N] {
    [_mm512_setzero_si512(); N]
}

/// The blocks of a number of B blocks that have a partner in `column`: i for which there is a
/// column − i.
#[inline]
fn partners<T, const B: usize>(number: &[T; B], column: usize) -> &[T] {
    let found = if column < B {
        number.get(..=column)
    } else {
        number.get(column.wrapping_sub(B).wrapping_add(1)..)
    };
    found.unwrap_or_default()
}

#[inline]
#[target_feature(enable = "avx512f")]
fn double([s_0, s_1, s_2, s_3, s_4, s_5, s_6, s_7, s_8, s_9]: Ten) -> Ten {
    let [s_0, s_1, s_2, s_3, s_4] = add_five([s_0, s_1, s_2, s_3, s_4], [s_0, s_1, s_2, s_3, s_4]);
    let [s_5, s_6, s_7, s_8, s_9] = add_five([s_5, s_6, s_7, s_8, s_9], [s_5, s_6, s_7, s_8, s_9]);
    [s_0, s_1, s_2, s_3, s_4, s_5, s_6, s_7, s_8, s_9]
}

/// Sums of the products a · b whose blocks stand in `column`.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn product_column<const B: usize>(a: &Lanes<B>, b: &Lanes<B>, column: usize) -> Ten {
    let mut sums = zeros();
    let (a, b) = (partners(&a.0, column), partners(&b.0, column));
    for (x, y) in a.iter().zip(b.iter().rev()) {
        sums = add_tile(sums, load_block(x), load_block(y));
    }
    sums
}

/// As [`product_column`] for a · a: the products of different digits once, doubled, and the
/// squares.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn square_column<const B: usize>(a: &Lanes<B>, column: usize) -> Ten {
    let mut sums = zeros();
    let a = partners(&a.0, column);
    let half = a.len() / 2;
    for (x, y) in a.iter().zip(a.iter().rev()).take(half) {
        sums = add_tile(sums, load_block(x), load_block(y));
    }
    let middle = a.get(half).filter(|_| !a.len().is_multiple_of(2));
    match middle {
        Some(x) => {
            let x = load_block(x);
            sums = add_pairs(sums, x);
            add_squares(double(sums), x)
        }
        None => double(sums),
    }
}

/// Adds the quotient's multiples of m to a column's sums, and what was carried from the column
/// below. Below R that gives the next digits of the quotient, from R on digits of the result; both
/// go to `out`: where the result's digits go, the quotient's are no longer needed.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn reduce_column<const B: usize, const SQUARE: bool>(
    out: &mut Lanes<B>,
    m: &LaneModulus<B>,
    column: usize,
    mut sums: Ten,
    carried: Five,
) -> Five {
    let known = partners(&out.0, column);
    let mut multiples = partners(&m.digits, column);
    // The last partner is the one to be found now: the lowest block of m has no other yet.
    if column < B {
        multiples = multiples.get(1..).unwrap_or_default();
    }
    for (u, n) in known.iter().zip(multiples.iter().rev()) {
        sums = add_tile(sums, load_block(u), broadcast_block(n));
    }
    let [s_0, s_1, s_2, s_3, s_4, above @ ..] = sums;
    let low = add_five([s_0, s_1, s_2, s_3, s_4], carried);
    if column < B {
        let lowest = broadcast_block(m.digits.first().unwrap_or(&[0; BLOCK]));
        let (quotient, carried) = clear_block(low, above, lowest, broadcast(m.neg_inv));
        if let Some(block) = out.0.get_mut(column) {
            store_block(block, quotient);
        }
        return carried;
    }
    let (digits, carry) = carry_block(low);
    if let Some(block) = out.0.get_mut(column.wrapping_sub(B)) {
        store_block(block, digits);
    }
    let [c_0, rest @ ..] = above;
    join(_mm512_add_epi64(c_0, carry), rest)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add_five(a: Five, b: Five) -> Five {
    let [a_0, a_1, a_2, a_3, a_4] = a;
    let [b_0, b_1, b_2, b_3, b_4] = b;
    [
        _mm512_add_epi64(a_0, b_0),
        _mm512_add_epi64(a_1, b_1),
        _mm512_add_epi64(a_2, b_2),
        _mm512_add_epi64(a_3, b_3),
        _mm512_add_epi64(a_4, b_4),
    ]
}

#[inline]
fn join(first: Vector, [v_1, v_2, v_3, v_4]: [Vector; 4]) -> Five {
    [first, v_1, v_2, v_3, v_4]
}

/// The five digits of the quotient that clear five columns, and the sums of the five above with
/// their products and carries.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn clear_block(low: Five, above: Five, n: Five, neg_inv: Vector) -> (Five, Five) {
    let [s_0, s_1, s_2, s_3, s_4] = low;
    let [s_5, s_6, s_7, s_8, s_9] = above;
    let (u_0, [s_1, s_2, s_3, s_4, s_5]) = clear_digit([s_0, s_1, s_2, s_3, s_4, s_5], n, neg_inv);
    let (u_1, [s_2, s_3, s_4, s_5, s_6]) = clear_digit([s_1, s_2, s_3, s_4, s_5, s_6], n, neg_inv);
    let (u_2, [s_3, s_4, s_5, s_6, s_7]) = clear_digit([s_2, s_3, s_4, s_5, s_6, s_7], n, neg_inv);
    let (u_3, [s_4, s_5, s_6, s_7, s_8]) = clear_digit([s_3, s_4, s_5, s_6, s_7, s_8], n, neg_inv);
    let (u_4, carried) = clear_digit([s_4, s_5, s_6, s_7, s_8, s_9], n, neg_inv);
    ([u_0, u_1, u_2, u_3, u_4], carried)
}

/// The digit u of the quotient that clears column s₀, and the five columns above with the products
/// of u and a block of m.
///
/// s₀ + low half of u · n₀ is the next multiple of 2^52 at or above s₀, so that what is carried is
/// s₀ / 2^52 rounded up, and that product need not be made.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn clear_digit(
    [s_0, s_1, s_2, s_3, s_4, s_5]: [Vector; 6],
    [n_0, n_1, n_2, n_3, n_4]: Five,
    neg_inv: Vector,
) -> (Vector, Five) {
    let u = _mm512_madd52lo_epu64(_mm512_setzero_si512(), s_0, neg_inv);
    let rounded = _mm512_add_epi64(s_0, broadcast(DIGIT_MASK));
    let carry = _mm512_srli_epi64::<DIGIT_SHIFT>(rounded);
    // The next digit waits for s₁: its two products are not added one after the other.
    let carry = _mm512_madd52hi_epu64(carry, u, n_0);
    let s_1 = _mm512_madd52lo_epu64(s_1, u, n_1);
    let s_1 = _mm512_add_epi64(s_1, carry);
    let s_2 = _mm512_madd52lo_epu64(s_2, u, n_2);
    let s_3 = _mm512_madd52lo_epu64(s_3, u, n_3);
    let s_4 = _mm512_madd52lo_epu64(s_4, u, n_4);
    let s_2 = _mm512_madd52hi_epu64(s_2, u, n_1);
    let s_3 = _mm512_madd52hi_epu64(s_3, u, n_2);
    let s_4 = _mm512_madd52hi_epu64(s_4, u, n_3);
    let s_5 = _mm512_madd52hi_epu64(s_5, u, n_4);
    (u, [s_1, s_2, s_3, s_4, s_5])
}

/// Five columns as digits, and the carry. Sums may be negative: the carry then is too.
#[inline]
#[target_feature(enable = "avx512f")]
fn carry_block(sums: Five) -> (Five, Vector) {
    let [s_0, s_1, s_2, s_3, s_4] = sums;
    let (d_0, carry) = carry_digit(s_0, _mm512_setzero_si512());
    let (d_1, carry) = carry_digit(s_1, carry);
    let (d_2, carry) = carry_digit(s_2, carry);
    let (d_3, carry) = carry_digit(s_3, carry);
    let (d_4, carry) = carry_digit(s_4, carry);
    ([d_0, d_1, d_2, d_3, d_4], carry)
}

/// `out = a · b · R⁻¹`; for a square b does not count.
#[target_feature(enable = "avx512f,avx512ifma")]
fn montgomery<const B: usize, const SQUARE: bool>(
    out: &mut Lanes<B>,
    a: &Lanes<B>,
    b: &Lanes<B>,
    m: &LaneModulus<B>,
) {
    let mut carried = zeros();
    for column in 0..B.wrapping_mul(2) {
        let sums = if SQUARE {
            square_column(a, column)
        } else {
            product_column(a, b, column)
        };
        carried = reduce_column::<B, SQUARE>(out, m, column, sums, carried);
    }
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn times_modulus<const B: usize>(
    [low, high]: [&mut Lanes<B>; 2],
    a: &Lanes<B>,
    addend: &Lanes<B>,
    m: &LaneModulus<B>,
) {
    let mut carried: Five = zeros();
    let addends = addend.0.iter().map(Some).chain(core::iter::repeat(None));
    let blocks = low.0.iter_mut().chain(&mut high.0);
    for ((column, addend), out) in addends.enumerate().zip(blocks) {
        let mut sums: Ten = zeros();
        let (a, n) = (partners(&a.0, column), partners(&m.digits, column));
        for (x, n) in a.iter().zip(n.iter().rev()) {
            sums = add_tile(sums, load_block(x), broadcast_block(n));
        }
        let [s_0, s_1, s_2, s_3, s_4, above @ ..] = sums;
        let addend = addend.map_or_else(|| zeros(), |block| load_block(block));
        let low = add_five(add_five([s_0, s_1, s_2, s_3, s_4], carried), addend);
        let (digits, carry) = carry_block(low);
        store_block(out, digits);
        let [c_0, rest @ ..] = above;
        carried = join(_mm512_add_epi64(c_0, carry), rest);
    }
}

/// A digit sum as a digit; what it carries is added to `carry`'s next. Sums may be negative.
#[inline]
#[target_feature(enable = "avx512f")]
fn carry_digit(sum: Vector, carry: Vector) -> (Vector, Vector) {
    let sum = _mm512_add_epi64(sum, carry);
    (
        _mm512_and_si512(sum, broadcast(DIGIT_MASK)),
        _mm512_srai_epi64::<DIGIT_SHIFT>(sum),
    )
}

#[target_feature(enable = "avx512f")]
fn add<const B: usize>(a: &mut Lanes<B>, b: &Lanes<B>) {
    let mut carry = _mm512_setzero_si512();
    for (a, b) in a.digits_mut().zip(b.digits()) {
        let sum = _mm512_add_epi64(load(a), load(b));
        let digit;
        (digit, carry) = carry_digit(sum, carry);
        store(a, digit);
    }
}

#[target_feature(enable = "avx512f")]
fn subtract<const B: usize>(a: &mut Lanes<B>, b: &Lanes<B>, m: &LaneModulus<B>) {
    let mut carry = _mm512_setzero_si512();
    for ((a, b), n) in a.digits_mut().zip(b.digits()).zip(m.digits.as_flattened()) {
        let n = broadcast(*n);
        let twice = _mm512_add_epi64(n, n);
        let difference = _mm512_sub_epi64(load(a), load(b));
        let digit;
        (digit, carry) = carry_digit(_mm512_add_epi64(difference, twice), carry);
        store(a, digit);
    }
}

/// All ones in the lanes whose number is below m, else zero.
#[inline]
#[target_feature(enable = "avx512f")]
fn below<const B: usize>(a: &Lanes<B>, m: &LaneModulus<B>) -> Vector {
    let mut carry = _mm512_setzero_si512();
    for (a, n) in a.digits().zip(m.digits.as_flattened()) {
        (_, carry) = carry_digit(_mm512_sub_epi64(load(a), broadcast(*n)), carry);
    }
    carry
}

#[target_feature(enable = "avx512f")]
fn reduce_once<const B: usize>(a: &mut Lanes<B>, m: &LaneModulus<B>) {
    let keep = below(a, m);
    let mut carry = _mm512_setzero_si512();
    for (a, n) in a.digits_mut().zip(m.digits.as_flattened()) {
        let n = _mm512_andnot_si512(keep, broadcast(*n));
        let digit;
        (digit, carry) = carry_digit(_mm512_sub_epi64(load(a), n), carry);
        store(a, digit);
    }
}

#[target_feature(enable = "avx512f")]
fn all_below<const B: usize>(a: &Lanes<B>, m: &LaneModulus<B>) -> bool {
    let below = below(a, m);
    _mm512_test_epi64_mask(below, below) == u8::MAX
}

#[target_feature(enable = "avx512f")]
fn all_equal<const B: usize>(a: &Lanes<B>, b: &Lanes<B>) -> bool {
    let mut difference = _mm512_setzero_si512();
    for (a, b) in a.digits().zip(b.digits()) {
        difference = _mm512_or_si512(difference, _mm512_xor_si512(load(a), load(b)));
    }
    _mm512_test_epi64_mask(difference, difference) == 0
}

#[target_feature(enable = "avx512f")]
fn select<const B: usize>(out: &mut Lanes<B>, table: &[Lanes<B>], index: u8) {
    for (column, out) in out.0.iter_mut().enumerate() {
        let mut chosen: Five = zeros();
        for (row, position) in table.iter().zip(0..) {
            let Some(block) = row.0.get(column) else {
                continue;
            };
            let is_it = lane_mask(position, index);
            let [c_0, c_1, c_2, c_3, c_4] = chosen;
            let [r_0, r_1, r_2, r_3, r_4] = load_block(block);
            chosen = [
                _mm512_mask_mov_epi64(c_0, is_it, r_0),
                _mm512_mask_mov_epi64(c_1, is_it, r_1),
                _mm512_mask_mov_epi64(c_2, is_it, r_2),
                _mm512_mask_mov_epi64(c_3, is_it, r_3),
                _mm512_mask_mov_epi64(c_4, is_it, r_4),
            ];
        }
        store_block(out, chosen);
    }
}

/// All lanes if `a` is `b`, else none; both are below 2^8. The black box keeps the compiler from
/// making a branch of it.
#[inline]
fn lane_mask(a: u8, b: u8) -> __mmask8 {
    core::hint::black_box(u8::from(a == b).wrapping_neg())
}
