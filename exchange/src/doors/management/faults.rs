//! Faults to order, where it is a sandbox.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::asked::{Answer, Asked, Problem};
use super::managed::Managed;
use super::words::time;
use crate::correlation::CorrelationId;
use crate::faults::{Board, Done, Kind, Order};

/// How many of the newest are shown.
const SHOWN: usize = 100;
/// An order's waiting time where nothing is said.
const SECONDS: u16 = 2;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    kind: String,
    instance: Option<String>,
    operation: Option<String>,
    /// `0`: until it is cancelled.
    count: Option<u32>,
    percent: Option<u8>,
    seconds: Option<u16>,
}

fn board(managed: &Managed) -> Result<&Board, Problem> {
    let board = managed.faults.as_deref();
    board.ok_or_else(|| {
        Problem::new(
            409,
            "faults are ordered in a sandbox alone: daxsign-exchange sandbox",
        )
    })
}

/// What is ordered, and what came of it.
pub(super) fn list(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let board = board(managed)?;
    let orders = board.orders().into_iter().map(|(number, order)| {
        json!({
            "order": number,
            "kind": order.kind.name(),
            "instance": order.instance.map(|id| id.to_string()),
            "operation": order.operation,
            "count": order.count,
            "percent": order.percent,
            "seconds": order.seconds,
        })
    });
    let orders: Vec<Value> = orders.collect();
    let done: Vec<Value> = board.done(SHOWN).iter().map(told).collect();
    Ok(Answer::json(&json!({ "orders": orders, "done": done })))
}

fn told(done: &Done) -> Value {
    json!({
        "correlationId": done.correlation.to_string(),
        "at": time(done.at),
        "kind": done.kind.name(),
        "says": done.kind.says(),
        "order": done.order,
    })
}

/// What a request got; none in an exchange that is no sandbox.
pub(super) fn of(managed: &Managed, correlation: CorrelationId) -> Vec<Value> {
    let board = managed.faults.as_deref();
    let done = board.map(|board| board.done_to(correlation));
    done.unwrap_or_default().iter().map(told).collect()
}

pub(super) fn order(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let board = board(managed)?;
    let wanted: Wanted = asked.json()?;
    let kind: Kind = wanted.kind.parse().map_err(Problem::bad)?;
    let percent = wanted.percent.unwrap_or(100);
    if !(1..=100).contains(&percent) {
        return Err(Problem::bad("percent is 1 to 100"));
    }
    let known = |name: &String| {
        daxsign_client::api::OPERATIONS
            .iter()
            .any(|one| one.id == name.as_str())
    };
    if let Some(name) = wanted.operation.as_ref().filter(|name| !known(name)) {
        return Err(Problem::bad(format_args!("there is no operation {name:?}")));
    }
    let instance = wanted.instance.map(|text| text.parse::<Uuid>()).transpose();
    let instance = instance.map_err(|_| Problem::bad("instance is the GUID of an instance"))?;
    let count = match wanted.count {
        None => Some(1),
        Some(0) => None,
        some => some,
    };
    let order = Order {
        kind,
        instance,
        operation: wanted.operation,
        count,
        percent,
        seconds: wanted.seconds.unwrap_or(SECONDS),
    };
    let number = board.order(order).map_err(|full| Problem::new(409, full))?;
    Ok(Answer::json(
        &json!({ "order": number, "says": kind.says() }),
    ))
}

pub(super) fn cancel(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let number = asked.name(0, "number of an order")?;
    if !board(managed)?.cancel(number) {
        return Err(Problem::unknown("order"));
    }
    Ok(Answer::json(&json!({})))
}

pub(super) fn clear(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    board(managed)?.clear();
    Ok(Answer::json(&json!({})))
}
