//! Replay keys: a table for each hour of signed dates, dropped whole (X-REPLAY).

use rusqlite::{Connection, OptionalExtension, params};

use super::writing::{Stop, Writing};
use crate::correlation::CorrelationId;
use crate::record::storing::done::Rejected;
use crate::record::storing::failure::Failure;
use crate::record::storing::replay_key::ReplayKey;

impl Writing<'_> {
    /// Uses a key up for `correlation`, unless it was used before.
    pub(super) fn use_key(
        &mut self,
        key: Option<&ReplayKey>,
        correlation: CorrelationId,
    ) -> Result<(), Stop> {
        let Some(key) = key else { return Ok(()) };
        if key.hour < self.horizon {
            return Err(Rejected::TooOld.into());
        }
        self.have_table(key.hour)?;
        let table = table(key.hour);
        let mut insert = self
            .transaction
            .prepare_cached(&format!("INSERT OR IGNORE INTO {table} VALUES(?1, ?2)"))?;
        if insert.execute(params![key.digest, correlation.as_bytes()])? == 1 {
            return Ok(());
        }
        let mut select = self.transaction.prepare_cached(&format!(
            "SELECT correlation FROM {table} WHERE digest = ?1"
        ))?;
        let first = select.query_row([key.digest], |row| row.get(0))?;
        Err(Rejected::Replayed(CorrelationId::from_bytes(first)).into())
    }

    fn have_table(&mut self, hour: i64) -> Result<(), Failure> {
        if self.hours.contains(&hour) {
            return Ok(());
        }
        let table = table(hour);
        self.transaction.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS {table}(
                digest BLOB PRIMARY KEY CHECK(length(digest) = 32),
                correlation BLOB NOT NULL CHECK(length(correlation) = 16)
            ) STRICT, WITHOUT ROWID"
        ))?;
        self.transaction
            .execute("INSERT OR IGNORE INTO partition VALUES(?1)", [hour])?;
        self.hours.insert(hour);
        Ok(())
    }
}

/// Drops the tables of the hours before `horizon`.
pub(super) fn drop_before(connection: &Connection, horizon: i64) -> Result<(), Failure> {
    let oldest = "SELECT hour FROM partition WHERE hour < ?1 ORDER BY hour LIMIT 1";
    while let Some(hour) = connection
        .query_row(oldest, [horizon], |row| row.get::<_, i64>(0))
        .optional()?
    {
        connection.execute_batch(&format!("DROP TABLE IF EXISTS {}", table(hour)))?;
        connection.execute("DELETE FROM partition WHERE hour = ?1", [hour])?;
    }
    Ok(())
}

/// An hour before 1970 has a name too: the sign is spelt out.
fn table(hour: i64) -> String {
    let sign = if hour < 0 { "before_" } else { "" };
    format!("replay_{sign}{}", hour.unsigned_abs())
}
