//! The relay's tests: each state with each event, and all interleavings of small worlds.

mod table;
