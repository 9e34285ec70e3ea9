//! The relay's tests: [`table`] has each state with each event; [`world`] is a small world around the
//! relay with a [`store`], of which [`explore`] goes through all interleavings,
//! and [`random`] through some of larger ones.

mod explore;
mod random;
mod store;
mod table;
mod traffic;
mod world;
