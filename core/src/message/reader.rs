//! A message read strictly, field by field.

use crate::bytes::sink::length;
use crate::error::refusal::Refusal;
use crate::request::content_length;
use crate::request::field_name::CONTENT_LENGTH;
use crate::request::token::first_non_token;
use crate::request::{HeaderField, Headers, Request};

use super::field::MessageField;
use super::framing::MessageFraming;
use super::line::{MessageLine, MessageLines};
use super::problem::{MessageError, MessageProblem};

const VERSION: &[u8] = b"HTTP/1.1";
const CRLF: &[u8] = b"\r\n";

/// Reads a message field by field, for who keeps fields in a form of their own; into places for them
/// reads [`read_message`](crate::read_message), where it stands what is refused.
///
/// What was refused stays so: every call after an error gives it again.
///
/// ```
/// use daxsign_core::MessageReader;
///
/// let message = b"POST /doors HTTP/1.1\r\nHost: dax.example\r\nContent-Length: 2\r\n\r\n{}";
/// let mut reader = MessageReader::open(message)?;
/// assert_eq!((reader.method(), reader.target()), (&b"POST"[..], &b"/doors"[..]));
/// while let Some(field) = reader.next_field()? {
///     assert!(field.value.starts_with(b" "));
/// }
/// assert_eq!(reader.body()?, b"{}");
/// # Ok::<(), daxsign_core::MessageError>(())
/// ```
#[derive(Clone, Debug)]
pub struct MessageReader<'a> {
    message: &'a [u8],
    lines: MessageLines<'a>,
    method: &'a [u8],
    target: &'a [u8],
    framing: MessageFraming,
    /// What `Content-Length` says; without one there is no body.
    length: u64,
    end: Option<Result<&'a [u8], MessageError>>,
}

impl<'a> MessageReader<'a> {
    /// Reads the first line of a message, which is all of `message`.
    ///
    /// # Errors
    /// [`MessageError`]: what is wrong with it.
    pub fn open(message: &'a [u8]) -> Result<Self, MessageError> {
        let mut lines = MessageLines::new(message);
        let line = next_line(&mut lines)?;
        let parts = request_parts(&line).map_err(at(line.number));
        let [method, target] = parts?;
        Ok(Self {
            message,
            lines,
            method,
            target,
            framing: MessageFraming::default(),
            length: 0,
            end: None,
        })
    }

    /// The method as it stands: a token (RFC 9110 9.1).
    #[must_use]
    pub const fn method(&self) -> &'a [u8] {
        self.method
    }

    /// The target as it stands: visible ASCII.
    #[must_use]
    pub const fn target(&self) -> &'a [u8] {
        self.target
    }

    /// The line, counted from 1, on which the next field starts, or else the body's empty line.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.lines.number().saturating_add(1)
    }

    /// The next field with its folds; `None` behind the last one, where the body was checked, too.
    ///
    /// # Errors
    /// [`MessageError`]: the first line that is at fault, and what is.
    pub fn next_field(&mut self) -> Result<Option<HeaderField<'a>>, MessageError> {
        if let Some(end) = self.end {
            return end.map(|_| None);
        }
        match self.read_field() {
            Ok(Some(field)) => Ok(Some(field)),
            Ok(None) => {
                let end = *self.end.insert(self.read_body());
                end.map(|_| None)
            }
            Err(error) => {
                self.end = Some(Err(error));
                Err(error)
            }
        }
    }

    /// The body, after all fields that were not read yet.
    ///
    /// # Errors
    /// As [`next_field`](Self::next_field).
    pub fn body(mut self) -> Result<&'a [u8], MessageError> {
        while self.next_field()?.is_some() {}
        self.end.unwrap_or(Ok(b""))
    }

    fn read_field(&mut self) -> Result<Option<HeaderField<'a>>, MessageError> {
        let line = next_line(&mut self.lines)?;
        let at = at(line.number);
        if line.text.is_empty() {
            return Ok(None);
        }
        if line.goes_on() {
            return Err(at(MessageProblem::Fold));
        }
        let mut field = MessageField::parse(&line).map_err(at)?;
        while matches!(self.lines.rest(), [b' ' | b'\t', ..]) {
            field.go_on(&next_line(&mut self.lines)?, self.message);
        }
        let checked = self.framing.check(&field);
        checked.map_err(|ambiguity| at(MessageProblem::Ambiguous(ambiguity)))?;
        let field = field.header();
        if field.name.eq_ignore_ascii_case(CONTENT_LENGTH.as_bytes()) {
            self.length = declared(field).ok_or(at(MessageProblem::Length))?;
        }
        Ok(Some(field))
    }

    /// S-LENGTH, also where the length is not listed.
    fn read_body(&self) -> Result<&'a [u8], MessageError> {
        let body = self.lines.rest();
        if length(body) == self.length {
            return Ok(body);
        }
        Err(at(self.line())(MessageProblem::Length))
    }
}

/// The error for a problem on a line.
const fn at(line: usize) -> impl Fn(MessageProblem) -> MessageError + Copy {
    move |problem| MessageError { line, problem }
}

/// The next line of a head, which ends in CRLF.
fn next_line<'a>(lines: &mut MessageLines<'a>) -> Result<MessageLine<'a>, MessageError> {
    let missing = lines.number().saturating_add(1);
    let line = lines.next();
    let line = line.ok_or(at(missing)(MessageProblem::NoEmptyLine))?;
    if line.end == CRLF {
        Ok(line)
    } else {
        Err(at(line.number)(MessageProblem::LineEnd))
    }
}

/// Method and target, in which there is no white space: others split such a line elsewhere (RFC 9112 3). A
/// method is a token, so that no answer passes for a request.
fn request_parts<'a>(line: &MessageLine<'a>) -> Result<[&'a [u8]; 2], MessageProblem> {
    let [method, target, version] = line.request_parts()?;
    let is_target = !target.is_empty() && target.iter().all(u8::is_ascii_graphic);
    if version == VERSION && first_non_token(method).is_none() && is_target {
        Ok([method, target])
    } else {
        Err(MessageProblem::RequestLine)
    }
}

/// The number in a `Content-Length` field.
fn declared(field: HeaderField<'_>) -> Option<u64> {
    let fields = [field];
    let request = Request {
        method: b"",
        target: b"",
        headers: Headers::List(&fields),
        body: b"",
    };
    let declared = Refusal::of(|refusal| content_length::declared(&request, 0, refusal));
    declared.ok().flatten()
}
