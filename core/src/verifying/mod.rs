//! From a received request to a verdict.
//!
//! ```text
//!  request, now                                        refused with
//!     │
//!     │  the Signature field: there once, its           missing-header, malformed-…,
//!     │  parameters, base64 as long as the key          …-parameter, wrong-realm,
//!     │                                                 unsupported-algorithm, invalid-signature-…
//!     │  its list, checked as when signing              invalid-, missing-, unsupported-component
//!     ▼
//!   signing string into SHA-256, line by line           as when signing
//!     │  body: length, charset, encoding                content-length-mismatch, …, invalid-body
//!     │  date within the window around now              stale-date, future-date
//!     │  list binds the body (strict policy)            unbound-body
//!     ▼
//!   body into the same hash; the profile's digest
//!     ▼
//!   RSA with the public key                             signature-mismatch
//!     ▼
//!   accepted once, if a guard is there                  replayed, replay-guard-full
//! ```
//!
//! [`verify`] goes this way, with the body whole or in pieces; all that can refuse before the body is
//! hashed does. [`replay_guard`] remembers what was accepted.

pub(crate) mod replay_guard;
pub(crate) mod verify;
