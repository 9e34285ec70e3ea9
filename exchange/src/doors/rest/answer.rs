//! Answers: what is told as an HTTP response, and what every answer says.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use daxsign_core::Timestamp;
use daxsign_http::RawRequest;
use http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderName, HeaderValue,
    RETRY_AFTER,
};
use http::{HeaderMap, Response, StatusCode};
use hyper::body::{Frame, SizeHint};
use jiff::fmt::rfc2822::DateTimePrinter;

use super::arrival::Arrival;
use crate::deciding::{About, OwnAnswer, Problem, Rate, Refused, always};
use crate::message::SIGNED_DATE_FIELD;
use crate::registry::Candour;
use crate::running::Told;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// Nothing is known of who asks.
pub(super) fn unsigned(problem: Problem) -> Box<Refused> {
    Box::new(Refused::unproven(problem))
}

/// The answer to what the door refuses, unsigned: nothing of it was verified (X-SIGNED-ANSWERS).
pub(super) fn refusal(refused: &Refused, arrival: &Arrival, now: Timestamp) -> Response<Body> {
    let own = OwnAnswer::refusal(
        refused,
        &About {
            correlation: arrival.correlation,
            now,
            took_ms: milliseconds(arrival),
            // Of what only an operator is told the door knows nothing.
            candour: Candour::Production,
        },
    );
    let mut response = json(own.status, own.body);
    for (name, value) in own.fields {
        set(response.headers_mut(), name, &value);
    }
    response
}

/// An answer in JSON.
pub(super) fn json(status: u16, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, JSON);
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What a sender is told, with the signed fields in the head (X-ANSWER).
pub(super) fn told(told: Told, rate: Option<&Rate>) -> Response<Body> {
    let mut response = json(told.status, told.body);
    let fields = response.headers_mut();
    set(fields, CONTENT_TYPE.as_str(), &told.content_type);
    if let Some(head) = told.head.as_deref()
        && let Ok(signed) = RawRequest::parse(head)
    {
        for field in &signed.fields {
            let name = String::from_utf8_lossy(field.name);
            let value = String::from_utf8_lossy(field.value.trim_ascii());
            if field.is(DATE.as_str()) {
                set(fields, SIGNED_DATE_FIELD, &value);
            } else if !field.is(CONTENT_LENGTH.as_str()) {
                set(fields, &name, &value);
            }
        }
    }
    let rate = rate.map(Rate::fields).into_iter().flatten();
    for (name, value) in rate.chain(told.fields) {
        set(fields, name, &value);
    }
    response
}

/// What every answer says, whoever made it.
pub(super) fn complete(response: &mut Response<Body>, arrival: &Arrival) {
    let status = response.status();
    let fields = response.headers_mut();
    for (name, value) in always(arrival.correlation, milliseconds(arrival)) {
        set(fields, name, &value);
    }
    let later = [
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    if later.contains(&status) && !fields.contains_key(RETRY_AFTER) {
        fields.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
}

/// The date by the exchange's clock: the library's would be the system's.
pub(super) fn date(response: &mut Response<Body>, now: Timestamp) {
    let time = jiff::Timestamp::from_second(now.seconds());
    let text = time.and_then(|time| DateTimePrinter::new().timestamp_to_rfc9110_string(&time));
    if let Ok(text) = text {
        set(response.headers_mut(), DATE.as_str(), &text);
    }
}

/// The connection ends behind it; in HTTP/2 there is no such field.
pub(super) fn close(response: &mut Response<Body>) {
    let fields = response.headers_mut();
    fields.insert(CONNECTION, HeaderValue::from_static("close"));
}

fn milliseconds(arrival: &Arrival) -> u64 {
    u64::try_from(arrival.took().as_millis()).unwrap_or(u64::MAX)
}

/// What a field cannot hold is not said.
pub(super) fn set(fields: &mut HeaderMap, name: &str, value: &str) {
    if let Ok(name) = HeaderName::try_from(name)
        && let Ok(value) = HeaderValue::from_bytes(value.as_bytes())
    {
        fields.insert(name, value);
    }
}

/// How much of a body is handed on at once: HTTP/2 takes what it is given, also where the reader has room for one byte.
const PIECE: usize = 16 << 10;

/// A body, and what it keeps until it is sent.
pub(super) struct Kept<K> {
    body: Body,
    /// What is next of what the body gave.
    rest: Bytes,
    _place: K,
}

impl<K> Kept<K> {
    pub(super) const fn new(body: Body, kept: K) -> Self {
        let rest = Bytes::new();
        Self {
            body,
            rest,
            _place: kept,
        }
    }
}

impl<K: Unpin> hyper::body::Body for Kept<K> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => this.rest = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                other => return Poll::Ready(other),
            }
        }
        let piece = this.rest.split_to(this.rest.len().min(PIECE));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (body, rest) = (self.body.size_hint(), self.rest.len());
        let rest = u64::try_from(rest).unwrap_or(u64::MAX);
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}
