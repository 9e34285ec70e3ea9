//! What the REST door takes and answers, as OpenAPI 3.0: the description of the API, with what it leaves to be read elsewhere.
//! Answers stand in their envelope, refusals are there, times without a zone are none of RFC 3339, and lists in a query are
//! lists.

use serde_json::{Map, Value, json};

use super::own_answer::API_VERSION;
use super::schema::{DESCRIPTION, SchemaProblem, problem};

/// What a time without a zone is called; with `Z` or without is `utc-time`.
const LOCAL_TIME: &str = "local-time";
const UTC_TIME: &str = "utc-time";
/// The one type of bodies that is taken.
const JSON: &str = "application/json";

/// The description for those who ask an exchange at `base`.
///
/// # Errors
/// [`SchemaProblem`].
pub fn description(base: &str) -> Result<Value, SchemaProblem> {
    let document: Value = serde_json::from_str(DESCRIPTION).map_err(problem)?;
    let part = |pointer: &str| {
        let part = document.pointer(pointer).and_then(Value::as_object);
        part.ok_or_else(|| problem(format_args!("it has no {pointer}")))
    };
    let mut paths = Map::new();
    for (path, item) in part("/paths")? {
        let item = item.as_object().ok_or_else(|| problem(path))?;
        let members = item.iter().map(|(method, value)| {
            let value = match value.get("operationId") {
                Some(_) => operation(value),
                None => value.clone(),
            };
            (method.clone(), value)
        });
        paths.insert(path.clone(), Value::Object(members.collect()));
    }
    let schemas = part("/components/schemas")?;
    let schemas = schemas.iter().map(|(name, one)| (name.clone(), told(one)));
    let parameters = part("/components/parameters")?;
    let parameters = parameters
        .iter()
        .map(|(name, one)| (name.clone(), parameter(one)));
    Ok(json!({
        "openapi": "3.0.3",
        "info": {
            "title": "DAX Web API v2, as this exchange takes and answers it",
            "version": API_VERSION,
            "description": "Each request is signed (docs/exchange.md), and has a token of /oauth/token.",
        },
        "servers": [{ "url": base }],
        "security": [{ "token": [], "signature": [], "date": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": schemes(),
            "parameters": parameters.collect::<Map<_, _>>(),
            "responses": { "Refusal": refusal() },
            "headers": { "X-Correlation-Id": {
                "required": true,
                "schema": { "type": "string", "format": "uuid" },
            } },
            "schemas": schemas.collect::<Map<_, _>>(),
        },
    }))
}

fn schemes() -> Value {
    json!({
        "token": { "type": "http", "scheme": "bearer" },
        "signature": { "type": "apiKey", "in": "header", "name": "Signature" },
        "date": { "type": "apiKey", "in": "header", "name": "Date" },
    })
}

/// An operation: one type of bodies, answers in their envelope, and how it is refused.
fn operation(described: &Value) -> Value {
    let mut operation = described.as_object().cloned().unwrap_or_default();
    let most = described.get("x-max-limit").and_then(Value::as_u64);
    if let Some(parameters) = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    {
        for one in parameters {
            let is_limit = one.get("$ref") == Some(&"#/components/parameters/limit".into());
            if let Some(most) = most.filter(|_| is_limit) {
                *one = limit(most);
            }
        }
    }
    let body = described.pointer("/requestBody/content/application~1json");
    if let Some(body) = body {
        let body = json!({ "required": true, "content": { JSON: body } });
        operation.insert("requestBody".into(), body);
    }
    let mut answers = Map::new();
    let described = described.get("responses").and_then(Value::as_object);
    for (status, answer) in described.into_iter().flatten() {
        if status.starts_with('2') {
            answers.insert(status.clone(), answered(answer));
        }
    }
    let refusal = json!({ "$ref": "#/components/responses/Refusal" });
    answers.insert("default".into(), refusal);
    operation.insert("responses".into(), Value::Object(answers));
    Value::Object(operation)
}

/// How many on a page.
fn limit(most: u64) -> Value {
    json!({
        "name": "limit",
        "in": "query",
        "schema": { "type": "integer", "minimum": 1, "maximum": most, "default": most.min(50) },
    })
}

/// An answer that has data.
fn answered(answer: &Value) -> Value {
    let data = answer.pointer("/content/application~1json/schema");
    let data = data.cloned().unwrap_or_else(|| json!({ "type": "object" }));
    let description = answer.get("description").cloned();
    in_envelope(&description.unwrap_or_else(|| "ok".into()), &data)
}

/// An answer that says why there is none.
fn refusal() -> Value {
    let data = json!({ "nullable": true, "enum": [null] });
    in_envelope(&"refused: `messages` says why".into(), &data)
}

fn in_envelope(description: &Value, data: &Value) -> Value {
    let text = json!({ "type": "string", "nullable": true });
    let number = json!({ "type": "integer" });
    let schema = json!({
        "type": "object",
        "required": ["apiVersion", "correlationId", "statusCode", "message", "paging", "data"],
        "properties": {
            "apiVersion": { "type": "string" },
            "correlationId": { "type": "string", "format": "uuid" },
            "statusCode": number,
            "message": text,
            "messages": { "type": "array", "items": { "type": "string" } },
            "paging": { "nullable": true, "allOf": [{ "$ref": "#/components/schemas/PagingData" }] },
            "data": data,
            // Of a 404: ProblemDetails.
            "title": text,
            "status": number,
            "detail": text,
        },
        "additionalProperties": false,
    });
    json!({
        "description": description,
        "headers": { "X-Correlation-Id": { "$ref": "#/components/headers/X-Correlation-Id" } },
        "content": { JSON: { "schema": schema } },
    })
}

/// A parameter as it is written.
fn parameter(described: &Value) -> Value {
    let mut parameter = described.as_object().cloned().unwrap_or_default();
    let many = parameter.remove("x-csv");
    let known = parameter.get("x-known-values").cloned();
    let name = described.get("name").and_then(Value::as_str);
    let schema = match (name, many) {
        (Some("version"), _) => json!({ "type": "string", "enum": known }),
        (Some(name @ ("offset" | "limit")), _) => {
            let least = i32::from(name == "limit");
            json!({ "type": "integer", "minimum": least, "maximum": u32::MAX })
        }
        (Some("startTime" | "endTime"), _) => json!({ "type": "string", "format": LOCAL_TIME }),
        (_, Some(Value::String(kind))) => {
            parameter.insert("style".into(), "form".into());
            parameter.insert("explode".into(), false.into());
            json!({ "type": "array", "minItems": 1, "items": one_of_many(&kind, known.as_ref()) })
        }
        _ => told(described.get("schema").unwrap_or(&Value::Null)),
    };
    parameter.insert("schema".into(), schema);
    Value::Object(parameter)
}

/// What stands between the commas.
fn one_of_many(kind: &str, known: Option<&Value>) -> Value {
    match kind {
        "keyword" => json!({ "type": "string", "enum": known }),
        "uuid" => json!({ "type": "string", "format": "uuid" }),
        "int32" => told(&json!({ "type": "integer", "format": "int32" })),
        _ => json!({ "type": "string", "minLength": 1, "pattern": "^[^,]+$" }),
    }
}

/// A schema whose times and numbers are what is taken.
fn told(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let mut out: Map<String, Value> = members
                .iter()
                .map(|(name, value)| (name.clone(), told(value)))
                .collect();
            let local = members.contains_key("x-local-time");
            match members.get("format").and_then(Value::as_str) {
                Some("date-time") => {
                    let format = if local { LOCAL_TIME } else { UTC_TIME };
                    out.insert("format".into(), format.into());
                }
                Some("int32") => {
                    out.insert("minimum".into(), i32::MIN.into());
                    out.insert("maximum".into(), i32::MAX.into());
                }
                _ => {}
            }
            Value::Object(out)
        }
        Value::Array(items) => items.iter().map(told).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|one| references(one, found));
            }
            Value::Array(items) => items.iter().for_each(|one| references(one, found)),
            _ => {}
        }
    }

    #[test]
    fn every_operation_says_its_envelope_and_its_refusals() {
        let described = description("https://localhost:1").expect("a description");
        assert_eq!(described["servers"][0]["url"], "https://localhost:1");
        let paths = described["paths"].as_object().expect("paths");
        let items = paths.values().filter_map(Value::as_object);
        let operations = items
            .flat_map(Map::values)
            .filter(|one| one["operationId"].is_string());
        let mut count = 0;
        for operation in operations {
            let answers = operation["responses"].as_object().expect("answers");
            let done = answers.keys().filter(|status| status.starts_with('2'));
            assert_eq!((done.count(), answers.len()), (1, 2), "{operation}");
            assert!(answers.contains_key("default"), "{operation}");
            let body = operation["requestBody"]["content"].as_object();
            assert_eq!(body.map(Map::len), Some(1), "{operation}");
            count += 1;
        }
        assert_eq!(count, 49);
        let mut found = Vec::new();
        references(&described, &mut found);
        for reference in &found {
            let pointer = reference.strip_prefix('#').expect("one of its own");
            assert!(described.pointer(pointer).is_some(), "{reference}");
        }
        println!("{count} operations, {} references", found.len());
    }

    #[test]
    fn what_is_taken_otherwise_than_it_is_described_is_told_as_it_is_taken() {
        let described = description("http://localhost:1").expect("a description");
        let at = |pointer: &str| described.pointer(pointer).cloned().unwrap_or_default();
        let parameters = "/components/parameters";
        assert_eq!(
            at(&format!("{parameters}/version/schema/enum")),
            json!(["2.0"])
        );
        let filter = at(&format!("{parameters}/idFilter"));
        assert_eq!(
            (&filter["explode"], &filter["schema"]["items"]["format"]),
            (&json!(false), &json!("uuid"))
        );
        assert_eq!(
            at(&format!("{parameters}/expandOwner/schema/items/enum")),
            json!(["cards", "postbox"])
        );
        let grant = at("/components/schemas/GrantAccessRequest/properties/startTime/format");
        assert_eq!(grant, LOCAL_TIME);
        let valid = at("/components/schemas/ObtainAccessRequest/properties/validFrom/format");
        assert_eq!(valid, UTC_TIME);
    }
}
