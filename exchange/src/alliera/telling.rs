//! Telling the exchange what happened.

use rusqlite::{Row, params};
use uuid::Uuid;

use super::event::Happened;
use super::stand_in::{Alliera, StoreProblem};
use crate::party::Party;

const DOMAIN: &str = "Delivery";
/// How many are given at once.
const AT_ONCE: i64 = 100;

impl Alliera {
    /// What the exchange was not told yet, in the order in which it happened: the first hundred.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn happened(&self) -> Result<Vec<Happened>, StoreProblem> {
        let mut all = self.sql.prepare_cached(
            "SELECT seq, event, partner, instance, data FROM happened WHERE seq NOT IN (SELECT seq FROM set_aside)
            ORDER BY seq LIMIT ?1",
        )?;
        let all = all.query_map([AT_ONCE], happened)?;
        Ok(all.collect::<Result<_, _>>()?)
    }

    /// The exchange was told: by its number.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn told(&self, number: i64) -> Result<(), StoreProblem> {
        for delete in [
            "DELETE FROM happened WHERE seq = ?1",
            "DELETE FROM set_aside WHERE seq = ?1",
        ] {
            self.sql.prepare_cached(delete)?.execute([number])?;
        }
        Ok(())
    }

    /// The exchange will never take it, for this reason: what happened later is told all the same.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn set_aside(&self, number: i64, why: &str) -> Result<(), StoreProblem> {
        let mut insert = self
            .sql
            .prepare_cached("INSERT OR REPLACE INTO set_aside VALUES(?1, ?2)")?;
        insert.execute(params![number, why])?;
        Ok(())
    }

    /// What was set aside, each with why: the first hundred.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn all_set_aside(&self) -> Result<Vec<(Happened, String)>, StoreProblem> {
        let mut all = self.sql.prepare_cached(
            "SELECT seq, event, partner, instance, data, why FROM happened JOIN set_aside USING(seq)
            ORDER BY seq LIMIT ?1",
        )?;
        let all = all.query_map([AT_ONCE], |row| Ok((happened(row)?, row.get(5)?)))?;
        Ok(all.collect::<Result<_, _>>()?)
    }
}

fn happened(row: &Row<'_>) -> rusqlite::Result<Happened> {
    let id = |text: String| Uuid::try_parse(&text).unwrap_or_default();
    let data: String = row.get(4)?;
    Ok(Happened {
        number: row.get(0)?,
        domain: DOMAIN,
        event_type: row.get(1)?,
        to: Party {
            partner: id(row.get(2)?),
            instance: id(row.get(3)?),
        },
        data: serde_json::from_str(&data).unwrap_or_default(),
    })
}
