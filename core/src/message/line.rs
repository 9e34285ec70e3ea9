//! The lines of a message, with their ends.

use core::ops::Range;

use super::problem::MessageProblem;
use super::request_line;

/// A line of a message, and where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessageLine<'a> {
    /// Which line, counted from 1; 0 for none.
    pub number: usize,
    /// Where it starts in the message.
    pub start: usize,
    /// The line without its end. A CR that no LF follows is part of it.
    pub text: &'a [u8],
    /// CRLF, LF alone, or nothing where the message ends.
    pub end: &'a [u8],
}

impl<'a> MessageLine<'a> {
    /// Where its text ends in the message.
    #[must_use]
    pub const fn text_end(&self) -> usize {
        self.start.saturating_add(self.text.len())
    }

    /// Its place in the message, its end included.
    #[must_use]
    pub const fn span(&self) -> Range<usize> {
        self.start..self.text_end().saturating_add(self.end.len())
    }

    /// Whether the line goes on with the one before (S-FOLD).
    #[must_use]
    pub const fn goes_on(&self) -> bool {
        matches!(self.text, [b' ' | b'\t', ..])
    }

    /// Method, target and version of a request line; whether they are any is for others to say. A target
    /// starts with `/`, so where a space stands before one, it is the method's.
    ///
    /// # Errors
    /// [`MessageProblem::RequestLine`]: these are no three parts.
    pub fn request_parts(&self) -> Result<[&'a [u8]; 3], MessageProblem> {
        request_line::split(self.text).ok_or(MessageProblem::RequestLine)
    }
}

/// The lines of a message in their order, each looked at once. Nothing is refused: which of them are the
/// head is for the caller to see, by the first that is empty.
///
/// ```
/// use daxsign_core::MessageLines;
///
/// let mut lines = MessageLines::new(b"GET / HTTP/1.1\r\nHost: a\n\n{}");
/// let ends: Vec<&[u8]> = lines.by_ref().take(3).map(|line| line.end).collect();
/// assert_eq!(ends, [&b"\r\n"[..], b"\n", b"\n"]);
/// assert_eq!(lines.rest(), b"{}");
/// ```
#[derive(Clone, Debug)]
pub struct MessageLines<'a> {
    rest: &'a [u8],
    offset: usize,
    number: usize,
}

impl<'a> MessageLines<'a> {
    /// The lines of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            offset: 0,
            number: 0,
        }
    }

    /// Everything behind the lines that were taken.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// How many lines were taken.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.number
    }

    /// Where the rest starts in the message.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl<'a> Iterator for MessageLines<'a> {
    type Item = MessageLine<'a>;

    // One copy for its many users.
    #[inline(never)]
    fn next(&mut self) -> Option<MessageLine<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let feed = self.rest.iter().position(|&byte| byte == b'\n');
        let len = feed.map_or(self.rest.len(), |feed| feed.saturating_add(1));
        let (full, rest) = self.rest.split_at_checked(len)?;
        let ([text @ .., b'\r', b'\n'] | [text @ .., b'\n'] | text) = full;
        let line = MessageLine {
            number: self.number.saturating_add(1),
            start: self.offset,
            text,
            end: full.get(text.len()..).unwrap_or_default(),
        };
        *self = Self {
            rest,
            offset: line.span().end,
            number: line.number,
        };
        Some(line)
    }
}
