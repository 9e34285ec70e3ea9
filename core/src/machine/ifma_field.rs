//! Arithmetic modulo P odd numbers of one length side by side.
//!
//! n < R / 2^16. Numbers are at most 2 · n unless it is said otherwise, and so is each result of a
//! reduction: (t + q · n) / R < t / R + n for q < R.

use super::ifma_digits::{DIGIT_BITS, Digits};
use super::ifma_multiply::{Moduli, Scratch, multiply, multiply_low, square};

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
    ///
    /// y = −n⁻¹ by Newton's iteration: n · y = e − 1 makes n · (y · (2 + n · y)) = e² − 1. n is
    /// its own inverse modulo 8; steps on words give 64 bits of it, steps on all digits the others.
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    pub(super) fn load(&mut self, moduli: [&[u64]; P]) {
        let Moduli { n, neg_inv } = &mut self.moduli;
        for (limbs, number) in moduli.into_iter().zip(0..) {
            n.read(number, limbs, 0);
            let lowest = limbs.first().copied().unwrap_or(1);
            let mut word = lowest.wrapping_neg();
            for _ in 0..5 {
                word = word.wrapping_mul(lowest.wrapping_mul(word).wrapping_add(2));
            }
            neg_inv.read(number, &[word], 0);
        }
        let two = Digits::power_of_two(1);
        let mut factor = Digits::ZERO;
        let mut right_bits = DIGIT_BITS;
        while right_bits < Self::R_BITS {
            factor = *n;
            multiply_low(&mut factor, neg_inv, &two);
            multiply_low(neg_inv, &factor, &Digits::ZERO);
            right_bits = right_bits.wrapping_mul(2);
        }
        factor.wipe();
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
