//! Where messages come in and go out, and where operators do.
//!
//! [`rest`] is HTTPS for senders: tokens and requests. [`bus`] is for parties that keep a connection, which begins at the
//! same door. [`management`] is for operators.

pub mod bus;
pub mod management;
pub mod rest;
