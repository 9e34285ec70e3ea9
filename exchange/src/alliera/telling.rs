//! Telling the exchange what happened.

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
            "SELECT seq, event, partner, instance, data FROM happened ORDER BY seq LIMIT ?1",
        )?;
        let all = all.query_map([AT_ONCE], |row| {
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
        })?;
        Ok(all.collect::<Result<_, _>>()?)
    }

    /// The exchange was told: by its number.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn told(&self, number: i64) -> Result<(), StoreProblem> {
        let mut delete = self
            .sql
            .prepare_cached("DELETE FROM happened WHERE seq = ?1")?;
        delete.execute([number])?;
        Ok(())
    }
}
