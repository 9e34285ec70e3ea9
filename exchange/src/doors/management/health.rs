//! Whether it lives, whether it is ready, what it counted.
#![expect(clippy::unnecessary_wraps, reason = "all handlers answer alike")]

use daxsign_hosting::health::{METRICS_TYPE, readiness};

use super::asked::{Answer, Asked, Problem};
use super::managed::Managed;

/// That it answers is all there is to know.
pub(super) fn alive(_: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    Ok(Answer::text("alive\n"))
}

pub(super) fn ready(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let (ready, told) = readiness(managed.facts.checks());
    let answer = Answer::json(&told);
    let status = if ready { 200 } else { 503 };
    Ok(Answer { status, ..answer })
}

pub(super) fn metrics(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    Ok(Answer {
        status: 200,
        media_type: METRICS_TYPE,
        body: managed.facts.metrics().into_bytes(),
    })
}
