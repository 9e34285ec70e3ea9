//! Times: the present, from the operating system's clock, and any time as text.

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

/// A time as text; as seconds where it has no such text (a year beyond 9999).
pub(crate) fn date_text(time: Timestamp) -> String {
    match time.format() {
        Ok(text) => text.to_string(),
        Err(_) => format!("{} s since 1970", time.seconds()),
    }
}
