//! The head of a request as it goes on: byte for byte as it came, without the token, and with the length of a body
//! that came in pieces (X-ERASE: `Authorization` is never kept).

use std::fmt::Write as _;

use daxsign_http::RawRequest;
use http::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, TRANSFER_ENCODING};
use http::request::Parts;

use crate::deciding::{MAX_FIELDS, MAX_HEAD_LEN, Part, Problem};

/// What goes no further than the door.
const SECRET: [&str; 2] = ["authorization", "proxy-authorization"];
const LENGTH: &str = "Content-Length";
/// How the body came, which it does no longer.
const CODING: &str = "transfer-encoding";

/// The message of a request that came on HTTP/1.1 with this head, which passed the gate.
pub(super) fn message(head: &[u8], body: &[u8]) -> Result<Vec<u8>, Problem> {
    let request = RawRequest::parse(head).map_err(|error| Problem::Framing(error.to_string()))?;
    let mut message = Vec::with_capacity(head.len().saturating_add(body.len()));
    let mut length = None;
    let fields = request.fields.iter();
    let kept = fields.filter(|field| {
        length = length.or(field.is(LENGTH).then_some(()));
        !SECRET.iter().chain(&[CODING]).any(|name| field.is(name))
    });
    let kept: Vec<_> = kept.map(|field| (field.name, field.value)).collect();
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    message.extend_from_slice(line);
    message.push(b'\n');
    for (name, value) in kept {
        field(&mut message, name, value);
    }
    close(&mut message, length.is_some(), body);
    Ok(message)
}

/// A field, with what stood behind its colon.
fn field(message: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    for part in [name, b":", value, b"\r\n"] {
        message.extend_from_slice(part);
    }
}

fn close(message: &mut Vec<u8>, has_length: bool, body: &[u8]) {
    if !has_length && !body.is_empty() {
        let length = format!(" {}", body.len());
        field(message, LENGTH.as_bytes(), length.as_bytes());
    }
    message.extend_from_slice(b"\r\n");
    message.extend_from_slice(body);
}

/// The head of a request that came on HTTP/2, as HTTP/1.1 has it: RFC 9113 8.3.1.
///
/// # Errors
/// [`Problem`] for what others could take for another request.
pub(super) fn of_fields(parts: &Parts) -> Result<Vec<u8>, Problem> {
    let wrong = |text: &str| Err(Problem::Framing(text.to_owned()));
    let fields = &parts.headers;
    if fields.contains_key(TRANSFER_ENCODING) {
        return wrong("Transfer-Encoding is none of HTTP/2");
    }
    for name in [HOST, CONTENT_LENGTH] {
        if fields.get_all(&name).iter().nth(1).is_some() {
            return Err(Problem::Framing(format!("a second {name}")));
        }
    }
    let Some(target) = parts.uri.path_and_query() else {
        return wrong("there is no :path");
    };
    let authority = parts.uri.authority().map(http::uri::Authority::as_str);
    let host = fields.get(HOST).map(http::HeaderValue::as_bytes);
    if let (Some(authority), Some(host)) = (authority, host)
        && authority.as_bytes() != host
    {
        return wrong(":authority and Host name different hosts");
    }
    let mut line = String::new();
    let written = write!(line, "{} {target} HTTP/1.1\r\n", parts.method);
    written.map_err(|_| Problem::Large(Part::Head))?;
    let mut head = line.into_bytes();
    if let (Some(authority), None) = (authority, host) {
        field(&mut head, b"host", format!(" {authority}").as_bytes());
    }
    copy(&mut head, fields);
    head.extend_from_slice(b"\r\n");
    Ok(head)
}

fn copy(head: &mut Vec<u8>, fields: &HeaderMap) {
    for (name, value) in fields {
        let value = [b" ", value.as_bytes()].concat();
        field(head, name.as_str().as_bytes(), &value);
    }
}

/// Whether there are no more fields than may be, and they are no longer.
pub(super) fn check_size(fields: &HeaderMap) -> Result<(), Problem> {
    let size = |(name, value): (&HeaderName, &http::HeaderValue)| {
        name.as_str().len().saturating_add(value.len())
    };
    let size = fields.iter().map(size).fold(0, usize::saturating_add);
    if fields.len() > MAX_FIELDS || size > MAX_HEAD_LEN {
        return Err(Problem::Large(Part::Head));
    }
    Ok(())
}
