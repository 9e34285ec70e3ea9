//! Ids, times and bytes as text, in what is kept.

pub(super) mod base64;
pub(super) mod hash;
pub(super) mod shown;
pub(super) mod time;
