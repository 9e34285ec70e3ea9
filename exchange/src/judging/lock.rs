//! The lock of a folder that an exchange runs on.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

/// Held as long as an exchange runs on this folder, and let go by the system however it ends.
pub const LOCK_FILE: &str = "registry.lock";

/// How often it is looked whether the lock is let go: a command that asks whether an exchange runs has it for a moment.
const LOOKS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(20);

/// Nobody else runs on the folder.
#[derive(Debug)]
pub struct FolderLock(File);

impl FolderLock {
    /// Takes it, or does not: it waits for a tenth of a second at most.
    ///
    /// # Errors
    /// Who else has it, or why the file cannot be opened or locked.
    pub fn take(folder: &Path) -> Result<Self, TryLockError> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(folder.join(LOCK_FILE));
        let file = file.map_err(TryLockError::Error)?;
        for _ in 1..LOOKS {
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(error) => return Err(error),
                Ok(()) => return Ok(Self(file)),
            }
        }
        file.try_lock()?;
        Ok(Self(file))
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing the file is not enough: a program that another thread is about to start has it too, until it runs.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_let_go_though_a_program_that_starts_has_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = FolderLock::take(folder.path()).expect("nobody has it");
        assert!(matches!(
            FolderLock::take(folder.path()),
            Err(TryLockError::WouldBlock)
        ));
        // The same open file once more, as between a fork and the program that is started.
        let _inherited = lock.0.try_clone().expect("a second descriptor");
        drop(lock);
        FolderLock::take(folder.path()).expect("it was let go");
    }
}
