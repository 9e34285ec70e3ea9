//! A good answer: the data, and all that came with it.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::api::{Operation, OperationInfo};
use crate::error::{Error, ErrorKind, Known, Sent};
use crate::protocol::answer::{CertificateNotice, RateLimit};
use crate::protocol::call::Answered;
use crate::protocol::envelope::Paging;

/// A good answer.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// What was asked for.
    pub data: T,
    /// The HTTP status.
    pub status: u16,
    /// What support asks for.
    pub correlation_id: Option<String>,
    /// The request's context, as it came back.
    pub context: Option<String>,
    /// How many calls are still let through.
    pub rate_limit: Option<RateLimit>,
    /// The certificate that the server verified the request with, and when it expires.
    pub certificate: Option<CertificateNotice>,
    /// The versions of the API on offer.
    pub server_versions: Vec<String>,
    /// How long the server took.
    pub response_time: Option<Duration>,
    /// The place of a page in its list.
    pub paging: Option<Paging>,
    /// What the server said.
    pub message: Option<String>,
    /// What else it said.
    pub messages: Vec<String>,
    /// The version that the envelope names.
    pub api_version: Option<String>,
    /// Fields around the data that are not known here.
    pub unknown: Map<String, Value>,
    /// Whether the exchange signed it, as the answer to this request.
    pub verified: bool,
}

impl Answered {
    /// The answer of an operation.
    ///
    /// # Errors
    /// [`ErrorKind::Unexpected`] for data that it does not describe.
    pub fn into_response<O: Operation>(self) -> Result<Response<O::Answer>, Error> {
        // A body with no data in it holds nothing; no body at all is no answer with data.
        let empty = self.answer.body.trim_ascii().is_empty();
        Response::new(self, |data| match data {
            Value::Null if !empty => O::answer(Value::Object(Map::new())),
            data => O::answer(data),
        })
    }

    /// The answer with its data as it is.
    ///
    /// # Errors
    /// [`ErrorKind::Unexpected`] for a body that is no JSON.
    pub fn into_value(self) -> Result<Response<Value>, Error> {
        Response::new(self, |data| Ok((data, Map::new())))
    }
}

impl<T> Response<T> {
    /// Reads the data with `read`, which returns what it does not know too.
    fn new(
        mut answered: Answered,
        read: impl FnOnce(Value) -> Result<(T, Map<String, Value>), String>,
    ) -> Result<Self, Error> {
        if !answered.envelope.readable {
            return Err(answered.unexpected("the answer's body is no JSON"));
        }
        let data = core::mem::take(&mut answered.envelope.data);
        let (data, rest) = read(data).map_err(|why| answered.unexpected(why))?;
        let (answer, envelope) = (answered.answer, answered.envelope);
        let mut unknown = envelope.unknown;
        unknown.extend(rest);
        Ok(Self {
            data,
            status: answer.status,
            correlation_id: answer.correlation_id().or(envelope.correlation_id),
            context: answer.context().or(envelope.context),
            rate_limit: answer.rate_limit(),
            certificate: answer.certificate(),
            server_versions: answer.server_versions(),
            response_time: answer.response_time(),
            paging: envelope.paging,
            message: envelope.message,
            messages: envelope.messages,
            api_version: envelope.api_version,
            unknown,
            verified: answered.verified,
        })
    }

    /// The same with other data.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            data: change(self.data),
            status: self.status,
            correlation_id: self.correlation_id,
            context: self.context,
            rate_limit: self.rate_limit,
            certificate: self.certificate,
            server_versions: self.server_versions,
            response_time: self.response_time,
            paging: self.paging,
            message: self.message,
            messages: self.messages,
            api_version: self.api_version,
            unknown: self.unknown,
            verified: self.verified,
        }
    }
}

impl Response<Value> {
    /// The same, if it holds what the operation answers with: a list that is missing is no empty one.
    ///
    /// # Errors
    /// [`ErrorKind::Unexpected`] for data that holds none of it.
    pub fn holding(self, operation: &OperationInfo) -> Result<Self, Error> {
        let wanted = || operation.answer.iter().map(|field| field.name);
        let is_wanted = |(name, value): (&String, &Value)| {
            let known = wanted().any(|other| name.eq_ignore_ascii_case(other));
            known && !value.is_null()
        };
        let holds = match &self.data {
            Value::Object(fields) => fields.iter().any(is_wanted),
            Value::Array(_) => true,
            _ => false,
        };
        if holds || operation.answer.is_empty() {
            return Ok(self);
        }
        let names = wanted().collect::<Vec<_>>().join(", ");
        let known = Known {
            what: format!("the answer's data does not hold {names}"),
            request: Some(format!("{} {}", operation.method.as_str(), operation.path)),
            status: Some(self.status),
            correlation_id: self.correlation_id,
            messages: self.message.into_iter().chain(self.messages).collect(),
            sent: Sent::Answered,
            ..Known::default()
        };
        Err(Error::new(ErrorKind::Unexpected, known))
    }
}

impl<T> core::fmt::Debug for Response<T> {
    /// Without the data, and without what is not known.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("correlation_id", &self.correlation_id)
            .field("rate_limit", &self.rate_limit)
            .field("certificate", &self.certificate)
            .field("paging", &self.paging)
            .field("verified", &self.verified)
            .finish_non_exhaustive()
    }
}
