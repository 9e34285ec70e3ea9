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
    // Two rows at a time: the products of a₀ and of a₁ with the limbs above them. That of both
    // stands at limb 1 of what is left, and everything moves up four limbs for the next two.
    let mut rest = a;
    let mut row = wide.get_mut(1..).unwrap_or_default();
    while let [a_0, a_1, above @ ..] = rest {
        let Some((low, high)) = row.split_first_mut().and_then(|(first, row)| {
            let carry;
            (*first, carry) = a_0.carrying_mul_add(*a_1, *first, 0);
            let (low, high) = row.split_at_mut_checked(above.len())?;
            Some((add_two_products(low, above, [*a_0, *a_1], carry), high))
        }) else {
            return;
        };
        for (limb, carry) in high.iter_mut().zip(low) {
            *limb = carry;
        }
        rest = above;
        row = row.get_mut(4..).unwrap_or_default();
    }
    double_and_add_squares(wide, a);
}

/// `wide = 2 · wide + Σ aᵢ² · 2^(2 · i · limb bits)`.
fn double_and_add_squares(wide: &mut [Limb], a: &[Limb]) {
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
///
/// Adds the multiples of m that clear the lowest limbs, two limbs at a time.
fn reduce_wide(out: &mut [Limb], wide: &mut [Limb], m: &[Limb], neg_inv: Limb) {
    let len = m.len();
    let mut carry = false;
    let mut start = 0_usize;
    while start < len {
        let Some((low, high)) = wide
            .get_mut(start..)
            .and_then(|rest| rest.split_at_mut_checked(len))
        else {
            return;
        };
        let rows = match (&*low, m) {
            ([low_0, low_1, ..], [m_0, m_1, ..]) if start.saturating_add(1) < len => {
                let u_0 = low_0.wrapping_mul(neg_inv);
                let (_, high_0) = m_0.carrying_mul_add(u_0, *low_0, 0);
                let (sum_1, _) = m_1.carrying_mul_add(u_0, *low_1, high_0);
                let u_1 = sum_1.wrapping_mul(neg_inv);
                for (limb, product) in high.iter_mut().zip(add_two_products(low, m, [u_0, u_1], 0))
                {
                    (*limb, carry) = limb.carrying_add(product, carry);
                }
                2
            }
            _ => {
                let u = low
                    .first()
                    .copied()
                    .unwrap_or_default()
                    .wrapping_mul(neg_inv);
                let product = add_product(low, m, u);
                if let Some(limb) = high.first_mut() {
                    (*limb, carry) = limb.carrying_add(product, carry);
                }
                1
            }
        };
        start = start.saturating_add(rows);
    }
    copy(out, wide.get(len..).unwrap_or_default());
    reduce_once(out, m, carry);
}

/// `sum += a · (b₀ + b₁ · B) + carry` for B = 2^(limb bits), as far as `sum` goes, which has a's
/// length; gives the two limbs above it. Two chains of carries side by side keep the multiplier
/// busy, and each limb of the sum is read and written once for both.
fn add_two_products(sum: &mut [Limb], a: &[Limb], [b_0, b_1]: [Limb; 2], carry: Limb) -> [Limb; 2] {
    let (mut carry_0, mut carry_1) = (carry, 0);
    let mut below = 0;
    for (limb, &a_j) in sum.iter_mut().zip(a) {
        let product;
        (product, carry_0) = a_j.carrying_mul_add(b_0, *limb, carry_0);
        (*limb, carry_1) = Limb::carrying_mul_add(below, b_1, product, carry_1);
        below = a_j;
    }
    let (low, high) = below.carrying_mul_add(b_1, carry_0, carry_1);
    [low, high]
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
