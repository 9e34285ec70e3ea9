//! Which exchanges name somebody, so that they can be erased. Everything is decrypted for it: nothing that could be searched
//! lies beside the log.

use rusqlite::params;

use super::number::{from_sql, to_sql};
use super::secrets::Kept;
use super::store::SqliteStore;
use crate::correlation::CorrelationId;
use crate::record::storing::failure::Failure;

/// A step of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// The exchanges that name it, whether they have ended or not.
    pub found: Vec<CorrelationId>,
    /// From which leaf on to look further; `None` once all were looked at.
    pub next: Option<u64>,
}

impl SqliteStore {
    /// Those of the next `limit` exchanges, from leaf `from` on, of which a message that is kept holds `what` in its target, its
    /// fields or its body, in any case of its letters. What stands there in another form, such as an image, is not found.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn mentioning(&self, what: &str, from: u64, limit: u64) -> Result<Mentions, Failure> {
        let mut select = self.record.prepare_cached(
            "SELECT exchange.leaf, correlation FROM exchange JOIN event ON event.leaf = exchange.leaf \
             WHERE exchange.leaf >= ?1 ORDER BY exchange.leaf LIMIT ?2",
        )?;
        let rows = select.query_map(params![to_sql(from)?, to_sql(limit)?], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 16]>(1)?))
        })?;
        let (mut mentions, mut seen) = (Mentions::default(), 0_u64);
        for row in rows {
            let (first, correlation) = row?;
            let first = from_sql(first)?;
            seen = seen.saturating_add(1);
            mentions.next = Some(first.saturating_add(1));
            if self.mentions(what, first, &correlation)? {
                mentions.found.push(CorrelationId::from_bytes(correlation));
            }
        }
        mentions.next = mentions.next.filter(|_| seen >= limit);
        Ok(mentions)
    }

    fn mentions(&self, what: &str, first: u64, correlation: &[u8; 16]) -> Result<bool, Failure> {
        let Kept::Secret(secret) = self.secrets.get(first)? else {
            return Ok(false);
        };
        let mut select = self.record.prepare_cached(
            "SELECT leaf FROM event WHERE correlation = ?1 AND sealed IS NOT NULL",
        )?;
        let places = select.query_map([correlation], |row| row.get::<_, i64>(0))?;
        for place in places {
            let content = self.open_content(&secret, from_sql(place?)?)?;
            if content.is_some_and(|content| holds(&content.message, what.as_bytes())) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    let mut windows = bytes.windows(part.len().max(1));
    windows.any(|window| window.eq_ignore_ascii_case(part))
}
