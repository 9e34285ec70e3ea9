//! Machine kernels: what gains from instructions that the compiler does not choose by itself.
//!
//! The only place of the core with `unsafe`. What holds for all of it:
//!
//! - A kernel for instructions that not every machine of its kind has is reached through a token
//!   ([`adx::Adx`], [`ifma::Ifma`]) that only detection makes, so that holding one proves
//!   that the machine has them.
//! - Assembly gets pointers made from slices in the same function, with the lengths of those
//!   slices checked there, and touches nothing else: no memory beside them, and
//!   the stack only to save registers on it, which are restored.
//! - Every kernel is constant time in the limbs it is given: no branch, address or instruction of
//!   variable time depends on them. Lengths are public.
//! - A kernel says what it does on numbers alone; that it gives what the portable code gives is
//!   tested on all machines that have it.

#![allow(unsafe_code)]

// A kernel that a build cannot have is there all the same, as one whose token nobody can hold: what
// calls it needs no condition, and is compiled to nothing.
#[cfg_attr(
    not(all(target_arch = "x86_64", not(daxsign_limb_32))),
    path = "no_adx.rs"
)]
pub(crate) mod adx;
pub(crate) mod choice;
#[cfg_attr(not(target_arch = "x86_64"), path = "no_detect.rs")]
mod detect;
#[cfg_attr(
    not(all(
        target_arch = "x86_64",
        not(any(daxsign_limb_32, daxsign_constant_time))
    )),
    path = "no_ifma.rs"
)]
pub(crate) mod ifma;
pub(crate) mod secrecy;
#[cfg(daxsign_thumb)]
pub(crate) mod thumb;
#[cfg(daxsign_umaal)]
pub(crate) mod umaal;
