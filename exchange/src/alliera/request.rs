//! What an Alliera is asked.

use core::fmt;
use std::collections::BTreeSet;

use daxsign_client::api::OperationInfo;
use serde_json::Value;
use uuid::Uuid;

use crate::correlation::CorrelationId;
use crate::deciding::{Route, parameters, read_json, route};
use crate::party::Party;

/// A request whose signature held. Its body may hold secrets, so none of it is shown.
#[derive(Clone)]
pub struct Request {
    /// Of the exchange: what changes something is done once for each.
    pub correlation: CorrelationId,
    /// Who asks.
    pub remote: Party,
    /// What for.
    pub operation: &'static OperationInfo,
    /// What stands in path and query, decoded.
    pub parameters: Vec<(String, String)>,
    /// What stands in the body.
    pub body: Value,
}

/// Why something is no request to an Alliera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRequest {
    /// There is no such operation: 404.
    Operation,
    /// Its query or body cannot be read: 400, with what is wrong.
    Unfit(String),
}

impl Request {
    /// Reads method, target and body.
    ///
    /// # Errors
    /// [`NoRequest`].
    pub fn read(
        correlation: CorrelationId,
        remote: Party,
        method: &str,
        target: &str,
        body: &[u8],
    ) -> Result<Self, NoRequest> {
        let Some(Route::Operation { operation, .. }) = route(method.as_bytes(), target.as_bytes())
        else {
            return Err(NoRequest::Operation);
        };
        Ok(Self {
            correlation,
            remote,
            operation,
            parameters: parameters(operation, target).map_err(NoRequest::Unfit)?,
            body: read_json(body).map_err(NoRequest::Unfit)?,
        })
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut named = self.parameters.iter().filter(|(found, _)| found == name);
        named.next().map(|(_, value)| value.as_str())
    }

    /// A list separated by commas, as it is compared with what is kept: each once, so that nothing is looked for over and over.
    pub(super) fn many(&self, name: &str) -> Option<BTreeSet<String>> {
        let list = self.parameter(name)?;
        Some(list.split(',').map(plain).collect())
    }

    /// Whether a list has a word.
    pub(super) fn wants(&self, name: &str, word: &str) -> bool {
        let list = self.parameter(name).unwrap_or_default();
        list.split(',').any(|found| found == word)
    }

    /// A text of the body that is not null.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }

    /// The items of a list of the body; none for null.
    pub(super) fn items(&self, name: &str) -> &[Value] {
        let items = self.body.get(name).and_then(Value::as_array);
        items.map(Vec::as_slice).unwrap_or_default()
    }
}

/// GUIDs in lowercase, all else as it is.
pub(super) fn plain(text: &str) -> String {
    let id = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
    id.map_or_else(|| text.to_owned(), |id| id.hyphenated().to_string())
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Request");
        shown.field("correlation", &self.correlation);
        shown.field("remote", &self.remote);
        shown.field("operation", &self.operation.id);
        shown.finish_non_exhaustive()
    }
}

impl fmt::Display for NoRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation => formatter.write_str("there is no such operation"),
            Self::Unfit(text) => formatter.write_str(text),
        }
    }
}

impl std::error::Error for NoRequest {}
