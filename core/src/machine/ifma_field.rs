//! Arithmetic modulo S odd numbers of one length side by side: while the multiplications of one
//! wait for each other's results, those of another run.
//!
//! n < R / 2^16. Numbers are at most 2 · n unless it is said otherwise, and so is each result of a
//! reduction: (t + q · n) / R < t / R + n for q < R.

use super::ifma_digits::{DIGIT_BITS, Digits};
use super::ifma_multiply::{Columns, add_high, multiply, multiply_low, square};

/// The moduli, and memory for products.
pub(super) struct Field<const K: usize, const S: usize> {
    pub(super) n: [Digits<K>; S],
    /// −n⁻¹ modulo R.
    neg_inv: [Digits<K>; S],
    products: [Columns<K>; S],
    quotients: [Digits<K>; S],
}

impl<const K: usize, const S: usize> Field<K, S> {
    /// log2 of R.
    pub(super) const R_BITS: u32 = DIGIT_BITS * {
        let mut digits = 0;
        let mut vector = 0;
        while vector < K {
            digits += 4;
            vector += 1;
        }
        digits
    };

    pub(super) const EMPTY: Self = Self {
        n: [Digits::ZERO; S],
        neg_inv: [Digits::ZERO; S],
        products: [Columns::ZERO; S],
        quotients: [Digits::ZERO; S],
    };

    /// Takes the moduli.
    ///
    /// y = −n⁻¹ by Newton's iteration: n · y = e − 1 makes n · (y · (2 + n · y)) = e² − 1. n is
    /// its own inverse modulo 8; steps on words give 64 bits of it, steps on all digits the others.
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    pub(super) fn load(&mut self, moduli: [&[u64]; S]) {
        for (n, limbs) in self.n.iter_mut().zip(moduli) {
            n.read(limbs, 0);
        }
        for (y, n) in self.neg_inv.iter_mut().zip(moduli) {
            let n = n.first().copied().unwrap_or(1);
            let mut word = n.wrapping_neg();
            for _ in 0..5 {
                word = word.wrapping_mul(n.wrapping_mul(word).wrapping_add(2));
            }
            y.read(&[word], 0);
            if let Some([_, others @ ..]) = y.0.first_mut() {
                others.fill(0);
            }
        }
        let mut right_bits = DIGIT_BITS;
        while right_bits < Self::R_BITS {
            for ((y, n), factor) in self.neg_inv.iter().zip(&self.n).zip(&mut self.quotients) {
                multiply_low(factor, n, y, 2);
            }
            for (y, factor) in self.neg_inv.iter_mut().zip(&self.quotients) {
                let previous = *y;
                multiply_low(y, &previous, factor, 0);
            }
            right_bits = right_bits.wrapping_mul(2);
        }
    }

    /// `x = x · y / R mod n`.
    #[inline]
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    pub(super) fn multiply(&mut self, x: &mut [Digits<K>; S], y: &[Digits<K>; S]) {
        for ((t, x), y) in self.products.iter_mut().zip(&*x).zip(y) {
            multiply(t, x, y);
        }
        self.reduce(x);
    }

    /// `x = x² / R mod n`.
    #[inline]
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    pub(super) fn square(&mut self, x: &mut [Digits<K>; S]) {
        for (t, x) in self.products.iter_mut().zip(&*x) {
            square(t, x);
        }
        self.reduce(x);
    }

    /// `x = number / R mod n`, for a number in limbs below n · R.
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    pub(super) fn reduce_limbs(&mut self, x: &mut [Digits<K>; S], number: &[u64]) {
        for t in &mut self.products {
            t.read(number);
        }
        self.reduce(x);
    }

    /// `x = products / R mod n`.
    #[inline]
    #[target_feature(enable = "avx512ifma,avx512vl,avx512f,avx512dq,avx512bw,bmi2")]
    fn reduce(&mut self, x: &mut [Digits<K>; S]) {
        for ((q, t), y) in self
            .quotients
            .iter_mut()
            .zip(&self.products)
            .zip(&self.neg_inv)
        {
            multiply_low(q, &t.low, y, 0);
        }
        for (((x, q), t), n) in x
            .iter_mut()
            .zip(&self.quotients)
            .zip(&self.products)
            .zip(&self.n)
        {
            add_high(x, t, q, n);
        }
    }
}

impl<const K: usize, const S: usize> Drop for Field<K, S> {
    fn drop(&mut self) {
        self.n.iter_mut().for_each(Digits::wipe);
        self.neg_inv.iter_mut().for_each(Digits::wipe);
        self.products.iter_mut().for_each(Columns::wipe);
        self.quotients.iter_mut().for_each(Digits::wipe);
    }
}
