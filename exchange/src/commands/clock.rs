//! The system's clock, which the library is handed.

use std::time::{SystemTime, UNIX_EPOCH};

use daxsign_core::Timestamp;

/// The system's clock stands before 1970.
#[derive(Debug)]
pub(crate) struct NoTime;

impl core::fmt::Display for NoTime {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("the system's clock stands before 1970: set it first")
    }
}

/// The present time.
pub(crate) fn now() -> Result<Timestamp, NoTime> {
    let age = SystemTime::now().duration_since(UNIX_EPOCH);
    let age = age.map_err(|_| NoTime)?;
    let seconds = i64::try_from(age.as_secs()).map_err(|_| NoTime)?;
    Timestamp::from_unix(seconds, age.subsec_nanos()).map_err(|_| NoTime)
}
