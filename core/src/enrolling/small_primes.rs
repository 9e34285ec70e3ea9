//! Division by small primes, which tells most numbers that are no primes at little cost.
//!
//! Constant time in the number: every step is a multiplication or an addition. That a number was
//! found to be a multiple shows, and then by which group of primes.

use crate::machine::secrecy::declassify;
use crate::rsa::limb::{Limb, equal_mask};
use crate::rsa::modulus::negated_inverse;
use crate::rsa::power::Progress;
use crate::rsa::product::multiply_add;

/// Primes below this are divided by. Of the odd numbers that are left one in 1.12 / ln 8192 = 8 is gone
/// through; twice the bound would save a fourteenth of the powers for a kilobyte more.
const BOUND: usize = 8192;
/// How many odd primes there are below it.
const COUNT: usize = 1027;

/// Half the distance of each odd prime from the one before it, from 3 on, where it is half of that from 1.
#[allow(clippy::indexing_slicing, reason = "while compiling")]
const HALF_GAPS: &[u8; COUNT] = &{
    let mut gaps = [0; COUNT];
    let (mut index, mut candidate, mut last) = (0, 3, 1);
    while candidate < BOUND {
        let mut factor = 3;
        while factor * factor <= candidate && !candidate.is_multiple_of(factor) {
            factor += 2;
        }
        if factor * factor > candidate {
            let [gap, ..] = ((candidate - last) / 2).to_le_bytes();
            gaps[index] = gap;
            index += 1;
            last = candidate;
        }
        candidate += 2;
    }
    assert!(index == COUNT);
    gaps
};

/// So many groups are divided by between two calls of `progress`.
const GROUPS_A_CALL: usize = 64;

/// Whether an odd number is a multiple of an odd prime below [`BOUND`].
///
/// The primes are taken in groups whose product fits a limb: one pass over the number for each group.
pub(super) fn has_small_factor(number: &[Limb], progress: Progress<'_>) -> bool {
    let mut gaps = HALF_GAPS.as_slice();
    let mut last = 1;
    let mut groups = 0_usize;
    while !gaps.is_empty() {
        let (product, count) = group(gaps, last);
        let remainder = exact_remainder(number, product);
        let mut divides = false;
        for prime in primes(gaps, last).take(count) {
            divides |= is_multiple(remainder, prime);
            last = prime;
        }
        if declassify(divides) {
            return true;
        }
        gaps = gaps.get(count..).unwrap_or_default();
        groups = groups.saturating_add(1);
        if groups.is_multiple_of(GROUPS_A_CALL) {
            progress();
        }
    }
    false
}

/// The primes that these gaps lead to from `last` on.
fn primes(gaps: &[u8], mut last: Limb) -> impl Iterator<Item = Limb> {
    gaps.iter().map(move |half| {
        last = last.wrapping_add(Limb::from(*half) << 1);
        last
    })
}

/// The product of as many of the first primes as fit a limb, and how many that are.
fn group(gaps: &[u8], last: Limb) -> (Limb, usize) {
    let mut group = (1, 0_usize);
    for prime in primes(gaps, last) {
        let (product, count) = group;
        let Some(product) = Limb::checked_mul(product, prime) else {
            break;
        };
        group = (product, count.saturating_add(1));
    }
    group
}

/// A number that has with the odd d the divisors in common that x has with it, in constant time.
///
/// With B = 2^(limb bits), multiples of d are taken off that clear the lowest limb, one limb after the
/// other: what is left is x · B^−L modulo d, but for the sign, for L limbs; and B has no factor in common
/// with d (Jebelean, "An algorithm for exact division", 1993).
fn exact_remainder(x: &[Limb], d: Limb) -> Limb {
    let inverse = negated_inverse(d).wrapping_neg();
    x.iter().fold(0, |carry, limb| {
        let (low, borrow) = limb.overflowing_sub(carry);
        let (_, high) = multiply_add(low.wrapping_mul(inverse), d, 0, 0);
        // At most d: high is below d.
        high.wrapping_add(Limb::from(borrow))
    })
}

/// Whether x is a multiple of an odd d: then x · d⁻¹ modulo B is x / d, and times d no more than a limb.
fn is_multiple(x: Limb, d: Limb) -> bool {
    let inverse = negated_inverse(d).wrapping_neg();
    let (_, high) = multiply_add(x.wrapping_mul(inverse), d, 0, 0);
    equal_mask(high, 0) != 0
}
