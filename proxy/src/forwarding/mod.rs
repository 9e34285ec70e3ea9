//! What becomes of a client's request: may it come in (`access`), what of it passes (`fields`, `head`),
//! its whole body (`body`), the answer to it (`answer`), what is noted of it (`noted`), and all of
//! it in a row (`service`).

pub(crate) mod access;
pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod fields;
mod head;
mod noted;
pub(crate) mod service;
