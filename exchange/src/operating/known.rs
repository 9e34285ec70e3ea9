//! What is known of a running exchange: told when it is asked for, and never tried for that.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use daxsign_core::Timestamp;
use daxsign_hosting::health::Check;

use super::learned::Learned;
use super::metrics::{Metrics, Scrape};
use crate::calling::Callbacks;
use crate::doors::bus::Connected;
use crate::doors::management::Facts;
use crate::judging::SharedRegistry;
use crate::running::Clock;

/// How long what was learned of the record counts.
const FRESH: Duration = Duration::from_secs(5);

/// Who is connected.
pub(super) type AskReceivers = Box<dyn Fn() -> Vec<Connected> + Send + Sync>;
/// What doors have counted: names, help, values.
pub(super) type AskCounts = Box<dyn Fn() -> Vec<(&'static str, u64)> + Send + Sync>;

/// What is known.
pub(super) struct Known {
    pub(super) registry: Arc<SharedRegistry>,
    pub(super) clock: Clock,
    /// The name of each of its certificates, and when it ends.
    pub(super) certificates: Vec<(&'static str, Timestamp)>,
    pub(super) metrics: Metrics,
    pub(super) receivers: AskReceivers,
    pub(super) refusals: AskCounts,
    pub(super) callbacks: Arc<Callbacks>,
    draining: AtomicBool,
    learned: Mutex<Option<(Instant, Learned)>>,
}

impl Known {
    pub(super) fn new(
        registry: Arc<SharedRegistry>,
        clock: Clock,
        certificates: Vec<(&'static str, Timestamp)>,
        metrics: Metrics,
        receivers: AskReceivers,
        refusals: AskCounts,
        callbacks: Arc<Callbacks>,
    ) -> Self {
        Self {
            registry,
            clock,
            certificates,
            metrics,
            receivers,
            refusals,
            callbacks,
            draining: AtomicBool::new(false),
            learned: Mutex::default(),
        }
    }

    /// From now on it is not ready.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// The record was asked, or could not be.
    pub(super) fn learn(&self, learned: Learned) {
        let mut last = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((Instant::now(), learned));
    }

    /// Why the record could not be asked, or does not take what is written.
    pub(super) fn problem(&self) -> Option<String> {
        self.learned().and_then(|(_, learned)| learned.problem)
    }

    fn learned(&self) -> Option<(Instant, Learned)> {
        let last = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone()
    }
}

impl Facts for Known {
    fn checks(&self) -> Vec<Check> {
        let check = |name, problem: Option<String>, well: &str| Check {
            name,
            good: problem.is_none(),
            detail: problem.unwrap_or_else(|| well.to_owned()),
        };
        let now = (self.clock)();
        let record = match self.learned() {
            None => Some("it was not asked yet".to_owned()),
            Some((at, _)) if at.elapsed() > FRESH => Some(format!(
                "it does not answer for {} s",
                at.elapsed().as_secs()
            )),
            Some((_, learned)) => learned.problem,
        };
        let registry = self.registry.confirmed().err();
        let ended = self.certificates.iter().find(|(_, end)| now > *end);
        let draining = self.draining.load(Ordering::Acquire);
        vec![
            check(
                "serving",
                draining.then(|| "it ends: nothing more is taken in".to_owned()),
                "requests are taken in",
            ),
            check("record", record, "it answers"),
            check(
                "registry",
                registry.map(|problem| problem.to_string()),
                "confirmed within a second",
            ),
            check(
                "certificates",
                ended.map(|(name, _)| {
                    format!("{name} has expired: put another in its place and start again")
                }),
                "none has expired",
            ),
        ]
    }

    fn metrics(&self) -> String {
        let now = (self.clock)();
        let certificates = self.certificates.iter();
        let registry = self.registry.snapshot();
        let ends = registry
            .certificates()
            .filter(|one| one.counts(now))
            .map(|one| (one.short_thumbprint.clone(), one.not_after));
        let certificates = certificates
            .map(|(name, end)| ((*name).to_owned(), *end))
            .chain(ends)
            .collect();
        self.metrics.text(Scrape {
            now,
            certificates,
            learned: self.learned().map(|(_, learned)| learned),
            receivers: self.receivers(),
            refusals: (self.refusals)(),
            callbacks: self.callbacks.open(),
            attempts: self.callbacks.attempts(),
            registry: registry.version(),
            ready: self.checks().iter().all(|check| check.good),
        })
    }

    fn receivers(&self) -> Vec<Connected> {
        (self.receivers)()
    }
}
