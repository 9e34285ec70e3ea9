//! From raw pointers to checked references: the one place that follows a caller's pointer.
//!
//! A call names its outputs first ([`outputs`]); what comes of that ([`inputs`]) is the only way to
//! read anything, and compares all it reads with them. So no input is read that an output could
//! overlap, and none can be forgotten.
//!
//! What can be checked is checked: NULL, alignment, lengths, struct sizes, marks, overlap. What
//! cannot is the caller's promise, told in the header: that a pointer points to as many bytes as said,
//! which nobody else writes during the call. Each exported function passes that promise on, as a
//! [`Caller`](caller::Caller); nothing here works without one.
//!
//! To be read from [`caller`] by [`outputs`] to [`inputs`]; then what they hand out: [`place`],
//! [`buffer`], [`storage`], [`request`]. Below them are [`region`] and [`written`] (where memory lies,
//! and what overlaps) and [`plain`] (what any bytes are a value of).

pub(crate) mod buffer;
pub(crate) mod caller;
pub(crate) mod inputs;
pub(crate) mod outputs;
pub(crate) mod place;
pub(crate) mod plain;
pub(crate) mod region;
mod request;
pub(crate) mod storage;
mod written;
