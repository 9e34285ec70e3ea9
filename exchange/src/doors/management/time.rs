//! The clock, which can be moved in a sandbox.
#![expect(clippy::unnecessary_wraps, reason = "all handlers answer alike")]

use serde::Deserialize;
use serde_json::json;

use super::asked::{Answer, Asked, Problem};
use super::managed::Managed;
use super::words::time;
use crate::running::{MovableClock, NotMoved, Running};

/// What it shows.
pub(super) fn show(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let movable = managed.movable.as_ref();
    Ok(Answer::json(&json!({
        "now": time(managed.now()),
        "aheadSeconds": movable.map_or(0, MovableClock::ahead),
        "movable": movable.is_some(),
    })))
}

/// One of the two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Moving {
    /// Seconds more, or fewer.
    by_seconds: Option<i64>,
    /// Seconds ahead of the system's clock.
    ahead_seconds: Option<i64>,
}

pub(super) fn change(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let clock = managed.movable.as_ref().ok_or_else(|| {
        Problem::new(
            409,
            "this exchange goes by the system's clock: a sandbox's alone can be moved",
        )
    })?;
    let moved = match asked.json()? {
        Moving {
            by_seconds: Some(by),
            ahead_seconds: None,
        } => clock.move_by(by),
        Moving {
            by_seconds: None,
            ahead_seconds: Some(ahead),
        } => clock.set_ahead(ahead),
        _ => {
            return Err(Problem::bad(
                "say one of bySeconds (seconds more, or fewer) and aheadSeconds (of the system's clock)",
            ));
        }
    };
    moved.map_err(|problem| {
        let status = match problem {
            NotMoved::TooFar => 400,
            NotMoved::File(_) => 503,
        };
        Problem::new(status, problem)
    })?;
    // What has no time left ends now, and not at the next look.
    managed.kept.with(|running| Running::inlet(running).tick());
    show(managed, asked)
}
