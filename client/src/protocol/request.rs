//! A request as the caller wants it: method, path, query, body, and how often it may be sent.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::cancel::Cancel;
use crate::error::Error;
use crate::protocol::encoding::push_encoded;

/// The longest context, in characters (the API's limit).
pub const MAX_CONTEXT_CHARS: usize = 255;
/// The longest idempotency key, in characters (X-ID).
const MAX_IDEMPOTENCY_KEY: usize = 64;
/// The longest target that servers commonly take: Kestrel's request line is at most 8192 bytes.
pub const MAX_TARGET_LEN: usize = 8_000;

/// The methods of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes something, or does it.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Takes away.
    Delete,
}

impl Method {
    /// As it stands on the request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// How often a request of this method may be sent, if nothing else is known of it.
    #[must_use]
    pub const fn repeat(self) -> Repeat {
        match self {
            Self::Get => Repeat::Always,
            Self::Post => Repeat::Never,
            Self::Put | Self::Patch | Self::Delete => Repeat::Unsent,
        }
    }
}

impl core::str::FromStr for Method {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| {
                Error::invalid(format!(
                    "\"{text}\" is no method of the API: GET, POST, PUT, PATCH or DELETE"
                ))
            })
    }
}

/// When a request that failed is sent again by itself. (One that was redirected, or whose token was
/// refused, was not done, and is always sent again.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It reads only.
    Always,
    /// Not one byte of it was sent.
    Unsent,
    /// Never: it opens a door, creates or grants.
    Never,
}

/// A request to the API.
#[derive(Clone)]
pub struct ApiRequest {
    pub(crate) method: Method,
    /// Encoded, without what stands before all paths.
    pub(crate) path: String,
    /// Encoded, without the question mark.
    pub(crate) query: String,
    pub(crate) body: Map<String, Value>,
    pub(crate) repeat: Repeat,
}

impl ApiRequest {
    /// A request for a path below the API's: `/contracts`, percent-encoded where it must be.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: String::new(),
            body: Map::new(),
            repeat: method.repeat(),
        }
    }

    /// With a segment more in the path; it is encoded.
    #[must_use]
    pub fn segment(mut self, text: &str) -> Self {
        self.path.push('/');
        push_encoded(&mut self.path, text);
        self
    }

    /// With a parameter in the query; name and value are encoded.
    #[must_use]
    pub fn query(self, name: &str, value: &str) -> Self {
        self.query_list(name, [value])
    }

    /// With a list in the query, its values separated by commas.
    #[must_use]
    pub fn query_list<T: AsRef<str>>(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        push_encoded(&mut self.query, name);
        for (index, value) in values.into_iter().enumerate() {
            self.query.push(if index == 0 { '=' } else { ',' });
            push_encoded(&mut self.query, value.as_ref());
        }
        self
    }

    /// With this body; without one it is `{}`.
    #[must_use]
    pub fn body(self, body: Map<String, Value>) -> Self {
        Self { body, ..self }
    }

    /// With another rule for sending it again.
    #[must_use]
    pub fn repeat(self, repeat: Repeat) -> Self {
        Self { repeat, ..self }
    }

    /// The path and query, encoded, below the API's path.
    #[must_use]
    pub fn target(&self) -> String {
        match self.query.as_str() {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }
}

impl core::fmt::Debug for ApiRequest {
    /// Without the body.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ApiRequest({} {})", self.method.as_str(), self.path)
    }
}

/// A request that somebody else made, to be passed on signed. Target, fields and body go out byte for
/// byte; `Host`, `Authorization`, `Content-Length`, `Date` and `Signature` are this side's, and must not be
/// among the fields. It is sent again by itself only where not one byte of it was sent.
#[derive(Clone)]
pub struct ForwardedRequest {
    /// The method.
    pub method: Method,
    /// Path and query as they stand on the request line.
    pub target: String,
    /// Names and values of the fields that pass, in their order. Without a `Content-Type` it becomes the
    /// API's.
    pub fields: Vec<(String, String)>,
    /// The body; without one it becomes `{}`, which the API wants of every request.
    pub body: Vec<u8>,
    /// How long it may take until the answer's head is there; `None` for the settings' time.
    pub timeout: Option<Duration>,
}

impl core::fmt::Debug for ForwardedRequest {
    /// Without query, fields and body.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let path = self.target.split('?').next().unwrap_or_default();
        write!(f, "ForwardedRequest({} {path})", self.method.as_str())
    }
}

/// What may be said of a single call.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// A text of at most 255 characters that comes back with the answer.
    pub context: Option<String>,
    /// How long the call may take as a whole, if not as long as the settings say.
    pub timeout: Option<Duration>,
    /// Makes an exchange of ours do the request once, however often it is sent: at most 64 visible
    /// characters.
    pub idempotency_key: Option<String>,
    /// By which another thread can stop the call between two requests.
    pub cancel: Option<Cancel>,
}

impl CallOptions {
    pub(crate) fn check(&self) -> Result<(), Error> {
        let chars = self.context.as_ref().map_or(0, |text| text.chars().count());
        if chars > MAX_CONTEXT_CHARS {
            return Err(Error::invalid(format!(
                "the context has {chars} characters: at most {MAX_CONTEXT_CHARS} are allowed"
            )));
        }
        let key = self.idempotency_key.as_deref().unwrap_or("-");
        if key.is_empty()
            || key.len() > MAX_IDEMPOTENCY_KEY
            || !key.bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(Error::invalid(format!(
                "an idempotency key has 1 to {MAX_IDEMPOTENCY_KEY} visible ASCII characters"
            )));
        }
        Ok(())
    }
}
