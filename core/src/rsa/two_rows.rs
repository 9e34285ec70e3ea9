//! Multiplication by two rows of limbs at a time, for machines that multiply two limbs in an
//! instruction or two: each limb of the sum is read and written once for both rows, and their two
//! chains of carries keep the multiplier busy.

#![allow(
    clippy::inline_always,
    reason = "steps of the innermost loops: a call costs more than they do"
)]

use super::limb::Limb;
use super::one_row::add_product;
use super::product::multiply_add;

/// `wide = low + a · b`: see [`portable::add_rows`](super::portable::add_rows).
pub(super) fn add_rows(wide: &mut [Limb], a: &[Limb], b: &[Limb]) {
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
        *carry = add_product(low, a, *b_i);
    }
}

/// The products of different limbs of a, each once: half of what a² is without the squares of the
/// limbs.
pub(super) fn cross_products(wide: &mut [Limb], a: &[Limb]) {
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
}

/// Adds the multiple of m to `wide` that clears its lower half; returns the carry out of it. See
/// [`portable::reduce_wide`](super::portable).
pub(super) fn clear_low(wide: &mut [Limb], m: &[Limb], neg_inv: Limb) -> bool {
    let len = m.len();
    let mut carry = false;
    let mut row = wide;
    if let [m_0, m_1, ..] = m {
        for _ in 0..len / 2 {
            let Some((low, [high_0, high_1, ..])) = row.split_at_mut_checked(len) else {
                return carry;
            };
            let [low_0, low_1, ..] = &*low else {
                return carry;
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
        let top = add_product(low, m, u);
        (*high, carry) = high.carrying_add(top, carry);
    }
    carry
}

/// `sum += a · (b₀ + b₁ · B) + carry` for B = 2^(limb bits), as far as `sum` goes, which has a's
/// length; returns the two limbs above it. Two chains of carries side by side keep the multiplier
/// busy, and each limb of the sum is read and written once for both. Four limbs are written out so
/// that all of them are in registers.
#[inline(never)]
fn add_two_products(b: [Limb; 2], sum: &mut [Limb], a: &[Limb], carry: Limb) -> (Limb, Limb) {
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

/// One column of two rows: `sum + a · b` for each row with the carry of that row.
#[inline(always)]
fn add_two_limbs(sum: Limb, a: [Limb; 2], b: [Limb; 2], carries: [Limb; 2]) -> (Limb, [Limb; 2]) {
    let (sum, carry_0) = multiply_add(a[0], b[0], sum, carries[0]);
    let (sum, carry_1) = multiply_add(a[1], b[1], sum, carries[1]);
    (sum, [carry_0, carry_1])
}
