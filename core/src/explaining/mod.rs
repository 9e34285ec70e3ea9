//! Why a signature does not verify.
//!
//! [`explain`] first: what stands in the signature is taken out ([`held`]: a hash of something, or
//! the mark of another operation), then the strings of the mistakes people make are tried until one
//! has that hash ([`search`]). [`variation`] is those mistakes, and their table is
//! [`variation::kind`].

pub(crate) mod explain;
pub(crate) mod held;
pub(crate) mod search;
pub(crate) mod variation;
