//! How a device comes by its certificate: a key pair, its file, the request for a certificate,
//! and what comes back.
//!
//! What is refused here has frames of its own (`refusal`, `certificate_refusal`) and its own words
//! ([`message`]), so that a program that only signs links none.

mod certificate_refusal;
pub mod generate;
pub mod message;
pub mod names;
pub mod read_certificate;
mod refusal;
pub mod verify_certificate;
pub mod write_key;
pub mod write_request;
