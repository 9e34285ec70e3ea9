//! The boundary behind which machines differ: Montgomery multiplication, which nearly all time of a
//! signature is spent in. Everything above it is the same on every machine, but for the powers that
//! a machine computes by itself.
//!
//! Numbers are rows of limbs of one length L, R is 2^(L · limb bits), m is odd and `neg_inv` is
//! −m⁻¹ modulo 2^(limb bits). Constant time in all limbs.

use super::limb::Limb;
use super::portable;
use crate::machine::adx;
use crate::machine::choice::Choice;

/// `a = a · b · R⁻¹ mod m` for `a, b < R`; `wide` has 2 · L limbs.
///
/// The result is below R and, where one factor is below m, below 2 · m.
pub(crate) fn multiply(
    choice: Choice,
    a: &mut [Limb],
    b: &[Limb],
    m: &[Limb],
    neg_inv: Limb,
    wide: &mut [Limb],
) {
    debug_assert_eq!(b.len(), m.len());
    assert_lengths(a, m, wide);
    if let Some(token) = choice.adx()
        && adx::multiply(token, a, b, m, neg_inv, wide)
    {
        return;
    }
    portable::multiply(a, b, m, neg_inv, wide);
}

/// As [`multiply`] for `a · a`.
pub(crate) fn square(choice: Choice, a: &mut [Limb], m: &[Limb], neg_inv: Limb, wide: &mut [Limb]) {
    assert_lengths(a, m, wide);
    if let Some(token) = choice.adx()
        && adx::square(token, a, m, neg_inv, wide)
    {
        return;
    }
    portable::square(a, m, neg_inv, wide);
}

/// In builds with debug assertions.
fn assert_lengths(a: &[Limb], m: &[Limb], wide: &[Limb]) {
    debug_assert_eq!(a.len(), m.len());
    debug_assert_eq!(wide.len(), m.len().saturating_mul(2));
}
