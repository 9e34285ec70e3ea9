//! The tables, and how the file is set up.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::record::{Cause, Failure, make_private_file};

/// The registry's file.
pub const REGISTRY_FILE: &str = "registry.db";

/// Marks the file as ours (`DAXp`).
const ID: i64 = 0x4441_5870;
const SCHEMA_VERSION: i64 = 1;
/// How long another process is waited for.
const BUSY: Duration = Duration::from_secs(2);

/// The registry is the sum of its changes. `note` holds what the record was not told of yet.
const TABLES: &str = "
CREATE TABLE change(
    version INTEGER PRIMARY KEY CHECK(version > 0),
    change TEXT NOT NULL,
    note TEXT
) STRICT;
CREATE INDEX change_note ON change(version) WHERE note IS NOT NULL;
CREATE TABLE used(
    contract BLOB NOT NULL CHECK(length(contract) = 16),
    period INTEGER NOT NULL,
    begin INTEGER NOT NULL,
    count INTEGER NOT NULL CHECK(count >= 0),
    PRIMARY KEY(contract, period, begin)
) STRICT, WITHOUT ROWID;
";

/// Opens the registry in `folder`; makes it where it is not there.
pub(super) fn open(folder: &Path) -> Result<Connection, Failure> {
    let path = folder.join(REGISTRY_FILE);
    // With hashes of passwords in it, nobody else reads it.
    make_private_file(&path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Hashes of passwords that were replaced, and messages that the record has.
    connection.pragma_update(None, "secure_delete", true)?;
    bring_up(&mut connection)?;
    Ok(connection)
}

fn bring_up(connection: &mut Connection) -> Result<(), Failure> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    match (pragma("application_id")?, pragma("user_version")?) {
        (ID, SCHEMA_VERSION) => Ok(()),
        (0, 0) => make(connection),
        (ID, version) => {
            let detail = format!("version {version}; this program knows {SCHEMA_VERSION}");
            Err(Failure::new(Cause::Foreign, detail))
        }
        _ => Err(Failure::new(
            Cause::Foreign,
            "the file is of another program",
        )),
    }
}

fn make(connection: &mut Connection) -> Result<(), Failure> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(())
}
