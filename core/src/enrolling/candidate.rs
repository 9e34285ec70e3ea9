//! Numbers that may be primes of a key (FIPS 186-5 A.1.3, steps 4.2 to 4.5 and 5.2 to 5.6, without
//! the test).
//!
//! Each is drawn anew, all of it, as the standard has it: so each prime of the range that fits e is as
//! likely as every other, and the bounds for the rounds of the test, which are for numbers drawn that way
//! (Damgård, Landrock, Pomerance 1993), hold. Searching upwards from a number would need a
//! hundredth of the randomness, and favour primes behind long gaps.

use super::error::EnrolError;
use super::exponents::remainder;
use super::randomness::Source;
use super::small_primes::has_small_factor;
use crate::machine::secrecy::declassify;
use crate::rsa::limb::{Limb, equal_mask};
use crate::rsa::power::Progress;

/// The public exponent of the keys that are made here (F4).
pub(super) const EXPONENT: u32 = 65_537;

/// The highest 64 bits of √2 · 2^(bits − 1): a prime is above that, so that a product of two has full
/// length (FIPS 186-5 A.1.3, 4.4 and 5.4).
const SQUARE_ROOT_OF_2: u64 = 0xB504_F333_F9DE_6484;

/// Draws numbers in the range until one has no small factor, which then stands in `number`; counts those in
/// range onto `tries`.
pub(super) fn draw(
    number: &mut [Limb],
    source: &mut Source<'_>,
    tries: &mut usize,
    max_tries: usize,
    progress: Progress<'_>,
) -> Result<(), EnrolError> {
    while *tries < max_tries {
        *tries = tries.saturating_add(1);
        draw_in_range(number, source)?;
        progress();
        if !has_small_factor(number, progress) && fits_exponent(number) {
            return Ok(());
        }
    }
    Err(EnrolError::NoPrime)
}

/// An odd number from √2 · 2^(bits − 1) up, of all bits of `number`, each as likely as every other.
fn draw_in_range(number: &mut [Limb], source: &mut Source<'_>) -> Result<(), EnrolError> {
    source.number(number, |block| {
        // As it has to be.
        if let Some(byte) = block.first_mut() {
            *byte |= 0x80;
        }
        let top = block.first_chunk().copied().unwrap_or_default();
        declassify(u64::from_be_bytes(top) > SQUARE_ROOT_OF_2)
    })?;
    if let Some(limb) = number.first_mut() {
        *limb |= 1;
    }
    Ok(())
}

/// Whether the number less 1 has no factor in common with e, which is a prime: gcd(p − 1, e) = 1. And is
/// no multiple of it.
fn fits_exponent(number: &[Limb]) -> bool {
    let remainder = Limb::from(remainder(number, EXPONENT));
    declassify(equal_mask(remainder, 0) | equal_mask(remainder, 1) == 0)
}
