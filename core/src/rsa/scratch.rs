//! Scratch memory of one operation: on the stack, as large as the key needs it, wiped when it is
//! given back, whatever path that takes.

use crate::bytes::rounding::div_ceil;

use zeroize::Zeroize;

use crate::error::Error;
use crate::error::key_refusal::KeyRefusal;

use super::limb::{Limb, limbs_for_bits};
use super::sizes::{PRIVATE_SCRATCH_EXTRA, PRIVATE_SCRATCH_HALVES, PUBLIC_SCRATCH_LENGTHS};

/// Limbs that are wiped on drop.
struct Scratch<const N: usize>([Limb; N]);

impl<const N: usize> Drop for Scratch<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Limbs of the frames that an operation has below its scratch: 512 bytes on a microcontroller,
/// 1.5 KB on a host, whose portable kernel saves more registers and more often.
const FRAMES_BELOW: usize = match size_of::<Limb>() {
    8.. => 192,
    _ => 128,
};

const fn private_limbs(modulus_bits: usize) -> usize {
    div_ceil(limbs_for_bits(modulus_bits), 2)
        .saturating_mul(PRIVATE_SCRATCH_HALVES)
        .saturating_add(PRIVATE_SCRATCH_EXTRA)
}

const fn public_limbs(modulus_bits: usize) -> usize {
    limbs_for_bits(modulus_bits).saturating_mul(PUBLIC_SCRATCH_LENGTHS)
}

/// Calls an operation with scratch for a modulus of some bits, of as many limbs as a function says.
/// Each size has a stack frame of its own, so that a short key does not pay for the longest.
macro_rules! with_limbs_for {
    ($modulus_bits:expr, $limbs:ident, $operation:expr) => {
        match $modulus_bits {
            ..=2048 => with::<{ $limbs(2048) }, _>($operation),
            #[cfg(feature = "rsa-3072")]
            ..=3072 => with::<{ $limbs(3072) }, _>($operation),
            #[cfg(feature = "rsa-4096")]
            _ => with::<{ $limbs(4096) }, _>($operation),
            // No larger key is loaded.
            #[cfg(not(feature = "rsa-4096"))]
            _ => $operation(&mut []),
        }
    };
}

/// Calls `operation` with scratch for the private operation of a modulus of `modulus_bits`.
pub(crate) fn with_private_scratch<T>(
    modulus_bits: usize,
    operation: impl FnOnce(&mut [Limb]) -> T,
) -> T {
    with_limbs_for!(modulus_bits, private_limbs, operation)
}

/// As [`with_private_scratch`], for the public operation.
pub(crate) fn with_public_scratch<T>(
    modulus_bits: usize,
    operation: impl FnOnce(&mut [Limb]) -> T,
) -> T {
    with_limbs_for!(modulus_bits, public_limbs, operation)
}

fn with<const N: usize, T>(operation: impl FnOnce(&mut [Limb]) -> T) -> T {
    let result = with_frame::<N, T>(operation);
    wipe_dead_stack::<N>();
    result
}

#[inline(never)]
fn with_frame<const N: usize, T>(operation: impl FnOnce(&mut [Limb]) -> T) -> T {
    let mut scratch = Scratch([0; N]);
    operation(&mut scratch.0)
}

/// Overwrites the stack where the operation's frames were: registers that functions saved there
/// hold limbs of the key. As far as that goes in a language that knows no stack: the frame of this
/// function lies where theirs lay.
#[inline(never)]
pub(crate) fn wipe_dead_stack<const N: usize>() {
    let mut scratch = Scratch([0; N]);
    let mut frames = Scratch([0; FRAMES_BELOW]);
    core::hint::black_box((&mut scratch.0, &mut frames.0));
}

/// The scratch is shorter than its size says: a fault of this library, not of a key.
#[derive(Clone, Copy)]
pub(crate) struct NoRoom;

impl From<NoRoom> for Error {
    fn from(NoRoom: NoRoom) -> Self {
        Self::InternalFault
    }
}

impl From<NoRoom> for KeyRefusal {
    fn from(NoRoom: NoRoom) -> Self {
        Self::INTERNAL
    }
}

/// Cuts numbers off the front of a row of limbs.
pub(crate) struct Carver<'s> {
    rest: &'s mut [Limb],
}

impl<'s> Carver<'s> {
    pub(crate) const fn new(limbs: &'s mut [Limb]) -> Self {
        Self { rest: limbs }
    }

    /// The next `len` limbs.
    pub(crate) fn take(&mut self, len: usize) -> Result<&'s mut [Limb], NoRoom> {
        debug_assert!(len <= self.rest.len(), "{len} of {} limbs", self.rest.len());
        let (taken, rest) = core::mem::take(&mut self.rest)
            .split_at_mut_checked(len)
            .ok_or(NoRoom)?;
        self.rest = rest;
        Ok(taken)
    }

    /// What is left.
    pub(crate) fn rest(self) -> &'s mut [Limb] {
        self.rest
    }
}
