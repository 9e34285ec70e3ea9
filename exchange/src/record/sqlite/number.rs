//! Numbers and times as SQLite has them: 64 bits with a sign.

use daxsign_core::Timestamp;

use crate::record::leaf::content::Unfit;
use crate::record::storing::failure::{Cause, Failure};

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// Of leaves and nodes, which are fewer than 2^63.
pub(super) fn to_sql(number: u64) -> Result<i64, Failure> {
    i64::try_from(number).map_err(|_| wrong("a number is too large"))
}

pub(super) fn from_sql(number: i64) -> Result<u64, Failure> {
    u64::try_from(number).map_err(|_| wrong("a number is below zero"))
}

/// Nanoseconds since 1970.
pub(super) fn time_to_sql(time: Timestamp) -> Result<i64, Unfit> {
    time.seconds()
        .checked_mul(NANOS_PER_SECOND)
        .and_then(|nanos| nanos.checked_add(i64::from(time.nanoseconds())))
        .ok_or(Unfit::Time)
}

pub(super) fn time_from_sql(nanos: i64) -> Result<Timestamp, Failure> {
    let seconds = nanos.div_euclid(NANOS_PER_SECOND);
    let rest = u32::try_from(nanos.rem_euclid(NANOS_PER_SECOND)).unwrap_or_default();
    Timestamp::from_unix(seconds, rest).map_err(|_| wrong("no time"))
}

pub(super) fn wrong(what: &str) -> Failure {
    Failure::new(Cause::Damaged, what)
}
