//! What an Alliera answers.

use serde_json::{Map, Value, json};

use super::event::Event;
use super::refused::Refused;
use crate::correlation::CorrelationId;
use crate::deciding::API_VERSION;

/// An answer, to be signed, and what happened besides. Data may hold secrets (a generated PIN), so none is shown.
#[derive(Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body: the envelope of all answers.
    pub body: Value,
    /// What happened.
    pub events: Vec<Event>,
}

/// Which part of a list an answer holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paging {
    /// `-1` where nobody counted.
    pub(super) total: i64,
    pub(super) offset: i64,
    pub(super) limit: i64,
}

/// What an operation gives when it succeeds.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) data: Value,
    pub(super) paging: Option<Paging>,
    /// What is said beside it.
    pub(super) messages: Vec<String>,
}

impl Done {
    /// One field of data.
    pub(super) fn with(field: &str, value: Value) -> Self {
        Self::data(Value::Object(Map::from_iter([(field.to_owned(), value)])))
    }

    /// All of the data.
    pub(super) const fn data(data: Value) -> Self {
        Self {
            data,
            paging: None,
            messages: Vec::new(),
        }
    }

    /// Nothing but that it was done.
    pub(super) fn nothing() -> Self {
        Self::data(json!({}))
    }
}

impl Answer {
    pub(super) fn done(
        status: u16,
        correlation: CorrelationId,
        done: Done,
        events: Vec<Event>,
    ) -> Self {
        let paging = done.paging.map(|paging| {
            json!({"totalCount": paging.total, "offset": paging.offset, "limit": paging.limit})
        });
        let mut body = envelope(status, correlation, &done.messages);
        body.insert("paging".into(), paging.into());
        body.insert("data".into(), done.data);
        Self {
            status,
            body: Value::Object(body),
            events,
        }
    }

    pub(super) fn refused(
        correlation: CorrelationId,
        refused: &Refused,
        events: Vec<Event>,
    ) -> Self {
        let name = refused.name;
        let told = refused.texts.iter();
        let messages: Vec<String> = told.map(|text| format!("error[{name}]: {text}")).collect();
        let status = refused.status;
        let mut body = envelope(status, correlation, &messages);
        // As the description has it: ProblemDetails.
        if status == 404 {
            body.insert("title".into(), "Not Found".into());
            body.insert("status".into(), status.into());
            body.insert("detail".into(), refused.texts.first().cloned().into());
        }
        Self {
            status,
            body: Value::Object(body),
            events,
        }
    }
}

fn envelope(status: u16, correlation: CorrelationId, messages: &[String]) -> Map<String, Value> {
    let members = [
        ("apiVersion", API_VERSION.into()),
        ("correlationId", correlation.to_string().into()),
        ("statusCode", status.into()),
        ("message", messages.first().cloned().into()),
        ("messages", messages.into()),
        ("paging", Value::Null),
        ("data", Value::Null),
    ];
    let members = members.map(|(name, value)| (name.to_owned(), value));
    members.into_iter().collect()
}

impl core::fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut shown = formatter.debug_struct("Answer");
        shown.field("status", &self.status);
        shown.field("events", &self.events).finish_non_exhaustive()
    }
}
