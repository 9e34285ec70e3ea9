//! What is counted and timed, for Prometheus.

use std::fmt;
use std::time::Duration;

use daxsign_core::Timestamp;
use http::StatusCode;
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

/// The upper ends of the buckets of times, in seconds: from one signature of a fast machine to the longest timeouts.
const BUCKETS: [f64; 14] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];
/// What all names start with.
const PREFIX: &str = "daxsign_proxy";
const SECONDS_PER_DAY: f64 = 86_400.0;

/// Who answered.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answer {
    status: u16,
    by: &'static str,
}

/// The name of an error.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Named {
    name: &'static str,
}

/// `good` or `bad`.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    result: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Of {
    certificate: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Version {
    version: &'static str,
}

/// What is known at the moment of a scrape, and told as of then: never a value that was right once.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// How many requests are in work, and how many wait to be.
    pub work: (usize, usize),
    /// How many connections clients have.
    pub connections: usize,
    /// How often a connection could not be accepted.
    pub accept_failures: u64,
    /// Certificates by their name, with the moment that each ends.
    pub certificates: Vec<(String, Timestamp)>,
    /// How many requests the upstream still allows, as it said last.
    pub rate_limit_remaining: Option<i64>,
    /// By how many seconds the upstream's clock was ahead of ours, when it answered last.
    pub clock_skew: Option<f64>,
    /// For how many seconds the token still holds.
    pub token_seconds: Option<f64>,
    /// How many requests are remembered, and how many can be (verifying).
    pub replay_memory: Option<(usize, usize)>,
    /// How many lines the access log left out.
    pub log_lines_lost: u64,
    /// The present time.
    pub now: Option<Timestamp>,
}

/// All that is counted. Everything is told from the start, with zero.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    answers: Family<Answer, Counter>,
    refusals: Family<Named, Counter>,
    reloads: Family<Outcome, Counter>,
    request: Histogram,
    queue: Histogram,
    token: Histogram,
    signature: Histogram,
    upstream: Histogram,
}

/// Something that takes time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A request as a whole.
    Request,
    /// Waiting to be in work.
    Queue,
    /// Waiting for a token.
    Token,
    /// Signing, or verifying.
    Signature,
    /// Waiting for the upstream.
    Upstream,
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
        let histogram = || Histogram::new(BUCKETS);
        let mut metrics = Self {
            registry: Registry::with_prefix(PREFIX),
            answers: Family::default(),
            refusals: Family::default(),
            reloads: Family::default(),
            request: histogram(),
            queue: histogram(),
            token: histogram(),
            signature: histogram(),
            upstream: histogram(),
        };
        metrics.register();
        for result in ["good", "bad"] {
            let _ = metrics.reloads.get_or_create(&Outcome { result });
        }
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        let answers =
            "Answers by status; by is upstream, or proxy where the sidecar itself answered";
        registry.register("answers", answers, self.answers.clone());
        registry.register(
            "refusals",
            "Answers of the sidecar itself by the name of the error",
            self.refusals.clone(),
        );
        registry.register(
            "reloads",
            "How often keys, certificates and passwords were read again",
            self.reloads.clone(),
        );
        for (name, help, histogram) in [
            (
                "request_seconds",
                "From a request's head to its answer's",
                &self.request,
            ),
            ("queue_seconds", "Waiting to be in work", &self.queue),
            ("token_seconds", "Waiting for a token", &self.token),
            (
                "signature_seconds",
                "Signing, or verifying",
                &self.signature,
            ),
            (
                "upstream_seconds",
                "From a request's last byte to the upstream's answer's head",
                &self.upstream,
            ),
        ] {
            registry.register(name, help, histogram.clone());
        }
    }

    /// An answer of the upstream that was passed on.
    pub fn passed(&self, status: StatusCode) {
        self.answered(status, "upstream");
    }

    /// An answer of our own.
    pub fn refused(&self, status: StatusCode, name: &'static str) {
        self.answered(status, "proxy");
        self.refusals.get_or_create(&Named { name }).inc();
    }

    fn answered(&self, status: StatusCode, by: &'static str) {
        let status = status.as_u16();
        self.answers.get_or_create(&Answer { status, by }).inc();
    }

    /// Everything was read again, or something could not be and the old was kept.
    pub fn reloaded(&self, good: bool) {
        let result = if good { "good" } else { "bad" };
        self.reloads.get_or_create(&Outcome { result }).inc();
    }

    /// How long something took.
    pub fn took(&self, stage: Stage, time: Duration) {
        let histogram = match stage {
            Stage::Request => &self.request,
            Stage::Queue => &self.queue,
            Stage::Token => &self.token,
            Stage::Signature => &self.signature,
            Stage::Upstream => &self.upstream,
        };
        histogram.observe(time.as_secs_f64());
    }

    /// All of it in Prometheus's text format, with what is known at this moment.
    #[must_use]
    pub fn text(&self, facts: Facts) -> String {
        let mut text = String::new();
        let mut now = Registry::with_prefix(PREFIX);
        now.register_collector(Box::new(AtScrape(facts)));
        for registry in [&self.registry, &now] {
            // Writing to a string cannot fail.
            let _ = prometheus_text::encode(&mut text, registry);
        }
        text
    }
}

/// Tells what is asked for at each scrape.
#[derive(Debug)]
struct AtScrape(Facts);

