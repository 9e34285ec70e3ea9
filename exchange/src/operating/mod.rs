//! What an operator sets and sees.
//!
//! [`settings`] is what can be set, [`field`] how each is read and printed, [`wrong`] what is said of mistakes.

mod field;
mod settings;
mod wrong;

pub use settings::{SETTINGS_FILE, Settings};
pub use wrong::WrongSettings;
