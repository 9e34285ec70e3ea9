//! Arithmetic modulo an odd number in Montgomery form (x is held as x · R mod m).

use super::kernel;
use super::limb::{LIMB_BITS, Limb, add, bit_length, copy, reduce_once, shift_in, subtract_masked};
use super::limb::{add_masked, mask};
use crate::machine::choice::Choice;

/// An odd modulus. Its length and bit length are public, its limbs may be secret.
#[derive(Clone, Copy)]
pub(crate) struct Modulus<'a> {
    limbs: &'a [Limb],
    neg_inv: Limb,
    choice: Choice,
}

#[expect(
    clippy::inline_always,
    reason = "what signing calls in one place stands there, though enrolling calls it, too: smaller programs that only sign"
)]
impl<'a> Modulus<'a> {
    /// `limbs` is odd and its highest limb is not 0.
    pub(crate) fn new(limbs: &'a [Limb], choice: Choice) -> Self {
        Self {
            choice,
            limbs,
            neg_inv: negated_inverse(limbs.first().copied().unwrap_or(1)),
        }
    }

    pub(crate) const fn limbs(&self) -> &'a [Limb] {
        self.limbs
    }

    /// `a = a · b · R⁻¹ mod m`, for `a < R` and `b < m` or the other way round. `wide` has twice
    /// the modulus's length.
    pub(crate) fn multiply(&self, a: &mut [Limb], b: &[Limb], wide: &mut [Limb]) {
        self.multiply_loosely(a, b, wide);
        reduce_once(a, self.limbs, false);
    }

    /// `a = a² · R⁻¹ mod m` for `a < m`. `wide` has twice the modulus's length.
    #[inline(always)]
    pub(crate) fn square(&self, a: &mut [Limb], wide: &mut [Limb]) {
        self.square_loosely(a, wide);
        reduce_once(a, self.limbs, false);
    }

    /// As [`multiply`](Self::multiply) for any `a, b < R`; the result is below R, not below m.
    pub(crate) fn multiply_loosely(&self, a: &mut [Limb], b: &[Limb], wide: &mut [Limb]) {
        kernel::multiply(self.choice, a, b, self.limbs, self.neg_inv, wide);
    }

    /// As [`square`](Self::square) for any `a < R`; the result is below R, not below m.
    pub(crate) fn square_loosely(&self, a: &mut [Limb], wide: &mut [Limb]) {
        kernel::square(self.choice, a, self.limbs, self.neg_inv, wide);
    }

    /// `a = a + b mod m` for `a, b < m`.
    pub(crate) fn add(&self, a: &mut [Limb], b: &[Limb]) {
        let carry = add(a, b);
        reduce_once(a, self.limbs, carry);
    }

    /// `a = a − b mod m` for `a, b < m`.
    #[inline(always)]
    pub(crate) fn subtract(&self, a: &mut [Limb], b: &[Limb]) {
        let borrow = subtract_masked(a, b, Limb::MAX);
        add_masked(a, self.limbs, mask(borrow));
    }

    /// `out = 2^exponent mod m`, for an exponent of at least the modulus's bit length less 1.
    fn power_of_two(&self, out: &mut [Limb], exponent: usize) {
        let top = bit_length(self.limbs).saturating_sub(1);
        out.fill(0);
        if let Some(limb) = out.get_mut(top / LIMB_BITS) {
            *limb = 1 << (top % LIMB_BITS);
        }
        for _ in top..exponent {
            let carry = shift_in(out, false);
            reduce_once(out, self.limbs, carry);
        }
    }

    /// `out = R mod m`: 1 in Montgomery form.
    #[inline(always)]
    pub(crate) fn one(&self, out: &mut [Limb]) {
        self.power_of_two(out, self.r_bits());
    }

    /// `out = R² mod m`, which brings numbers into Montgomery form.
    ///
    /// Doubling R k times gives the Montgomery form of 2^k; each squaring doubles that exponent,
    /// until it is R = 2^(k · 2^j). Few doublings and few squarings are wanted.
    pub(crate) fn r_squared(&self, out: &mut [Limb], wide: &mut [Limb]) {
        /// Up to here doublings are cheaper than the squaring that would replace half of them.
        const MAX_DOUBLINGS: usize = 48;
        let mut doublings = self.r_bits();
        let mut squarings = 0_u32;
        while doublings > MAX_DOUBLINGS && doublings.is_multiple_of(2) {
            doublings /= 2;
            squarings = squarings.saturating_add(1);
        }
        self.power_of_two(out, self.r_bits().saturating_add(doublings));
        for _ in 0..squarings {
            self.square(out, wide);
        }
    }

    /// log2 of R.
    const fn r_bits(&self) -> usize {
        self.limbs.len().saturating_mul(LIMB_BITS)
    }

    /// `out = x · R mod m` for x of any length: x in Montgomery form. `r_squared` is R² mod m;
    /// `chunk` is scratch of the modulus's length, `wide` of twice that.
    ///
    /// x is read as digits below R, from the top: out = out · R + digit.
    pub(crate) fn reduce(
        &self,
        out: &mut [Limb],
        x: &[Limb],
        r_squared: &[Limb],
        [chunk, wide]: [&mut [Limb]; 2],
    ) {
        out.fill(0);
        for digit in x.chunks(self.limbs.len().max(1)).rev() {
            self.multiply(out, r_squared, wide);
            copy(chunk, digit);
            self.multiply(chunk, r_squared, wide);
            self.add(out, chunk);
        }
    }
}

/// −m⁻¹ modulo 2^(limb bits) for odd m, by Newton's iteration: m is its own inverse modulo 8, and
/// each step doubles the number of right bits: 3, 6, 12, 24, 48, 96.
pub(crate) fn negated_inverse(m: Limb) -> Limb {
    let mut inverse = m;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(Limb::wrapping_sub(2, m.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}
