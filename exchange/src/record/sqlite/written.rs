//! Writing to a database's file as such: tried, and why it failed.

use std::fs::OpenOptions;

use rusqlite::Connection;

use crate::record::storing::failure::{Cause, Failure};

/// Where a write failed and its file cannot be opened for writing any more, the disk is read-only. Nothing of the
/// transaction is on it then: its last page was not written, let alone waited for.
///
/// The write-ahead log is the one file that may be opened for that: SQLite takes no locks on it, and closing any
/// other would end those that it has.
pub(crate) fn told_apart(failure: Failure, connection: &Connection) -> Failure {
    if failure.cause != Cause::Unwritten {
        return failure;
    }
    let path = connection.path().unwrap_or_default();
    let log = format!("{path}-wal");
    match OpenOptions::new().append(true).open(&log) {
        Err(error) => Failure::new(Cause::ReadOnly, format_args!("{log}: {error}")),
        Ok(_) => failure,
    }
}

/// Writes the first page as it is.
pub(super) fn rewrite(connection: &Connection) -> Result<(), Failure> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    connection.pragma_update(None, "user_version", version)?;
    Ok(())
}
