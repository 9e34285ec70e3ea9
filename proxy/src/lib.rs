#![doc = include_str!("../README.md")]
//!
//! Read in this order: `refusal` (what the proxy itself answers), `limits`, `clock`; `metrics`, `access_log`, `correlation`,
//! `seen` and `observing` (what is noted of each request); `field_names`; `forwarding` (what becomes of a service's request), `verifying` (the
//! other direction), `admin` (what operators ask), `stream`, `listening` (where clients come in), `upstream` (who sends on), `work` (how
//! many at once), `handler` (which of the three it is), `idle`, `open_files` and `server`
//! (connections); `watch`, `systemd`, `stop` (from outside).
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

pub mod access_log;
pub mod admin;
mod clock;
mod correlation;
mod field_names;
mod forwarding;
mod handler;
mod idle;
mod limits;
mod listening;
pub mod metrics;
pub mod observing;
pub mod open_files;
mod refusal;
mod seen;
mod server;
mod stop;
mod stream;
#[cfg(unix)]
pub mod systemd;
mod upstream;
pub mod verifying;
pub mod watch;
mod work;

pub use forwarding::access::{Access, Door};
pub use limits::Limits;
pub use listening::{Address, Listener};
pub use refusal::Refusal;
pub use seen::Told;
pub use server::{Load, Server};
pub use stop::Stop;
pub use upstream::{Upstream, Watch};
