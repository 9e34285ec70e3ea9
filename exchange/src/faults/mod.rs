//! Faults to order, for a sandbox: so that a client meets here what production has for it some day.
//!
//! An [`Order`] says which [`Kind`] of fault, for whom, how often. The [`Board`] has all of them, decides which one a request
//! gets, and remembers which one it got. Nothing is ordered by default, and an exchange that is no sandbox has no board.
//!
//! Read it in this order: `kind`, `order`, `chance` (random, and the same each time), `board`, `altered` (answers of a
//! receiver), `spoiled` (signatures), `wire` (messages to one).

mod altered;
mod board;
mod chance;
mod kind;
mod order;
mod spoiled;
mod wire;

pub use altered::alter;
pub use board::{Board, Done, Full};
pub use kind::{Kind, Point, UnknownKind};
pub use order::{Asked, Order, Orders};
pub use spoiled::spoil_signature;
pub use wire::FaultyWire;
