//! What happened that the exchange is to be told: kept until it was.

use rusqlite::{Connection, params};
use serde_json::Value;

/// How many are kept: of more, those that happened first are never told.
const KEPT: i64 = 10_000;

/// Keeps what happened to a party's delivery.
pub(super) fn happened(
    sql: &Connection,
    event: &str,
    [partner, instance]: [&str; 2],
    data: &Value,
) -> rusqlite::Result<()> {
    let mut insert = sql.prepare_cached(
        "INSERT INTO happened(event, partner, instance, data) VALUES(?1, ?2, ?3, ?4)",
    )?;
    let seq = insert.insert(params![event, partner, instance, data.to_string()])?;
    let first = seq.saturating_sub(KEPT);
    for delete in [
        "DELETE FROM happened WHERE seq <= ?1",
        "DELETE FROM set_aside WHERE seq <= ?1",
    ] {
        sql.prepare_cached(delete)?.execute([first])?;
    }
    Ok(())
}
