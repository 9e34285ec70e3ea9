//! What operators are told: whether it is ready, and of what kind its counts are.

use serde_json::{Map, Value, json};

/// The media type of counts, in Prometheus' text form.
pub const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// One of the things that must be well before requests are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `token`, `clock`, `key`, …
    pub name: &'static str,
    /// Whether it is well.
    pub good: bool,
    /// What is known of it, without secrets.
    pub detail: String,
}

/// Whether all is well, and what is told of it: `{"ready":…,"checks":{NAME:{"good":…,"detail":…}}}`.
///
/// ```
/// use daxsign_hosting::health::{Check, readiness};
///
/// let check = Check { name: "key", good: true, detail: "client.pem".to_owned() };
/// let (ready, told) = readiness(vec![check]);
/// assert!(ready);
/// assert_eq!(told["checks"]["key"]["good"], true);
/// ```
#[must_use]
pub fn readiness(checks: Vec<Check>) -> (bool, Value) {
    let ready = checks.iter().all(|check| check.good);
    let told = checks.into_iter().map(|check| {
        let value = json!({ "good": check.good, "detail": check.detail });
        (check.name.to_owned(), value)
    });
    let told: Map<String, Value> = told.collect();
    (ready, json!({ "ready": ready, "checks": told }))
}
