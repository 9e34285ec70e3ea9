//! `clock`.

use http::Method;
use serde_json::{Value, json};

use crate::commands::arguments::Dir;
use crate::commands::caller::Caller;
use crate::commands::clock_change::ClockChange;
use crate::commands::failure::Failure;
use crate::commands::output;

/// Runs the command.
pub(super) fn run(dir: &Dir, change: Option<ClockChange>) -> Result<(), Failure> {
    let caller = Caller::of(&dir.dir)?;
    let shown = match change {
        None => caller.json(&Method::GET, PATH, None)?,
        Some(change) => {
            let body = match change {
                ClockChange::By(seconds) => json!({ "bySeconds": seconds }),
                ClockChange::Real => json!({ "aheadSeconds": 0 }),
            };
            caller.json(&Method::POST, PATH, Some(&body))?
        }
    };
    output::write(&told(&shown))
}

const PATH: &str = "/v1/clock";

fn told(shown: &Value) -> String {
    let now = shown.get("now").and_then(Value::as_str).unwrap_or_default();
    let ahead = shown.get("aheadSeconds").and_then(Value::as_i64);
    match ahead.unwrap_or_default() {
        0 => format!("{now}, as the system's clock\n"),
        ahead if ahead > 0 => format!("{now}, {ahead} s ahead of the system's clock\n"),
        behind => format!(
            "{now}, {} s behind the system's clock\n",
            behind.unsigned_abs()
        ),
    }
}
