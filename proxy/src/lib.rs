#![doc = include_str!("../README.md")]
//!
//! Read in this order: `refusal` (what the proxy itself answers), `limits`, `clock`; `metrics`, `access_log`, `correlation`,
//! `seen` and `observing` (what is noted of each request); `field_names`; `forwarding` (what becomes of a service's request), `verifying` (the
//! other direction), `admin` (what operators ask), `upstream` (who sends on), `work` (how
//! many at once), `handler` (which of the three it is), `idle` and `server`
//! (connections); `watch` (from outside). Sockets, what of a connection's bytes passes, and when to stop are
//! [`daxsign_hosting`]'s.
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
pub mod metrics;
pub mod observing;
mod refusal;
mod seen;
mod server;
mod upstream;
pub mod verifying;
pub mod watch;
mod work;

pub use forwarding::access::{Access, Door};
pub use limits::Limits;
pub use refusal::Refusal;
pub use seen::Told;
pub use server::{Load, Server};
pub use upstream::{Upstream, Watch};
