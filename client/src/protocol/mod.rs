//! The protocol without a clock and without a socket: what to send, and what an answer asks for.
//!
//! Read in this order: `address` and `encoding` (where requests go), `request` (what a caller
//! wants), `session` (what all calls of a client share: `dates`, `moved`, `tokens`), `signed` (a
//! request as it goes out), `answer` with `envelope`, `http_date` and `answer_signature` (what came back),
//! `wait` (how long before it is sent again), `call` (one call from its first request to its end).

pub mod address;
pub mod answer;
pub(crate) mod answer_signature;
pub mod call;
pub(crate) mod dates;
pub(crate) mod encoding;
pub mod envelope;
pub mod http_date;
pub(crate) mod moved;
pub mod request;
pub mod session;
pub mod signed;
pub mod tokens;
pub(crate) mod wait;

use std::time::Duration;

use daxsign_core::Timestamp;

/// The time at which something happens, as the caller's clocks show it.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The time of day, for dates. It may be set back and forth.
    pub utc: Timestamp,
    /// The time since the session began, for lifetimes and deadlines. It only grows.
    pub elapsed: Duration,
}
