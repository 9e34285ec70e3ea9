//! The side of a party: it verifies what the exchange sends, acts once for each correlation id, signs its
//! answer, and pairs the answers that it gets with what it asked.
//!
//! `inbox` is for what others ask, `questions` for what the party asked itself, `reply` what it
//! answers, `callbacks` for what it registered for.

mod callbacks;
mod inbox;
pub mod line;
mod questions;
mod reply;
#[cfg(test)]
mod tests;

pub use callbacks::{Callback, CallbackArrival, CallbackInbox, HttpRequest, NotTaken};
pub use inbox::{Arrival, Full, Inbox};
pub use questions::Questions;
pub use reply::Reply;
