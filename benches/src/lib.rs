//! What the measurements share: the inputs, a fair contest, and what is made of its result. See
//! README.md beside this crate.

pub mod inputs;
#[cfg(feature = "presentation")]
pub mod launch;
#[cfg(feature = "presentation")]
pub mod page;
#[cfg(feature = "presentation")]
pub mod run;
#[cfg(feature = "presentation")]
pub mod table;
#[cfg(feature = "presentation")]
pub mod turns;
