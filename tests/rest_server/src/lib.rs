//! A server on the loopback address that plays the REST API for the tests of clients in any
//! language, and judges what they send.
//!
//! Nothing of this project's own core judges here: signatures are verified by the rsa crate and by
//! OpenSSL, over the signing string as [`daxsign_tests::model`] reads the rules, and bodies against
//! `api/dax-api.json` by a schema validator.
//!
//! Read [`scenario`] first: what can be played. Then [`stage`], one scenario on ports of its own,
//! with what judges ([`judge`]) and what answers ([`reply`]); [`server`] opens the ports.
//!
//! Helpers panic when something is not as it must be: a test that uses them then fails with that
//! message.
// Said once above, for all of them.
#![allow(clippy::missing_panics_doc)]
// Some are called for what they check.
#![allow(clippy::must_use_candidate)]

pub mod api;
pub mod authority;
pub mod control;
pub mod exchange;
pub mod forward_proxy;
pub mod identity;
pub mod judge;
pub mod origin;
pub mod reply;
pub mod report;
pub mod sample;
pub mod scenario;
pub mod schema;
pub mod server;
pub mod signature;
pub mod stage;
pub mod tokens;
pub mod wire;
