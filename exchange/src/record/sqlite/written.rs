//! Writing to a database's file as such: tried, and why it failed.

use std::fs::{File, OpenOptions};
use std::io;

use rusqlite::Connection;

use crate::record::storing::failure::{Cause, Failure};

/// Where a write failed and its file cannot be opened for writing any more, the disk is read-only. Nothing of the
/// transaction is on it then: its last page was not written, let alone waited for.
pub(crate) fn told_apart(failure: Failure, connection: &Connection) -> Failure {
    if failure.cause != Cause::Unwritten {
        return failure;
    }
    let log = log_of(connection);
    match open(&log) {
        Err(error) => Failure::new(Cause::ReadOnly, format_args!("{log}: {error}")),
        Ok(_) => failure,
    }
}

/// Whether its file can be opened for writing, or is not there yet.
pub(super) fn opens(connection: &Connection) -> bool {
    match open(&log_of(connection)) {
        Ok(_) => true,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// The write-ahead log is the one file that may be opened for that: SQLite takes no locks on it, and closing any
/// other would end those that it has.
fn log_of(connection: &Connection) -> String {
    format!("{}-wal", connection.path().unwrap_or_default())
}

fn open(log: &str) -> io::Result<File> {
    OpenOptions::new().append(true).open(log)
}

/// Writes the first page as it is.
pub(super) fn rewrite(connection: &Connection) -> Result<(), Failure> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    connection.pragma_update(None, "user_version", version)?;
    Ok(())
}
