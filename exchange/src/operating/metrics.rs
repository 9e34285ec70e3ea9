//! What is counted and timed, for Prometheus.

use core::fmt;
use std::sync::Arc;
use std::time::Duration;

use daxsign_core::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeLabelSet, EncodeMetric, prometheus_text,
};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::learned::Learned;
use crate::doors::bus::Connected;
use crate::record::Ending;
use crate::relay::{Check, Next};

/// What all names start with.
const PREFIX: &str = "daxsign_exchange";
/// The upper ends of the buckets of times, in seconds: from one check to the longest deadline of most contracts.
const BUCKETS: [f64; 14] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];
const SECONDS_PER_DAY: f64 = 86_400.0;

/// A step of an exchange that takes time.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfStep {
    step: &'static str,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfOutcome {
    outcome: &'static str,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct AtCheck {
    check: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfCertificate {
    certificate: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfParty {
    party: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ForReason {
    reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Version {
    version: &'static str,
}

/// All that is counted.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Counted>);

#[derive(Debug)]
struct Counted {
    registry: Registry,
    steps: Family<OfStep, Histogram, fn() -> Histogram>,
    outcomes: Family<OfOutcome, Counter>,
    refusals: Family<AtCheck, Counter>,
}

/// What is known at the moment of a scrape.
#[derive(Clone, Debug)]
pub(super) struct Scrape {
    pub(super) now: Timestamp,
    pub(super) certificates: Vec<(String, Timestamp)>,
    pub(super) learned: Option<Learned>,
    pub(super) receivers: Vec<Connected>,
    pub(super) refusals: Vec<(&'static str, u64)>,
    pub(super) callbacks: usize,
    pub(super) attempts: [(&'static str, u64); 4],
    pub(super) registry: u64,
    pub(super) ready: bool,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let make: fn() -> Histogram = || Histogram::new(BUCKETS);
        let steps = Family::new_with_constructor(make);
        let help = "How long each step of an exchange took";
        registry.register("step_seconds", help, steps.clone());
        let (outcomes, refusals) = (Family::default(), Family::default());
        let help = "How exchanges ended that were accepted";
        registry.register("outcomes", help, outcomes.clone());
        let help = "Requests that were refused, by the check; an event where the signature held";
        registry.register("refusals", help, refusals.clone());
        let counted = Counted {
            registry,
            steps,
            outcomes,
            refusals,
        };
        counted.begin();
        Self(Arc::new(counted))
    }

    /// A step was done, and took so long.
    pub fn took(&self, step: Next, time: Duration) {
        match step {
            Next::RecordEnding(ending) => {
                let outcome = outcome(ending);
                self.0.outcomes.get_or_create(&OfOutcome { outcome }).inc();
            }
            Next::RecordRefusal(check) | Next::TurnAway(check) => {
                let check = check_name(check);
                self.0.refusals.get_or_create(&AtCheck { check }).inc();
            }
            _ => {}
        }
        if let Some(step) = step_name(step) {
            let histogram = self.0.steps.get_or_create(&OfStep { step });
            histogram.observe(time.as_secs_f64());
        }
    }

    /// All of it in Prometheus's text format.
    pub(super) fn text(&self, scrape: Scrape) -> String {
        let mut text = String::new();
        let mut now = Registry::with_prefix(PREFIX);
        now.register_collector(Box::new(AtScrape(scrape)));
        for registry in [&self.0.registry, &now] {
            // Writing to a string cannot fail.
            let _ = prometheus_text::encode(&mut text, registry);
        }
        text
    }
}

impl Counted {
    /// Everything that is always told, with zero.
    fn begin(&self) {
        for ending in [
            Ending::Answered,
            Ending::Refused,
            Ending::Expired,
            Ending::Unknown,
        ] {
            let outcome = outcome(ending);
            let _ = self.outcomes.get_or_create(&OfOutcome { outcome });
        }
        for step in [
            "judge",
            "record-request",
            "turn",
            "send",
            "answer",
            "record-ending",
            "return",
        ] {
            let _ = self.steps.get_or_create(&OfStep { step });
        }
        let check = check_name(Check::Signature);
        let _ = self.refusals.get_or_create(&AtCheck { check });
    }
}

const fn outcome(ending: Ending) -> &'static str {
    match ending {
        Ending::Answered => "answered",
        Ending::Refused => "refused",
        Ending::Expired => "expired",
        Ending::Unknown => "unknown",
    }
}

/// `None` for what takes no time of its own.
const fn step_name(step: Next) -> Option<&'static str> {
    Some(match step {
        Next::Verify => "judge",
        Next::RecordRequest => "record-request",
        Next::AwaitTurn => "turn",
        Next::RecordSending => "record-sending",
        Next::Send { .. } => "send",
        Next::AwaitAnswer => "answer",
        Next::RecordEnding(_) => "record-ending",
        Next::Return(_) => "return",
        Next::RecordRefusal(_) => "record-refusal",
        _ => return None,
    })
}

const fn check_name(check: Check) -> &'static str {
    match check {
        Check::Signature => "signature",
        Check::Replay => "replay",
        Check::Contract => "contract",
        Check::Operation => "operation",
        Check::Repeat => "repeat",
        Check::Own => "own",
        Check::Answer => "answer",
        Check::Load => "load",
        Check::Record => "record",
    }
}

/// Tells what is asked for at each scrape.
#[derive(Debug)]
struct AtScrape(Scrape);

impl Collector for AtScrape {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let scrape = &self.0;
        let mut gauges = vec![
            (
                "ready",
                "Whether it is ready",
                f64::from(u8::from(scrape.ready)),
            ),
            (
                "registry_version",
                "Changes of the registry",
                whole(scrape.registry),
            ),
            (
                "receivers",
                "Receivers that are connected",
                whole(u64::try_from(scrape.receivers.len()).unwrap_or(u64::MAX)),
            ),
            (
                "callbacks_open",
                "Callbacks that are to be delivered",
                whole(u64::try_from(scrape.callbacks).unwrap_or(u64::MAX)),
            ),
        ];
        if let Some(learned) = &scrape.learned {
            gauges.extend([
                ("log_leaves", "Leaves of the log", whole(learned.size)),
                (
                    "record_bytes",
                    "Bytes of the record's files",
                    whole(learned.bytes),
                ),
                (
                    "checkpoint_age_seconds",
                    "Since the log's last checkpoint was looked at or signed",
                    seconds(learned.checkpoint, scrape.now),
                ),
            ]);
        }
        for (name, help, value) in gauges {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
        }
        encode_certificates(scrape, &mut encoder)?;
        encode_receivers(scrape, &mut encoder)?;
        encode_refusals(scrape, &mut encoder)?;
        encode_attempts(scrape, &mut encoder)?;
        let help = "The version that runs";
        let mut build = encoder.encode_descriptor("build_info", help, None, MetricType::Gauge)?;
        let version = env!("CARGO_PKG_VERSION");
        ConstGauge::new(1_i64).encode(build.encode_family(&Version { version })?)
    }
}

fn encode_certificates(
    scrape: &Scrape,
    encoder: &mut DescriptorEncoder<'_>,
) -> Result<(), fmt::Error> {
    let help = "Days until a certificate ends; below zero since it ended";
    let name = "certificate_days_left";
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for (certificate, end) in &scrape.certificates {
        let certificate = certificate.clone();
        let days = seconds(scrape.now, *end) / SECONDS_PER_DAY;
        ConstGauge::new(days).encode(family.encode_family(&OfCertificate { certificate })?)?;
    }
    Ok(())
}

fn encode_receivers(
    scrape: &Scrape,
    encoder: &mut DescriptorEncoder<'_>,
) -> Result<(), fmt::Error> {
    let help = "Messages that wait for a receiver to read them";
    let name = "receiver_waiting";
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for receiver in &scrape.receivers {
        let party = receiver.party.to_string();
        let waiting = whole(u64::try_from(receiver.waiting).unwrap_or(u64::MAX));
        ConstGauge::new(waiting).encode(family.encode_family(&OfParty { party })?)?;
    }
    Ok(())
}

fn encode_refusals(scrape: &Scrape, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
    let help = "Requests that a door refused, by the reason";
    let name = "door_refusals";
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
    for (reason, count) in &scrape.refusals {
        let reason = ForReason { reason };
        ConstCounter::new(*count).encode(family.encode_family(&reason)?)?;
    }
    Ok(())
}

fn encode_attempts(scrape: &Scrape, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
    let help = "Attempts to deliver a callback, by what came of them";
    let name = "callback_attempts";
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
    for (outcome, count) in scrape.attempts {
        let outcome = OfOutcome { outcome };
        ConstCounter::new(count).encode(family.encode_family(&outcome)?)?;
    }
    Ok(())
}

/// Seconds from one time to another; below zero where that is earlier.
fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    let seconds = to.seconds().saturating_sub(from.seconds());
    let nearest = if seconds < 0 { i32::MIN } else { i32::MAX };
    f64::from(i32::try_from(seconds).unwrap_or(nearest))
}

/// As a number of Prometheus: exact to 2^52, beyond which nothing here comes.
fn whole(count: u64) -> f64 {
    let low = u32::try_from(count & 0xFFFF_FFFF).unwrap_or(u32::MAX);
    let high = u32::try_from(count >> 32).unwrap_or(u32::MAX);
    f64::from(high).mul_add(4_294_967_296.0, f64::from(low))
}
