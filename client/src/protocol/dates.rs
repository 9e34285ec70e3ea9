//! The dates of requests: none is used twice with a key, so that no request is taken for a replay.

use std::sync::atomic::{AtomicI64, Ordering};

use daxsign_core::Timestamp;

/// What seven digits of a fraction count in: 100 ns.
const NANOS_PER_TICK: u32 = 100;
const TICKS_PER_SECOND: i64 = 10_000_000;

/// The last date that was given out, in ticks since 1970.
#[derive(Debug, Default)]
pub(crate) struct Dates(AtomicI64);

impl Dates {
    /// The date for a request sent at `now`: that time, or just after the last date.
    pub(crate) fn next(&self, now: Timestamp) -> Timestamp {
        let ticks = now
            .seconds()
            .saturating_mul(TICKS_PER_SECOND)
            .saturating_add(i64::from(now.nanoseconds() / NANOS_PER_TICK));
        let after = |last: i64| ticks.max(last.saturating_add(1));
        // Nothing else is read by it, so no order is needed but its own.
        let last = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some(after(last))
            });
        let date = after(last.unwrap_or_default());
        let nanoseconds =
            u32::try_from(date.rem_euclid(TICKS_PER_SECOND)).unwrap_or_default() * NANOS_PER_TICK;
        Timestamp::from_unix(date.div_euclid(TICKS_PER_SECOND), nanoseconds).unwrap_or(now)
    }
}
