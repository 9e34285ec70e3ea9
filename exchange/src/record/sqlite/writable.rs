//! Whether the disk takes what is written: told from a disk that failed, and tried again.

use super::store::SqliteStore;
use super::written::{opens, rewrite, told_apart};
use crate::record::storing::failure::Failure;

impl SqliteStore {
    /// That it takes what is written. It is tried, with a page that stays as it is, where the last write failed, where the file
    /// cannot be opened for writing any more, which costs next to nothing to know, and where `anyway` says so.
    ///
    /// # Errors
    /// [`Failure`]: why it does not.
    pub fn check_writes(&mut self, anyway: bool) -> Result<(), Failure> {
        self.alive()?;
        if !(self.refused || anyway) && opens(&self.record) {
            return Ok(());
        }
        let tried = rewrite(&self.record).and_then(|()| self.secrets.rewrite());
        tried.map_err(|failure| self.failed(failure))?;
        self.refused = false;
        Ok(())
    }

    /// A write failed: with its cause, and to be tried again.
    pub(super) fn refuses(&mut self, failure: Failure) -> Failure {
        self.refused = true;
        told_apart(failure, &self.record)
    }
}
