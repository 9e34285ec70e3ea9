//! How a device comes by its certificate: a key pair, a request for a certificate (PKCS#10), and what
//! comes back.
//!
//! Read [`der_writer`] first: whatever is written here is DER, counted before it is written, so that
//! nothing is buffered; [`pem_writer`] makes text of it. [`error`] says what can be refused.

#![allow(dead_code, reason = "what writes with it is under way")]

pub(crate) mod der_writer;
pub(crate) mod error;
pub(crate) mod pem_writer;
