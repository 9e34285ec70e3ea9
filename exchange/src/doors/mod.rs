//! Where messages come in and go out, and where operators do.
//!
//! [`bus`] is for parties that keep a connection, [`management`] for operators.

pub mod bus;
pub mod management;
