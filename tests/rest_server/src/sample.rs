//! Plausible data for any schema of the description: everything that may be there is there, with
//! the examples and known words of the description.

use serde_json::{Map, Value, json};

use crate::api::Api;

/// Objects in objects end here: a card's owner has cards.
const DEPTH: usize = 4;

/// Data of a schema, the `number`th of its kind.
pub fn data(api: &Api, schema: &Value, number: u64) -> Value {
    sample(api, "", schema, number, DEPTH)
}

/// The GUID of the `number`th thing.
#[must_use]
pub fn guid(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

fn sample(api: &Api, name: &str, schema: &Value, number: u64, depth: usize) -> Value {
    let schema = api.resolved(schema);
    if let Some(known) = schema.get("example").filter(|_| depth < DEPTH) {
        return known.clone();
    }
    if let Some(words) = schema["enum"]
        .as_array()
        .or(schema["x-known-values"].as_array())
    {
        return words.first().cloned().unwrap_or_default();
    }
    match schema["type"].as_str() {
        Some("object") => object(api, schema, number, depth),
        Some("array") if depth <= 1 => json!([]),
        Some("array") => json!([sample(api, name, &schema["items"], number, depth - 1)]),
        Some("integer") => json!(number % 1_000_000 + 1),
        Some("number") => json!(59.5),
        Some("boolean") => json!(false),
        _ => string(name, schema, number),
    }
}

fn object(api: &Api, schema: &Value, number: u64, depth: usize) -> Value {
    let mut members = Map::new();
    let properties = schema["properties"].as_object();
    for (name, property) in properties.into_iter().flatten() {
        let is_object = api.resolved(property)["type"] == "object";
        if depth > 1 || !is_object {
            members.insert(
                name.clone(),
                sample(api, name, property, number, depth - usize::from(is_object)),
            );
        }
    }
    if schema["additionalProperties"]["type"] == "string" {
        members.insert("Floor".into(), json!("2"));
    }
    Value::Object(members)
}

/// Texts differ by number, and hold what must survive a client: letters beyond ASCII, quotes.
fn string(name: &str, schema: &Value, number: u64) -> Value {
    let utc = schema.get("x-utc").is_some() || schema.get("x-local-time").is_none();
    let separator = if number.is_multiple_of(2) || utc {
        'T'
    } else {
        ' '
    };
    let zone = if utc { "Z" } else { "" };
    json!(match schema["format"].as_str() {
        Some("uuid") => guid(number),
        Some("date-time") => format!("2026-01-31{separator}08:30:00{zone}"),
        Some("byte") => "AAEC".to_owned(),
        _ => format!("{name} \"{number}\" åäö"),
    })
}
