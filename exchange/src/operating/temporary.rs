//! A folder that is gone afterwards.

use std::io;
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom, SystemRandom};

use super::folder::make_private;

/// A folder among the system's temporary ones: this user's alone, gone when it is dropped.
#[derive(Debug)]
pub struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// A new one, whose name begins so.
    ///
    /// # Errors
    /// The system's.
    pub fn new(name: &str) -> io::Result<Self> {
        // A name that nobody guesses: others may write among temporary files too.
        let mut random = [0; 8];
        let filled = SystemRandom::new().fill(&mut random);
        filled.map_err(|_| io::Error::other("the system gives no randomness"))?;
        let name = format!("{name}-{:016x}", u64::from_be_bytes(random));
        let path = std::env::temp_dir().join(name);
        make_private(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed now, the system removes with its temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
