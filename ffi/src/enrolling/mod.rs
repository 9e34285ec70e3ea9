//! How a device comes by its certificate: a key pair, its file, and the request for a certificate.
//!
//! What is refused here has a frame of its own (`refusal`) and its own words ([`message`]), so that a
//! program that only signs links neither.

pub mod generate;
pub mod message;
pub mod names;
mod refusal;
pub mod write_key;
pub mod write_request;
