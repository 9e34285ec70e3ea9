//! Whether it lives, whether it is ready, what it counted.
#![expect(clippy::unnecessary_wraps, reason = "all handlers answer alike")]

use daxsign_proxy::metrics::MEDIA_TYPE;
use serde_json::{Map, Value, json};

use super::asked::{Answer, Asked, Problem};
use super::managed::Managed;

/// That it answers is all there is to know.
pub(super) fn alive(_: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    Ok(Answer::text("alive\n"))
}

pub(super) fn ready(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let checks = managed.facts.checks();
    let ready = checks.iter().all(|check| check.good);
    let told = checks.into_iter().map(|check| {
        let value = json!({ "good": check.good, "detail": check.detail });
        (check.name.to_owned(), value)
    });
    let told: Map<String, Value> = told.collect();
    let answer = Answer::json(&json!({ "ready": ready, "checks": told }));
    let status = if ready { 200 } else { 503 };
    Ok(Answer { status, ..answer })
}

pub(super) fn metrics(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    Ok(Answer {
        status: 200,
        media_type: MEDIA_TYPE,
        body: managed.facts.metrics().into_bytes(),
    })
}
