//! The product of two limbs, from which the rows of the kernel are made.

#![allow(
    clippy::inline_always,
    reason = "steps of the innermost loops: a call costs more than they do"
)]

use super::limb::Limb;

/// Whether the machine's product of two words is one word, as on Cortex-M0 and M23 (of the other Arm
/// machines, those without atomic instructions). Also with `--cfg daxsign_half_products`, for tests on hosts.
pub(crate) const NARROW: bool = cfg!(any(
    daxsign_thumb,
    all(target_arch = "arm", not(target_has_atomic = "ptr")),
    daxsign_half_products
));

/// `a · b + c + d` as (low limb, high limb). It always fits: (B − 1)² + 2 · (B − 1) = B² − 1 for
/// B = 2^(limb bits). On Cortex-M4 and M33 this is one instruction, UMAAL.
#[inline(always)]
pub(crate) fn multiply_add(a: Limb, b: Limb, c: Limb, d: Limb) -> (Limb, Limb) {
    if NARROW {
        multiply_add_halves(a, b, c, d)
    } else {
        a.carrying_mul_add(b, c, d)
    }
}

/// The same from products that fit a limb; otherwise the compiler calls a library function there.
///
/// With H = 2^(half a limb's bits): a · b = hh · H² + (lh + hl) · H + ll. Each product of halves is
/// at most (H − 1)², so each sum below, with one more half beside it, fits a limb:
/// (H − 1)² + (H − 1) < H².
#[inline(always)]
fn multiply_add_halves(a: Limb, b: Limb, c: Limb, d: Limb) -> (Limb, Limb) {
    const BITS: u32 = Limb::BITS / 2;
    const HALF: Limb = Limb::MAX >> BITS;
    let (a_low, a_high, b_low, b_high) = (a & HALF, a >> BITS, b & HALF, b >> BITS);
    let low = a_low.wrapping_mul(b_low);
    let middle = a_high.wrapping_mul(b_low).wrapping_add(low >> BITS);
    let other = a_low.wrapping_mul(b_high).wrapping_add(middle & HALF);
    let high = a_high
        .wrapping_mul(b_high)
        .wrapping_add(middle >> BITS)
        .wrapping_add(other >> BITS);
    let (sum, carry_c) = ((other << BITS) | (low & HALF)).overflowing_add(c);
    let (sum, carry_d) = sum.overflowing_add(d);
    // a · b + c + d fits two limbs, so these carries do not overflow.
    let high = high
        .wrapping_add(Limb::from(carry_c))
        .wrapping_add(Limb::from(carry_d));
    (sum, high)
}
