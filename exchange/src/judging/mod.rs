//! Who decides in a running exchange: the registry for all who judge by it, who may come in, and the judge.
//!
//! Read it in this order: `shared` (the registry, on a thread of its own), `keeping` (what runs there), `entrance` (what
//! the doors ask), `decides` (the judge) with `receivers` (to whom) and `refusing` (what is told and recorded of a refusal), and `contracts`
//! (what the exchange answers itself).

mod contracts;
mod decides;
mod entrance;
mod keeping;
mod receivers;
mod refusing;
mod shared;
#[cfg(test)]
mod tests;

pub use decides::{Deciding, DecidingParts};
pub use entrance::{Entered, Entrance};
pub use keeping::{Changed, OnChanged, OnTaken};
pub use shared::{LOCK_FILE, NotShared, SharedRegistry};
