//! Where messages come in and go out.

pub mod bus;
