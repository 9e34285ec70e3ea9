//! The C ABI of daxsign. Its manual is the header, `include/daxsign.h`, which is made from the
//! comments here.
//!
//! No allocation, no global state, no panic: everything happens in memory that the caller passes.
//! Raw pointers are checked (NULL, alignment, length, overlap) and followed in `memory` alone, which
//! is read from `memory/caller.rs`. The functions work on references.

#![cfg_attr(not(feature = "std"), no_std)]

mod call;
mod call_error;
pub mod date;
pub mod detail;
pub mod detail_message;
pub mod enrolling;
pub mod explain;
mod failure;
pub mod key_file_message;
pub mod keys;
mod memory;
pub mod message;
mod number;
pub mod options;
#[cfg(feature = "panic-handler")]
mod panic_handler;
pub mod problem;
pub mod replay_guard;
pub mod request;
pub mod signature_header;
pub mod signer;
pub mod signing;
pub mod signing_stream;
pub mod sized_names;
// Other builds have the one of their compiler.
#[cfg(all(
    feature = "panic-handler",
    target_os = "windows",
    target_env = "gnu",
    target_arch = "x86_64"
))]
mod stack_probe;
pub mod status;
pub mod storage;
mod text;
pub mod verifying;
pub mod version;
pub mod wipe;

pub use status::DaxsignStatus;
