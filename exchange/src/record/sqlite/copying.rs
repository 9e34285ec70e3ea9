//! A copy of a database that is in use: one moment of it, whole.

use std::fs::File as SystemFile;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::halt::Halt;
use super::privacy::make_private_file;
use crate::record::storing::failure::{Cause, Failure};

/// Writes a copy of the database at `from` to `to`, which must not be there, as it is at this moment, while others read and
/// write it. It is on disk when this returns.
///
/// # Errors
/// [`Failure`], also where it is to end before.
pub fn copy_database(from: &Path, to: &Path, halt: &Halt) -> Result<(), Failure> {
    if to.symlink_metadata().is_ok() {
        let there = format!("{} exists and is never overwritten", to.display());
        return Err(Failure::new(Cause::ReadOnly, there));
    }
    // What is in the write-ahead log is read too, for which its index must be written.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(from, flags)?;
    halt.watch(&mut connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let name = to.to_str().ok_or_else(|| {
        let not_text = format!("{} is no name in UTF-8", to.display());
        Failure::new(Cause::ReadOnly, not_text)
    })?;
    // Into an empty file: one that SQLite makes others could read.
    make_private_file(to)?;
    connection.execute("VACUUM INTO ?1", [name])?;
    let copied = SystemFile::open(to).and_then(|file| file.sync_all());
    copied.map_err(|error| Failure::new(Cause::Disk, error))
}

/// Writes a copy of the keys at `from` to `to`, which must not be there: those that the record at `record` has messages of, and
/// none that were made for what is said later, since whoever has this copy is not to read that. It is on disk when this
/// returns.
///
/// # Errors
/// [`Failure`].
pub fn copy_keys(from: &Path, to: &Path, record: &Path, halt: &Halt) -> Result<(), Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let of_record = Connection::open_with_flags(record, flags)?;
    let size: i64 = of_record.query_row("SELECT size FROM head", [], |row| row.get(0))?;
    copy_database(from, to, halt)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(to, flags)?;
    // In no journal, and overwritten where they lie.
    connection.pragma_update(None, "journal_mode", "MEMORY")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute("DELETE FROM secret WHERE leaf >= ?1", [size])?;
    Ok(())
}

/// Makes a copy a database again that is written as exchanges do.
///
/// # Errors
/// [`Failure`].
pub fn adopt_database(path: &Path) -> Result<(), Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    Ok(())
}
