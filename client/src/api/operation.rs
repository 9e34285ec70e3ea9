//! What all operations have in common.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::api::info::OperationInfo;
use crate::api::json::{Fields, Json};
use crate::error::Error;
use crate::protocol::request::ApiRequest;

/// A partner's instance: the *target* of a call. The caller's own stands in
/// [`Settings`](crate::Settings).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instance {
    /// The partner's id.
    pub partner: Uuid,
    /// The instance's id.
    pub instance: Uuid,
}

/// An operation with all that it takes.
pub trait Operation {
    /// What it returns.
    type Answer;

    /// What is known of it.
    const INFO: &'static OperationInfo;

    /// The request, checked against the API's limits.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) with the limit that is passed.
    fn request(&self) -> Result<ApiRequest, Error>;

    /// Reads the data of an answer. What is not known of it comes second.
    ///
    /// # Errors
    /// What stands there instead, and where.
    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String>;
}

/// An operation that returns a list in pages.
pub trait Paged: Operation<Answer = Vec<Self::Item>> + Clone {
    /// What the list holds.
    type Item: Clone;

    /// The most that a page holds.
    const MAX_LIMIT: u32;

    /// How many a page may hold, and how many stand before it.
    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>);

    /// By what an item is known, if by anything.
    fn key(item: &Self::Item) -> Option<String>;
}

/// An operation that returns a list of what has certain ids.
pub trait ById: Paged {
    /// An id.
    type Id: Clone + Ord + core::fmt::Display;

    /// With these ids alone.
    #[must_use]
    fn with_ids(self, ids: Vec<Self::Id>) -> Self;
}

/// Data that holds one thing under a name.
pub(crate) fn read_one<T: Json>(
    data: Value,
    name: &str,
) -> Result<(T, Map<String, Value>), String> {
    let mut fields = Fields::from_value(data)?;
    Ok((fields.required(name)?, fields.rest()))
}

/// Data that holds a list under a name, or is one.
pub(crate) fn read_list<T: Json>(
    data: Value,
    name: &str,
) -> Result<(Vec<T>, Map<String, Value>), String> {
    match data {
        Value::Array(_) => Ok((Json::read(data)?, Map::new())),
        data => {
            let mut fields = Fields::from_value(data)?;
            Ok((fields.only_list(name)?, fields.rest()))
        }
    }
}

/// Data with several fields.
pub(crate) fn read_whole<T: Json>(data: Value) -> Result<(T, Map<String, Value>), String> {
    Ok((T::read(data)?, Map::new()))
}

/// Data that holds nothing.
// As the others.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn read_nothing(data: Value) -> Result<((), Map<String, Value>), String> {
    Ok((
        (),
        match data {
            Value::Object(fields) => fields,
            _ => Map::new(),
        },
    ))
}
