//! Erasing exchanges whose time is over, many at once; their leaves stay.

use std::collections::BTreeMap;

use daxsign_core::Timestamp;
use rusqlite::params;
use uuid::Uuid;

use super::number::{from_sql, to_sql, wrong};
use super::store::SqliteStore;
use crate::record::leaf::leaf::Leaf;
use crate::record::storing::failure::Failure;

/// Until when an exchange must have begun for its time to be over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    /// Before that time.
    pub before: Timestamp,
    /// Of exchanges under these contracts before another one.
    pub of_contracts: BTreeMap<Uuid, Timestamp>,
}

impl Over {
    /// The same for all contracts.
    #[must_use]
    pub const fn before(before: Timestamp) -> Self {
        Self {
            before,
            of_contracts: BTreeMap::new(),
        }
    }

    fn is_over(&self, one: &Old) -> bool {
        let of_contract = one.contract.and_then(|id| self.of_contracts.get(&id));
        one.at < *of_contract.unwrap_or(&self.before)
    }

    /// Nothing that began later can be.
    fn last(&self) -> Timestamp {
        let of_contracts = self.of_contracts.values().copied();
        of_contracts.fold(self.before, Timestamp::max)
    }
}

/// An exchange of which something is kept.
struct Old {
    leaf: u64,
    at: Timestamp,
    contract: Option<Uuid>,
    correlation: [u8; 16],
    /// Whether it is in work, or nothing of it is kept any more.
    passed: bool,
}

impl SqliteStore {
    /// Erases what was said in those of the next `limit` exchanges, from leaf `from` on, whose time is over, and which have
    /// ended. Where to go on; `None` once all that are older were looked at. What certificates and contracts are about stays.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn erase_over(
        &mut self,
        over: &Over,
        from: u64,
        limit: u64,
    ) -> Result<Option<u64>, Failure> {
        self.alive()?;
        let found = self.old(from, limit)?;
        let next = found.last().map(|last| last.leaf.saturating_add(1));
        let is_full = u64::try_from(found.len()).unwrap_or(u64::MAX) >= limit;
        let last = over.last();
        let count = found.iter().position(|one| one.at >= last);
        let old: Vec<&Old> = found
            .iter()
            .take(count.unwrap_or(found.len()))
            .filter(|one| !one.passed && over.is_over(one))
            .collect();
        if !old.is_empty() {
            let erased = self.erase_old(&old);
            erased.map_err(|failure| self.refuses(failure))?;
        }
        Ok(next.filter(|_| is_full && count.is_none()))
    }

    fn erase_old(&mut self, old: &[&Old]) -> Result<(), Failure> {
        let leaves: Vec<u64> = old.iter().map(|one| one.leaf).collect();
        // First what decrypts them: the rest is for room alone.
        self.secrets.erase_all(&leaves)?;
        self.remove_all_sealed(old)
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
                contract: read.contract.map(|contract| contract.id),
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
