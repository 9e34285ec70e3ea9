//! A running exchange between two parties in one process: complete exchanges, what is refused, what expires, and what
//! goes on after a restart. What it sends is checked by the parties' side, and by evidence.

mod alliera;
mod complete;
mod made;
mod open;
mod refused;
