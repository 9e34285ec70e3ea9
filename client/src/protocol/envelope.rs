//! What an answer's body says: an envelope, data alone, ProblemDetails (RFC 9457), or text.

use serde_json::{Map, Value};

/// The place of a page in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// How many there are in all; `None` where the server does not know (-1).
    pub total: Option<u64>,
    /// How many stand before this page.
    pub offset: Option<u64>,
    /// How many a page holds at most.
    pub limit: Option<u64>,
}

/// A body, taken apart. What is not known stays in `unknown` and in `data`.
#[derive(Clone, Default)]
pub struct Envelope {
    /// `apiVersion`.
    pub api_version: Option<String>,
    /// `correlationId`.
    pub correlation_id: Option<String>,
    /// `statusCode`, which may tell of a failure where HTTP does not.
    pub status_code: Option<u16>,
    /// `message`.
    pub message: Option<String>,
    /// All else that was said: `messages`, what ProblemDetails hold, plain text.
    pub messages: Vec<String>,
    /// `context`.
    pub context: Option<String>,
    /// `paging`.
    pub paging: Option<Paging>,
    /// `data`, or the whole object where there is no envelope.
    pub data: Value,
    /// Fields of the envelope that are not known here.
    pub unknown: Map<String, Value>,
    /// Whether the body was JSON, or there was none.
    pub readable: bool,
}

/// How much text that is no JSON is kept as a message, in characters.
const TEXT_CHARS: usize = 2_000;
/// How many different messages an error keeps.
const MAX_MESSAGES: usize = 32;
/// What makes an object an envelope.
const MARKS: [&str; 3] = ["data", "statusCode", "apiVersion"];
/// What an envelope holds besides; whether servers keep to the letters' case is not known.
const OTHERS: [&str; 5] = ["correlationId", "context", "message", "messages", "paging"];
const PAGING: [&str; 3] = ["totalCount", "offset", "limit"];

impl Envelope {
    /// Takes a body apart. None is refused.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        let mut envelope = Self {
            readable: true,
            ..Self::default()
        };
        if body.iter().all(u8::is_ascii_whitespace) {
            return envelope;
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(mut object)) => {
                respell(&mut object, MARKS.iter().chain(&OTHERS));
                if MARKS.iter().any(|mark| object.contains_key(*mark)) {
                    envelope.take_envelope(object);
                } else {
                    envelope.data = Value::Object(object);
                }
            }
            Ok(data) => envelope.data = data,
            Err(_) => {
                let text = String::from_utf8_lossy(body);
                envelope
                    .messages
                    .push(text.trim().chars().take(TEXT_CHARS).collect());
                envelope.readable = false;
            }
        }
        if let Some(data) = envelope.data.as_object_mut() {
            let mut data = core::mem::take(data);
            envelope.take_common(&mut data);
            envelope.data = Value::Object(data);
        }
        envelope
    }

    fn take_envelope(&mut self, mut object: Map<String, Value>) {
        self.api_version = object.remove("apiVersion").and_then(text);
        self.status_code = object.remove("statusCode").and_then(status);
        self.data = object.remove("data").unwrap_or_default();
        self.take_common(&mut object);
        self.take_problem(&object);
        self.unknown = object;
    }

    /// Takes the fields that stand in an envelope, in data, or in both.
    fn take_common(&mut self, object: &mut Map<String, Value>) {
        let mut first = |slot: &mut Option<String>, name: &str| {
            let found = object.remove(name).and_then(text);
            if slot.is_none() {
                *slot = found;
            }
        };
        first(&mut self.correlation_id, "correlationId");
        first(&mut self.context, "context");
        first(&mut self.message, "message");
        let paging = object.remove("paging").and_then(paging);
        self.paging = self.paging.or(paging);
        if let Some(Value::Array(messages)) = object.remove("messages") {
            self.messages.extend(messages.into_iter().filter_map(text));
        }
    }

    /// Adds what ProblemDetails, and the token's errors (RFC 6749 5.2), say.
    pub(crate) fn take_problem(&mut self, object: &Map<String, Value>) {
        for name in ["title", "detail", "error", "error_description"] {
            self.messages
                .extend(object.get(name).and_then(Value::as_str).map(str::to_owned));
        }
        // ASP.NET: field → what is wrong with it.
        let errors = object.get("errors").and_then(Value::as_object);
        for (field, said) in errors.into_iter().flatten() {
            let said = said
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            self.messages
                .extend(said.map(|text| format!("{field}: {text}")));
        }
    }

    /// Everything that was said, for an error.
    pub(crate) fn into_messages(mut self) -> Vec<String> {
        if let Value::Object(data) = core::mem::take(&mut self.data) {
            self.take_problem(&data);
        }
        let mut messages: Vec<String> = self.message.into_iter().collect();
        for message in self.messages {
            if messages.len() >= MAX_MESSAGES {
                break;
            }
            if !message.is_empty() && !messages.contains(&message) {
                messages.push(message);
            }
        }
        messages
    }
}

/// A scalar as text; servers differ in what they quote.
fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn status(value: Value) -> Option<u16> {
    text(value)?.parse().ok()
}

/// Gives members the known spelling of their names that have it but for the letters' case: a list
/// that is not found must not read as an empty one.
fn respell<'a>(object: &mut Map<String, Value>, names: impl Iterator<Item = &'a &'a str>) {
    for name in names {
        if object.contains_key(*name) {
            continue;
        }
        let other = object.keys().find(|key| key.eq_ignore_ascii_case(name));
        if let Some(value) = other.cloned().and_then(|key| object.remove(&key)) {
            object.insert((*name).to_owned(), value);
        }
    }
}

fn paging(mut value: Value) -> Option<Paging> {
    respell(value.as_object_mut()?, PAGING.iter());
    let number = |name| value.get(name).and_then(Value::as_u64);
    Some(Paging {
        total: number("totalCount"),
        offset: number("offset"),
        limit: number("limit"),
    })
}

impl core::fmt::Debug for Envelope {
    /// Without what it holds.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Envelope({:?})", self.status_code)
    }
}
