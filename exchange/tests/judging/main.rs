//! A running exchange that judges by its registry: from the token to the answer, with certificates that an authority
//! issued and contracts that the parties signed; and what is tried against it.

mod attacks;
mod callbacks;
mod contracts;
mod edges;
mod made;
mod order;
mod over_time;
mod races;
mod receiver;
mod several;
