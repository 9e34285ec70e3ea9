//! The 49 operations of `api/dax-api.json`: which one a request calls, and whether it fits.

use std::fs;

use daxsign_tests::native::project;
use serde_json::Value;

use crate::schema::{Schemas, is_guid};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The description.
#[derive(Debug)]
pub struct Api {
    document: Value,
    operations: Vec<Operation>,
    schemas: Schemas,
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// With `{names}`.
    pub path: String,
    /// The status of success.
    pub status: u16,
    /// How many items a page has at most, for lists in pages.
    pub max_limit: Option<u64>,
    /// The schema of the data, as it stands in the document.
    pub data: Value,
    parameters: Vec<Value>,
    request: Value,
}

/// A request's operation with what stands in the path.
#[derive(Clone, Debug)]
pub struct Called<'a> {
    api: &'a Api,
    /// Which.
    pub operation: &'a Operation,
    /// Names and decoded values.
    pub path: Vec<(String, String)>,
    /// Names and decoded values.
    pub query: Vec<(String, String)>,
}

impl Api {
    /// Reads `api/dax-api.json`.
    pub fn load() -> Self {
        let file = project().join("api/dax-api.json");
        let text =
            fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let document: Value = serde_json::from_str(&text).expect("api/dax-api.json is JSON");
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().expect("paths") {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    operations.push(Operation::new(&document, path, item, method, operation));
                }
            }
        }
        let schemas = document["components"]["schemas"]
            .as_object()
            .expect("schemas");
        Self {
            schemas: Schemas::new(schemas),
            document,
            operations,
        }
    }

    /// All of them.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// A schema that a `$ref` names, or the schema itself.
    #[must_use]
    pub fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        resolved(&self.document, schema)
    }

    /// What does not fit in the data of an operation's answer.
    pub fn data_faults(&self, operation: &Operation, data: &Value) -> Vec<String> {
        self.schemas.faults(&operation.data, data)
    }

    /// The operation that a request calls. What stands before `/api/v` is where a redirect led.
    #[must_use]
    pub fn called(&self, method: &str, target: &str) -> Option<Called<'_>> {
        let target = &target[target.find("/api/v")?..];
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let fits = |operation: &'_ Operation| {
            (operation.method == method)
                .then(|| path_values(&operation.path, path))
                .flatten()
        };
        // `{accessGroupId}` also fits `ObtainAccess`: what stands literally comes first.
        let mut found: Vec<(&Operation, Vec<(String, String)>)> = self
            .operations
            .iter()
            .filter_map(|operation| Some((operation, fits(operation)?)))
            .collect();
        found.sort_by_key(|(_, values)| values.len());
        let (operation, path) = found.into_iter().next()?;
        Some(Called {
            api: self,
            operation,
            path,
            query: form(query)?,
        })
    }
}

impl Operation {
    fn new(document: &Value, path: &str, item: &Value, method: &str, value: &Value) -> Self {
        let json = |content: &Value| content["application/json"]["schema"].clone();
        let responses = value["responses"].as_object().expect("responses");
        let (status, response) = responses.iter().next().expect("a response");
        let data = json(&response["content"]);
        let of = |value: &Value| value["parameters"].as_array().cloned().unwrap_or_default();
        let parameters: Vec<Value> = [of(item), of(value)]
            .concat()
            .iter()
            .map(|parameter| resolved(document, parameter).clone())
            .collect();
        let pages = parameters
            .iter()
            .any(|parameter| parameter["name"] == "limit");
        Self {
            id: value["operationId"].as_str().expect("its id").into(),
            method: method.to_ascii_uppercase(),
            path: path.into(),
            status: status.parse().expect("a status"),
            max_limit: pages.then(|| value["x-max-limit"].as_u64().unwrap_or(50)),
            request: json(&value["requestBody"]["content"]),
            data,
            parameters,
        }
    }

    fn parameter(&self, place: &str, name: &str) -> Option<&Value> {
        let fits = |parameter: &&Value| parameter["in"] == place && parameter["name"] == name;
        self.parameters.iter().find(fits)
    }
}

impl Called<'_> {
    /// The query's value of this name.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        let named = self.query.iter().find(|(found, _)| found == name);
        named.map(|(_, value)| value.as_str())
    }

    /// What does not fit in path, query and body of a request.
    pub fn faults(&self, body: &[u8]) -> Vec<String> {
        let mut faults = Vec::new();
        for (place, values) in [("path", &self.path), ("query", &self.query)] {
            for (name, value) in values {
                match self.operation.parameter(place, name) {
                    None => faults.push(format!("{place} parameter {name} is not described")),
                    Some(described) if !fits(described, value) => {
                        faults.push(format!("{place} parameter {name} is {value}"));
                    }
                    Some(_) => {}
                }
            }
        }
        match serde_json::from_slice(body) {
            Err(error) => faults.push(format!("the body is not JSON: {error}")),
            Ok(body) => {
                let body = with_small_context(body);
                faults.extend(self.api.schemas.faults(&self.operation.request, &body));
            }
        }
        faults
    }
}

/// `Context` is what the documentation calls the description's `context`.
fn with_small_context(mut body: Value) -> Value {
    if let Some(members) = body.as_object_mut()
        && let Some(context) = members.remove("Context")
    {
        members.insert("context".into(), context);
    }
    body
}

/// Whether a parameter's text fits its schema and the list that it may be.
fn fits(parameter: &Value, text: &str) -> bool {
    let schema = &parameter["schema"];
    let one = |kind: &str, text: &str| match kind {
        "uuid" => is_guid(text),
        "int32" => text.parse::<i32>().is_ok(),
        "key=value" => text.contains('='),
        _ => !text.is_empty(),
    };
    if let Some(kind) = parameter["x-csv"].as_str() {
        return text.split(',').all(|element| one(kind, element));
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer"), _) => text.parse::<i32>().is_ok(),
        (Some("boolean"), _) => ["true", "false"].contains(&text),
        (_, Some("date-time")) => text.len() >= 19 && text.is_char_boundary(10),
        (_, Some(format)) => one(format, text),
        _ => !text.is_empty(),
    }
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        None => value,
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference} is not in the description")),
    }
}

/// The values of `{names}`, if the path fits.
fn path_values(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (template, path): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    if template.len() != path.len() {
        return None;
    }
    let mut values = Vec::new();
    for (expected, found) in template.iter().zip(path) {
        match expected.split_once('{') {
            None if *expected == found => {}
            None => return None,
            Some((before, name)) => {
                let value = percent_decoded(found.strip_prefix(before)?)?;
                values.push((name.trim_end_matches('}').to_owned(), value));
            }
        }
    }
    Some(values)
}

/// Names and values of a form or query (`application/x-www-form-urlencoded`); none if it is no such
/// thing.
#[must_use]
pub fn form(text: &str) -> Option<Vec<(String, String)>> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        let decoded = |text: &str| percent_decoded(&text.replace('+', " "));
        Some((decoded(name)?, decoded(value)?))
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(pair).collect()
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        let digits = std::str::from_utf8(&digits).ok()?.to_owned();
        bytes.push(u8::from_str_radix(&digits, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}
