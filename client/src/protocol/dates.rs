//! The dates of requests: none is used twice, so that no request is taken for a replay.

use std::sync::{Mutex, PoisonError};

use daxsign_core::Timestamp;

/// What seven digits of a fraction count in: 100 ns.
const NANOS_PER_TICK: u32 = 100;
const TICKS_PER_SECOND: i64 = 10_000_000;

/// The last date that was given out, in ticks since 1970.
#[derive(Debug, Default)]
pub(crate) struct Dates(Mutex<i64>);

impl Dates {
    /// The date for a request sent at `now`: that time, or just after the last date.
    pub(crate) fn next(&self, now: Timestamp) -> Timestamp {
        let ticks = now
            .seconds()
            .saturating_mul(TICKS_PER_SECOND)
            .saturating_add(i64::from(now.nanoseconds() / NANOS_PER_TICK));
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = ticks.max(last.saturating_add(1));
        let nanoseconds =
            u32::try_from(last.rem_euclid(TICKS_PER_SECOND)).unwrap_or_default() * NANOS_PER_TICK;
        Timestamp::from_unix(last.div_euclid(TICKS_PER_SECOND), nanoseconds).unwrap_or(now)
    }
}
