//! A backup, written by the exchange's own process where it may write.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;

use super::asked::{Answer, Asked, Problem};
use super::backup_writer::NotBackedUp;
use super::managed::Managed;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Where {
    to: PathBuf,
    keys: Option<PathBuf>,
}

/// Written when it is answered.
pub(super) fn back_up(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let place: Where = asked.json()?;
    for path in [Some(&place.to), place.keys.as_ref()].into_iter().flatten() {
        // This process stands in another folder than who asks.
        if !path.is_absolute() {
            let shown = path.display();
            let told = format_args!("{shown} is no absolute path, as to and keys have to be");
            return Err(Problem::bad(told));
        }
    }
    let written = (managed.back_up)(&place.to, place.keys.as_deref());
    written.map_err(|problem| {
        let status = match problem {
            NotBackedUp::Place(_) => 409,
            NotBackedUp::Forbidden(_) => 403,
            NotBackedUp::Failed(_) => 503,
        };
        Problem::new(status, problem)
    })?;
    let with_keys = place.keys.is_some();
    tracing::info!(to = %place.to.display(), with_keys, "an operator took a backup");
    Ok(Answer::json(&json!({ "to": place.to, "keys": place.keys })))
}
