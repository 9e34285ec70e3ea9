//! The kernel for every machine, by rows of limbs.
//!
//! Numbers are rows of limbs of one length L, R is 2^(L · limb bits), m is odd and `neg_inv` is
//! −m⁻¹ modulo 2^(limb bits). Constant time in all limbs.

#![allow(
    clippy::inline_always,
    reason = "steps of the innermost loops: a call costs more than they do"
)]

use super::limb::{LIMB_BITS, Limb, mask};
use super::product::{NARROW, multiply_add};

/// `a = a · b · R⁻¹ mod m` for `a, b < R`; `wide` has 2 · L limbs.
///
/// The result is below R and, where one factor is below m, below 2 · m; see [`reduce_wide`].
pub(crate) fn multiply(a: &mut [Limb], b: &[Limb], m: &[Limb], neg_inv: Limb, wide: &mut [Limb]) {
    multiply_wide(wide, a, b);
    reduce_wide(a, wide, m, neg_inv);
}

/// As [`multiply`] for `a · a`.
pub(crate) fn square(a: &mut [Limb], m: &[Limb], neg_inv: Limb, wide: &mut [Limb]) {
    square_wide(wide, a);
    reduce_wide(a, wide, m, neg_inv);
}

/// `wide = a · b`, where `wide` has their lengths together.
pub(crate) fn multiply_wide(wide: &mut [Limb], a: &[Limb], b: &[Limb]) {
    wide.get_mut(..a.len()).unwrap_or_default().fill(0);
    add_rows(wide, a, b);
}

/// `wide = low + a · b`, where `wide` has their lengths together and `low` is what stands in the
/// lowest limbs of it, a's length; what stands above does not count. Two rows at a time.
pub(crate) fn add_rows(wide: &mut [Limb], a: &[Limb], b: &[Limb]) {
    let len = a.len();
    let mut row = wide;
    let (pairs, last) = b.as_chunks::<2>();
    for pair in pairs {
        let Some((low, [carry_0, carry_1, ..])) = row.split_at_mut_checked(len) else {
            return;
        };
        (*carry_0, *carry_1) = add_two_products(*pair, low, a, 0);
        row = row.get_mut(2..).unwrap_or_default();
    }
    if let ([b_i], Some((low, [carry, ..]))) = (last, row.split_at_mut_checked(len)) {
        *carry = add_product(low, a, *b_i, 0);
    }
}

/// `wide = a²`: the products of different limbs once, doubled, and the squares of the limbs.
fn square_wide(wide: &mut [Limb], a: &[Limb]) {
    // The rows put the limbs above these, but for the last where the length is odd.
    wide.get_mut(..a.len()).unwrap_or_default().fill(0);
    if let Some(last) = wide.last_mut() {
        *last = 0;
    }
    // Two rows at a time: the products of a₀ and of a₁ with the limbs above them. That of both
    // stands at limb 1 of what is left, and everything moves up four limbs for the next two.
    let mut rest = a;
    let mut row = wide.get_mut(1..).unwrap_or_default();
    while let ([a_0, a_1, above @ ..], [first, sum @ ..]) = (rest, row) {
        let carry;
        (*first, carry) = multiply_add(*a_0, *a_1, *first, 0);
        let Some((low, high)) = sum.split_at_mut_checked(above.len()) else {
            return;
        };
        let [carry_0, carry_1, ..] = high else {
            return;
        };
        (*carry_0, *carry_1) = add_two_products([*a_0, *a_1], low, above, carry);
        rest = above;
        row = sum.get_mut(3..).unwrap_or_default();
    }
    double_and_add_squares(wide, a);
}

/// `wide = 2 · wide + Σ aᵢ² · 2^(2 · i · limb bits)`.
fn double_and_add_squares(wide: &mut [Limb], a: &[Limb]) {
    let mut state = (0, false);
    let (fours, wide_rest) = wide.as_chunks_mut::<4>();
    let (pairs, a_rest) = a.as_chunks::<2>();
    for ([w_0, w_1, w_2, w_3], [a_0, a_1]) in fours.iter_mut().zip(pairs) {
        ([*w_0, *w_1], state) = double_and_add_square([*w_0, *w_1], *a_0, state);
        ([*w_2, *w_3], state) = double_and_add_square([*w_2, *w_3], *a_1, state);
    }
    if let ([w_0, w_1], [a_0]) = (wide_rest, a_rest) {
        ([*w_0, *w_1], _) = double_and_add_square([*w_0, *w_1], *a_0, state);
    }
}

/// Two limbs of it, with the bit shifted out of the limbs below and the carry from them.
#[inline(always)]
fn double_and_add_square(
    [low, high]: [Limb; 2],
    a_i: Limb,
    (shifted_out, carry): (Limb, bool),
) -> ([Limb; 2], (Limb, bool)) {
    let (square_low, square_high) = multiply_add(a_i, a_i, 0, 0);
    let double_low = (low << 1) | shifted_out;
    let double_high = (high << 1) | (low >> (LIMB_BITS - 1));
    let (sum_low, carry) = double_low.carrying_add(square_low, carry);
    let (sum_high, carry) = double_high.carrying_add(square_high, carry);
    ([sum_low, sum_high], (high >> (LIMB_BITS - 1), carry))
}

