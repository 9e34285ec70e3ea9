//! Is it a prime? A power of 2, which rules out nearly all that are none, then Miller and Rabin's test with
//! random bases (FIPS 186-5 B.3.1).
//!
//! Constant time in the number, but for the answer.

use super::error::EnrolError;
use super::randomness::{MAX_REDRAWS, Source};
use crate::machine::choice::Choice;
use crate::machine::secrecy::declassify;
use crate::rsa::limb::{LIMB_BITS, Limb, copy, equal, equal_mask, less_than, mask};
use crate::rsa::modulus::Modulus;
use crate::rsa::power::{PowerScratch, Progress, power_secret};
use crate::rsa::scratch::{Carver, NoRoom};

/// How many random bases a prime of so many bits is tested with, after the 2: FIPS 186-5 Table B.1, p and q,
/// for probabilities of error of 2^-112, 2^-128 and 2^-144.
pub(super) const fn rounds(prime_bits: usize) -> usize {
    match prime_bits {
        ..1536 => 5,
        _ => 4,
    }
}

/// Whether 2^w = 2 modulo the odd w, as for every prime. Its highest bit is set.
pub(super) fn passes_power_of_two(
    w: &[Limb],
    choice: Choice,
    scratch: &mut [Limb],
    progress: Progress<'_>,
) -> Result<bool, NoRoom> {
    let len = w.len();
    let m = Modulus::new(w, choice);
    let mut carver = Carver::new(scratch);
    let mut take = |len| carver.take(len);
    let (power, entry, wide) = (take(len)?, take(len)?, take(len.saturating_mul(2))?);
    let table = carver.rest();
    two(&m, power, entry);
    let bits = len.saturating_mul(LIMB_BITS);
    let scratch = PowerScratch { entry, wide, table };
    power_secret(&m, power, w, bits, scratch, progress);
    let (expected, rest) = table.split_at_mut_checked(len).ok_or(NoRoom)?;
    two(&m, expected, rest.get_mut(..len).ok_or(NoRoom)?);
    Ok(declassify(equal(power, expected)))
}

/// 2 in Montgomery form.
fn two(m: &Modulus<'_>, out: &mut [Limb], spare: &mut [Limb]) {
    m.one(out);
    copy(spare, out);
    m.add(out, spare);
}

/// Whether the odd w passes a round with a random base. Its highest bit is set.
///
/// With w − 1 = m · 2^a the standard looks at b^m, b^(2 · m), …, so that a shows, which are bits of a
/// prime. Here the power is built bit by bit of w − 1 from the top, so that it is b^((w − 1) / 2^i)
/// behind bit i; it is looked at behind each bit of the lowest limb, and counts where all bits below are 0.
/// A prime with nothing but zeros in that limb of w − 1, one in 2^31 or fewer, may be taken for composite.
pub(super) fn passes_round(
    w: &[Limb],
    choice: Choice,
    source: &mut Source<'_>,
    scratch: &mut [Limb],
    progress: Progress<'_>,
) -> Result<bool, EnrolError> {
    let len = w.len();
    let m = Modulus::new(w, choice);
    let mut carver = Carver::new(scratch);
    let mut take = |len| carver.take(len);
    let (base, power, entry) = (take(len)?, take(len)?, take(len)?);
    let (wide, table) = (take(len.saturating_mul(2))?, carver.rest());
    draw_base(&m, base, [&mut *power, &mut *entry], source)?;
    let (Some((lowest, above)), bits) = (w.split_first(), len.saturating_mul(LIMB_BITS)) else {
        return Err(NoRoom.into());
    };
    copy(power, base);
    let scratch = PowerScratch {
        entry: &mut *entry,
        wide: &mut *wide,
        table: &mut *table,
    };
    let above_bits = bits.saturating_sub(LIMB_BITS);
    power_secret(&m, power, above, above_bits, scratch, progress);
    let mut carver = Carver::new(table);
    let (one, minus_one) = (carver.take(len)?, carver.take(len)?);
    ones(&m, one, minus_one);
    // w is odd.
    let lowest = lowest ^ 1;
    let mut passes = 0;
    for bit in (1..LIMB_BITS).rev() {
        m.square(power, wide);
        progress();
        let is_set = mask(lowest >> bit & 1 == 1);
        for ((entry, base), one) in entry.iter_mut().zip(&*base).zip(&*one) {
            *entry = (base & is_set) | (one & !is_set);
        }
        m.multiply(power, entry, wide);
        progress();
        let below = lowest & Limb::wrapping_sub(1 << bit, 1);
        let counts = equal_mask(below, 0);
        passes |= counts & mask(equal(power, minus_one));
        passes |= counts & is_set & mask(equal(power, one));
    }
    Ok(declassify(passes != 0))
}

/// 1 and w − 1 in Montgomery form.
fn ones(m: &Modulus<'_>, one: &mut [Limb], minus_one: &mut [Limb]) {
    m.one(one);
    minus_one.fill(0);
    m.subtract(minus_one, one);
}

/// A random base between 1 and w − 1, in Montgomery form: multiplying with R⁻¹ takes all bases to all
/// bases, so what is drawn is the form.
fn draw_base(
    m: &Modulus<'_>,
    base: &mut [Limb],
    [one, minus_one]: [&mut [Limb]; 2],
    source: &mut Source<'_>,
) -> Result<(), EnrolError> {
    ones(m, one, minus_one);
    for _ in 0..MAX_REDRAWS {
        source.number(base, |_| true)?;
        let all_bits = base.iter().fold(0, |all, limb| all | limb);
        let zero = equal_mask(all_bits, 0) != 0;
        let good = !(zero | equal(base, one) | equal(base, minus_one));
        if declassify(less_than(base, m.limbs()) & good) {
            return Ok(());
        }
    }
    Err(EnrolError::RandomnessStuck)
}
