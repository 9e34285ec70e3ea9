//! Who decides in a running exchange: the registry for all who judge by it.
//!
//! Read it in this order: [`shared`] (the registry, on a thread of its own), [`keeping`] (what runs there).

mod keeping;
mod shared;
#[cfg(test)]
mod tests;

pub use keeping::{Changed, OnChanged, OnTaken};
pub use shared::{LOCK_FILE, NotShared, SharedRegistry};
