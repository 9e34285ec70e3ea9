//! A folder that no exchange runs on, as long as this is there.

use core::fmt;
use std::fs::TryLockError;
use std::io;
use std::path::PathBuf;

use super::folder::Folder;
use crate::judging::{FolderLock, LOCK_FILE};

/// Nobody else runs on the folder.
#[derive(Debug)]
pub struct Locked(#[expect(dead_code, reason = "unlocked when it is dropped")] FolderLock);

/// Why it is not.
#[derive(Debug)]
pub enum NotLocked {
    /// An exchange runs on it.
    InUse,
    /// There is no such folder.
    NoFolder(PathBuf),
    /// The system's.
    System(io::Error),
}

impl Locked {
    /// Whether an exchange ever ran on the folder, by the file that is locked; nothing is made.
    #[must_use]
    pub fn was_ever(folder: &Folder) -> bool {
        folder.path().join(LOCK_FILE).exists()
    }

    /// Takes the lock that a running exchange has.
    ///
    /// # Errors
    /// [`NotLocked`].
    pub fn take(folder: &Folder) -> Result<Self, NotLocked> {
        FolderLock::take(folder.path())
            .map(Self)
            .map_err(|error| match error {
                TryLockError::WouldBlock => NotLocked::InUse,
                TryLockError::Error(error) if error.kind() == io::ErrorKind::NotFound => {
                    NotLocked::NoFolder(folder.path().to_owned())
                }
                TryLockError::Error(error) => NotLocked::System(error),
            })
    }
}

impl fmt::Display for NotLocked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse => formatter.write_str("an exchange runs on this folder: end it first"),
            Self::NoFolder(folder) => write!(formatter, "there is no folder {}", folder.display()),
            Self::System(error) => write!(
                formatter,
                "{LOCK_FILE} cannot be locked ({error}): mend the permissions or the mount of its folder"
            ),
        }
    }
}

impl std::error::Error for NotLocked {}
