//! The log: a Merkle tree over leaves (RFC 6962), and its state as a signed note (X-CHECKPOINT).
//!
//! [`tree`] appends and proves, [`log_key`] signs, [`checkpoint`] is what is signed, [`birth`] is the first leaf.

pub(crate) mod birth;
pub(crate) mod checkpoint;
pub(crate) mod log_key;
pub(crate) mod tree;
