//! The kernels: what nearly all time of a signature is spent in. Everything above this boundary
//! is the same on every machine; a faster kernel for a machine replaces these functions.
//!
//! Numbers are rows of limbs of one length L, R is 2^(L · limb bits), m is odd and `neg_inv` is
//! −m⁻¹ modulo 2^(limb bits). Constant time in all limbs.

use super::limb::{LIMB_BITS, Limb, copy, reduce_once};

/// `out = a · b · R⁻¹ mod m`, fully reduced, for `a < R` and `b < m` (or the other way round).
///
/// One pass per limb of b adds a · bᵢ and that multiple of m which clears the lowest limb, and
/// shifts the sum down a limb. Bounds: before each pass the sum is below a + m < 2 · R, so one
/// carry bit beside L limbs holds it; at the end it is below (R · m + R · m) / R = 2 · m, so one
/// conditional subtraction reduces it.
pub(crate) fn multiply(out: &mut [Limb], a: &[Limb], b: &[Limb], m: &[Limb], neg_inv: Limb) {
    out.fill(0);
    let mut carry = false;
    for &b_i in b {
        carry = multiply_pass(out, carry, a, b_i, m, neg_inv);
    }
    reduce_once(out, m, carry);
}

/// `(carry, out) = ((carry, out) + a · b_i + m · u) / 2^(limb bits)`.
#[inline]
fn multiply_pass(
    out: &mut [Limb],
    carry: bool,
    a: &[Limb],
    b_i: Limb,
    m: &[Limb],
    neg_inv: Limb,
) -> bool {
    let (Some((low, rest)), Some((&a_0, a_rest)), Some((&m_0, m_rest))) =
        (out.split_first_mut(), a.split_first(), m.split_first())
    else {
        return false;
    };
    let (sum, mut high_a) = a_0.carrying_mul_add(b_i, *low, 0);
    let u = sum.wrapping_mul(neg_inv);
    let (_, mut high_m) = m_0.carrying_mul_add(u, sum, 0);
    let mut below = low;
    for ((limb, &a_j), &m_j) in rest.iter_mut().zip(a_rest).zip(m_rest) {
        let sum;
        (sum, high_a) = a_j.carrying_mul_add(b_i, *limb, high_a);
        (*below, high_m) = m_j.carrying_mul_add(u, sum, high_m);
        below = limb;
    }
    let (sum, first) = high_a.carrying_add(high_m, carry);
    *below = sum;
    first
}

/// `out = a² · R⁻¹ mod m`, fully reduced, for `a < m`. `wide` has 2 · L limbs.
pub(crate) fn square(out: &mut [Limb], a: &[Limb], m: &[Limb], neg_inv: Limb, wide: &mut [Limb]) {
    square_wide(wide, a);
    reduce_wide(out, wide, m, neg_inv);
}

/// `wide = a²`: the products of different limbs once, doubled, and the squares of the limbs.
fn square_wide(wide: &mut [Limb], a: &[Limb]) {
    wide.fill(0);
    // The products of aᵢ with the limbs above it start at limb 2 · i + 1.
    let mut rest = a;
    let mut row = wide.get_mut(1..).unwrap_or_default();
    while let Some((&a_i, above)) = rest.split_first() {
        let Some((low, high)) = row.split_at_mut_checked(above.len()) else {
            return;
        };
        let carry = add_product(low, above, a_i);
        if let Some(limb) = high.first_mut() {
            *limb = carry;
        }
        rest = above;
        row = row.get_mut(2..).unwrap_or_default();
    }
    let (pairs, _) = wide.as_chunks_mut::<2>();
    let mut shifted_out = 0;
    let mut carry = false;
    for ([low, high], &a_i) in pairs.iter_mut().zip(a) {
        let (square_low, square_high) = a_i.carrying_mul(a_i, 0);
        let double_low = (*low << 1) | shifted_out;
        let double_high = (*high << 1) | (*low >> (LIMB_BITS - 1));
        shifted_out = *high >> (LIMB_BITS - 1);
        (*low, carry) = double_low.carrying_add(square_low, carry);
        (*high, carry) = double_high.carrying_add(square_high, carry);
    }
}

/// `out = wide · R⁻¹ mod m` for `wide < R · m`; the sum stays below 2 · R · m.
fn reduce_wide(out: &mut [Limb], wide: &mut [Limb], m: &[Limb], neg_inv: Limb) {
    let len = m.len();
    let mut carry = false;
    for start in 0..len {
        let Some((low, high)) = wide
            .get_mut(start..)
            .and_then(|rest| rest.split_at_mut_checked(len))
        else {
            return;
        };
        let u = low
            .first()
            .copied()
            .unwrap_or_default()
            .wrapping_mul(neg_inv);
        let product_carry = add_product(low, m, u);
        if let Some(limb) = high.first_mut() {
            (*limb, carry) = limb.carrying_add(product_carry, carry);
        }
    }
    copy(out, wide.get(len..).unwrap_or_default());
    reduce_once(out, m, carry);
}

/// `sum += a · b` for one limb b; gives the carry limb. Each step's result fits two limbs:
/// (B − 1)² + 2 · (B − 1) = B² − 1 for B = 2^(limb bits).
pub(crate) fn add_product(sum: &mut [Limb], a: &[Limb], b: Limb) -> Limb {
    let mut carry = 0;
    for (limb, &a_j) in sum.iter_mut().zip(a) {
        (*limb, carry) = a_j.carrying_mul_add(b, *limb, carry);
    }
    carry
}
