//! The bytes of one request from a connection: the head up to its blank line, then as many bytes as
//! `Content-Length` says (RFC 9112 6.3).

use std::io::{Error, ErrorKind, Read, Result};

use crate::framing;
use crate::raw_request::RawRequest;

const CONTENT_LENGTH: &str = "content-length";
const BLANK_LINE: &[u8] = b"\r\n\r\n";
/// Read at once while the head's end is not known.
const PIECE_LEN: usize = 4096;

/// Reads a request, after which its reader closes the connection: it waits for nothing behind the
/// request, and what came together with its end is an error. Returns its bytes, which
/// [`RawRequest::parse`] takes apart; they are at most `max_len`.
///
/// # Errors
/// Those of the connection; `UnexpectedEof` if it ends before the request does; `InvalidData` for what
/// is no request, has white space in its method or target, is read differently by others
/// ([`framing::check`]), is longer than `max_len`, or came with more than it says.
pub fn read_request(stream: &mut impl Read, max_len: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let head_len = read_head(stream, &mut bytes, max_len)?;
    let body_len = body_len(bytes.get(..head_len).unwrap_or_default())?;
    let missing = head_len
        .checked_add(body_len)
        .filter(|len| *len <= max_len)
        .ok_or_else(|| invalid("the request is too long"))?
        .checked_sub(bytes.len())
        .ok_or_else(|| invalid("more came than Content-Length says"))?;
    let limit = u64::try_from(missing).unwrap_or(u64::MAX);
    if stream.take(limit).read_to_end(&mut bytes)? < missing {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

/// Reads until a blank line is there; where it ends. Some of the body may have come with it.
fn read_head(stream: &mut impl Read, bytes: &mut Vec<u8>, max_len: usize) -> Result<usize> {
    let mut piece = [0; PIECE_LEN];
    loop {
        let len = match stream.read(&mut piece) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(len) => len,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // A blank line may have started in the piece before.
        let start = bytes.len().saturating_sub(BLANK_LINE.len());
        bytes.extend_from_slice(piece.get(..len).unwrap_or_default());
        let mut new = bytes
            .get(start..)
            .unwrap_or_default()
            .windows(BLANK_LINE.len());
        if let Some(place) = new.position(|window| window == BLANK_LINE) {
            return Ok(start.saturating_add(place).saturating_add(BLANK_LINE.len()));
        }
        if bytes.len() > max_len {
            return Err(invalid("the head is too long"));
        }
    }
}

/// What a head says of the length of the body behind it.
fn body_len(head: &[u8]) -> Result<usize> {
    let request = RawRequest::parse(head).map_err(invalid)?;
    // On the wire all lines end in CRLF; the check sees that the others end as the first does.
    if !request.ends_lines_in_crlf() {
        return Err(invalid("the request line does not end in CRLF"));
    }
    if [request.method, request.target].iter().any(has_blanks) {
        return Err(invalid("there is white space in the method or the target"));
    }
    framing::check(&request).map_err(|ambiguity| {
        let line = ambiguity.line();
        invalid(format!("line {line}: others read the request differently"))
    })?;
    let Some(field) = request.named(CONTENT_LENGTH).next() else {
        return Ok(0);
    };
    let digits = field.value.trim_ascii();
    // `parse` takes a sign, which a length has not.
    let digits = str::from_utf8(digits)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| invalid("Content-Length is no number of bytes"))
}

/// Others split such a request line elsewhere (RFC 9112 3).
fn has_blanks(part: &&[u8]) -> bool {
    part.iter()
        .any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control())
}

fn invalid(problem: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::InvalidData, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_LEN: usize = 200;

    /// A connection over which bytes come in pieces of one length, and which then ends.
    struct Pieces<'a> {
        rest: &'a [u8],
        len: usize,
    }

    impl Read for Pieces<'_> {
        fn read(&mut self, out: &mut [u8]) -> Result<usize> {
            let len = self.len.min(out.len()).min(self.rest.len());
            let (piece, rest) = self.rest.split_at(len);
            out[..len].copy_from_slice(piece);
            self.rest = rest;
            Ok(len)
        }
    }

    fn received(bytes: &[u8], len: usize) -> std::result::Result<Vec<u8>, ErrorKind> {
        let mut pieces = Pieces { rest: bytes, len };
        read_request(&mut pieces, MAX_LEN).map_err(|error| error.kind())
    }

    #[test]
    fn a_request_comes_whole_in_pieces_of_any_length() {
        for text in [
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 8 \r\n\r\na\r\n\r\nb\r\n",
        ] {
            for len in 1..=text.len() {
                let bytes = received(text.as_bytes(), len).expect("a request");
                assert_eq!(str::from_utf8(&bytes), Ok(text), "in pieces of {len}");
            }
        }
    }

    #[test]
    fn what_is_cut_off_is_no_request() {
        let text = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
        for len in 0..text.len() {
            for piece in [1, PIECE_LEN] {
                let cut = received(&text[..len], piece);
                assert_eq!(cut, Err(ErrorKind::UnexpectedEof), "{len} bytes");
            }
        }
    }

    #[test]
    fn what_others_frame_differently_is_refused() {
        for text in [
            "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody and more",
            "GET / HTTP/1.1\r\n\r\nbody",
            "POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: +4\r\n\r\nbody",
            "POST / HTTP/1.1\r\nContent-Length: 4, 4\r\n\r\nbody",
            "POST / HTTP/1.1\r\nContent-Length:\r\n\r\nbody",
            "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nbody",
            "POST / HTTP/1.1\r\nContent-Length : 4\r\n\r\nbody",
            "POST / HTTP/1.1\nContent-Length: 0\n\nGET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 0\n\nGET / HTTP/1.1\r\n\r\n",
            "no request\r\n\r\n",
            "GET /a b HTTP/1.1\r\n\r\n",
            "GET  / HTTP/1.1\r\n\r\n",
            "GET\t/ HTTP/1.1 HTTP/1.1\r\n\r\n",
            "GET /\rb HTTP/1.1\r\n\r\n",
        ] {
            let refused = received(text.as_bytes(), PIECE_LEN);
            assert_eq!(refused, Err(ErrorKind::InvalidData), "{text:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_refused_before_it_came() {
        let long_body = format!("POST / HTTP/1.1\r\nContent-Length: {MAX_LEN}\r\n\r\n");
        let long_head = format!("GET /{} HTTP/1.1", "a".repeat(MAX_LEN));
        for text in [long_body, long_head] {
            assert_eq!(received(text.as_bytes(), 1), Err(ErrorKind::InvalidData));
        }
    }

    #[test]
    fn the_longest_request_comes_whole() {
        let head = "POST / HTTP/1.1\r\nContent-Length: 160\r\n\r\n";
        let text = format!("{head}{}", "a".repeat(160));
        assert!(text.len() <= MAX_LEN);
        assert_eq!(received(text.as_bytes(), 7), Ok(text.into_bytes()));
    }
}
