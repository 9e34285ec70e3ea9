//! The present, from the operating system's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use daxsign_core::Timestamp;

use crate::failure::Failure;

/// The present time.
pub(crate) fn now() -> Result<Timestamp, Failure> {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|age| {
            let seconds = i64::try_from(age.as_secs()).ok()?;
            Timestamp::from_unix(seconds, age.subsec_nanos()).ok()
        })
        .ok_or_else(|| {
            Failure::Unusable("the system's clock stands before 1970: set it first".to_owned())
        })
}
