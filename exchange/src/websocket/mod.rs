//! What both ends of a party's connection (X-BUS) have in common: one binary message of RFC 6455 is one message of the
//! type `message/http`.
//!
//! `frames` is how they are read and written, `closing` why a connection ends, `metered` what bounds fragments
//! without an end.

mod closing;
mod frames;
mod metered;

pub use closing::Closing;
pub use frames::{BUS_PATH, MAX_MESSAGE_LEN};

pub(crate) use frames::frames;
pub(crate) use metered::{Meter, Metered};
