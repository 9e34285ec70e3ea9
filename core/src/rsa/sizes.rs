//! How large keys and their scratch memory are in this build, each derived from the largest
//! modulus ([`MAX_MODULUS_BITS`](crate::MAX_MODULUS_BITS)).

use super::limb::limbs_for_bits;
use crate::error::key_sizes::MAX_MODULUS_BITS;

/// The longest signature in bytes.
pub const MAX_SIGNATURE_LEN: usize = MAX_MODULUS_BITS / 8;

/// Limbs of the longest modulus.
pub(crate) const MODULUS_LIMBS: usize = limbs_for_bits(MAX_MODULUS_BITS);
/// The shorter prime has at least this share of the modulus's bits; a shorter one could be found
/// by factoring methods that look for small factors.
pub(crate) const MIN_PRIME_SHARE: usize = 4;
/// Limbs of the longest prime: what the shorter one leaves, and one for the rounding.
const PRIME_LIMBS: usize = MODULUS_LIMBS - MODULUS_LIMBS / MIN_PRIME_SHARE + 1;
/// The lengths of p and q in limbs add up to that of the modulus, and to one more for each that is
/// not full.
pub(crate) const MAX_ROUNDING_LIMBS: usize = 2;
/// Limbs of p, q, dP, dQ and qInv together.
pub(crate) const SECRET_LIMBS: usize = 2 * (MODULUS_LIMBS + MAX_ROUNDING_LIMBS) + PRIME_LIMBS;

/// Bits of the exponent that a private operation takes at a time (features `window-4`, `window-5`).
/// Each bit more doubles the table of powers, in memory and in the time to scan it, and saves ever
/// fewer multiplications beside the squarings; beyond 5 that gains nothing at these sizes.
pub(crate) const WINDOW_BITS: usize = if cfg!(feature = "window-5") {
    5
} else if cfg!(feature = "window-4") {
    4
} else {
    3
};
/// Scratch of the private operation, in halves of the modulus's length: 5 numbers of a prime's
/// length and the table. With primes of unequal length the table is cut shorter.
pub(crate) const PRIVATE_SCRATCH_HALVES: usize = 5 + (1 << WINDOW_BITS);
/// Limbs beside them for rounding: one for each number of the 5, and for odd lengths.
pub(crate) const PRIVATE_SCRATCH_EXTRA: usize = 16;
/// Scratch of the public operation, in lengths of the modulus: the signature, its power, its
/// Montgomery form and a product of twice the length.
pub(crate) const PUBLIC_SCRATCH_LENGTHS: usize = 5;
