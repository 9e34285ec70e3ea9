//! The times of rustls and ours.

use std::time::Duration;

use daxsign_core::Timestamp;
use rustls::pki_types::UnixTime;

pub(super) fn to_unix(time: Timestamp) -> UnixTime {
    // Nothing was valid before 1970, whatever the clock says.
    let seconds = u64::try_from(time.seconds()).unwrap_or_default();
    UnixTime::since_unix_epoch(Duration::from_secs(seconds))
}

/// `None` for a time that no clock shows.
pub(super) fn from_unix(time: UnixTime) -> Option<Timestamp> {
    let seconds = i64::try_from(time.as_secs()).ok()?;
    Timestamp::from_unix(seconds, 0).ok()
}
