//! HTTP/1.1, as far as it is needed: raw bytes of a request and what they say.

use std::io::{Error, ErrorKind, Read, Write};

/// The longest request.
const MAX_LEN: usize = 8192;
const BLANK_LINE: &[u8] = b"\r\n\r\n";

/// A request taken apart.
pub struct Request {
    pub method: String,
    pub target: String,
    /// Names and values, white space around the values taken off.
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// Takes apart a request that is whole.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let start = body_start(raw)?;
        let head = str::from_utf8(raw.get(..start)?).ok()?;
        let mut lines = head.trim_end().split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
        if (first.next(), first.next()) != (Some("HTTP/1.1"), None) {
            return None;
        }
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_owned(), value.trim().to_owned()))
        };
        let fields = lines.map(field).collect::<Option<Vec<_>>>()?;
        let body = raw.get(start..)?.to_vec();
        Some(Self {
            method,
            target,
            fields,
            body,
        })
    }

    /// The values of a field, joined as for signing.
    pub fn value(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self
            .fields
            .iter()
            .filter(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(","))
    }
}

fn body_start(raw: &[u8]) -> Option<usize> {
    let end = raw
        .windows(BLANK_LINE.len())
        .position(|bytes| bytes == BLANK_LINE)?;
    Some(end + BLANK_LINE.len())
}

/// Whether nothing is missing by what `Content-Length` says.
fn is_whole(raw: &[u8]) -> bool {
    let length = |request: &Request| request.value("content-length")?.parse().ok();
    Request::parse(raw).is_some_and(|request| {
        length(&request).is_none_or(|length: usize| request.body.len() >= length)
    })
}

/// Reads a request's bytes.
pub fn read_request(stream: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    let mut piece = [0; 1024];
    while !is_whole(&raw) {
        let len = stream.read(&mut piece)?;
        if len == 0 || raw.len() > MAX_LEN {
            return Err(Error::new(ErrorKind::InvalidData, "no whole request"));
        }
        raw.extend_from_slice(&piece[..len]);
    }
    Ok(raw)
}

/// Writes a response whose body is an HTTP message (`message/http`, RFC 9112 10.1), or a text.
pub fn write_response(stream: &mut impl Write, status: &str, body: &[u8]) -> std::io::Result<()> {
    let kind = if status.starts_with("200") {
        "message/http"
    } else {
        "text/plain"
    };
    let mut response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    response.extend_from_slice(body);
    stream.write_all(&response)
}
