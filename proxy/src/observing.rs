//! What is noted of each request while it is served: for the access log and the metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, Method, StatusCode, Uri};

use crate::access_log::{AccessLog, Entry};
use crate::correlation;
use crate::metrics::{Metrics, Stage};
use crate::refusal::Refusal;
use crate::seen::{Seen, Told};

/// Notes what happens.
#[derive(Debug)]
pub struct Observer {
    metrics: Metrics,
    log: AccessLog,
    seen: Seen,
}

impl Observer {
    /// Counts there, and tells of each request here.
    #[must_use]
    pub fn new(metrics: Metrics, log: AccessLog) -> Self {
        Self {
            metrics,
            log,
            seen: Seen::default(),
        }
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What the upstream told last.
    #[must_use]
    pub fn told(&self) -> Told {
        self.seen.told()
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &AccessLog {
        &self.log
    }
}

/// What is noted of one request. It is told when it is dropped, so that a request whose client went is told too.
#[derive(Debug)]
pub(crate) struct Record {
    observer: Arc<Observer>,
    started: Instant,
    pub(crate) entry: Entry,
}

impl Record {
    /// A request's head was received.
    pub(crate) fn start(
        observer: &Arc<Observer>,
        method: &Method,
        target: &Uri,
        fields: &HeaderMap,
    ) -> Self {
        let entry = Entry {
            time: crate::clock::now(),
            correlation_id: correlation::of(fields),
            method: method.as_str().to_owned(),
            path: target.path().to_owned(),
            ..Entry::default()
        };
        Self {
            observer: Arc::clone(observer),
            started: Instant::now(),
            entry,
        }
    }

    /// Its body was received.
    pub(crate) fn received(&mut self, body: &[u8]) {
        self.entry.body_bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
    }

    /// Notes how long a part took.
    pub(crate) fn took(&mut self, stage: Stage, time: Duration) {
        let place = match stage {
            Stage::Queue => &mut self.entry.queued,
            Stage::Token => &mut self.entry.token,
            Stage::Signature => &mut self.entry.signature,
            Stage::Upstream => &mut self.entry.upstream,
            Stage::Request => return,
        };
        *place = Some(place.unwrap_or_default().saturating_add(time));
    }

    /// The upstream answered.
    pub(crate) fn passed(&mut self, status: StatusCode, fields: &HeaderMap) {
        self.entry.status = Some(status.as_u16());
        let id = fields
            .get(correlation::FIELD)
            .and_then(|value| value.to_str().ok());
        self.entry.upstream_correlation_id = id.map(str::to_owned);
        self.observer.metrics.passed(status);
        self.observer.seen.note(fields);
    }

    /// The sidecar itself answers.
    pub(crate) fn refused(&mut self, refusal: &Refusal) {
        self.entry.status = Some(refusal.status.as_u16());
        self.entry.error = Some(refusal.name);
        self.observer.metrics.refused(refusal.status, refusal.name);
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let entry = &mut self.entry;
        entry.total = self.started.elapsed();
        let metrics = &self.observer.metrics;
        metrics.took(Stage::Request, entry.total);
        for (stage, time) in [
            (Stage::Queue, entry.queued),
            (Stage::Token, entry.token),
            (Stage::Signature, entry.signature),
            (Stage::Upstream, entry.upstream),
        ] {
            if let Some(time) = time {
                metrics.took(stage, time);
            }
        }
        self.observer.log.tell(entry);
    }
}
