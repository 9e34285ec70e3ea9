//! Idempotency keys (X-ID).

use rusqlite::{OptionalExtension, params};

use super::fanning::is_open;
use super::number::{from_sql, time_to_sql, to_sql, wrong};
use super::rows;
use super::writing::{Stop, Writing};
use crate::correlation::CorrelationId;
use crate::record::leaf::content::Unfit;
use crate::record::leaf::leaf::HASH_LEN;
use crate::record::storing::done::Rejected;
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::Failure;
use crate::record::storing::idempotency::{IDEMPOTENCY_SECONDS, IdempotencyKey, Repeat};
use daxsign_core::Timestamp;

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// What was written at this time or before is forgotten at `now`.
pub(super) fn forgotten_until(now: Timestamp) -> Result<i64, Unfit> {
    let kept = IDEMPOTENCY_SECONDS.saturating_mul(NANOS_PER_SECOND);
    Ok(time_to_sql(now)?.saturating_sub(kept))
}

impl Writing<'_> {
    /// Refuses a request whose key is known.
    pub(super) fn must_not_repeat(
        &self,
        key: Option<&IdempotencyKey>,
        now: Timestamp,
    ) -> Result<(), Stop> {
        let Some(key) = key else { return Ok(()) };
        let mut select = self.transaction.prepare_cached(
            "SELECT request, leaf FROM idempotency WHERE instance = ?1 AND key = ?2 AND at > ?3",
        )?;
        let parameters = params![key.instance.as_bytes(), key.key, forgotten_until(now)?];
        let known: Option<([u8; HASH_LEN], i64)> = select
            .query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match known {
            None => self.must_not_repeat_several(key, now),
            Some((request, leaf)) => {
                let same = request == key.request;
                Err(Rejected::Repeat(self.repeat(from_sql(leaf)?, same)?).into())
            }
        }
    }

    /// The same, where the key is of a request to several receivers.
    fn must_not_repeat_several(&self, key: &IdempotencyKey, now: Timestamp) -> Result<(), Stop> {
        let mut select = self.transaction.prepare_cached(
            "SELECT request, fan FROM fan_key WHERE instance = ?1 AND key = ?2 AND at > ?3",
        )?;
        let parameters = params![key.instance.as_bytes(), key.key, forgotten_until(now)?];
        let known: Option<([u8; HASH_LEN], [u8; 16])> = select
            .query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((request, fan)) = known else {
            return Ok(());
        };
        let id = CorrelationId::from_bytes(fan);
        let repeat = if request != key.request {
            Repeat::Different(id)
        } else if is_open(self.transaction, id)? {
            Repeat::InWork(id)
        } else {
            Repeat::Several(id)
        };
        Err(Rejected::Repeat(repeat).into())
    }

    fn repeat(&self, leaf: u64, same: bool) -> Result<Repeat, Failure> {
        let first = rows::by_leaf(self.transaction, leaf)?
            .ok_or_else(|| wrong("a key's request is missing"))?;
        let id = first.correlation;
        Ok(match first.ending {
            _ if !same => Repeat::Different(id),
            None => Repeat::InWork(id),
            Some(_) if first.open => Repeat::InWork(id),
            Some(Ending::Answered) if self.is_erased(leaf)? => Repeat::Erased(id),
            Some(Ending::Answered) => Repeat::Answered(id),
            Some(Ending::Refused) => Repeat::Refused(id),
            Some(Ending::Expired) => Repeat::Expired(id),
            Some(Ending::Unknown) => Repeat::Unknown(id),
        })
    }

    fn is_erased(&self, leaf: u64) -> Result<bool, Failure> {
        match self.secret(leaf) {
            Ok(_) => Ok(false),
            Err(Stop::Rejected(_)) => Ok(true),
            Err(Stop::Failure(failure)) => Err(failure),
        }
    }

    /// Keeps a key for the request at `leaf`.
    pub(super) fn keep_key(
        &self,
        key: Option<&IdempotencyKey>,
        leaf: u64,
        now: Timestamp,
    ) -> Result<(), Stop> {
        let Some(key) = key else { return Ok(()) };
        let mut insert = self
            .transaction
            .prepare_cached("INSERT OR REPLACE INTO idempotency VALUES(?1, ?2, ?3, ?4, ?5)")?;
        let parameters = params![
            key.instance.as_bytes(),
            key.key,
            key.request,
            to_sql(leaf)?,
            time_to_sql(now)?
        ];
        insert.execute(parameters)?;
        Ok(())
    }
}
