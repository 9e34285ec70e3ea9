//! What writes a backup for an operator.

use core::fmt;
use std::path::Path;

/// Writes a backup into a new folder, and the keys of messages into a new file where one is named. It may take minutes; a
/// second one at the same time is refused.
pub type BackUp = Box<dyn Fn(&Path, Option<&Path>) -> Result<(), NotBackedUp> + Send + Sync>;

/// Why there is no backup. Nothing of it is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotBackedUp {
    /// Something is there already, it is no place for a backup, or another backup is being written.
    Place(String),
    /// This process may not write there.
    Forbidden(String),
    /// It failed.
    Failed(String),
}

impl fmt::Display for NotBackedUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Place(text) | Self::Forbidden(text) | Self::Failed(text)) = self;
        formatter.write_str(text)
    }
}

impl core::error::Error for NotBackedUp {}
