//! Making a private key (FIPS 186-5 A.1.3: random primes that are probably prime).

use super::candidate::{self, EXPONENT};
use super::error::EnrolError;
use super::exponents::inverse_of_exponent;
use super::primality::{passes_power_of_two, passes_round, rounds};
use super::randomness::{Randomness, Source};
use super::write::private_exponent;
use crate::bytes::digest::Digest;
use crate::error::Error;
use crate::error::key_sizes::MAX_MODULUS_BITS;
use crate::machine::choice::{self, Choice, Kernel};
use crate::machine::secrecy::declassify;
use crate::rsa::fault::{Place, strike};
use crate::rsa::limb::{
    LIMB_BITS, Limb, copy, equal_mask, less_than, limbs_for_bits, mask, subtract_masked,
};
use crate::rsa::modulus::Modulus;
use crate::rsa::power::{PowerScratch, Progress, power_secret};
use crate::rsa::private_key::PrivateKey;
use crate::rsa::scratch::{Carver, NoRoom, with_private_scratch};
use crate::rsa::sizes::MAX_SIGNATURE_LEN;

/// What p and q differ by has more bits than all but so many of theirs: |p − q| > 2^(bits / 2 − 100)
/// (FIPS 186-5 A.1.3, 5.5), and a bit more, so that equality need not be told apart.
const DIFFERENT_BITS: usize = 99;

impl PrivateKey {
    /// Makes a new key in this place: two random primes of half of `bits` each, e = 65537, after FIPS 186-5
    /// A.1.3. `bits` is 2048, 3072 or 4096, and not more than this build can hold.
    ///
    /// Of p and q each is a number drawn from `random` as a whole, above √2 · 2^(bits/2 − 1), found to be
    /// prime by Miller and Rabin's test with as many random bases as FIPS 186-5 Table B.1 asks for: 5 for
    /// 2048 bits (an error of at most 2^-112), 4 for 3072 (2^-128) and for 4096 (2^-144). They differ by more
    /// than 2^(bits/2 − 100). The key is then checked as one that is loaded, and signs something that is
    /// verified, before it is given out.
    ///
    /// How long it takes varies by chance, several times around the mean: that of the numbers drawn some
    /// were no primes is all that shows. `progress` is called again and again, at least once in the time of
    /// a hundredth of a signature: see [`with_progress`](Self::with_progress).
    ///
    /// ```no_run
    /// use daxsign_core::{PrivateKey, RandomnessFailed};
    /// # fn fill_from_the_system(bytes: &mut [u8]) -> bool { false }
    /// # fn feed_watchdog() {}
    /// let mut random = |bytes: &mut [u8]| match fill_from_the_system(bytes) {
    ///     true => Ok(()),
    ///     false => Err(RandomnessFailed),
    /// };
    /// let mut key = PrivateKey::empty();
    /// key.generate(2048, &mut random, &mut feed_watchdog)?;
    /// assert_eq!(key.public_key().modulus_bits(), 2048);
    /// # Ok::<(), daxsign_core::EnrolError>(())
    /// ```
    ///
    /// # Errors
    /// [`EnrolError::KeySize`]; [`EnrolError::RandomnessFailed`] where `random` says so;
    /// [`EnrolError::RandomnessStuck`] where it repeats itself; [`EnrolError::NoPrime`] where none was found
    /// among as many numbers as the standard allows; [`Error::SigningFault`], [`Error::InvalidKey`]
    /// or [`Error::InternalFault`] in [`EnrolError::Core`] where the machine computed wrongly. The place is
    /// then empty, whatever it held before.
    pub fn generate(
        &mut self,
        bits: usize,
        random: &mut impl Randomness,
        progress: &mut dyn FnMut(),
    ) -> Result<(), EnrolError> {
        self.generate_by(Kernel::best(), bits, random, progress)
    }

