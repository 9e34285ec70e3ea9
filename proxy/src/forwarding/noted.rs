//! What the client tells of a request on its way.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use daxsign_client::OutgoingRequest;
use daxsign_client::asynchronous::{Stage, Watch};

use crate::metrics;
use crate::observing::Record;

/// Notes it until it can be told.
pub(crate) struct Noted<'w> {
    watch: &'w (dyn Fn(&OutgoingRequest) + Send + Sync),
    parts: Mutex<Parts>,
}

#[derive(Default)]
struct Parts {
    attempts: u32,
    times: Vec<(metrics::Stage, Duration)>,
}

impl<'w> Noted<'w> {
    /// `watch` sees each request as it goes out.
    pub(crate) fn new(watch: &'w (dyn Fn(&OutgoingRequest) + Send + Sync)) -> Self {
        let parts = Mutex::default();
        Self { watch, parts }
    }

    /// Tells all of it.
    pub(crate) fn tell(self, record: &mut Record) {
        let parts = self
            .parts
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        record.entry.attempts = Some(parts.attempts);
        for (stage, time) in parts.times {
            record.took(stage, time);
        }
    }
}

impl Watch for Noted<'_> {
    fn signed(&self, request: &OutgoingRequest) {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.attempts = parts.attempts.saturating_add(1);
        drop(parts);
        (self.watch)(request);
    }

    fn took(&self, stage: Stage, time: Duration) {
        let stage = match stage {
            Stage::Token => metrics::Stage::Token,
            Stage::Signature => metrics::Stage::Signature,
            Stage::Upstream => metrics::Stage::Upstream,
        };
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.times.push((stage, time));
    }
}
