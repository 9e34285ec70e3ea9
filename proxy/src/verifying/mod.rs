//! The other direction: a receiver that passes on what a known peer signed, and nothing else.
//!
//! ```text
//!  head, body, now                                    refused with
//!     │  the fields are read alike by everybody        411, 400 invalid-header-value, …
//!     │  whose key made the signature                  401 unknown-key, expired-certificate
//!     │  no field is passed off as a signed one        400 disguised-field
//!     │  the core's verifier                           400, 401 with the core's names
//!     │  accepted once                                 401 replayed, 503 replay-guard-full
//!     ▼
//!   the fields that the upstream gets: what came, less what ends here, with `X-Dax-Verified-…`
//! ```
//!
//! [`receiver`] goes this way, without a socket or a clock; [`peers`] holds whose keys are known, [`memory`] what
//! was accepted, [`fields`] which fields go on. [`service`] is the same behind hyper.

pub mod fields;
pub mod memory;
pub mod peers;
pub mod receiver;
pub mod service;
pub mod upstream;
