//! The log: a Merkle tree over leaves (RFC 6962), and its state as a signed note (X-CHECKPOINT).
//!
//! [`tree`] appends and proves, [`proof`] is what proofs show, [`log_key`] signs, [`checkpoint`] is what is signed,
//! [`birth`] is the first leaf and [`naming`] what it says.

#[cfg(feature = "server")]
pub(crate) mod birth;
pub(crate) mod checkpoint;
pub(crate) mod log_key;
pub(crate) mod naming;
pub(crate) mod proof;
#[cfg(feature = "server")]
pub(crate) mod tree;
