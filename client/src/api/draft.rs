//! A request in the making, checked against the API's limits.

use core::fmt::Display;

use serde_json::{Map, Value};

use crate::api::info::OperationInfo;
use crate::api::json::Json;
use crate::api::operation::Instance;
use crate::error::Error;
use crate::protocol::encoding::push_encoded;
use crate::protocol::request::ApiRequest;

/// A request of an operation.
pub(crate) struct Draft {
    info: &'static OperationInfo,
    path: String,
    /// What of the path is not yet filled in.
    rest: &'static str,
    query: Vec<(&'static str, Vec<String>)>,
    body: Map<String, Value>,
    refused: Option<String>,
}

impl Draft {
    pub(crate) fn from_info(info: &'static OperationInfo) -> Self {
        Self {
            info,
            path: String::new(),
            rest: info.path,
            query: Vec::new(),
            body: Map::new(),
            refused: None,
        }
    }

    /// Fills in the next name in braces.
    pub(crate) fn path(mut self, value: &impl Display) -> Self {
        if let Some((before, rest)) = self.rest.split_once('{') {
            self.path.push_str(before);
            push_encoded(&mut self.path, &value.to_string());
            self.rest = rest.split_once('}').map_or("", |(_, rest)| rest);
        }
        self
    }

    pub(crate) fn instance(self, target: Instance) -> Self {
        self.path(&target.partner).path(&target.instance)
    }

    pub(crate) fn query<T: Display>(mut self, name: &'static str, value: Option<&T>) -> Self {
        if let Some(value) = value {
            self.query.push((name, vec![value.to_string()]));
        }
        self
    }

    /// A list; no value may hold the comma that separates them.
    pub(crate) fn query_list<T: Display>(mut self, name: &'static str, values: &[T]) -> Self {
        let values: Vec<_> = values.iter().map(ToString::to_string).collect();
        if let Some(value) = values.iter().find(|value| value.contains(',')) {
            self.refuse(format!(
                "{name}: \"{value}\" holds a comma, which separates values"
            ));
        } else if !values.is_empty() {
            self.query.push((name, values));
        }
        self
    }

    pub(crate) fn pages(mut self, limit: Option<u32>, offset: Option<u64>) -> Self {
        let most = self.info.max_limit.unwrap_or(u32::MAX);
        if limit.is_some_and(|limit| limit == 0 || limit > most) {
            self.refuse(format!("a page of this list holds 1 to {most}"));
        }
        self.query("offset", offset.as_ref())
            .query("limit", limit.as_ref())
    }

    /// A field of the body that is always there.
    pub(crate) fn required(mut self, name: &str, value: &impl Json) -> Self {
        self.body.insert(name.to_owned(), value.write());
        self
    }

    /// One that may be missing.
    // As the operations' fields are.
    #[allow(clippy::ref_option)]
    pub(crate) fn optional<T: Json>(self, name: &str, value: &Option<T>) -> Self {
        match value {
            Some(value) => self.required(name, value),
            None => self,
        }
    }

    /// A list or map that is left out where it is empty.
    pub(crate) fn list<T: Json + Default + PartialEq>(self, name: &str, value: &T) -> Self {
        if *value == T::default() {
            return self;
        }
        self.required(name, value)
    }

    /// One that is always there.
    pub(crate) fn required_list(self, name: &str, value: &impl Json) -> Self {
        self.required(name, value)
    }

    /// A text or a list that must not be empty.
    pub(crate) fn not_empty(mut self, name: &str, is_empty: bool) -> Self {
        if is_empty {
            self.refuse(format!("{name} must not be empty"));
        }
        self
    }

    /// A list that must not be longer.
    pub(crate) fn at_most(mut self, name: &str, len: usize, most: usize) -> Self {
        if len > most {
            self.refuse(format!("{name} holds {len}: at most {most} are allowed"));
        }
        self
    }

    /// Keeps the first reason.
    fn refuse(&mut self, why: String) {
        self.refused.get_or_insert(why);
    }

    pub(crate) fn finish(mut self) -> Result<ApiRequest, Error> {
        if let Some(why) = self.refused {
            return Err(Error::invalid(format!("{}: {why}", self.info.id)));
        }
        self.path.push_str(self.rest);
        let request = ApiRequest::new(self.info.method, self.path)
            .repeat(self.info.repeat)
            .body(self.body);
        let with_query = |request: ApiRequest, (name, values)| request.query_list(name, values);
        Ok(self.query.into_iter().fold(request, with_query))
    }
}
