//! Evidence: one file that says what happened in one exchange, and convinces without the exchange (X-EVIDENCE).
//!
//! [`file`] is its form, [`pins`] what the reader knows beforehand, [`verify`] the whole check: first the log
//! ([`logged`]), then each message ([`message`], [`event`]) and what the exchange sent ([`sent`]); [`statement`]
//! is what comes out, [`problem`] why nothing does. [`compare`] is for two checkpoints.

pub(crate) mod compare;
mod event;
pub(crate) mod file;
mod logged;
mod message;
pub(crate) mod pins;
pub(crate) mod problem;
mod sent;
pub(crate) mod statement;
pub(crate) mod verify;
