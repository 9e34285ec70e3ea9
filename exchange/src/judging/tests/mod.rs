//! The registry, shared.

mod shared;
