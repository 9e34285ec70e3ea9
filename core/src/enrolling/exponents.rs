//! The private exponents: inverses of e modulo numbers that are secret, in constant time.
//!
//! No division of large numbers is needed: with k = −m⁻¹ mod e, 1 + k · m is a multiple of e, and
//! (1 + k · m) / e is the inverse of e modulo m. k is computed in words; the rest is a multiplication
//! by a word, and an exact division by one.

use crate::rsa::limb::{LIMB_BITS, Limb, copy, subtract_masked};
use crate::rsa::modulus::negated_inverse;
use crate::rsa::product::multiply_add;

/// `out = e⁻¹ mod m`, for an odd e that has no factor in common with m; both have the same length.
pub(super) fn inverse_of_exponent(out: &mut [Limb], m: &[Limb], e: u32) {
    let k = e.wrapping_sub(inverse(remainder(m, e), e));
    let (k, e) = (Limb::from(k), Limb::from(e));
    let e_inverse = negated_inverse(e).wrapping_neg();
    // What 1 + k · m has above the limbs taken, and what of e · out is to be taken off above them.
    let (mut carry, mut borrow) = (1, 0);
    for (out, limb) in out.iter_mut().zip(m) {
        let low;
        (low, carry) = multiply_add(*limb, k, carry, 0);
        let (rest, is_below) = low.overflowing_sub(borrow);
        *out = rest.wrapping_mul(e_inverse);
        (_, borrow) = multiply_add(*out, e, 0, 0);
        borrow = borrow.wrapping_add(Limb::from(is_below));
    }
}

/// The number modulo e, bit by bit, in constant time.
pub(super) fn remainder(number: &[Limb], e: u32) -> u32 {
    let mut rest = 0_u64;
    for limb in number.iter().rev() {
        for bit in (0..LIMB_BITS).rev() {
            // Below 2 · e.
            rest = (rest << 1) | u64::from(limb >> bit & 1 == 1);
            rest = reduce_once(rest, e);
        }
    }
    u32::try_from(rest).unwrap_or_default()
}

/// x modulo e, for x below 2 · e.
fn reduce_once(x: u64, e: u32) -> u64 {
    let less = x.wrapping_sub(e.into());
    x ^ ((x ^ less) & !is_negative(less))
}

/// All ones where a difference is below 0, else zero.
fn is_negative(difference: u64) -> u64 {
    core::hint::black_box((difference >> 63).wrapping_neg())
}

/// number⁻¹ modulo an odd e, for a number below e that has no factor in common with it; in constant time.
///
/// The binary algorithm: u = x · number and v = y · number modulo e all along, v is odd, and each step takes
/// one bit off u or v at least, which have 32 each at first. In the end u is 0 and v is 1.
#[allow(clippy::many_single_char_names, reason = "they stand in every book")]
fn inverse(number: u32, e: u32) -> u32 {
    const STEPS: u32 = 2 * u32::BITS;
    let e = u64::from(e);
    // u and x, v and y.
    let (mut first, mut second) = ([u64::from(number), 1], [e, 0]);
    for _ in 0..STEPS {
        let [u, _] = first;
        let odd = core::hint::black_box((u & 1).wrapping_neg());
        // The larger one first, where they are to be subtracted.
        let [v, _] = second;
        let swap = odd & is_negative(u.wrapping_sub(v));
        for (one, other) in first.iter_mut().zip(&mut second) {
            let change = (*one ^ *other) & swap;
            (*one, *other) = (*one ^ change, *other ^ change);
        }
        let [[u, x], [v, y]] = [first, second];
        let difference = x.wrapping_sub(y & odd);
        let x = difference.wrapping_add(e & is_negative(difference));
        // Half of x, or of x + e, whichever is even.
        let make_even = core::hint::black_box((x & 1).wrapping_neg()) & e;
        first = [u.wrapping_sub(v & odd) >> 1, x.wrapping_add(make_even) >> 1];
    }
    let [_, y] = second;
    u32::try_from(y).unwrap_or_default()
}

/// `phi = (p − 1) · (q − 1) = n − (p − 1) − q`, of n's length.
pub(super) fn totient(phi: &mut [Limb], n: &[Limb], [p, q]: [&[Limb]; 2], spare: &mut [Limb]) {
    copy(phi, n);
    copy(spare, p);
    // p is odd.
    if let Some(limb) = spare.first_mut() {
        *limb ^= 1;
    }
    subtract_masked(phi, spare, Limb::MAX);
    copy(spare, q);
    subtract_masked(phi, spare, Limb::MAX);
}
