//! The log: what was done, and which doors opened.

use rusqlite::types::Value as Sql;

use super::answer::Done;
use super::listing::{List, paged};
use super::refused::Refused;
use super::work::{Work, thing};

/// The longest time that one request asks for.
const MAX_SECONDS: i64 = 31 * 24 * 60 * 60;

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let (start, _) = bound(work, "startTime")?;
    let (_, end) = bound(work, "endTime")?;
    if end <= start || end.saturating_sub(start) > MAX_SECONDS {
        return Err(Refused::invalid(
            "the end is after the start, 31 days at most",
        ));
    }
    let list = List {
        field: "logs",
        thing: &thing("log entry", "seen_log", "log_item"),
        only: "at >= ? AND at < ?",
        filters: &[],
    };
    let (_, items, paging) = list.page(work, &[Sql::Integer(start), Sql::Integer(end)])?;
    Ok(paged(list.field, items, paging))
}

/// Where the clocks show a time twice, the start is the first and the end the last.
fn bound(work: &Work<'_>, name: &str) -> Result<(i64, i64), Refused> {
    let text = work.request.parameter(name).unwrap_or_default();
    let seconds = work.settings.zone.seconds(text);
    seconds.map_err(|problem| Refused::invalid(format!("{name} {problem}")))
}
