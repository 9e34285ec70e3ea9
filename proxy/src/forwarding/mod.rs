//! What becomes of a client's request: may it come in (`access`), what of it passes (`fields`, `head`),
//! its whole body (`body`), the answer to it (`answer`), and all of it in a row (`service`).

pub(crate) mod access;
pub(crate) mod answer;
mod body;
mod fields;
mod head;
pub(crate) mod service;
