//! What is logged of exchanges: the correlation id, the step, how it went. Never a body, a token, a password or a key, since none of
//! them comes here.

use std::time::Duration;

use super::metrics::Metrics;
use crate::correlation::CorrelationId;
use crate::relay::{Check, Next};

/// Counts a step, and logs what operators look for. What anybody can cause without a signature is counted alone, unless
/// debugging is asked for: nobody fills the log.
pub(super) fn step(metrics: &Metrics, id: CorrelationId, step: Next, time: Duration) {
    metrics.took(step, time);
    match step {
        Next::RecordRequest => tracing::debug!(correlation = %id, "accepted"),
        Next::RecordEnding(ending) => tracing::info!(correlation = %id, ?ending, "ended"),
        Next::RecordRefusal(check) => tracing::info!(correlation = %id, ?check, "refused"),
        Next::TurnAway(check @ (Check::Load | Check::Record)) => {
            tracing::warn!(correlation = %id, ?check, "turned away");
        }
        Next::TurnAway(check) => tracing::debug!(correlation = %id, ?check, "turned away"),
        Next::RecordLate => tracing::info!(correlation = %id, "answered late"),
        Next::RecordRequeue => tracing::info!(correlation = %id, "asked for again"),
        _ => {}
    }
}
