//! Erasing what was said, not that something was (X-ERASE).

use super::number::to_sql;
use super::secrets::Kept;
use super::store::SqliteStore;
use super::writing::first_leaf;
use crate::correlation::CorrelationId;
use crate::record::storing::failure::Failure;
use crate::record::storing::store::EraseProblem;

impl SqliteStore {
    pub(super) fn overwrite(&mut self, correlation: CorrelationId) -> Result<bool, EraseProblem> {
        let Some(first) = self.erasable(correlation)? else {
            return Ok(false);
        };
        let erased_before = matches!(self.secrets.get(first)?, Kept::Erased);
        // Even where it was erased before: that may have ended half-way.
        self.secrets.erase(first)?;
        self.remove_sealed(first, correlation)?;
        Ok(!erased_before)
    }

    /// The first leaf of what may be erased: not of the log itself, nor of what is in work.
    fn erasable(&self, correlation: CorrelationId) -> Result<Option<u64>, EraseProblem> {
        let first = first_leaf(&self.record, correlation)?;
        if self.found(correlation)?.is_some_and(|found| found.open) {
            return Err(EraseProblem::InWork);
        }
        Ok(first.filter(|first| *first != 0))
    }

    /// Nothing can read it any more: this is for room alone.
    fn remove_sealed(&mut self, first: u64, correlation: CorrelationId) -> Result<(), Failure> {
        let transaction = self.record.transaction()?;
        let sealed = "UPDATE event SET sealed = NULL WHERE correlation = ?1";
        transaction.execute(sealed, [correlation.as_bytes()])?;
        transaction.execute("DELETE FROM sent WHERE leaf = ?1", [to_sql(first)?])?;
        // Callbacks that were registered by it cannot be read either: they are no more.
        transaction.execute("DELETE FROM callback WHERE leaf = ?1", [to_sql(first)?])?;
        transaction.execute(
            "DELETE FROM callback_left WHERE leaf = ?1",
            [to_sql(first)?],
        )?;
        transaction.commit()?;
        Ok(())
    }
}
