//! What an authority issues.
//!
//! [`asked`] is what stands in a request or an older certificate; [`profile`] decides what it will be good for,
//! which [`extensions`] writes; [`issuer`] is who issues; [`serial`] is the number that it gets; [`issue`] puts
//! all of it together.

pub(crate) mod asked;
mod asked_names;
pub(crate) mod extensions;
pub(crate) mod issue;
pub(crate) mod issuer;
pub(crate) mod key_identifier;
pub(crate) mod profile;
pub(crate) mod serial;
