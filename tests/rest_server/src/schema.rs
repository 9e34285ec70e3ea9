//! Whether JSON fits a schema of the API's description.
//!
//! OpenAPI 3.0 is nearly JSON Schema: `nullable` becomes a type, and the formats get the meaning
//! that the description gives them.

use std::collections::HashMap;
use std::error::Error;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use boon::{Compiler, Draft, Format, SchemaIndex, Schemas as Compiled, ValidationError};
use serde_json::{Map, Value, json};

/// The schemas of a description.
pub struct Schemas {
    compiled: Compiled,
    places: HashMap<String, SchemaIndex>,
}

/// Where the schemas stand in a document of JSON Schema.
const DOCUMENT: &str = "https://example.org/api.json";
/// Where they stand in the description.
const REFERENCE: &str = "#/components/schemas/";

impl Schemas {
    /// Compiles all of them.
    #[must_use]
    pub fn new(schemas: &Map<String, Value>) -> Self {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        for format in FORMATS {
            compiler.register_format(format);
        }
        let document = json!({"$defs": converted_object(schemas)});
        compiler
            .add_resource(DOCUMENT, document)
            .expect("a document of JSON Schema");
        let mut all = Compiled::new();
        let mut compile = |name: &String| {
            let place = format!("{DOCUMENT}#/$defs/{name}");
            let index = compiler.compile(&place, &mut all).expect("a schema");
            (name.clone(), index)
        };
        let places = schemas.keys().map(&mut compile).collect();
        Self {
            compiled: all,
            places,
        }
    }

    /// What does not fit the schema that `reference` (an object with `$ref`) names, each with its
    /// place; empty if all does.
    pub fn faults(&self, reference: &Value, instance: &Value) -> Vec<String> {
        let name = reference["$ref"]
            .as_str()
            .and_then(|text| text.strip_prefix(REFERENCE));
        let name = name.unwrap_or_else(|| panic!("{reference} names no schema"));
        let mut faults = Vec::new();
        if let Err(error) = self.compiled.validate(instance, self.places[name]) {
            collect(&error, &mut faults);
        }
        faults
    }
}

impl std::fmt::Debug for Schemas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Schemas({})", self.places.len())
    }
}

/// What is behind an error is told, not the way to it.
fn collect(error: &ValidationError<'_, '_>, faults: &mut Vec<String>) {
    if error.causes.is_empty() {
        faults.push(format!("{} at \"{}\"", error.kind, error.instance_location));
    }
    for cause in &error.causes {
        collect(cause, faults);
    }
}

/// The formats of the description. `local-time` is what [`converted`] makes of `x-local-time`.
const FORMATS: [Format; 4] = [
    Format {
        name: "uuid",
        func: |value| judged(value, is_guid),
    },
    Format {
        name: "local-time",
        func: |value| judged(value, is_local_time),
    },
    Format {
        name: "date-time",
        func: |value| judged(value, is_time),
    },
    Format {
        name: "byte",
        func: |value| judged(value, is_base64),
    },
];

fn judged(value: &Value, fits: fn(&str) -> bool) -> Result<(), Box<dyn Error>> {
    match value.as_str() {
        Some(text) if !fits(text) => Err("it is not written so".into()),
        _ => Ok(()),
    }
}

/// The schema in the words of JSON Schema.
fn converted(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => converted_object(members),
        Value::Array(items) => items.iter().map(converted).collect(),
        other => other.clone(),
    }
}

fn converted_object(members: &Map<String, Value>) -> Value {
    let nullable = members.get("nullable") == Some(&Value::Bool(true));
    let mut out = Map::new();
    for (name, value) in members {
        let value = match (name.as_str(), value) {
            ("nullable" | "example", Value::Bool(_) | Value::String(_)) => continue,
            ("type", Value::String(_)) if nullable => json!([value, "null"]),
            ("$ref", Value::String(reference)) => {
                json!(reference.replace(REFERENCE, "#/$defs/"))
            }
            ("format", _) if members.contains_key("x-local-time") => json!("local-time"),
            _ => converted(value),
        };
        out.insert(name.clone(), value);
    }
    if members.get("format") == Some(&json!("int32")) {
        out.insert("minimum".into(), i32::MIN.into());
        out.insert("maximum".into(), i32::MAX.into());
    }
    Value::Object(out)
}

/// 8-4-4-4-12 hexadecimal digits.
pub(crate) fn is_guid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// `2020-01-31T23:59:59`, with a fraction or not, with `T` or a space; no zone.
fn is_local_time(text: &str) -> bool {
    let (main, fraction) = match text.split_once('.') {
        Some((main, fraction)) => (main, Some(fraction)),
        None => (text, None),
    };
    let pattern = b"0000-00-00T00:00:00";
    let fits = |(byte, pattern): (u8, u8)| match pattern {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b' '),
        other => byte == other,
    };
    main.len() == pattern.len()
        && main.bytes().zip(*pattern).all(fits)
        && fraction
            .is_none_or(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The same with `Z`, or without: what has no `x-local-time` is not always told.
fn is_time(text: &str) -> bool {
    is_local_time(text.strip_suffix('Z').unwrap_or(text))
}

fn is_base64(text: &str) -> bool {
    BASE64_STANDARD.decode(text).is_ok()
}
