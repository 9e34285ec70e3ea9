//! Proofs about the log as it is stored.

use rusqlite::OptionalExtension;

use super::head::{Head, node};
use super::number::to_sql;
use super::store::SqliteStore;
use crate::record::leaf::leaf::HASH_LEN;
use crate::record::log::tree::{Stored, consistency, inclusion};
use crate::record::storing::failure::Failure;

impl SqliteStore {
    /// How many leaves the log has.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn size(&self) -> Result<u64, Failure> {
        Ok(Head::read(&self.record)?.size)
    }

    /// The proof that the log of `size` leaves holds the one at `index`.
    ///
    /// # Errors
    /// [`Failure`]; [`Cause::Damaged`](crate::record::Cause::Damaged) also for sizes that the log does not have.
    pub fn inclusion(&self, size: u64, index: u64) -> Result<Vec<[u8; HASH_LEN]>, Failure> {
        Ok(inclusion(
            size,
            index,
            &Stored(|position| node(&self.record, position).ok()),
        )?)
    }

    /// The proof that the log of `size` leaves begins with all those of the log of `earlier` leaves, at least one.
    ///
    /// # Errors
    /// As [`inclusion`](Self::inclusion).
    pub fn consistency(&self, size: u64, earlier: u64) -> Result<Vec<[u8; HASH_LEN]>, Failure> {
        Ok(consistency(
            size,
            earlier,
            &Stored(|position| node(&self.record, position).ok()),
        )?)
    }

    /// The signed checkpoint of that size, if there is one.
    pub(super) fn stored_checkpoint(&self, size: u64) -> Result<Option<Vec<u8>>, Failure> {
        let mut select = self
            .record
            .prepare_cached("SELECT note FROM checkpoint WHERE size = ?1")?;
        Ok(select
            .query_row([to_sql(size)?], |row| row.get(0))
            .optional()?)
    }
}
