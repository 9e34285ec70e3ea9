//! Bytes and what is made of them, whatever they mean: where they go, base64, hashes.
//!
//! Read [`sink`] first: everything that writes, hashes included, writes into one. Then [`sha256`] and
//! [`digest`] (what is handed to RSA), [`other_hash`] (diagnosis), [`base64`], [`rounding`].

pub(crate) mod base64;
pub(crate) mod digest;
pub(crate) mod other_hash;
pub(crate) mod rounding;
pub(crate) mod sha256;
pub(crate) mod sink;
pub(crate) mod utf8;
