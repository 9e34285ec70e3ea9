//! The second file: keys and salts, under the number of their exchange's first leaf (X-ERASE).

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use zeroize::Zeroizing;

use super::number::{from_sql, to_sql, wrong};
use super::schema::File;
use super::written::rewrite;
use crate::record::leaf::sealing::{KEY_LEN, Secret};
use crate::record::storing::failure::{Cause, Failure};

/// Key and what salts are made of, one behind the other.
const SECRET_LEN: usize = 64;
const ERASED: [u8; SECRET_LEN] = [0; SECRET_LEN];

/// For how many leaves to come secrets are written at once: writing them costs a wait for the disk, which each request would
/// need else. Those of leaves that begin nothing are not used.
const AHEAD: u64 = 256;
/// For how many leaves back secrets are at hand: for what comes of an exchange soon.
const BEHIND: u64 = 1024;

pub(super) struct Secrets {
    connection: Connection,
    /// Of leaves to come and of the last ones, by their leaf. Each is on disk.
    at_hand: BTreeMap<u64, Secret>,
}

/// What is known of an exchange's secret.
pub(super) enum Kept {
    Secret(Secret),
    Erased,
}

impl Secrets {
    pub(super) fn open(path: &Path, create: bool) -> Result<Self, Failure> {
        let connection = File::Keys.open(path, create)?;
        let secrets = Self {
            connection,
            at_hand: BTreeMap::new(),
        };
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

    /// Sees to it that there is a secret for each of `count` leaves from `next` on, on disk when this returns.
    pub(super) fn provide(&mut self, next: u64, count: u64) -> Result<(), Failure> {
        let until = next.saturating_add(count);
        if (next..until).all(|leaf| self.at_hand.contains_key(&leaf)) {
            return Ok(());
        }
        let until = until.saturating_add(AHEAD);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut fresh = written(&transaction, next, until)?;
        for leaf in next..until {
            if fresh.contains_key(&leaf) {
                continue;
            }
            let secret = Secret::random()?;
            let bytes = Zeroizing::new([secret.key, secret.salts].concat());
            // Only one that was erased is replaced, before a restored record comes to its leaf again.
            transaction
                .prepare_cached("INSERT OR REPLACE INTO secret VALUES(?1, ?2)")?
                .execute(params![to_sql(leaf)?, *bytes])?;
            fresh.insert(leaf, secret);
        }
        transaction.commit()?;
        self.at_hand.append(&mut fresh);
        Ok(())
    }

    /// That of a leaf that was provided for.
    pub(super) fn provided(&self, leaf: u64) -> Option<&Secret> {
        self.at_hand.get(&leaf)
    }

    /// So many leaves are written: what is far behind them is not at hand any more.
    pub(super) fn pass(&mut self, size: u64) {
        let from = size.saturating_sub(BEHIND);
        while let Some(first) = self.at_hand.first_entry()
            && *first.key() < from
        {
            first.remove();
        }
    }

    /// Whatever is at hand is read again.
    pub(super) fn forget(&mut self) {
        self.at_hand.clear();
    }

    pub(super) fn get(&self, leaf: u64) -> Result<Kept, Failure> {
        if let Some(secret) = self.at_hand.get(&leaf) {
            return Ok(Kept::Secret(secret.clone()));
        }
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
        self.at_hand.remove(&leaf);
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
            self.at_hand.remove(leaf);
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

    /// That the disk takes what is written.
    pub(super) fn rewrite(&self) -> Result<(), Failure> {
        rewrite(&self.connection)
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

/// The secrets that stand there, from leaf `from` on and before `until`: an earlier life of the exchange did not use them.
fn written(
    connection: &Connection,
    from: u64,
    until: u64,
) -> Result<BTreeMap<u64, Secret>, Failure> {
    let mut select = connection
        .prepare_cached("SELECT leaf, secret FROM secret WHERE leaf >= ?1 AND leaf < ?2")?;
    let rows = select.query_map([to_sql(from)?, to_sql(until)?], |row| {
        Ok((row.get(0)?, row.get::<_, [u8; SECRET_LEN]>(1)?))
    })?;
    let mut found = BTreeMap::new();
    for row in rows {
        let (leaf, bytes) = row?;
        if bytes != ERASED {
            found.insert(from_sql(leaf)?, split(&bytes));
        }
    }
    Ok(found)
}

fn split(bytes: &[u8; SECRET_LEN]) -> Secret {
    let half = |half: Option<&[u8; KEY_LEN]>| half.copied().unwrap_or_default();
    Secret {
        key: half(bytes.first_chunk()),
        salts: half(bytes.last_chunk()),
    }
}
