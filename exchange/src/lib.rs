#![doc = include_str!("../README.md")]
// What could panic is not written outside tests.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

#[cfg(feature = "server")]
pub mod alliera;
#[cfg(feature = "server")]
pub mod callbacks;
#[cfg(feature = "server")]
pub mod calling;
mod correlation;
#[cfg(feature = "server")]
pub mod deciding;
#[cfg(feature = "server")]
pub mod demo;
#[cfg(feature = "server")]
pub mod doors;
#[cfg(feature = "server")]
pub mod faults;
#[cfg(feature = "server")]
pub mod identity;
#[cfg(feature = "server")]
pub mod judging;
pub mod message;
#[cfg(feature = "server")]
pub mod operating;
mod party;
#[cfg(feature = "server")]
pub mod receiving;
pub mod record;
#[cfg(feature = "server")]
pub mod registry;
#[cfg(feature = "server")]
pub mod relay;
#[cfg(feature = "server")]
pub mod running;
#[cfg(feature = "server")]
pub mod sandbox;
#[cfg(feature = "server")]
pub mod signing;
#[cfg(feature = "server")]
pub mod websocket;

pub use correlation::{CorrelationId, NotACorrelationId};
pub use party::{NotAParty, Party};
