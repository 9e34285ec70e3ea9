//! What an operator sets and sees.
//!
//! One folder holds everything: settings, record, registry, keys, certificates.
//!
//! [`settings`] is what can be set, [`field`] how each is read and printed, [`wrong`] what is said of mistakes; [`folder`] names
//! the files and refuses secrets that others can read; [`founding`] makes a new one.

mod field;
mod folder;
mod founding;
mod settings;
mod wrong;

pub use folder::{Folder, Part};
pub use founding::{AUTHORITY_FOLDER, NewExchange, NotFounded, PASSPHRASE_FILE, found};
pub use settings::{SETTINGS_FILE, Settings};
pub use wrong::WrongSettings;
