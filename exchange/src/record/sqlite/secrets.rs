//! The second file: keys and salts, under the number of their exchange's first leaf (X-ERASE).

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::number::{to_sql, wrong};
use super::schema::File;
use crate::record::leaf::sealing::{KEY_LEN, Secret};
use crate::record::storing::failure::{Cause, Failure};

/// Key and what salts are made of, one behind the other.
const SECRET_LEN: usize = 64;
const ERASED: [u8; SECRET_LEN] = [0; SECRET_LEN];

pub(super) struct Secrets {
    connection: Connection,
}

/// What is known of an exchange's secret.
pub(super) enum Kept {
    Secret(Secret),
    Erased,
}

impl Secrets {
    pub(super) fn open(path: &Path, create: bool) -> Result<Self, Failure> {
        let connection = File::Keys.open(path, create)?;
        let secrets = Self { connection };
        // What was overwritten before a crash may stand in the write-ahead log still.
        match secrets.flush() {
            Err(failure) if failure.cause != Cause::Busy => Err(failure),
            _ => Ok(secrets),
        }
    }

    /// Which log the keys are of, by its verifier key; the first to ask decides.
    pub(super) fn belong_to(&self, verifier: &str) -> Result<(), Failure> {
        self.connection
            .execute("INSERT OR IGNORE INTO log VALUES(1, ?1)", [verifier])?;
        let found: String = self
            .connection
            .query_row("SELECT verifier FROM log", [], |row| row.get(0))?;
        if found == verifier {
            Ok(())
        } else {
            Err(Failure::new(
                Cause::Foreign,
                format!("the keys are those of {found}"),
            ))
        }
    }

    /// On disk when this returns. What an unfinished batch left there is replaced: its leaves were never written.
    pub(super) fn insert(&mut self, secrets: &[(u64, Secret)]) -> Result<(), Failure> {
        let transaction = self.connection.transaction()?;
        for (leaf, secret) in secrets {
            let mut insert =
                transaction.prepare_cached("INSERT OR REPLACE INTO secret VALUES(?1, ?2)")?;
            insert.execute(params![to_sql(*leaf)?, [secret.key, secret.salts].concat()])?;
        }
        transaction.commit()?;
        Ok(())
    }

    pub(super) fn get(&self, leaf: u64) -> Result<Kept, Failure> {
        let mut select = self
            .connection
            .prepare_cached("SELECT secret FROM secret WHERE leaf = ?1")?;
        let bytes: Option<[u8; SECRET_LEN]> = select
            .query_row([to_sql(leaf)?], |row| row.get(0))
            .optional()?;
        let bytes = bytes.ok_or_else(|| wrong("a key is missing"))?;
        Ok(if bytes == ERASED {
            Kept::Erased
        } else {
            Kept::Secret(split(&bytes))
        })
    }

    /// Overwrites it where it lies, and what the write-ahead log has of it.
    pub(super) fn erase(&mut self, leaf: u64) -> Result<(), Failure> {
        let mut update = self
            .connection
            .prepare_cached("UPDATE secret SET secret = ?2 WHERE leaf = ?1")?;
        update.execute(params![to_sql(leaf)?, ERASED])?;
        drop(update);
        self.flush()
    }

    /// The same for many, in one transaction.
    pub(super) fn erase_all(&mut self, leaves: &[u64]) -> Result<(), Failure> {
        let transaction = self.connection.transaction()?;
        for leaf in leaves {
            let mut update =
                transaction.prepare_cached("UPDATE secret SET secret = ?2 WHERE leaf = ?1")?;
            update.execute(params![to_sql(*leaf)?, ERASED])?;
        }
        transaction.commit()?;
        self.flush()
    }

    /// Whether there is a key, or was one.
    pub(super) fn has(&self, leaf: i64) -> Result<bool, Failure> {
        let mut select = self
            .connection
            .prepare_cached("SELECT 1 FROM secret WHERE leaf = ?1")?;
        Ok(select.exists([leaf])?)
    }

    /// Erased ones in the place of those that are missing.
    pub(super) fn insert_erased(&mut self, leaves: &[u64]) -> Result<(), Failure> {
        let transaction = self.connection.transaction()?;
        for leaf in leaves {
            let mut insert =
                transaction.prepare_cached("INSERT OR IGNORE INTO secret VALUES(?1, ?2)")?;
            insert.execute(params![to_sql(*leaf)?, ERASED])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Moves the write-ahead log into the file and empties it.
    fn flush(&self) -> Result<(), Failure> {
        let busy = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            })?;
        if busy == 0 {
            Ok(())
        } else {
            Err(Failure::new(Cause::Busy, "another process reads the keys"))
        }
    }
}

fn split(bytes: &[u8; SECRET_LEN]) -> Secret {
    let half = |half: Option<&[u8; KEY_LEN]>| half.copied().unwrap_or_default();
    Secret {
        key: half(bytes.first_chunk()),
        salts: half(bytes.last_chunk()),
    }
}
