//! An authority in a folder: its certificate, its key, what it issued and what it revoked, as files that a person
//! can read and back up.
//!
//! [`folder`] says which files there are; [`files`] how they are written, so that each is whole whatever happens;
//! [`lock`] that one process at a time changes them; [`register`] what was issued and revoked, of which [`event`]
//! is one line; [`key`] how the private key is kept; [`founding`] how a new one comes to be. [`keeper`] puts all of it together.

pub(crate) mod event;
pub(crate) mod files;
pub(crate) mod folder;
pub(crate) mod founding;
pub(crate) mod keeper;
pub(crate) mod key;
pub(crate) mod lock;
pub(crate) mod register;
