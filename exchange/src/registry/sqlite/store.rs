//! The store.

use std::path::Path;

use daxsign_core::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use super::note::Waiting;
use super::schema;
use crate::correlation::CorrelationId;
use crate::record::{Cause, Failure, told_apart};
use crate::registry::book::Registry;
use crate::registry::change::{Change, Dated, NewCredential, Signed};
use crate::registry::problem::RegistryProblem;
use crate::registry::quota::Period;
use crate::registry::storing::{Counting, Pending, RegistryStore, StoreProblem};

/// The registry in `registry.db`.
pub struct SqliteRegistry {
    connection: Connection,
    registry: Registry,
}

impl SqliteRegistry {
    /// Opens the registry in `folder`, which must be there; makes one where there is none.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let mut store = Self {
            connection: schema::open(folder)?,
            registry: Registry::default(),
        };
        store.confirm()?;
        Ok(store)
    }
}

impl SqliteRegistry {
    fn make(
        &mut self,
        change: &Change,
        signed: Option<&Signed>,
        correlation: CorrelationId,
        at: Timestamp,
    ) -> Result<u64, StoreProblem> {
        if change.by().is_some() && signed.is_none() {
            return Err(RegistryProblem::Unsigned.into());
        }
        let transaction = begin(&mut self.connection)?;
        read_new(&transaction, &mut self.registry)?;
        // As it will be read again: with the time as it is written, and from a copy, so that nothing is half done.
        let text = write_change(change, at)?;
        let dated = read_change(&text)?;
        let mut next = self.registry.clone();
        let noted = next.apply(&dated.change, dated.at)?;
        let note = match noted {
            Some(noted) => {
                let waiting = Waiting::of(&noted, change, signed, correlation, dated.at);
                Some(to_json(&waiting)?)
            }
            None => None,
        };
        insert(&transaction, next.version(), &text, note.as_deref())?;
        blank(&transaction, change, next.version())?;
        transaction.commit().map_err(Failure::from)?;
        self.registry = next;
        Ok(self.registry.version())
    }

    fn count(&mut self, all: &[Counting<'_>], at: Timestamp) -> Result<Vec<bool>, Failure> {
        let transaction = begin(&mut self.connection)?;
        let taken = all.iter().map(|one| take(&transaction, one, at));
        let taken = taken.collect::<Result<_, _>>()?;
        transaction.commit()?;
        Ok(taken)
    }
}

impl RegistryStore for SqliteRegistry {
    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn change(
        &mut self,
        change: &Change,
        signed: Option<&Signed>,
        correlation: CorrelationId,
        at: Timestamp,
    ) -> Result<u64, StoreProblem> {
        let made = self.make(change, signed, correlation, at);
        made.map_err(|problem| match problem {
            StoreProblem::Failure(failure) => told_apart(failure, &self.connection).into(),
            problem @ StoreProblem::Registry(_) => problem,
        })
    }

    fn confirm(&mut self) -> Result<u64, Failure> {
        read_new(&self.connection, &mut self.registry)?;
        Ok(self.registry.version())
    }

    fn pending(&self) -> Result<Vec<Pending>, Failure> {
        let mut select = self.connection.prepare_cached(
            "SELECT version, note FROM change WHERE note IS NOT NULL ORDER BY version",
        )?;
        let rows = select.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
        let pending = rows.map(|row| {
            let (version, note): (_, String) = row?;
            let waiting: Waiting = from_json(&note)?;
            Ok(Pending {
                version: from_sql(version)?,
                note: waiting.note()?,
            })
        });
        pending.collect()
    }

    fn noted(&mut self, version: u64) -> Result<(), Failure> {
        let mut update = self
            .connection
            .prepare_cached("UPDATE change SET note = NULL WHERE version = ?1")?;
        update.execute([to_sql(version)?])?;
        Ok(())
    }

