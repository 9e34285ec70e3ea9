//! How long each step of an exchange takes, for whoever counts it.

use std::sync::Arc;
use std::time::Duration;

use crate::correlation::CorrelationId;
use crate::relay::Next;

/// Told which step of which exchange was done, and how long it took. On the driver's thread: it waits for nothing.
pub type OnStep = Arc<dyn Fn(CorrelationId, Next, Duration) + Send + Sync>;
