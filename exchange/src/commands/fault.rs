//! `fault …`: what goes wrong in a sandbox, by order.

use std::fmt::Write as _;
use std::path::Path;

use daxsign_exchange::faults::Kind;
use http::Method;
use serde_json::{Value, json};

use crate::commands::arguments::{FaultCommand, OrderFault};
use crate::commands::caller::Caller;
use crate::commands::failure::Failure;
use crate::commands::{manage, output};

const PATH: &str = "/v1/faults";

pub(super) fn run(folder: &Path, command: &FaultCommand) -> Result<(), Failure> {
    match command {
        FaultCommand::Kinds => kinds(),
        FaultCommand::Order(order) => self::order(folder, order),
        FaultCommand::List => manage::show(folder, PATH),
        FaultCommand::Cancel { order: None } => manage::delete(folder, PATH),
        FaultCommand::Cancel { order: Some(order) } => {
            manage::delete(folder, &format!("{PATH}/{order}"))
        }
    }
}

fn kinds() -> Result<(), Failure> {
    let mut text = String::new();
    for kind in Kind::ALL {
        // A string takes what is written.
        let _ = writeln!(text, "{:<20} {}", kind.name(), kind.says());
    }
    output::write(&text)
}

fn order(folder: &Path, order: &OrderFault) -> Result<(), Failure> {
    let mut body = json!({
        "kind": order.kind,
        "count": order.count,
        "percent": order.percent,
        "seconds": order.seconds,
    });
    if let Some(members) = body.as_object_mut() {
        let instance = order.instance.map(|id| Value::String(id.to_string()));
        members.extend(instance.map(|id| ("instance".to_owned(), id)));
        let operation = order.operation.clone().map(Value::String);
        members.extend(operation.map(|name| ("operation".to_owned(), name)));
    }
    let told = Caller::of(folder)?.json(&Method::POST, PATH, Some(&body))?;
    let number = told
        .get("order")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let says = told.get("says").and_then(Value::as_str).unwrap_or_default();
    output::write(&format!("order {number}: {says}\n"))
}
