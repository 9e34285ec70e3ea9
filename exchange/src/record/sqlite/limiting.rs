//! How large the record may become (X-OVERLOAD).

use super::store::SqliteStore;
use crate::record::storing::failure::Failure;

impl SqliteStore {
    /// The record's file grows to `bytes` at most, rounded up to pages; then commits fail with
    /// [`Cause::Full`](crate::record::Cause::Full) until messages are erased. One that is larger grows no more.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn limit_size(&self, bytes: u64) -> Result<(), Failure> {
        let page: u32 = self
            .record
            .pragma_query_value(None, "page_size", |row| row.get(0))?;
        let pages = bytes.div_ceil(u64::from(page.max(1)));
        // As many as SQLite can count, or fewer.
        let pages = u32::try_from(pages).unwrap_or(u32::MAX - 1);
        self.record
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        Ok(())
    }
}
