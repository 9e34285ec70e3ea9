//! What makes a square of a number out of the products of its different limbs.

#![allow(
    clippy::inline_always,
    reason = "steps of the innermost loops: a call costs more than they do"
)]

use super::limb::{LIMB_BITS, Limb};
use super::product::multiply_add;

/// `wide = 2 · wide + Σ aᵢ² · 2^(2 · i · limb bits)`.
pub(super) fn double_and_add_squares(wide: &mut [Limb], a: &[Limb]) {
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
