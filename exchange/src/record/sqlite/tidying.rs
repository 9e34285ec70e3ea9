//! Dropping what nothing asks for any more.

use daxsign_core::Timestamp;

use super::repeats::forgotten_until;
use super::replay::drop_before;
use super::store::SqliteStore;
use crate::record::storing::failure::{Cause, Failure};
use crate::record::storing::replay_key::hour_of;

impl SqliteStore {
    pub(super) fn drop_old(
        &mut self,
        signed_before: Timestamp,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let forgotten =
            forgotten_until(now).map_err(|unfit| Failure::new(Cause::Program, unfit))?;
        let horizon = hour_of(signed_before);
        let transaction = self.record.transaction()?;
        // First what is refused from now on, then the keys: one transaction.
        transaction.execute("UPDATE head SET horizon = max(horizon, ?1)", [horizon])?;
        drop_before(&transaction, horizon)?;
        transaction.execute("DELETE FROM idempotency WHERE at <= ?1", [forgotten])?;
        transaction.execute("DELETE FROM fan_key WHERE at <= ?1", [forgotten])?;
        transaction.commit()?;
        self.hours.retain(|hour| *hour >= horizon);
        Ok(())
    }
}
