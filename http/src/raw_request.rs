//! Reads a raw HTTP/1.1 request and remembers where everything stood, so that fields can be added
//! with every other byte as it was.
//!
//! ```text
//! POST /api/v2/DaxEndPoint HTTP/1.1⏎      request line
//! X-Example: Example header⏎              a field; its value is every byte behind the colon up to
//!            with some whitespace.⏎       the line end, folded lines included
//! ⏎                                       blank line
//! {"hello": "world"}                      body: every byte after the blank line
//! ```
//!
//! Lines end in LF or CRLF. Only the structure counts here: whether method, target and values can
//! be signed is for the core to say.

use std::fmt::{Display, Formatter};
use std::ops::Range;

use daxsign_core::{MessageField, MessageLine, MessageLines};

use crate::field::read_field;
use crate::request_line::split_request_line;

pub(crate) const LF: &[u8] = b"\n";
pub(crate) const CRLF: &[u8] = b"\r\n";

/// Why the bytes are not an HTTP request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotARequest {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there and what is expected.
    pub problem: &'static str,
}

impl Display for NotARequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for NotARequest {}

/// A request as it was read.
#[derive(Clone, Debug)]
pub struct RawRequest<'a> {
    pub(crate) bytes: &'a [u8],
    /// The request line up to the first space.
    pub method: &'a [u8],
    /// The request line between method and version.
    pub target: &'a [u8],
    /// The header fields in their order.
    pub fields: Vec<MessageField<'a>>,
    /// The line the body starts on, counted from 1.
    pub body_line: usize,
    /// How the request line ends: the style for lines to be added.
    pub(crate) line_end: &'static [u8],
    /// The first line of the head that ends otherwise, counted from 1.
    pub other_line_end: Option<usize>,
    /// The request line with its line end.
    pub(crate) request_line: Range<usize>,
    /// Where the last field, or else the request line, ends.
    pub(crate) fields_end: usize,
    /// Where the body starts; `None` without a blank line.
    body_start: Option<usize>,
}

impl<'a> RawRequest<'a> {
    /// Reads a request.
    ///
    /// # Errors
    /// The first line that belongs to no request, with what is expected there.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, NotARequest> {
        let mut lines = MessageLines::new(bytes);
        let first = lines.next().unwrap_or_default();
        let (method, target) = split_request_line(&first).map_err(problem_at(1))?;
        let mut request = Self {
            bytes,
            method,
            target,
            fields: Vec::new(),
            body_line: 1,
            line_end: if first.end == LF { LF } else { CRLF },
            other_line_end: None,
            request_line: first.span(),
            fields_end: lines.offset(),
            body_start: None,
        };
        for line in lines {
            request.body_line = line.number.saturating_add(1);
            if line.end != request.line_end && !line.end.is_empty() {
                request.other_line_end.get_or_insert(line.number);
            }
            if line.text.is_empty() {
                request.body_start = Some(line.span().end);
                break;
            }
            request.take(&line).map_err(problem_at(line.number))?;
            request.fields_end = line.span().end;
        }
        Ok(request)
    }

    /// Takes a line of the header section: a field, or the continuation of the last one.
    fn take(&mut self, line: &MessageLine<'a>) -> Result<(), &'static str> {
        if line.goes_on() {
            let Some(field) = self.fields.last_mut() else {
                return Err(
                    "the line starts with white space, which continues the header field \
                            before it, and there is none; expected `Name: value`",
                );
            };
            field.go_on(line, self.bytes);
            return Ok(());
        }
        self.fields.push(read_field(line)?);
        Ok(())
    }

    /// The body: every byte after the blank line; empty if there is none.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.body_start
            .and_then(|start| self.bytes.get(start..))
            .unwrap_or_default()
    }

    /// Whether the request line ends in CRLF, as HTTP's lines do.
    #[must_use]
    pub fn ends_lines_in_crlf(&self) -> bool {
        self.line_end == CRLF
    }

    /// Whether a blank line ends the header fields, as HTTP demands.
    #[must_use]
    pub const fn has_blank_line(&self) -> bool {
        self.body_start.is_some()
    }

    /// The fields called `name`, compared without case.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &MessageField<'a>> + Clone {
        self.fields.iter().filter(move |field| field.is(name))
    }

    pub(crate) fn part(&self, range: &Range<usize>) -> &'a [u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }
}

