//! Scratch memory of one operation: on the stack, as large as the key needs it, wiped when it is
//! given back, whatever path that takes.

use zeroize::Zeroize;

use super::limb::{Limb, limbs_for_bits};
use super::sizes::{PRIVATE_SCRATCH_EXTRA, PRIVATE_SCRATCH_HALVES, PUBLIC_SCRATCH_LENGTHS};

/// Limbs that are wiped on drop.
struct Scratch<const N: usize>([Limb; N]);

impl<const N: usize> Drop for Scratch<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

const fn private_limbs(modulus_bits: usize) -> usize {
    limbs_for_bits(modulus_bits)
        .div_ceil(2)
        .saturating_mul(PRIVATE_SCRATCH_HALVES)
        .saturating_add(PRIVATE_SCRATCH_EXTRA)
}

const fn public_limbs(modulus_bits: usize) -> usize {
    limbs_for_bits(modulus_bits).saturating_mul(PUBLIC_SCRATCH_LENGTHS)
}

/// Calls `operation` with scratch for the private operation of a modulus of `modulus_bits`. Each
/// size has a stack frame of its own, so that a short key does not pay for the longest.
pub(crate) fn with_private_scratch<T>(
    modulus_bits: usize,
    operation: impl FnOnce(&mut [Limb]) -> T,
) -> T {
    match modulus_bits {
        ..=2048 => with::<{ private_limbs(2048) }, T>(operation),
        #[cfg(feature = "rsa-3072")]
        ..=3072 => with::<{ private_limbs(3072) }, T>(operation),
        #[cfg(feature = "rsa-4096")]
        _ => with::<{ private_limbs(4096) }, T>(operation),
        #[cfg(not(feature = "rsa-4096"))]
        _ => operation(&mut []),
    }
}

/// As [`with_private_scratch`], for the public operation.
pub(crate) fn with_public_scratch<T>(
    modulus_bits: usize,
    operation: impl FnOnce(&mut [Limb]) -> T,
) -> T {
    match modulus_bits {
        ..=2048 => with::<{ public_limbs(2048) }, T>(operation),
        #[cfg(feature = "rsa-3072")]
        ..=3072 => with::<{ public_limbs(3072) }, T>(operation),
        #[cfg(feature = "rsa-4096")]
        _ => with::<{ public_limbs(4096) }, T>(operation),
        #[cfg(not(feature = "rsa-4096"))]
        _ => operation(&mut []),
    }
}

#[inline(never)]
fn with<const N: usize, T>(operation: impl FnOnce(&mut [Limb]) -> T) -> T {
    let mut scratch = Scratch([0; N]);
    operation(&mut scratch.0)
}

/// Cuts numbers off the front of a row of limbs.
pub(crate) struct Carver<'s> {
    rest: &'s mut [Limb],
}

impl<'s> Carver<'s> {
    pub(crate) const fn new(limbs: &'s mut [Limb]) -> Self {
        Self { rest: limbs }
    }

    /// The next `len` limbs; `None` when there are not that many.
    pub(crate) fn take(&mut self, len: usize) -> Option<&'s mut [Limb]> {
        let (taken, rest) = core::mem::take(&mut self.rest).split_at_mut_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    /// What is left.
    pub(crate) fn rest(self) -> &'s mut [Limb] {
        self.rest
    }
}
