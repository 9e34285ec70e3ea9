//! Who decides in a running exchange: the registry for all who judge by it, who may come in, and the judge.
//!
//! Read it in this order: `lock`, `shared` (the registry, on a thread of its own), `keeping` (what runs there), `entrance` (what
//! the doors ask), `decides` (the judge) with `receivers` (to whom) and `refusing` (what is told and recorded of a refusal), and `contracts`,
//! `callbacks` and `groups` with `page` (what the exchange answers itself).

mod callbacks;
mod contracts;
mod decides;
mod entrance;
mod groups;
mod keeping;
mod lock;
mod page;
mod receivers;
mod refusing;
mod shared;
#[cfg(test)]
mod tests;

pub use decides::{Deciding, DecidingParts};
pub use entrance::{Entered, Entrance};
pub(crate) use groups::publication;
pub use keeping::{Changed, OnChanged, OnTaken};
pub use lock::{FolderLock, LOCK_FILE};
pub use shared::{NotShared, SharedRegistry};
