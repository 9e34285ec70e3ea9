//! The machine's clocks.

use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use daxsign_core::Timestamp;

use crate::error::Error;
use crate::protocol::Now;

/// The moment that all sessions of a process count from, so that they can share tokens.
static START: OnceLock<Instant> = OnceLock::new();

/// The machine's clocks.
pub(crate) struct Clock;

impl Clock {
    /// # Errors
    /// A clock that no date can be read from.
    pub(crate) fn now() -> Result<Now, Error> {
        let start = START.get_or_init(Instant::now);
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_err(|_| Error::invalid("this machine's clock stands before 1970"))?;
        let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let utc = Timestamp::from_unix(seconds, since.subsec_nanos())
            .map_err(|error| Error::invalid(format!("this machine's clock: {error}")))?;
        Ok(Now {
            utc,
            elapsed: start.elapsed(),
        })
    }
}