    fn take(&mut self, all: &[Counting<'_>], at: Timestamp) -> Result<Vec<bool>, Failure> {
        let counted = self.count(all, at);
        counted.map_err(|failure| told_apart(failure, &self.connection))
    }

    fn counted(&self, contract: Uuid, period: Period, begin: i64) -> Result<u64, Failure> {
        used(&self.connection, contract, period, begin)
    }
}

/// No other process writes from here on.
fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Failure> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Brings a registry up to the file.
fn read_new(connection: &Connection, registry: &mut Registry) -> Result<(), Failure> {
    let mut select = connection
        .prepare_cached("SELECT version, change FROM change WHERE version > ?1 ORDER BY version")?;
    let known = to_sql(registry.version())?;
    let rows = select.query_map([known], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
    for row in rows {
        let (version, text): (_, String) = row?;
        let dated = read_change(&text)?;
        let damaged = |detail: String| Failure::new(Cause::Damaged, detail);
        let made = registry.apply(&dated.change, dated.at);
        made.map_err(|problem| damaged(format!("change {version}: {problem}")))?;
        if registry.version() != from_sql(version)? {
            return Err(damaged(format!("before change {version} one is missing")));
        }
    }
    Ok(())
}

fn insert(
    transaction: &Transaction<'_>,
    version: u64,
    change: &str,
    note: Option<&str>,
) -> Result<(), Failure> {
    let mut insert = transaction.prepare_cached("INSERT INTO change VALUES(?1, ?2, ?3)")?;
    insert.execute(params![to_sql(version)?, change, note])?;
    Ok(())
}

/// What no longer counts is not kept in the change that brought it: a password's hash, which groups were shown.
fn blank(transaction: &Transaction<'_>, change: &Change, version: u64) -> Result<(), Failure> {
    let version = to_sql(version)?;
    match change {
        Change::SetCredential(NewCredential { name, .. }) | Change::RemoveCredential { name } => {
            let mut update = transaction.prepare_cached(
                "UPDATE change SET change = json_set(change, '$.hash', '$argon2id$v=19$') \
                 WHERE version < ?1 AND json_extract(change, '$.change') = 'set-credential' \
                 AND json_extract(change, '$.name') = ?2",
            )?;
            update.execute(params![version, name])?;
        }
        Change::Publish {
            by, destination, ..
        } => {
            let mut update = transaction.prepare_cached(
                "UPDATE change SET change = json_set(change, '$.groups', json('[]')) \
                 WHERE version < ?1 AND json_extract(change, '$.change') = 'publish' \
                 AND json_extract(change, '$.by') = ?2 \
                 AND json_extract(change, '$.destination') = ?3",
            )?;
            let pair = (by.to_string(), destination.to_string());
            update.execute(params![version, pair.0, pair.1])?;
        }
        _ => {}
    }
    Ok(())
}

fn take(transaction: &Transaction<'_>, one: &Counting<'_>, at: Timestamp) -> Result<bool, Failure> {
    let contract = one.contract;
    for quota in one.quotas {
        let begin = quota.period.begin(at);
        if used(transaction, contract, quota.period, begin)? >= quota.max {
            return Ok(false);
        }
    }
    let mut periods: Vec<Period> = one.quotas.iter().map(|quota| quota.period).collect();
    periods.sort_unstable();
    periods.dedup();
    for period in periods {
        count(transaction, contract, period, period.begin(at))?;
    }
    Ok(true)
}

fn used(
    connection: &Connection,
    contract: Uuid,
    period: Period,
    begin: i64,
) -> Result<u64, Failure> {
    let mut select = connection.prepare_cached(
        "SELECT count FROM used WHERE contract = ?1 AND period = ?2 AND begin = ?3",
    )?;
    let key = params![contract.as_bytes(), period.seconds(), begin];
    let count = select
        .query_row(key, |row| row.get::<_, i64>(0))
        .optional()?;
    from_sql(count.unwrap_or_default())
}

/// Counts, and forgets all periods but this one and the one before: clocks are set back at times.
fn count(
    transaction: &Transaction<'_>,
    contract: Uuid,
    period: Period,
    begin: i64,
) -> Result<(), Failure> {
    let key = params![contract.as_bytes(), period.seconds(), begin];
    let mut delete = transaction.prepare_cached(
        "DELETE FROM used WHERE contract = ?1 AND period = ?2 AND begin < ?3 - ?2",
    )?;
    delete.execute(key)?;
    let mut upsert = transaction.prepare_cached(
        "INSERT INTO used VALUES(?1, ?2, ?3, 1) ON CONFLICT DO UPDATE SET count = count + 1",
    )?;
    upsert.execute(key)?;
    Ok(())
}

fn write_change(change: &Change, at: Timestamp) -> Result<String, Failure> {
    let change = change.clone();
    to_json(&Dated { at, change })
}

fn read_change(text: &str) -> Result<Dated, Failure> {
    from_json(text)
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(Cause::Program, error))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::new(Cause::Damaged, error))
}

fn to_sql(number: u64) -> Result<i64, Failure> {
    i64::try_from(number).map_err(|error| Failure::new(Cause::Damaged, error))
}

fn from_sql(number: i64) -> Result<u64, Failure> {
    u64::try_from(number).map_err(|error| Failure::new(Cause::Damaged, error))
}
