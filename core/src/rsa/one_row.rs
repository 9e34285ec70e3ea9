//! Multiplication row by row: the smallest code, for machines whose registers do not hold what two
//! rows need, and for lengths that a machine's own kernel does not take.

use super::limb::Limb;
use super::product::multiply_add;

/// `wide = low + a · b`: see [`portable::add_rows`](super::portable::add_rows).
pub(super) fn add_rows(wide: &mut [Limb], a: &[Limb], b: &[Limb]) {
    let mut row = wide;
    for b_i in b {
        let Some((low, [carry, ..])) = row.split_at_mut_checked(a.len()) else {
            return;
        };
        *carry = add_product(low, a, *b_i);
        row = row.get_mut(1..).unwrap_or_default();
    }
}

/// The products of different limbs of a, each once: half of what a² is without the squares of the
/// limbs.
pub(super) fn cross_products(wide: &mut [Limb], a: &[Limb]) {
    wide.fill(0);
    // The products of a limb with those above it stand from limb 1 of what is left; everything
    // moves up two limbs for the next.
    let mut rest = a;
    let mut row = wide.get_mut(1..).unwrap_or_default();
    while let [a_i, above @ ..] = rest {
        let Some((low, [carry, ..])) = row.split_at_mut_checked(above.len()) else {
            return;
        };
        *carry = add_product(low, above, *a_i);
        rest = above;
        row = row.get_mut(2..).unwrap_or_default();
    }
}

/// Adds the multiple of m to `wide` that clears its lower half; returns the carry out of it. See
/// [`portable::reduce_wide`](super::portable).
pub(super) fn clear_low(wide: &mut [Limb], m: &[Limb], neg_inv: Limb) -> bool {
    let mut carry = false;
    let mut row = wide;
    for _ in m {
        let Some((low, [high, ..])) = row.split_at_mut_checked(m.len()) else {
            return carry;
        };
        let lowest = low.first().copied().unwrap_or_default();
        let top = add_product(low, m, lowest.wrapping_mul(neg_inv));
        (*high, carry) = high.carrying_add(top, carry);
        row = row.get_mut(1..).unwrap_or_default();
    }
    carry
}

/// `sum += a · b` for one limb b; returns the carry limb.
#[inline(never)]
pub(super) fn add_product(sum: &mut [Limb], a: &[Limb], b: Limb) -> Limb {
    let mut carry = 0;
    for (limb, &a_j) in sum.iter_mut().zip(a) {
        (*limb, carry) = multiply_add(a_j, b, *limb, carry);
    }
    carry
}
