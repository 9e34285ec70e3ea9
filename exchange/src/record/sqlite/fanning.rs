//! Requests to several receivers (X-FANOUT): which children they have, and what came of those.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::number::{time_from_sql, time_to_sql};
use super::store::SqliteStore;
use super::writing::{Stop, Writing};
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::storing::done::{Done, Rejected};
use crate::record::storing::failure::Failure;
use crate::record::storing::fan::{Child, Fan, FanEnd, Fanned};
use crate::record::storing::outcome::Asked;

impl Writing<'_> {
    pub(super) fn fan(&mut self, fan: &Fan) -> Result<Done, Stop> {
        self.must_be_new(fan.correlation)?;
        self.use_key(Some(&fan.replay), fan.correlation)?;
        self.must_not_repeat(fan.idempotency.as_ref(), fan.at)?;
        let (id, at) = (fan.correlation.as_bytes(), time_to_sql(fan.at)?);
        let mut insert = self
            .transaction
            .prepare_cached("INSERT OR IGNORE INTO fan VALUES(?1, ?2, ?3, ?4, 1)")?;
        if insert.execute(params![id, fan.sender.to_bytes(), fan.request, at])? == 0 {
            return Err(Rejected::Taken.into());
        }
        let mut insert = self
            .transaction
            .prepare_cached("INSERT INTO fan_child VALUES(?1, ?2, ?3, NULL)")?;
        for (child, receiver) in &fan.children {
            insert.execute(params![id, child.as_bytes(), receiver.to_bytes()])?;
        }
        if let Some(key) = &fan.idempotency {
            let mut insert = self
                .transaction
                .prepare_cached("INSERT OR REPLACE INTO fan_key VALUES(?1, ?2, ?3, ?4, ?5)")?;
            let instance = key.instance.as_bytes();
            insert.execute(params![instance, key.key, key.request, id, at])?;
        }
        Ok(Done::Noted)
    }

    pub(super) fn fan_end(&self, end: &FanEnd) -> Result<Done, Stop> {
        let id = end.correlation.as_bytes();
        let mut update = self
            .transaction
            .prepare_cached("UPDATE fan SET open = 0 WHERE id = ?1")?;
        if update.execute([id])? == 0 {
            return Err(Rejected::NotThere.into());
        }
        let mut update = self
            .transaction
            .prepare_cached("UPDATE fan_child SET status = ?3 WHERE fan = ?1 AND child = ?2")?;
        for (child, status) in &end.statuses {
            update.execute(params![id, child.as_bytes(), status])?;
        }
        Ok(Done::Noted)
    }
}

/// Whether one of its children has not ended.
pub(super) fn is_open(connection: &Connection, fan: CorrelationId) -> Result<bool, Failure> {
    let mut select = connection.prepare_cached(
        "SELECT open = 1 OR EXISTS (SELECT 1 FROM fan_child JOIN event ON event.correlation = child \
         JOIN exchange ON exchange.leaf = event.leaf WHERE fan_child.fan = fan.id AND exchange.open = 1) \
         FROM fan WHERE id = ?1",
    )?;
    Ok(select.query_row([fan.as_bytes()], |row| row.get(0))?)
}

/// What an earlier process had begun, this one does not go on with: children that it had accepted end on their own.
pub(super) fn close_all(connection: &Connection) -> Result<(), Failure> {
    connection.execute("UPDATE fan SET open = 0 WHERE open = 1", [])?;
    Ok(())
}

impl SqliteStore {
    /// Who sent a request to several receivers; `None` for what is none.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn fan_sender(&self, correlation: CorrelationId) -> Result<Option<Party>, Failure> {
        let mut select = self
            .record
            .prepare_cached("SELECT sender FROM fan WHERE id = ?1")?;
        let sender: Option<[u8; 32]> = select
            .query_row([correlation.as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(sender.map(Party::from_bytes))
    }

    pub(super) fn read_fan(&self, sender: Uuid, asked: Asked) -> Result<Option<Fanned>, Failure> {
        let (by, key) = match &asked {
            Asked::Correlation(id) => ("id", id.as_bytes().as_slice()),
            Asked::Request(request) => ("request", request.as_slice()),
        };
        let mut select = self.record.prepare_cached(&format!(
            "SELECT id, at FROM fan WHERE {by} = ?1 AND substr(sender, 17) = ?2 ORDER BY at, id LIMIT 1"
        ))?;
        let found: Option<([u8; 16], i64)> = select
            .query_row(params![key, sender.as_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((id, at)) = found else {
            return Ok(None);
        };
        let correlation = CorrelationId::from_bytes(id);
        Ok(Some(Fanned {
            correlation,
            at: time_from_sql(at)?,
            open: is_open(&self.record, correlation)?,
            children: self.read_children(sender, correlation)?,
        }))
    }

    fn read_children(&self, sender: Uuid, fan: CorrelationId) -> Result<Vec<Child>, Failure> {
        let mut select = self.record.prepare_cached(
            "SELECT child, receiver, status FROM fan_child WHERE fan = ?1 ORDER BY receiver",
        )?;
        let rows = select.query_map([fan.as_bytes()], |row| {
            let receiver: [u8; 32] = row.get(1)?;
            Ok((row.get(0)?, receiver, row.get(2)?))
        })?;
        let children = rows.map(|row| {
            let (child, receiver, status) = row?;
            let correlation = CorrelationId::from_bytes(child);
            Ok(Child {
                correlation,
                receiver: Party::from_bytes(receiver),
                status,
                outcome: self.read_outcome(sender, Asked::Correlation(correlation))?,
            })
        });
        children.collect()
    }
}
