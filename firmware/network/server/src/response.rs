//! The answer to a request.

use std::io::{Result, Write};

/// Writes a response whose body is an HTTP message (`message/http`, RFC 9112 10.1), or a text.
pub fn write(stream: &mut impl Write, status: &str, body: &[u8]) -> Result<()> {
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
