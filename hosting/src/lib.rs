#![doc = include_str!("../README.md")]
//!
//! Read in this order: [`listening`] (where clients come in), [`patience`] and [`gate`] (what stands around a connection),
//! [`health`], [`open_files`], [`Stop`] and [systemd`].
// What could panic is not written outside tests; nothing is printed here.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

pub mod gate;
pub mod health;
pub mod listening;
pub mod open_files;
pub mod patience;
mod stop;
#[cfg(unix)]
pub mod systemd;

pub use listening::Address;
pub use stop::Stop;
