//! A record whose keys are older than itself, or gone: after a restore, since keys lie outside long-lived backups (X-ERASE).

use std::path::Path;

use super::number::{from_sql, to_sql};
use super::opening::{KEYS_FILE, RECORD_FILE};
use super::schema::File;
use super::secrets::Secrets;
use super::store::SqliteStore;
use crate::record::log::log_key::LogKey;
use crate::record::storing::failure::Failure;

/// What cannot be read any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bereft {
    /// How many exchanges, certificates and contracts lost what was said in them.
    pub lost: u64,
    /// The first leaf of the earliest of them.
    pub first: Option<u64>,
    /// How many of them were in work: at the next start they expire, or are unknown.
    pub open: u64,
}

impl SqliteStore {
    /// Marks as erased whatever lies in the record of `folder` without a key in the keys file, which is made where it is not
    /// there. The leaves stay, and the log verifies; what was said is lost. Without this such a record cannot be used: a key that
    /// is missing is damage, and not erasing. The exchange must not run.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn mark_lost_keys(folder: &Path, log_key: LogKey) -> Result<Bereft, Failure> {
        // The record must be there, the keys need not.
        File::Record.open(&folder.join(RECORD_FILE), false)?;
        drop(Secrets::open(&folder.join(KEYS_FILE), true)?);
        let mut store = Self::open(folder, log_key)?;
        let missing = store.without_key()?;
        store.secrets.insert_erased(&missing)?;
        let mut bereft = Bereft {
            lost: u64::try_from(missing.len()).unwrap_or(u64::MAX),
            first: missing.first().copied(),
            open: 0,
        };
        for leaf in missing {
            if super::rows::by_leaf(&store.record, leaf)?.is_some_and(|found| found.open) {
                bereft.open = bereft.open.saturating_add(1);
            }
        }
        Ok(bereft)
    }

    /// Whether the newest message has no key: keys are written before what they are of, so the keys file is older than the record,
    /// or another one.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn keys_are_older(&self) -> Result<bool, Failure> {
        let newest = self.record.query_row(
            "SELECT min(leaf) FROM event WHERE leaf > 0 AND correlation = \
             (SELECT correlation FROM event ORDER BY leaf DESC LIMIT 1)",
            [],
            |row| row.get::<_, Option<i64>>(0),
        )?;
        newest.map_or(Ok(false), |first| Ok(!self.secrets.has(first)?))
    }

    /// The first leaves of all that has no key, not even an erased one.
    fn without_key(&mut self) -> Result<Vec<u64>, Failure> {
        let mut select = self.record.prepare(
            "SELECT min(leaf) FROM event WHERE leaf > 0 GROUP BY correlation ORDER BY 1",
        )?;
        let firsts = select.query_map([], |row| row.get::<_, i64>(0))?;
        let mut missing = Vec::new();
        for first in firsts {
            let first = from_sql(first?)?;
            if !self.secrets.has(to_sql(first)?)? {
                missing.push(first);
            }
        }
        Ok(missing)
    }
}
