//! What is wrong with the bytes of a message. Its own set, so that who reads none does not link its texts.

use core::fmt;

use crate::bytes::sink::Sink;
use crate::error::message::{say, show};

use super::ambiguity::Ambiguity;

/// Why bytes are no message that everybody reads in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageError {
    /// The line, counted from 1; where the body is at fault, its first one.
    pub line: usize,
    /// What is wrong there.
    pub problem: MessageProblem,
}

/// What is wrong with a line of a message, or with its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum MessageProblem {
    /// The first line is not method, target and `HTTP/1.1` with one space between.
    RequestLine,
    /// The line does not end in CRLF.
    LineEnd,
    /// White space starts the line, and there is no field that it could go on with.
    Fold,
    /// The line has no colon.
    NoColon,
    /// What stands before the colon is no name (RFC 9110 5.1).
    Name,
    /// Others read the field otherwise.
    Ambiguous(Ambiguity),
    /// There are more fields than places for them.
    TooManyFields,
    /// No empty line ends the head.
    NoEmptyLine,
    /// `Content-Length` is not the number of bytes behind the head, or is missing where there are some.
    Length,
}

impl MessageError {
    /// Writes the message, as [`Display`](fmt::Display) shows it, in pieces that are UTF-8 each.
    ///
    /// For where formatting is too large: this uses nothing of `core::fmt`.
    ///
    /// ```
    /// use daxsign_core::{MessageError, MessageProblem, SliceSink};
    /// let mut buffer = [0; 100];
    /// let mut sink = SliceSink::new(&mut buffer);
    /// let error = MessageError { line: 3, problem: MessageProblem::LineEnd };
    /// error.write_message(&mut sink);
    /// assert_eq!(sink.finish()?, b"line 3 of the message does not end in CRLF");
    /// # Ok::<(), daxsign_core::Error>(())
    /// ```
    pub fn write_message(&self, sink: &mut impl Sink) {
        say!(sink, "line ", &self.line, " of the message ");
        match self.problem {
            MessageProblem::RequestLine => say!(
                sink,
                "is no request line: expected a method, a target and HTTP/1.1 with one space between"
            ),
            MessageProblem::LineEnd => say!(sink, "does not end in CRLF"),
            MessageProblem::Fold => say!(
                sink,
                "starts with white space, and no field stands before it"
            ),
            MessageProblem::NoColon => say!(
                sink,
                "has no colon: expected a field, `Name: value`, or an empty line before the body"
            ),
            MessageProblem::Name => say!(sink, "has no field name before its colon"),
            MessageProblem::Ambiguous(ambiguity) => say_ambiguity(ambiguity, sink),
            MessageProblem::TooManyFields => {
                say!(sink, "starts a field for which its reader has no place");
            }
            MessageProblem::NoEmptyLine => {
                say!(sink, "is missing: an empty line ends the head");
            }
            MessageProblem::Length => say!(
                sink,
                "begins a body that is not as long as Content-Length says"
            ),
        }
    }
}

/// What stands behind the line's number.
fn say_ambiguity(ambiguity: Ambiguity, sink: &mut impl Sink) {
    match ambiguity {
        Ambiguity::SpacedColon => say!(sink, "has white space before its colon"),
        Ambiguity::TransferEncoding => say!(
            sink,
            "is Transfer-Encoding: send the body as it is, with its Content-Length"
        ),
        Ambiguity::LineBreak { offset } => {
            say!(sink, "has a line break in its value, at byte ", &offset);
        }
        Ambiguity::ControlCharacter { offset } => say!(
            sink,
            "has a control character in its value, at byte ",
            &offset
        ),
        Ambiguity::Repeated { first } => say!(sink, "repeats the field on line ", &first),
    }
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, |sink| self.write_message(sink))
    }
}

impl core::error::Error for MessageError {}
