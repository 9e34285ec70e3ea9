//! What stands in the log: an event as bytes (X-LEAF), and what it promises of its content without
//! telling it.
//!
//! [`kind`] says what may happen, [`leaf`] holds the fields and their bytes, [`content`] what lies beside a
//! leaf, [`commitment`] ties the two together, [`kept`] and [`sealing`] are how it lies there: framed, and encrypted.

pub(crate) mod commitment;
pub(crate) mod content;
#[cfg(feature = "server")]
pub(crate) mod kept;
pub(crate) mod kind;
#[expect(
    clippy::module_inception,
    reason = "the room's central file is what it is about"
)]
pub(crate) mod leaf;
#[cfg(feature = "server")]
pub(crate) mod sealing;
