//! The system's clock, which the sandbox's own is ahead of.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use daxsign_core::Timestamp;

use super::failed::Failed;
use crate::running::Clock;

/// The system's clock; where that fails later, the last time that it told.
///
/// # Errors
/// [`Failed`] where it stands before 1970.
pub fn system_clock() -> Result<Clock, Failed> {
    let before = || Failed::of("the system's clock stands before 1970: set it first");
    let last = Mutex::new(now().ok_or_else(before)?);
    Ok(Arc::new(move || {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = now().unwrap_or(*last);
        *last
    }))
}

fn now() -> Option<Timestamp> {
    let age = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let seconds = i64::try_from(age.as_secs()).ok()?;
    Timestamp::from_unix(seconds, age.subsec_nanos()).ok()
}
