//! Whether a body, and the data of an answer, fits its operation, by the schemas of `api/dax-api.json`.
//!
//! OpenAPI 3.0 is nearly JSON Schema: `nullable` becomes a type, and the formats get the meaning that the description
//! gives them.

use core::fmt;
use std::collections::HashMap;
use std::error::Error;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use boon::{Compiler, Draft, Format, SchemaIndex, Schemas as Compiled, ValidationError};
use serde_json::{Map, Value, json};

/// The description, as it was when this program was made.
pub(super) const DESCRIPTION: &str = include_str!("../../../api/dax-api.json");
/// Where the schemas stand in a document of JSON Schema.
const DOCUMENT: &str = "https://example.org/api.json";
/// Where they stand in the description.
const REFERENCE: &str = "#/components/schemas/";
/// How many faults are told of one body.
const MAX_FAULTS: usize = 16;

/// The schemas of the operations' bodies and answers.
pub struct Schemas {
    compiled: Compiled,
    /// By operation.
    bodies: HashMap<String, SchemaIndex>,
    /// By operation and status.
    answers: HashMap<(String, u16), SchemaIndex>,
}

/// The description that this program was made with cannot be used: a fault of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaProblem(String);

impl Schemas {
    /// Compiles them: once, when the program starts.
    ///
    /// # Errors
    /// [`SchemaProblem`].
    pub fn new() -> Result<Self, SchemaProblem> {
        let document: Value = serde_json::from_str(DESCRIPTION).map_err(problem)?;
        let schemas = document.pointer("/components/schemas");
        let schemas = schemas.and_then(Value::as_object);
        let schemas = schemas.ok_or_else(|| problem("it has no schemas"))?;
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        for format in FORMATS {
            compiler.register_format(format);
        }
        let resource = json!({"$defs": converted_object(schemas)});
        compiler.add_resource(DOCUMENT, resource).map_err(problem)?;
        let mut all = Compiled::new();
        let mut compile = |name: &str| {
            let place = format!("{DOCUMENT}#/$defs/{name}");
            compiler.compile(&place, &mut all).map_err(problem)
        };
        let mut bodies = HashMap::new();
        let mut answers = HashMap::new();
        for (id, operation) in operations_of(&document) {
            if let Some(name) = operation.get("requestBody").and_then(schema_of) {
                bodies.insert(id.to_owned(), compile(name)?);
            }
            for (status, name) in answers_of(operation) {
                answers.insert((id.to_owned(), status), compile(name)?);
            }
        }
        Ok(Self {
            compiled: all,
            bodies,
            answers,
        })
    }

    /// How many operations have a schema for their body.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bodies.len()
    }

    /// Whether none has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }

    /// What does not fit, each with its place; empty if all does.
    #[must_use]
    pub fn faults(&self, operation: &str, body: &Value) -> Vec<String> {
        let Some(index) = self.bodies.get(operation) else {
            return vec![format!("{operation} has no schema")];
        };
        self.faults_of(body, *index)
    }

    /// What does not fit of an answer with that status: of its data, or, of a 404, of its ProblemDetails. Empty if all
    /// does; `None` where the description has no answer with that status.
    #[must_use]
    pub fn answer_faults(&self, operation: &str, status: u16, data: &Value) -> Option<Vec<String>> {
        let index = self.answers.get(&(operation.to_owned(), status))?;
        Some(self.faults_of(data, *index))
    }

    fn faults_of(&self, value: &Value, index: SchemaIndex) -> Vec<String> {
        let mut faults = Vec::new();
        if let Err(error) = self.compiled.validate(value, index) {
            collect(&error, &mut faults);
        }
        faults
    }
}

/// Operations by their names.
fn operations_of(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(Map::values);
    let members = items.filter_map(Value::as_object).flat_map(Map::values);
    members.filter_map(|operation| Some((operation.get("operationId")?.as_str()?, operation)))
}

/// The statuses of an operation's answers, each with the name of its schema.
fn answers_of(operation: &Value) -> impl Iterator<Item = (u16, &str)> {
    let answers = operation.get("responses").and_then(Value::as_object);
    let answers = answers.into_iter().flatten();
    answers.filter_map(|(status, answer)| Some((status.parse().ok()?, schema_of(answer)?)))
}

/// The name of the schema of a body or an answer.
fn schema_of(described: &Value) -> Option<&str> {
    let schema = described.pointer("/content/application~1json/schema/$ref")?;
    schema.as_str()?.strip_prefix(REFERENCE)
}

pub(super) fn problem(detail: impl fmt::Display) -> SchemaProblem {
    SchemaProblem(detail.to_string())
}

/// What is behind an error is told, not the way to it.
fn collect(error: &ValidationError<'_, '_>, faults: &mut Vec<String>) {
    if faults.len() >= MAX_FAULTS {
        return;
    }
    if error.causes.is_empty() {
        faults.push(format!("{} at \"{}\"", error.kind, error.instance_location));
    }
    for cause in &error.causes {
        collect(cause, faults);
    }
}

/// The formats of the description. `local-time` is what [`converted_object`] makes of `x-local-time`.
const FORMATS: [Format; 4] = [
    Format {
        name: "uuid",
        func: |value| {
            judged(value, |text| {
                uuid::Uuid::try_parse(text).is_ok() && text.len() == 36
            })
        },
    },
    Format {
        name: "local-time",
        func: |value| judged(value, is_local_time),
    },
    Format {
        name: "date-time",
        func: |value| {
            judged(value, |text| {
                is_local_time(text.strip_suffix('Z').unwrap_or(text))
            })
        },
    },
    Format {
        name: "byte",
        func: |value| judged(value, |text| BASE64_STANDARD.decode(text).is_ok()),
    },
];

fn judged(value: &Value, fits: fn(&str) -> bool) -> Result<(), Box<dyn Error>> {
    match value.as_str() {
        Some(text) if !fits(text) => Err("it is not written so".into()),
        _ => Ok(()),
    }
}

/// `2020-01-31T23:59:59`, with a fraction or not, with `T` or a space; no zone.
fn is_local_time(text: &str) -> bool {
    let digits = |byte: u8| byte.is_ascii_digit() || b"-:. T".contains(&byte);
    let zoned = format!("{}Z", text.replacen(' ', "T", 1));
    text.bytes().all(digits) && daxsign_core::Timestamp::parse(&zoned).is_ok()
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
            ("$ref", Value::String(reference)) => json!(reference.replace(REFERENCE, "#/$defs/")),
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

impl fmt::Debug for Schemas {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Schemas({})", self.bodies.len())
    }
}

impl fmt::Display for SchemaProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the description of the API cannot be used: {}",
            self.0
        )
    }
}

impl Error for SchemaProblem {}
