//! A request that owns its parts, since the core's only borrows them.

use daxsign_core::{HeaderField, Request};
use daxsign_http::{NotARequest, RawRequest};

/// A request as a test builds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnedRequest {
    /// In any case.
    pub method: String,
    /// As on the request line.
    pub target: String,
    /// Names and values in their order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Empty for none.
    pub body: Vec<u8>,
}

impl OwnedRequest {
    /// A request as it came over the wire; values are all bytes behind the colon.
    ///
    /// # Errors
    /// What is no HTTP request.
    pub fn from_http(bytes: &[u8]) -> Result<Self, NotARequest> {
        let raw = RawRequest::parse(bytes)?;
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let fields = raw.fields.iter();
        Ok(Self {
            method: text(raw.method),
            target: text(raw.target),
            headers: fields
                .map(|field| (text(field.name), field.value.to_vec()))
                .collect(),
            body: raw.body().to_vec(),
        })
    }

    /// The fields for [`OwnedRequest::borrow`].
    #[must_use]
    pub fn fields(&self) -> Vec<HeaderField<'_>> {
        self.headers
            .iter()
            .map(|(name, value)| HeaderField::new(name, value))
            .collect()
    }

    /// The core's form of this request.
    #[must_use]
    pub fn borrow<'a>(&'a self, fields: &'a [HeaderField<'a>]) -> Request<'a> {
        Request::new(&self.method, &self.target, fields, &self.body)
    }

    /// The core's form without the body, which then comes in pieces.
    #[must_use]
    pub fn borrow_head<'a>(&'a self, fields: &'a [HeaderField<'a>]) -> Request<'a> {
        Request::new(&self.method, &self.target, fields, b"")
    }

    /// The values of the fields of this name, in any case.
    pub fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let fields = self.headers.iter();
        fields
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }

    /// The value of a field that must not come twice, without white space around it.
    ///
    /// # Panics
    /// If it came twice.
    #[must_use]
    pub fn only_value(&self, name: &str) -> Option<&[u8]> {
        let mut values = self.values(name);
        let value = values.next();
        assert!(values.next().is_none(), "{name} came twice");
        value.map(<[u8]>::trim_ascii)
    }

    /// The request with one more field.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.into(), value.as_ref().into()));
        self
    }

    /// The request as it goes over the wire, with `line_end` after each line of the head.
    #[must_use]
    pub fn to_http(&self, line_end: &str) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1{line_end}", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            text.extend_from_slice(name.as_bytes());
            text.extend_from_slice(b": ");
            text.extend_from_slice(value);
            text.extend_from_slice(line_end.as_bytes());
        }
        text.extend_from_slice(line_end.as_bytes());
        text.extend_from_slice(&self.body);
        text
    }
}

/// A request that keeps every rule and binds its body: what the default list is made for.
#[must_use]
pub fn example_post() -> OwnedRequest {
    OwnedRequest {
        method: "POST".into(),
        target: "/api/v2/DaxEndPoint?page=2".into(),
        headers: vec![
            ("Host".into(), b"dax.amido.se".to_vec()),
            ("Date".into(), b"2020-05-17T14:44:30+02:00".to_vec()),
            ("Content-Type".into(), b"application/json".to_vec()),
            ("Cache-Control".into(), b"max-age=60".to_vec()),
            ("Cache-Control".into(), b"must-revalidate".to_vec()),
            ("Content-Length".into(), b"18".to_vec()),
        ],
        body: b"{\"hello\": \"world\"}".to_vec(),
    }
}