/// `out = wide · R⁻¹ mod m`, below R.
///
/// Adds the multiples of m that clear the lowest limbs, two limbs at a time. Bounds: wide < R², so
/// with all multiples it is below R² + R · m, and what stands above the cleared limbs below R + m:
/// taking m off where that carries leaves less than R. For wide < R · m it is below 2 · m from the
/// start.
fn reduce_wide(out: &mut [Limb], wide: &mut [Limb], m: &[Limb], neg_inv: Limb) {
    let len = m.len();
    let mut carry = false;
    let mut row = &mut *wide;
    if let [m_0, m_1, ..] = m {
        for _ in 0..len / 2 {
            let Some((low, [high_0, high_1, ..])) = row.split_at_mut_checked(len) else {
                return;
            };
            let [low_0, low_1, ..] = &*low else {
                return;
            };
            let u_0 = low_0.wrapping_mul(neg_inv);
            let (_, product_0) = multiply_add(*m_0, u_0, *low_0, 0);
            let (sum_1, _) = multiply_add(*m_1, u_0, *low_1, product_0);
            let u_1 = sum_1.wrapping_mul(neg_inv);
            let (top_0, top_1) = add_two_products([u_0, u_1], low, m, 0);
            (*high_0, carry) = high_0.carrying_add(top_0, carry);
            (*high_1, carry) = high_1.carrying_add(top_1, carry);
            row = row.get_mut(2..).unwrap_or_default();
        }
    }
    if !len.is_multiple_of(2)
        && let Some((low, [high, ..])) = row.split_at_mut_checked(len)
    {
        let u = low
            .first()
            .copied()
            .unwrap_or_default()
            .wrapping_mul(neg_inv);
        let top = add_product(low, m, u, 0);
        (*high, carry) = high.carrying_add(top, carry);
    }
    subtract_times(out, wide.get(len..).unwrap_or_default(), m, carry);
}

/// `out = a − m · times` modulo R, as a + (R − 1 − m) · times + times: one product a limb.
fn subtract_times(out: &mut [Limb], a: &[Limb], m: &[Limb], times: bool) {
    let times = mask(times) & 1;
    let mut carry = times;
    for ((out, a_j), m_j) in out.iter_mut().zip(a).zip(m) {
        (*out, carry) = multiply_add(!m_j, times, *a_j, carry);
    }
}

/// `sum += a · (b₀ + b₁ · B) + carry` for B = 2^(limb bits), as far as `sum` goes, which has a's
/// length; gives the two limbs above it. Two chains of carries side by side keep the multiplier
/// busy, and each limb of the sum is read and written once for both. Four limbs are written out so
/// that all of them are in registers.
#[inline(never)]
fn add_two_products(b: [Limb; 2], sum: &mut [Limb], a: &[Limb], carry: Limb) -> (Limb, Limb) {
    if NARROW {
        return add_two_rows(b, sum, a, carry);
    }
    let mut carries = [carry, 0];
    let mut below = 0;
    let (sum_fours, sum_rest) = sum.as_chunks_mut::<4>();
    let (a_fours, a_rest) = a.as_chunks::<4>();
    for ([s_0, s_1, s_2, s_3], [a_0, a_1, a_2, a_3]) in sum_fours.iter_mut().zip(a_fours) {
        (*s_0, carries) = add_two_limbs(*s_0, [*a_0, below], b, carries);
        (*s_1, carries) = add_two_limbs(*s_1, [*a_1, *a_0], b, carries);
        (*s_2, carries) = add_two_limbs(*s_2, [*a_2, *a_1], b, carries);
        (*s_3, carries) = add_two_limbs(*s_3, [*a_3, *a_2], b, carries);
        below = *a_3;
    }
    for (limb, a_j) in sum_rest.iter_mut().zip(a_rest) {
        (*limb, carries) = add_two_limbs(*limb, [*a_j, below], b, carries);
        below = *a_j;
    }
    multiply_add(below, b[1], carries[0], carries[1])
}

/// As [`add_two_products`], row by row: for machines whose registers do not hold what two rows need.
fn add_two_rows([b_0, b_1]: [Limb; 2], sum: &mut [Limb], a: &[Limb], carry: Limb) -> (Limb, Limb) {
    let carry_0 = add_product(sum, a, b_0, carry);
    let Some((last, below)) = a.split_last() else {
        return (carry, 0);
    };
    let carry_1 = add_product(sum.get_mut(1..).unwrap_or_default(), below, b_1, 0);
    multiply_add(*last, b_1, carry_0, carry_1)
}

/// One column of two rows: `sum + a · b` for each row with the carry of that row.
#[inline(always)]
fn add_two_limbs(sum: Limb, a: [Limb; 2], b: [Limb; 2], carries: [Limb; 2]) -> (Limb, [Limb; 2]) {
    let (sum, carry_0) = multiply_add(a[0], b[0], sum, carries[0]);
    let (sum, carry_1) = multiply_add(a[1], b[1], sum, carries[1]);
    (sum, [carry_0, carry_1])
}

/// `sum += a · b + carry` for one limb b; gives the carry limb.
fn add_product(sum: &mut [Limb], a: &[Limb], b: Limb, mut carry: Limb) -> Limb {
    for (limb, &a_j) in sum.iter_mut().zip(a) {
        (*limb, carry) = multiply_add(a_j, b, *limb, carry);
    }
    carry
}
