//! The present time, from the operating system's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use daxsign_core::Timestamp;

/// Now; `None` where the clock stands before 1970.
pub(crate) fn now() -> Option<Timestamp> {
    let age = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let seconds = i64::try_from(age.as_secs()).ok()?;
    Timestamp::from_unix(seconds, age.subsec_nanos()).ok()
}
