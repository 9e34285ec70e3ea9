//! A party's connection to the exchange, kept open (X-BUS): it connects, again and again, verifies what comes, has each
//! request acted on once, signs the answers on a thread of its own, and sends them over the connection that is there.
//!
//! ```no_run
//! use daxsign_exchange::receiving::line::{Line, LineParts};
//! use daxsign_exchange::receiving::Reply;
//!
//! # fn attend(parts: LineParts, key: daxsign_core::PrivateKey) -> Result<(), Box<dyn std::error::Error>> {
//! let line = Line::start(parts, key)?;
//! while let Some(mut request) = line.next() {
//!     let body = format!("{} {}", request.method(), request.target()).into_bytes();
//!     request.answer(Reply { status: 200, content_type: "text/plain".into(), body })?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - A request that comes again is not handed out again: its answer is signed again, with the date of then. A `GET` is, once it was
//!   answered.
//! - After a connection broke, answers are sent again until the deadlines of their requests: whether they arrived is not
//!   known, and an exchange takes the first.
//! - Between attempts it waits longer and longer, up to [`LineSettings::longest_pause`], by chance each time, so that
//!   not all parties of an exchange that was away come back at once. Who is told that the same instance connected elsewhere
//!   waits that long at once.
//! - What was acted on is known in memory only: a party that must not act twice over a restart keeps it beside what it
//!   changes, as [`Inbox`](super::Inbox) says.
//!
//! Read it in this order: `settings`, `state`, `delivery`, `desk` (what waits), `signing`, `request`, `backoff`,
//! `connecting`, `attending`, `keeping` and `start`.

mod attending;
mod backoff;
mod connecting;
mod delivery;
mod desk;
mod keeping;
mod request;
mod settings;
mod signing;
mod start;
mod state;
#[cfg(test)]
mod tests;

pub use request::Request;
pub use settings::{LineParts, LineSettings};
pub use start::Line;
pub use state::LineState;
