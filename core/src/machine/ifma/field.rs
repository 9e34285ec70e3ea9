//! Arithmetic modulo P odd numbers of one length side by side.
//!
//! n < R / 2^16. Numbers are at most 2 · n unless it is said otherwise, and so is each result of a
//! reduction: (t + q · n) / R < t / R + n for q < R.

use zeroize::Zeroize;

use super::digits::{DIGIT_BITS, Digits};
use super::multiply::{Moduli, Scratch, multiply, square};

/// Limbs of the longest R, 2^4160.
const MAX_R_LIMBS: usize = 65;

/// −n⁻¹ modulo 2^(64 · limbs) for an odd n, at most [`MAX_R_LIMBS`], limb by limb: n · inverse + 1 ends in as
/// many zero limbs as the inverse has got.
#[inline(never)]
fn neg_inverse(n: &[u64], limbs: usize) -> [u64; MAX_R_LIMBS] {
    let lowest = n.first().copied().unwrap_or(1);
    // Newton's iteration: n · y = e − 1 makes n · (y · (2 + n · y)) = e² − 1, and n is its own inverse
    // modulo 8.
    let mut word = lowest.wrapping_neg();
    for _ in 0..5 {
        word = word.wrapping_mul(lowest.wrapping_mul(word).wrapping_add(2));
    }
    let mut inverse = [0; MAX_R_LIMBS];
    let mut sum = [0_u64; MAX_R_LIMBS];
    let mut rest = sum.get_mut(..limbs).unwrap_or_default();
    if let Some(first) = rest.first_mut() {
        *first = 1;
    }
    for limb in inverse.iter_mut().take(limbs) {
        let factor = rest.first().copied().unwrap_or_default().wrapping_mul(word);
        *limb = factor;
        // Below 2^64 · 2^64: (2^64 − 1)² + 2 · (2^64 − 1).
        let mut carry = 0;
        for (sum, n) in rest.iter_mut().zip(n) {
            (*sum, carry) = n.carrying_mul_add(factor, *sum, carry);
        }
        // No product reached it before.
        if let Some(sum) = rest.get_mut(n.len()) {
            *sum = carry;
        }
        rest = rest.get_mut(1..).unwrap_or_default();
    }
    sum.zeroize();
    inverse
}

/// The moduli.
pub(super) struct Field<const K: usize, const P: usize> {
    moduli: Moduli<K, P>,
    scratch: Scratch<K>,
}

impl<const K: usize, const P: usize> Field<K, P> {
    /// log2 of R.
    pub(super) const R_BITS: u32 = {
        let (mut bits, mut digit) = (0, 0);
        while digit < Digits::<K, P>::LEN {
            bits += DIGIT_BITS;
            digit += 1;
        }
        bits
    };

    /// The limbs that it takes: a digit is 13 sixteenths of one.
    const R_LIMBS: usize = (Digits::<K, P>::LEN * 13).div_ceil(16);

    pub(super) const EMPTY: Self = Self {
        moduli: Moduli {
            n: Digits::ZERO,
            neg_inv: Digits::ZERO,
        },
        scratch: Scratch::ZERO,
    };

    pub(super) const fn moduli(&self) -> &Digits<K, P> {
        &self.moduli.n
    }

    /// Takes the moduli.
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    pub(super) fn load(&mut self, moduli: [&[u64]; P]) {
        let Moduli { n, neg_inv } = &mut self.moduli;
        for (limbs, number) in moduli.into_iter().zip(0..) {
            n.read(number, limbs, 0);
            let mut inverse = neg_inverse(limbs, Self::R_LIMBS);
            neg_inv.read(number, &inverse, 0);
            inverse.zeroize();
        }
    }

    /// `x = x · y / R mod n`.
    #[inline]
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    pub(super) fn multiply(&mut self, x: &mut Digits<K, P>, y: &Digits<K, P>) {
        multiply(x, y, &self.moduli, &mut self.scratch);
    }

    /// `x = x² / R mod n`.
    #[inline]
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    pub(super) fn square(&mut self, x: &mut Digits<K, P>) {
        square(x, &self.moduli, &mut self.scratch);
    }

    /// `x = number / R mod n` for all n, for a number in limbs below R · n.
    ///
    /// Its part above R is below n; the part below R becomes at most n, for
    /// (x · 1 + q · n) / R < 1 + n for x and q below R.
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    pub(super) fn reduce_limbs(&mut self, x: &mut Digits<K, P>, number: &[u64]) {
        let mut high = Digits::ZERO;
        for place in 0..P {
            x.read(place, number, 0);
            high.read(place, number, Self::R_BITS);
        }
        self.multiply(x, &Digits::power_of_two(0));
        x.add(&high);
        high.wipe();
    }
}

impl<const K: usize, const P: usize> Drop for Field<K, P> {
    fn drop(&mut self) {
        self.moduli.n.wipe();
        self.moduli.neg_inv.wipe();
        self.scratch.wipe();
    }
}