impl Collector for AtScrape {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let facts = &self.0;
        if !facts.certificates.is_empty() {
            let help = "Days until a certificate ends; below zero since it ended";
            let name = "certificate_days_left";
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for (certificate, end) in &facts.certificates {
                let Some(now) = facts.now else { continue };
                let of = Of {
                    certificate: certificate.clone(),
                };
                ConstGauge::new(days(*end, now)).encode(family.encode_family(&of)?)?;
            }
        }
        let replays = facts
            .replay_memory
            .map(|(used, all)| (whole(used), whole(all)));
        let gauges = [
            ("in_work", "Requests in work", Some(whole(facts.work.0))),
            (
                "queued",
                "Requests that wait to be in work",
                Some(whole(facts.work.1)),
            ),
            (
                "connections",
                "Connections of clients",
                Some(whole(facts.connections)),
            ),
            (
                "rate_limit_remaining",
                "Requests that the upstream still allows, as it said last",
                facts.rate_limit_remaining.map(number),
            ),
            (
                "clock_skew_seconds",
                "By how much the upstream's clock was ahead of ours, when it answered last",
                facts.clock_skew,
            ),
            (
                "token_seconds_left",
                "For how long the token still holds",
                facts.token_seconds,
            ),
            (
                "replay_memory_used",
                "Accepted requests that are remembered",
                replays.map(|(used, _)| used),
            ),
            (
                "replay_memory_places",
                "Accepted requests that can be remembered",
                replays.map(|(_, all)| all),
            ),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                let gauge = ConstGauge::new(value);
                gauge.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
            }
        }
        encode_counts(facts, &mut encoder)?;
        let help = "The version that runs";
        let mut build = encoder.encode_descriptor("build_info", help, None, MetricType::Gauge)?;
        let version = Version {
            version: env!("CARGO_PKG_VERSION"),
        };
        ConstGauge::new(1_i64).encode(build.encode_family(&version)?)
    }
}

fn encode_counts(facts: &Facts, encoder: &mut DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
    for (name, help, count) in [
        (
            "access_log_lost",
            "Lines that the access log left out, since they could not be written",
            facts.log_lines_lost,
        ),
        (
            "accept_failures",
            "Connections that could not be accepted",
            facts.accept_failures,
        ),
    ] {
        let counter = ConstCounter::new(count);
        counter.encode(encoder.encode_descriptor(name, help, None, MetricType::Counter)?)?;
    }
    Ok(())
}

/// Days from `now` until `end`.
fn days(end: Timestamp, now: Timestamp) -> f64 {
    number(end.seconds().saturating_sub(now.seconds())) / SECONDS_PER_DAY
}

fn whole(count: usize) -> f64 {
    number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// As a number of Prometheus. Those beyond 32 bits, which are none of ours, count as the largest of these.
fn number(count: i64) -> f64 {
    let nearest = if count < 0 { i32::MIN } else { i32::MAX };
    f64::from(i32::try_from(count).unwrap_or(nearest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value of a sample.
    fn value(text: &str, sample: &str) -> Option<f64> {
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix(sample)?.strip_prefix(' ')?.parse().ok())
    }

    #[test]
    fn counts_and_times_are_told() {
        let metrics = Metrics::new();
        let text = metrics.text(Facts::default());
        for sample in [
            "daxsign_proxy_reloads_total{result=\"good\"}",
            "daxsign_proxy_reloads_total{result=\"bad\"}",
            "daxsign_proxy_request_seconds_count",
            "daxsign_proxy_in_work",
            "daxsign_proxy_access_log_lost_total",
        ] {
            assert_eq!(value(&text, sample), Some(0.0), "{sample} in {text}");
        }
        assert!(
            !text.contains("token_seconds_left"),
            "what is not known is not told"
        );
        metrics.passed(StatusCode::OK);
        metrics.passed(StatusCode::OK);
        metrics.refused(StatusCode::UNAUTHORIZED, "replayed");
        metrics.took(Stage::Signature, Duration::from_micros(300));
        metrics.reloaded(false);
        let text = metrics.text(Facts::default());
        for (sample, expected) in [
            ("answers_total{status=\"200\",by=\"upstream\"}", 2.0),
            ("answers_total{status=\"401\",by=\"proxy\"}", 1.0),
            ("refusals_total{name=\"replayed\"}", 1.0),
            ("reloads_total{result=\"bad\"}", 1.0),
            ("signature_seconds_bucket{le=\"0.00025\"}", 0.0),
            ("signature_seconds_bucket{le=\"0.0005\"}", 1.0),
            ("signature_seconds_bucket{le=\"+Inf\"}", 1.0),
            ("signature_seconds_sum", 0.0003),
        ] {
            let sample = format!("daxsign_proxy_{sample}");
            assert_eq!(value(&text, &sample), Some(expected), "{sample} in {text}");
        }
    }

    #[test]
    fn days_left_are_those_of_the_scrape() {
        let at = |seconds| Timestamp::from_unix(seconds, 0).expect("a time");
        let mut facts = Facts {
            certificates: vec![("signing".into(), at(864_000))],
            now: Some(at(0)),
            ..Facts::default()
        };
        let metrics = Metrics::new();
        let left = |facts: &Facts| {
            let sample = "daxsign_proxy_certificate_days_left{certificate=\"signing\"}";
            value(&metrics.text(facts.clone()), sample)
        };
        assert_eq!(left(&facts), Some(10.0));
        facts.now = Some(at(864_000 + 43_200));
        assert_eq!(left(&facts), Some(-0.5));
        // Another certificate was put in its place.
        facts.certificates[0].1 = at(1_728_000 + 43_200);
        assert_eq!(left(&facts), Some(10.0));
    }
}
