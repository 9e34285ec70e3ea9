//! What is asked at the management door, and what it says.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// JSON, as it is sent.
pub(super) const JSON: &str = "application/json";
/// Text for people and tools.
pub(super) const TEXT: &str = "text/plain; charset=utf-8";

/// A request, once it is let in.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// What stands in the path where its pattern has a name in braces, in their order.
    pub(super) names: Vec<String>,
    pub(super) query: BTreeMap<String, String>,
    pub(super) body: &'a [u8],
}

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// Of the body.
    pub(super) media_type: &'static str,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    status: u16,
    text: String,
}

impl Problem {
    pub(super) fn new(status: u16, text: impl core::fmt::Display) -> Self {
        let text = text.to_string();
        Self { status, text }
    }

    /// What was sent is none of what is taken.
    pub(super) fn bad(text: impl core::fmt::Display) -> Self {
        Self::new(400, text)
    }

    pub(super) fn unknown(what: &str) -> Self {
        Self::new(404, format_args!("there is no such {what}"))
    }

    /// The store's thread has ended.
    pub(super) fn ending() -> Self {
        Self::new(503, "the exchange ends: ask again once it runs")
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        let body = json!({ "message": problem.text });
        Self {
            status: problem.status,
            ..Self::json(&body)
        }
    }
}

impl Answer {
    pub(super) fn json(value: &Value) -> Self {
        Self {
            status: 200,
            media_type: JSON,
            body: format!("{value}\n").into_bytes(),
        }
    }

    pub(super) fn text(text: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            media_type: TEXT,
            body: text.into(),
        }
    }
}

impl Asked<'_> {
    /// The name at that place of the pattern, read.
    pub(super) fn name<T: core::str::FromStr>(
        &self,
        place: usize,
        what: &str,
    ) -> Result<T, Problem> {
        let text = self.names.get(place).map_or("", String::as_str);
        read(text, what)
    }

    /// A value of the query, read; `None` where it is not there.
    pub(super) fn query<T: core::str::FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let value = self.query.get(name);
        value.map(|text| read(text, name)).transpose()
    }

    /// The body as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(self.body).map_err(|error| {
            Problem::bad(format_args!("the body is not what is taken here: {error}"))
        })
    }
}

fn read<T: core::str::FromStr>(text: &str, what: &str) -> Result<T, Problem> {
    let wrong = |_| Problem::bad(format_args!("{text:?} is no {what}"));
    text.parse().map_err(wrong)
}
