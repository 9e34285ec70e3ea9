//! What a call is answered with.

use serde_json::{Map, Value, json};

use crate::api::{Api, Called};
use crate::sample;
use crate::scenario::{Answer, Oddity, Script};

/// An answer, before it is signed and sent.
#[derive(Clone, Debug)]
pub struct Reply {
    /// On the status line.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// All of it.
    pub body: Vec<u8>,
}

impl Reply {
    /// JSON.
    #[must_use]
    pub fn json(status: u16, value: &Value) -> Self {
        Self {
            status,
            headers: vec![(
                "content-type".into(),
                "application/json; charset=utf-8".into(),
            )],
            body: value.to_string().into_bytes(),
        }
    }

    /// Text.
    #[must_use]
    pub fn text(status: u16, text: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), "text/plain; charset=utf-8".into())],
            body: text.as_bytes().to_vec(),
        }
    }

    /// The field of this name; one only.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(found, _)| found == name);
        named.map(|(_, value)| value.as_str())
    }

    /// With the field, in place of any of this name.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(found, _)| found != name);
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// Envelope and data of a call, as the scenario says.
pub(crate) fn reply(
    api: &Api,
    script: &Script,
    answer: &Answer,
    called: &Called<'_>,
    correlation_id: &str,
) -> Result<Reply, String> {
    let status = answer.status.unwrap_or(called.operation.status);
    if let Some(text) = &answer.text {
        return Ok(Reply::text(status, text));
    }
    if let Some(json) = &answer.json {
        return Ok(Reply::json(status, json));
    }
    let failed = status >= 400;
    let (data, paging) = if failed {
        (Value::Null, Value::Null)
    } else {
        data(api, script, answer, called)
    };
    let faults = if failed {
        Vec::new()
    } else {
        api.data_faults(called.operation, &data)
    };
    if !faults.is_empty() {
        return Err(format!(
            "this server's own data of {}: {faults:?}",
            called.operation.id
        ));
    }
    let envelope = json!({
        "apiVersion": "2.0", "correlationId": correlation_id, "statusCode": status,
        "message": answer.message, "paging": paging, "data": data,
    });
    Ok(odd(envelope, answer.odd, status))
}

fn odd(mut envelope: Value, oddity: Option<Oddity>, status: u16) -> Reply {
    match oddity {
        None => Reply::json(status, &envelope),
        Some(Oddity::Bare) => Reply::json(status, &envelope["data"]),
        Some(Oddity::Empty) => Reply {
            body: Vec::new(),
            ..Reply::json(status, &envelope)
        },
        Some(Oddity::Broken) => {
            let mut reply = Reply::json(status, &envelope);
            reply.body.truncate(reply.body.len() / 2);
            reply
        }
        Some(Oddity::Null) => {
            envelope["data"] = Value::Null;
            Reply::json(status, &envelope)
        }
        Some(Oddity::OtherCase) => {
            let members = envelope.as_object().expect("an envelope").clone();
            let capital = |(name, value): (String, Value)| (capitalised(&name), value);
            Reply::json(status, &members.into_iter().map(capital).collect::<Value>())
        }
        Some(Oddity::Unknown) => {
            add_unknown(&mut envelope);
            Reply::json(status, &envelope)
        }
    }
}

fn capitalised(name: &str) -> String {
    name[..1].to_ascii_uppercase() + &name[1..]
}

/// A field that nobody described in every object, and words that no list of words has.
fn add_unknown(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if ["state", "cardOwnerType", "classification"].contains(&name.as_str()) {
                    *member = json!("SomethingNew");
                }
                // A map of texts stays one.
                if name != "attributes" {
                    add_unknown(member);
                }
            }
            members.insert(
                "addedLater".into(),
                json!({"by": ["the", "exchange", 1, null]}),
            );
        }
        Value::Array(items) => items.iter_mut().for_each(add_unknown),
        _ => {}
    }
}

/// The data of success, and the envelope's paging.
fn data(api: &Api, script: &Script, answer: &Answer, called: &Called<'_>) -> (Value, Value) {
    let schema = api.resolved(&called.operation.data);
    let mut data = sample::data(api, schema, 1);
    let members = data.as_object_mut().expect("data is an object");
    // These stand in the envelope.
    for name in ["message", "messages", "paging", "context", "correlationId"] {
        members.insert(name.into(), Value::Null);
    }
    members.remove("paging");
    name_ids(members, called);
    let Some((name, items)) = list(schema) else {
        return (data, Value::Null);
    };
    let page = Page::asked_for(script, answer, called);
    let item = |number: &u64| sample::data(api, items, *number);
    members.insert(name.into(), page.numbers.iter().map(item).collect());
    let total = answer
        .total
        .unwrap_or(i64::try_from(page.total).unwrap_or(-1));
    let paging = json!({"totalCount": total, "offset": page.offset, "limit": page.limit});
    let paging = if called.operation.max_limit.is_some() {
        paging
    } else {
        Value::Null
    };
    (data, paging)
}

/// The list of a response's data, and what its items are.
fn list(schema: &Value) -> Option<(&String, &Value)> {
    let properties = schema["properties"].as_object()?;
    let is_list = |(name, property): &(&String, &Value)| {
        property["items"].get("$ref").is_some()
            && !["messages", "childFolders"].contains(&name.as_str())
    };
    let (name, property) = properties.iter().find(is_list)?;
    Some((name, &property["items"]))
}

/// What was asked for by id has that id.
fn name_ids(data: &mut Map<String, Value>, called: &Called<'_>) {
    for (name, value) in &called.path {
        for object in data.values_mut().filter_map(Value::as_object_mut) {
            let own = match name.as_str() {
                "organizationId" | "callbackId" => "id",
                other => other,
            };
            if let Some(id) = object.get_mut(own).filter(|id| id.is_string()) {
                *id = json!(value);
            }
        }
    }
}

/// Which items a list shows.
struct Page {
    offset: u64,
    limit: u64,
    total: u64,
    numbers: Vec<u64>,
}

impl Page {
    fn asked_for(script: &Script, answer: &Answer, called: &Called<'_>) -> Self {
        let number = |name: &str| called.query(name).and_then(|text| text.parse().ok());
        let most = called.operation.max_limit.unwrap_or(u64::MAX);
        let offset = number("offset").unwrap_or(0);
        let asked = number("limit").unwrap_or(50).min(most);
        let limit = asked.min(script.page.unwrap_or(u64::MAX));
        let all: Vec<u64> = match filter(called) {
            Some(ids) => {
                let has = |number: &u64| ids.contains(&sample::guid(*number).as_str());
                (1..=script.items).filter(has).collect()
            }
            None => (1..=script.items).collect(),
        };
        let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let shown = all.iter().skip(place(offset)).take(place(limit)).copied();
        let numbers = match answer.page {
            Some((first, count)) => (first..first + count).collect(),
            None => shown.collect(),
        };
        Self {
            offset,
            limit,
            total: all.len() as u64,
            numbers,
        }
    }
}

/// The ids that a list is asked for.
fn filter<'a>(called: &'a Called<'_>) -> Option<Vec<&'a str>> {
    let text = called.query("idFilter").or(called.query("idfilter"))?;
    Some(text.split(',').collect())
}