/// The error for a problem on a line.
fn problem_at(line: usize) -> impl Fn(&'static str) -> NotARequest {
    move |problem| NotARequest { line, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Method, target, fields and body as text.
    fn read(text: &str) -> (String, String, Vec<(String, String)>, String) {
        let request = RawRequest::parse(text.as_bytes()).expect("a request");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let fields = request
            .fields
            .iter()
            .map(|field| (text(field.name), text(field.value)))
            .collect();
        (
            text(request.method),
            text(request.target),
            fields,
            text(request.body()),
        )
    }

    #[test]
    fn values_keep_every_byte_behind_the_colon() {
        for end in ["\n", "\r\n"] {
            let text = [
                "GET /a?b=c HTTP/1.1",
                "Host:x ",
                "X: \t one",
                "  two",
                "\t",
                "Y:",
                "",
                "",
            ];
            let (method, target, fields, body) = read(&text.join(end));
            assert_eq!(
                (method.as_str(), target.as_str(), body.as_str()),
                ("GET", "/a?b=c", "")
            );
            let expected = [
                ("Host".to_owned(), "x ".to_owned()),
                ("X".to_owned(), [" \t one", "  two", "\t"].join(end)),
                ("Y".to_owned(), String::new()),
            ];
            assert_eq!(fields, expected);
        }
    }

    #[test]
    fn the_body_is_every_byte_after_the_first_blank_line() {
        assert_eq!(
            read("POST / HTTP/1.1\r\nA: b\r\n\r\n\r\n{}\n\n").3,
            "\r\n{}\n\n"
        );
        assert_eq!(read("POST / HTTP/1.1\nA: b\n\n{}").3, "{}");
        assert_eq!(read("POST / HTTP/1.1\r\nA: b\r\n\n{}").3, "{}");
    }

    #[test]
    fn a_file_without_blank_line_has_no_body() {
        for text in [
            "GET / HTTP/1.1\nA: b\n",
            "GET / HTTP/1.1\nA: b",
            "GET / HTTP/1.1",
        ] {
            assert_eq!(read(text).3, "");
            assert!(
                !RawRequest::parse(text.as_bytes())
                    .expect("a request")
                    .has_blank_line()
            );
        }
    }

    #[test]
    fn a_lone_carriage_return_stays_in_the_value() {
        let fields = read("GET / HTTP/1.1\nA: b\rc\n\n").2;
        assert_eq!(fields, [("A".to_owned(), " b\rc".to_owned())]);
    }

    /// Whether that is allowed is for others to say.
    #[test]
    fn white_space_before_a_colon_is_kept_in_mind() {
        let text = "GET / HTTP/1.1\r\nA : b\r\nC\t \t:d\r\nE:f\r\n\r\n";
        let fields = read(text).2;
        assert_eq!(
            fields.iter().map(|(name, _)| &name[..]).collect::<String>(),
            "ACE"
        );
        let request = RawRequest::parse(text.as_bytes()).expect("a request");
        let spaced: Vec<bool> = request
            .fields
            .iter()
            .map(|field| field.spaced_colon)
            .collect();
        assert_eq!(spaced, [true, true, false]);
    }

    #[test]
    fn another_line_end_is_kept_in_mind() {
        for (text, line) in [
            ("GET / HTTP/1.1\r\nA: b\r\n\r\n\n", None),
            ("GET / HTTP/1.1\nA: b\n\n\r\n", None),
            ("GET / HTTP/1.1", None),
            ("GET / HTTP/1.1\r\nA: b", None),
            ("GET / HTTP/1.1\r\nA: b\nC: d\n\r\n", Some(2)),
            ("GET / HTTP/1.1\nA: b\n c\r\n\n", Some(3)),
            ("GET / HTTP/1.1\r\nA: b\r\n\n", Some(3)),
        ] {
            let request = RawRequest::parse(text.as_bytes()).expect("a request");
            assert_eq!(request.other_line_end, line, "{text:?}");
        }
    }

    #[test]
    fn the_core_gets_methods_and_targets_to_judge() {
        for (line, expected) in [
            ("PO@ST /a b HTTP/1.1", ("PO@ST", "/a b")),
            ("GE T /a HTTP/1.1", ("GE T", "/a")),
            ("GET a b HTTP/1.1", ("GET", "a b")),
            ("GET  HTTP/1.1", ("GET", "")),
            (" /a HTTP/1.1", ("", "/a")),
        ] {
            let (method, target, ..) = read(&format!("{line}\n\n"));
            assert_eq!((method.as_str(), target.as_str()), expected);
        }
    }

    #[test]
    fn what_is_no_request_is_refused_with_its_line() {
        let cases: [(&[u8], usize); 13] = [
            (b"", 1),
            (b"\nGET / HTTP/1.1\n\n", 1),
            (b"GET / HTTP/2\n\n", 1),
            (b"GET /\n\n", 1),
            (b"GET HTTP/1.1\n\n", 1),
            (b"GET / HTTP/1.1 \n\n", 1),
            (b"HTTP/1.1 200 OK\n\n", 1),
            (b"\xEF\xBB\xBFGET / HTTP/1.1\n\n", 1),
            (b"GET / HTTP/1.1\n folded: x\n\n", 2),
            (b"GET / HTTP/1.1\nA: b\nno colon here\n\n", 3),
            (b"GET / HTTP/1.1\nA: b\n c\nB c : d\n\n", 4),
            (b"GET / HTTP/1.1\n: d\n\n", 2),
            (b"GET / HTTP/1.1\nA: b\n{\"hello\": \"world\"}", 3),
        ];
        for (bytes, line) in cases {
            let error = RawRequest::parse(bytes).expect_err("no request");
            assert_eq!(error.line, line, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