    /// As [`generate`](Self::generate) with another kernel, for tests and comparisons: all make the same
    /// key of the same randomness. Where this machine cannot run it, with the best.
    ///
    /// # Errors
    /// As [`generate`](Self::generate).
    pub fn generate_by(
        &mut self,
        kernel: Kernel,
        bits: usize,
        random: &mut impl Randomness,
        progress: &mut dyn FnMut(),
    ) -> Result<(), EnrolError> {
        self.wipe();
        if !matches!(bits, 2048 | 3072 | 4096) || bits > MAX_MODULUS_BITS {
            return Err(EnrolError::KeySize { bits });
        }
        let (best, registers) = choice::best();
        let choice = Choice::for_kernel(kernel).unwrap_or(best);
        let result = self.make(bits, choice, random, progress);
        if result.is_err() {
            self.wipe();
        }
        registers.clear();
        result
    }

    fn make(
        &mut self,
        bits: usize,
        choice: Choice,
        random: &mut dyn Randomness,
        progress: Progress<'_>,
    ) -> Result<(), EnrolError> {
        let len = limbs_for_bits(bits / 2);
        with_private_scratch(bits, |scratch| {
            let mut search = Search {
                source: Source::new(random),
                choice,
                scratch,
                progress,
            };
            search.find_primes(self.places(len)?)
        })?;
        self.load_public(EXPONENT)?;
        self.public_mut().use_kernel(choice.kernel());
        progress();
        with_private_scratch(bits, |scratch| self.complete(scratch, progress))?;
        self.sign_something(progress)
    }

    /// dP, dQ and qInv from p and q; then all are checked.
    fn complete(&mut self, scratch: &mut [Limb], progress: Progress<'_>) -> Result<(), EnrolError> {
        let choice = self.public_key().choice();
        let len = self.public_key().limbs().len() / 2;
        let [p, q, d_p, d_q, q_inv] = self.places(len)?;
        for (prime, exponent) in [(&*p, d_p), (&*q, d_q)] {
            let less_one = scratch.get_mut(..len).ok_or(NoRoom)?;
            copy(less_one, prime);
            if let Some(limb) = less_one.first_mut() {
                *limb ^= 1;
            }
            inverse_of_exponent(exponent, less_one, EXPONENT);
            strike(Place::Exponent, exponent);
            progress();
        }
        inverse_modulo_prime(q_inv, q, p, choice, scratch, progress)?;
        strike(Place::Coefficient, q_inv);
        let mut carver = Carver::new(scratch);
        let d = carver.take(len.saturating_mul(2))?;
        private_exponent(self, d, carver.rest())?;
        // FIPS 186-5 A.1.1 wants d > 2^(bits / 2): of these p, q and e every d is above 2^(bits − 19).
        progress();
        let (d, rest) = scratch
            .split_at_mut_checked(len.saturating_mul(2))
            .ok_or(NoRoom)?;
        self.check(d, rest, &mut *progress).map_err(Error::from)?;
        progress();
        Ok(())
    }

    /// A key of a number that is no prime makes signatures that do not verify (FIPS 140-3 IG 10.3.A: a
    /// pairwise consistency test).
    fn sign_something(&self, progress: Progress<'_>) -> Result<(), EnrolError> {
        let mut signature = [0; MAX_SIGNATURE_LEN];
        let len = self.public_key().modulus_len();
        let signature = signature.get_mut(..len).ok_or(NoRoom)?;
        Ok(self.sign(&Digest([0x5A; 32]), signature, progress)?)
    }
}

impl From<NoRoom> for EnrolError {
    fn from(no_room: NoRoom) -> Self {
        Self::Core(no_room.into())
    }
}

/// What a search for primes works with.
struct Search<'s> {
    source: Source<'s>,
    choice: Choice,
    scratch: &'s mut [Limb],
    progress: Progress<'s>,
}

