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
//! - A kernel says what it does on numbers alone; that it returns what the portable code returns is
//!   tested on all machines that have it.
//!
//! # The cfgs of this project
//!
//! All of them, those that concern other folders too: a build takes none of them for granted, and no
//! other is used anywhere.
//!
//! | cfg | who sets it | what it does |
//! |---|---|---|
//! | `daxsign_x86_64` | `core/build.rs`: x86-64 with limbs of 64 bits | the kernel [`adx`], asking the processor what it can run, and clearing its registers ([`registers`]) |
//! | `daxsign_ifma` | `core/build.rs`: as `daxsign_x86_64`, but not under valgrind | the kernel [`ifma`], for one signature and for eight |
//! | `daxsign_thumb` | `core/build.rs`: Cortex-M0, M0+, M1, M23 | [`rows`] is `thumb` |
//! | `daxsign_umaal` | `core/build.rs`: Cortex-M with the DSP extension | [`rows`] is `umaal` |
//! | `daxsign_portable` | a user, in RUSTFLAGS | none of the four above: the code for every machine |
//! | `daxsign_limb_32` | `tests/rustc/limb-32` and others | limbs of 32 bits on hosts, as microcontrollers have |
//! | `daxsign_half_products` | `tests/rustc/half-products` | products of limbs put together from halves, as for Cortex-M0 |
//! | `daxsign_constant_time` | `tests/rustc/constant-time` | secrets are made known to valgrind ([`secrecy`]) |
//! | `daxsign_inner` | `tests/rustc/inner` and others | `inner`, the tests' way to operands that no key leads to |
//! | `daxsign_faults` | `tests/rustc/inner` and others | faults strike where a test says (`rsa/fault.rs`) |
//! | `daxsign_row_check` | `firmware/run`, `firmware/lint` | `check_rows`, by which a board checks its [`rows`] |
//! | `daxsign_board` | `firmware/run`, `firmware/lint`, `firmware/network/run` | the board, `m0` to `riscv`, that `firmware/src` is built for |

#![allow(unsafe_code)]

// A kernel that a build does not have is there all the same, out of `absent`: what is named below goes
// before what a glob brings. So what calls a kernel needs no condition, but for `rsa/batch.rs`, which has
// eight signatures at once there alone.
mod absent;
pub(crate) use absent::*;

#[cfg(daxsign_x86_64)]
pub(crate) mod adx;
pub(crate) mod choice;
#[cfg(daxsign_x86_64)]
mod detect;
#[cfg(daxsign_ifma)]
pub(crate) mod ifma;
#[cfg(daxsign_x86_64)]
pub(crate) mod registers;
pub(crate) mod secrecy;
#[cfg(daxsign_thumb)]
pub(crate) mod thumb;
#[cfg(daxsign_umaal)]
pub(crate) mod umaal;

#[cfg(daxsign_thumb)]
pub(crate) use thumb as rows;
#[cfg(daxsign_umaal)]
pub(crate) use umaal as rows;
