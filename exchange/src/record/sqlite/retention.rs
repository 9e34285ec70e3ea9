//! Erasing exchanges whose time is over, many at once; their leaves stay.

use daxsign_core::Timestamp;
use rusqlite::params;

use super::number::{from_sql, to_sql, wrong};
use super::store::SqliteStore;
use crate::record::leaf::leaf::Leaf;
use crate::record::storing::failure::Failure;

/// An exchange of which something is kept.
struct Old {
    leaf: u64,
    at: Timestamp,
    correlation: [u8; 16],
    /// Whether it is in work, or nothing of it is kept any more.
    passed: bool,
}

impl SqliteStore {
    /// Erases what was said in those of the next `limit` exchanges, from leaf `from` on, that began before that time and have
    /// ended. Where to go on; `None` once all that are older were looked at. What certificates and contracts are about stays.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn erase_before(
        &mut self,
        before: Timestamp,
        from: u64,
        limit: u64,
    ) -> Result<Option<u64>, Failure> {
        self.alive()?;
        let found = self.old(from, limit)?;
        let next = found.last().map(|last| last.leaf.saturating_add(1));
        let is_full = u64::try_from(found.len()).unwrap_or(u64::MAX) >= limit;
        let count = found.iter().position(|one| one.at >= before);
        let old: Vec<&Old> = found
            .iter()
            .take(count.unwrap_or(found.len()))
            .filter(|one| !one.passed)
            .collect();
        if !old.is_empty() {
            let leaves: Vec<u64> = old.iter().map(|one| one.leaf).collect();
            // First what decrypts them: the rest is for room alone.
            self.secrets.erase_all(&leaves)?;
            self.remove_all_sealed(&old)?;
        }
        Ok(next.filter(|_| is_full && count.is_none()))
    }

    fn old(&self, from: u64, limit: u64) -> Result<Vec<Old>, Failure> {
        let mut select = self.record.prepare_cached(
            "SELECT exchange.leaf, bytes, correlation, open = 1 OR sealed IS NULL FROM exchange \
             JOIN event ON event.leaf = exchange.leaf WHERE exchange.leaf >= ?1 ORDER BY exchange.leaf LIMIT ?2",
        )?;
        let rows = select.query_map(params![to_sql(from)?, to_sql(limit)?], |row| {
            let bytes: Vec<u8> = row.get(1)?;
            Ok((row.get::<_, i64>(0)?, bytes, row.get(2)?, row.get(3)?))
        })?;
        rows.map(|row| {
            let (leaf, bytes, correlation, passed) = row?;
            let read = Leaf::from_bytes(&bytes).map_err(|problem| wrong(&problem.to_string()))?;
            Ok(Old {
                leaf: from_sql(leaf)?,
                at: read.at,
                correlation,
                passed,
            })
        })
        .collect()
    }

    fn remove_all_sealed(&mut self, old: &[&Old]) -> Result<(), Failure> {
        let transaction = self.record.transaction()?;
        for one in old {
            let mut update = transaction
                .prepare_cached("UPDATE event SET sealed = NULL WHERE correlation = ?1")?;
            update.execute([one.correlation])?;
            let mut delete = transaction.prepare_cached("DELETE FROM sent WHERE leaf = ?1")?;
            delete.execute([to_sql(one.leaf)?])?;
        }
        transaction.commit()?;
        Ok(())
    }
}