impl Search<'_> {
    /// Finds two primes, the larger one first. Two of the other places are for numbers under way.
    fn find_primes(&mut self, places: [&mut [Limb]; 5]) -> Result<(), EnrolError> {
        let [p, q, number, spare, _] = places;
        // FIPS 186-5 A.1.3: 4.7 for p, 5.8 for q.
        let tries = p.len().saturating_mul(LIMB_BITS).saturating_mul(10);
        self.find_prime(number, tries, |_| true)?;
        copy(p, number);
        self.find_prime(number, tries.saturating_mul(2), |q| {
            differ_enough(p, q, spare)
        })?;
        copy(q, number);
        put_larger_first(p, q);
        Ok(())
    }

    /// A prime that is wanted, among so many numbers.
    fn find_prime(
        &mut self,
        number: &mut [Limb],
        max_tries: usize,
        mut is_wanted: impl FnMut(&[Limb]) -> bool,
    ) -> Result<(), EnrolError> {
        let mut tries = 0;
        loop {
            let progress = &mut *self.progress;
            candidate::draw(number, &mut self.source, &mut tries, max_tries, progress)?;
            if is_wanted(number) && self.is_prime(number)? {
                strike(Place::Prime, number);
                return Ok(());
            }
        }
    }

    fn is_prime(&mut self, number: &[Limb]) -> Result<bool, EnrolError> {
        let (choice, scratch, progress) = (self.choice, &mut *self.scratch, &mut *self.progress);
        if !passes_power_of_two(number, choice, scratch, progress)? {
            return Ok(false);
        }
        for _ in 0..rounds(number.len().saturating_mul(LIMB_BITS)) {
            if !passes_round(number, choice, &mut self.source, scratch, progress)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether |p − q| > 2^(bits − 100), for primes of so many bits.
fn differ_enough(p: &[Limb], q: &[Limb], difference: &mut [Limb]) -> bool {
    copy(difference, p);
    let negative = mask(subtract_masked(difference, q, Limb::MAX));
    // −x is !x + 1; that 1 does not reach the bits that count but where they are 0.
    for limb in &mut *difference {
        *limb ^= negative;
    }
    let from = difference
        .len()
        .saturating_mul(LIMB_BITS)
        .saturating_sub(DIFFERENT_BITS);
    let (index, shift) = (from / LIMB_BITS, from % LIMB_BITS);
    let mut high = difference.iter().skip(index);
    let lowest = high.next().copied().unwrap_or_default() >> shift;
    let all = high.fold(lowest, |all, limb| all | limb);
    declassify(equal_mask(all, 0) == 0)
}

/// Swaps p and q where q is the larger, as most programs have them, in constant time.
fn put_larger_first(p: &mut [Limb], q: &mut [Limb]) {
    let swap = mask(less_than(p, q));
    for (p, q) in p.iter_mut().zip(q) {
        let change = (*p ^ *q) & swap;
        *p ^= change;
        *q ^= change;
    }
}

/// `out = a⁻¹ mod p` for a prime p and an a of its length, by Fermat's little theorem: a^(p − 2).
fn inverse_modulo_prime(
    out: &mut [Limb],
    a: &[Limb],
    p: &[Limb],
    choice: Choice,
    scratch: &mut [Limb],
    progress: Progress<'_>,
) -> Result<(), NoRoom> {
    let len = p.len();
    let m = Modulus::new(p, choice);
    let mut carver = Carver::new(scratch);
    let mut take = |len| carver.take(len);
    let (exponent, entry, wide) = (take(len)?, take(len)?, take(len.saturating_mul(2))?);
    let table = carver.rest();
    // The table is not in use yet.
    let r_squared = table.get_mut(..len).ok_or(NoRoom)?;
    m.r_squared(r_squared, wide);
    m.reduce(out, a, r_squared, [&mut *entry, &mut *wide]);
    progress();
    copy(exponent, p);
    copy(entry, &[2]);
    subtract_masked(exponent, entry, Limb::MAX);
    let bits = len.saturating_mul(LIMB_BITS);
    let scratch = PowerScratch {
        entry: &mut *entry,
        wide: &mut *wide,
        table,
    };
    power_secret(&m, out, exponent, bits, scratch, progress);
    // Out of Montgomery form.
    copy(entry, &[1]);
    m.multiply(out, entry, wide);
    Ok(())
}
