//! The tables, and how their files are set up.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::privacy::make_private_file;
use crate::record::storing::failure::{Cause, Failure};

/// The versions of the tables below. An older file is brought up when it is opened, a newer one refused.
const RECORD_VERSION: i64 = 3;
const KEYS_VERSION: i64 = 1;

/// Marks the two files as ours (`DAXr`, `DAXk`), for `file` and for people.
const RECORD_ID: i64 = 0x4441_5872;
const KEYS_ID: i64 = 0x4441_586B;

/// How long another process is waited for.
const BUSY: Duration = Duration::from_secs(2);
/// How many statements are kept prepared: more than there are.
const STATEMENTS: usize = 112;
/// Pages kept in memory, in KiB.
const RECORD_CACHE_KIB: i64 = 16 << 10;
/// After how many pages what is written is moved from the write-ahead log into the record's file: 16 MB. An exchange writes
/// the same few pages again and again, and the more of it waits, the fewer of them are moved.
const RECORD_LOG_PAGES: i64 = 4096;

/// The log, and what a crash must not lose. Numbers of leaves are those of the log.
///
/// `exchange` holds a row for each request that was accepted or refused, under the number of its first leaf.
/// Beside these there is a table `replay_N` for each hour N of signed dates, as `partition` lists them.
const RECORD: &str = "
CREATE TABLE head(
    id INTEGER PRIMARY KEY CHECK(id = 1),
    size INTEGER NOT NULL,
    root BLOB NOT NULL CHECK(length(root) = 32),
    verifier TEXT NOT NULL,
    horizon INTEGER NOT NULL
) STRICT;
CREATE TABLE event(
    leaf INTEGER PRIMARY KEY,
    correlation BLOB NOT NULL CHECK(length(correlation) = 16),
    bytes BLOB NOT NULL CHECK(length(bytes) < 1024),
    sealed BLOB
) STRICT;
CREATE INDEX event_correlation ON event(correlation);
CREATE TABLE node(
    position INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK(length(hash) = 32)
) STRICT;
CREATE TABLE exchange(
    leaf INTEGER PRIMARY KEY REFERENCES event(leaf),
    sender BLOB NOT NULL CHECK(length(sender) = 32),
    receiver BLOB CHECK(length(receiver) = 32),
    request BLOB NOT NULL CHECK(length(request) = 32),
    delivery INTEGER NOT NULL CHECK(delivery IN (0, 1)),
    deadline INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    ending INTEGER CHECK(ending BETWEEN 0 AND 3),
    ended INTEGER REFERENCES event(leaf),
    requeued INTEGER NOT NULL CHECK(requeued IN (0, 1)),
    late INTEGER REFERENCES event(leaf),
    open INTEGER NOT NULL CHECK(open IN (0, 1))
) STRICT;
CREATE INDEX exchange_request ON exchange(request);
CREATE INDEX exchange_open ON exchange(leaf) WHERE open = 1;
CREATE TABLE sent(
    leaf INTEGER NOT NULL REFERENCES exchange(leaf),
    towards INTEGER NOT NULL CHECK(towards IN (1, 2)),
    attempt INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY(leaf, towards, attempt)
) STRICT;
CREATE TABLE idempotency(
    instance BLOB NOT NULL CHECK(length(instance) = 16),
    key TEXT NOT NULL,
    request BLOB NOT NULL CHECK(length(request) = 32),
    leaf INTEGER NOT NULL REFERENCES exchange(leaf),
    at INTEGER NOT NULL,
    PRIMARY KEY(instance, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency(at);
CREATE TABLE contract(
    id BLOB NOT NULL CHECK(length(id) = 16),
    version INTEGER NOT NULL,
    leaf INTEGER NOT NULL REFERENCES event(leaf),
    PRIMARY KEY(id, version, leaf)
) STRICT, WITHOUT ROWID;
CREATE TABLE partition(hour INTEGER PRIMARY KEY) STRICT;
CREATE TABLE checkpoint(
    size INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    note BLOB NOT NULL
) STRICT;
";

/// What version 2 adds: callbacks (X-CALLBACK). Each is sealed under the key of the leaf by which it was registered, as piece
/// number `number`; a leaf in `callback_left` has a callback that is registered no more, and is erased once it has no other.
/// A row of `exchange` that has one in `delivery` is of no concern to the relay.
const CALLBACKS: &str = "
CREATE TABLE callback(
    id BLOB PRIMARY KEY CHECK(length(id) = 16),
    owner BLOB NOT NULL CHECK(length(owner) = 32),
    leaf INTEGER NOT NULL REFERENCES event(leaf),
    number INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX callback_owner ON callback(owner);
CREATE INDEX callback_leaf ON callback(leaf);
CREATE TABLE callback_left(leaf INTEGER PRIMARY KEY REFERENCES event(leaf)) STRICT;
CREATE TABLE delivery(
    leaf INTEGER PRIMARY KEY REFERENCES exchange(leaf),
    callback BLOB NOT NULL CHECK(length(callback) = 16),
    attempts INTEGER NOT NULL,
    under_way INTEGER NOT NULL CHECK(under_way IN (0, 1))
) STRICT;
";

/// What version 3 adds: requests to several receivers (X-FANOUT), each with its children. `open` is true as long as the process
/// runs that makes one answer of theirs; `status` is what their sender would have been told, once that is known of all.
/// `fan_key` has the keys for retries of such requests, as `idempotency` has those of others.
const FANS: &str = "
CREATE TABLE fan(
    id BLOB PRIMARY KEY CHECK(length(id) = 16),
    sender BLOB NOT NULL CHECK(length(sender) = 32),
    request BLOB NOT NULL CHECK(length(request) = 32),
    at INTEGER NOT NULL,
    open INTEGER NOT NULL CHECK(open IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX fan_request ON fan(request);
CREATE TABLE fan_child(
    fan BLOB NOT NULL REFERENCES fan(id),
    child BLOB NOT NULL CHECK(length(child) = 16),
    receiver BLOB NOT NULL CHECK(length(receiver) = 32),
    status INTEGER,
    PRIMARY KEY(fan, child)
) STRICT, WITHOUT ROWID;
CREATE TABLE fan_key(
    instance BLOB NOT NULL CHECK(length(instance) = 16),
    key TEXT NOT NULL,
    request BLOB NOT NULL CHECK(length(request) = 32),
    fan BLOB NOT NULL REFERENCES fan(id),
    at INTEGER NOT NULL,
    PRIMARY KEY(instance, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX fan_key_at ON fan_key(at);
";

/// Keys and salts. A row is written once and overwritten where it lies, never moved: what is erased leaves no copy in
/// the file. An erased one is all zeros.
const KEYS: &str = "
CREATE TABLE log(id INTEGER PRIMARY KEY CHECK(id = 1), verifier TEXT NOT NULL) STRICT;
CREATE TABLE secret(
    leaf INTEGER PRIMARY KEY,
    secret BLOB NOT NULL CHECK(length(secret) = 64)
) STRICT;
";

/// One of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum File {
    Record,
    Keys,
}

impl File {
    const fn application_id(self) -> i64 {
        match self {
            Self::Record => RECORD_ID,
            Self::Keys => KEYS_ID,
        }
    }

    const fn version(self) -> i64 {
        match self {
            Self::Record => RECORD_VERSION,
            Self::Keys => KEYS_VERSION,
        }
    }

    /// Those of each version, beside what was there before.
    const fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Record => &[RECORD, CALLBACKS, FANS],
            Self::Keys => &[KEYS],
        }
    }

    /// Opens the file, and makes it where `create` says so and it is not there.
    pub(super) fn open(self, path: &Path, create: bool) -> Result<Connection, Failure> {
        if create {
            make_private_file(path)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        self.set_up(&connection)?;
        self.bring_up(&mut connection, create)?;
        Ok(connection)
    }

    fn set_up(self, connection: &Connection) -> Result<(), Failure> {
        connection.busy_timeout(BUSY)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // Else a statement is compiled again each time, since another value might make another plan better.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        match self {
            Self::Record => {
                connection.pragma_update(None, "cache_size", -RECORD_CACHE_KIB)?;
                connection.pragma_update(None, "wal_autocheckpoint", RECORD_LOG_PAGES)?;
            }
            Self::Keys => connection.pragma_update(None, "secure_delete", true)?,
        }
        Ok(())
    }

    fn bring_up(self, connection: &mut Connection, create: bool) -> Result<(), Failure> {
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let (id, version) = (pragma("application_id")?, pragma("user_version")?);
        let is_new = (id, version) == (0, 0) && create && is_empty(connection)?;
        if is_new {
            connection.pragma_update(None, "journal_mode", "WAL")?;
            return self.make(connection, 0);
        }
        if id != self.application_id() {
            return Err(Failure::new(
                Cause::Foreign,
                "the file is of another program",
            ));
        }
        let known = self.version();
        if version == known {
            return Ok(());
        }
        match usize::try_from(version) {
            Ok(older) if (1..known).contains(&version) => self.make(connection, older),
            _ => {
                let detail = format!("version {version}; this program knows {known}");
                Err(Failure::new(Cause::Foreign, detail))
            }
        }
    }

    /// The tables of the versions behind that one.
    fn make(self, connection: &mut Connection, behind: usize) -> Result<(), Failure> {
        let transaction = connection.transaction()?;
        for tables in self.tables().iter().skip(behind) {
            transaction.execute_batch(tables)?;
        }
        transaction.pragma_update(None, "application_id", self.application_id())?;
        transaction.pragma_update(None, "user_version", self.version())?;
        transaction.commit()?;
        Ok(())
    }
}

fn is_empty(connection: &Connection) -> Result<bool, Failure> {
    let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })?;
    Ok(tables == 0)
}
