//! The clock, which is handed in.

use std::sync::Arc;

use daxsign_core::Timestamp;

/// The time in UTC, as often as it is asked for.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
