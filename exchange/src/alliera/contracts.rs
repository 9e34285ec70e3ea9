//! Contracts, as far as this Alliera is told of them.

use daxsign_core::Timestamp;
use serde_json::{Value, json};

use super::answer::Done;
use super::listing::{List, paged};
use super::refused::Refused;
use super::work::{Work, thing};

pub(super) fn list(work: &mut Work<'_>) -> Result<Done, Refused> {
    let list = List {
        field: "contracts",
        thing: &thing("contract", "seen_contract", "contract_row"),
        only: "TRUE",
        filters: &[],
    };
    let (_, rows, paging) = list.page(work, &[])?;
    let contracts: Vec<Value> = rows.iter().map(|row| item(work, row)).collect();
    Ok(paged(list.field, contracts, paging))
}

/// A contract of its row: `{id, promisee, name, created, ends, clauses}`, times in seconds.
fn item(work: &Work<'_>, row: &Value) -> Value {
    let get = |name: &str| row.get(name).cloned().unwrap_or_default();
    let time = |name: &str| get(name).as_i64().unwrap_or_default();
    let (created, ends) = (time("created"), time("ends"));
    let ticks = ends.saturating_sub(created).saturating_mul(10_000_000);
    let settings = work.settings;
    json!({
        "contractId": get("id"),
        "promisee": {"partnerId": get("promisee"), "name": get("name")},
        "promisor": {"partnerId": settings.party.partner.to_string(), "name": settings.partner_name},
        "accessControlInstance": {
            "accessControlInstanceId": settings.party.instance.to_string(),
            "name": settings.name,
            "description": null,
            "lastActiveUtc": utc(work.now),
            "clientVersion": env!("CARGO_PKG_VERSION"),
        },
        "state": "Signed",
        "createdOn": utc(created),
        "signedOn": utc(created),
        "validityPeriod": {"ticks": ticks},
        "endsOn": utc(ends),
        "clauses": get("clauses"),
        "tags": [],
    })
}

fn utc(seconds: i64) -> Option<String> {
    let text = Timestamp::from_unix(seconds, 0).and_then(|time| time.format());
    text.ok().map(|text| text.to_string())
}
