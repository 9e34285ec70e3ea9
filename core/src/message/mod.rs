//! A message as bytes, of the type `message/http` (RFC 9112 10.1), taken apart where it lies: what a
//! controller reads that is a party, and everybody who is sent messages whole.
//!
//! Parts first, as they lie, whoever else would read them otherwise: [`line`](mod@line),
//! [`request_line`], [`field`] (with its folds). Then what others would read otherwise, [`framing`]
//! (S-FRAMING, [`ambiguity`]). [`reader`] refuses all of that, field by field; [`read`] is the whole.
//! [`problem`] says what was refused. Who mends requests, or tells people what is wrong with one, takes the
//! parts alone.

pub(crate) mod ambiguity;
pub(crate) mod field;
pub(crate) mod framing;
pub(crate) mod line;
pub(crate) mod problem;
pub(crate) mod read;
pub(crate) mod reader;
mod request_line;
