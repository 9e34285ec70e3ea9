//! The kernel for every machine, by rows of limbs. On some microcontrollers the rows are the machine's
//! own.
//!
//! Numbers are rows of limbs of one length L, R is 2^(L · limb bits), m is odd and `neg_inv` is
//! −m⁻¹ modulo 2^(limb bits). Constant time in all limbs.

use super::limb::{Limb, copy, mask, subtract_masked};
use super::product::{NARROW, multiply_add};
use super::squares::double_and_add_squares;
use super::{one_row, two_rows};
use crate::machine::rows;

/// Whether rows are multiplied one at a time: where that is all there is, or where the machine's own
/// kernel leaves few.
const ONE_ROW: bool = NARROW || rows::LEAVES_FEW;

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
/// lowest limbs of it, a's length; what stands above does not count.
pub(crate) fn add_rows(wide: &mut [Limb], a: &[Limb], b: &[Limb]) {
    debug_assert_eq!(wide.len(), a.len().saturating_add(b.len()));
    if rows::add_rows(wide, a, b) {
        return;
    }
    if ONE_ROW {
        one_row::add_rows(wide, a, b);
    } else {
        two_rows::add_rows(wide, a, b);
    }
}

/// `wide = a²`: the products of different limbs once, doubled, and the squares of the limbs.
pub(super) fn square_wide(wide: &mut [Limb], a: &[Limb]) {
    debug_assert_eq!(wide.len(), a.len().saturating_mul(2));
    if rows::square(wide, a) {
        return;
    }
    if rows::LEAVES_FEW {
        // In the smallest code.
        multiply_wide(wide, a, a);
        return;
    }
    if ONE_ROW {
        one_row::cross_products(wide, a);
    } else {
        two_rows::cross_products(wide, a);
    }
    double_and_add_squares(wide, a);
}

/// `out = wide · R⁻¹ mod m`, below R.
///
/// Adds the multiples of m that clear the lowest limbs. Bounds: wide < R², so with all multiples it
/// is below R² + R · m, and what stands above the cleared limbs below R + m: taking m off where that
/// carries leaves less than R. For wide < R · m it is below 2 · m from the start.
fn reduce_wide(out: &mut [Limb], wide: &mut [Limb], m: &[Limb], neg_inv: Limb) {
    let carry = clear_low(wide, m, neg_inv);
    let high = wide.get(m.len()..).unwrap_or_default();
    subtract_times(out, high, m, carry);
}

/// Adds the multiple of m to `wide` that clears its lower half; returns the carry out of it.
pub(super) fn clear_low(wide: &mut [Limb], m: &[Limb], neg_inv: Limb) -> bool {
    debug_assert_eq!(wide.len(), m.len().saturating_mul(2));
    if let Some(carry) = rows::clear_low(wide, m, neg_inv) {
        return carry;
    }
    if ONE_ROW {
        one_row::clear_low(wide, m, neg_inv)
    } else {
        two_rows::clear_low(wide, m, neg_inv)
    }
}

/// `out = a − m · times` modulo R: as a + (R − 1 − m) · times + times, one product a limb, where that
/// is cheap.
fn subtract_times(out: &mut [Limb], a: &[Limb], m: &[Limb], times: bool) {
    if NARROW {
        copy(out, a);
        subtract_masked(out, m, mask(times));
        return;
    }
    let times = mask(times) & 1;
    let mut carry = times;
    for ((out, a_j), m_j) in out.iter_mut().zip(a).zip(m) {
        (*out, carry) = multiply_add(!m_j, times, *a_j, carry);
    }
}
