//! Header fields in their place (RFC 9112 5).

use core::ops::Range;

use crate::request::HeaderField;
use crate::request::token::first_non_token;

use super::line::MessageLine;
use super::problem::MessageProblem;

/// A header field, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageField<'a> {
    /// The name, as it stood before its colon and any white space.
    pub name: &'a [u8],
    /// Every byte behind the colon up to the line end, folded lines included.
    pub value: &'a [u8],
    /// The line it starts on, counted from 1.
    pub line: usize,
    /// Whether white space stands between the name and its colon.
    pub spaced_colon: bool,
    /// Its place in the message, the end of its last line included.
    pub span: Range<usize>,
    /// Where the value starts in the message.
    value_start: usize,
}

impl<'a> MessageField<'a> {
    /// Reads the field that starts on a line.
    ///
    /// # Errors
    /// [`MessageProblem::NoColon`], [`MessageProblem::Name`].
    pub fn parse(line: &MessageLine<'a>) -> Result<Self, MessageProblem> {
        let colon = line.text.iter().position(|&byte| byte == b':');
        let Some((before, [_, value @ ..])) =
            colon.and_then(|colon| line.text.split_at_checked(colon))
        else {
            return Err(MessageProblem::NoColon);
        };
        let name = without_white_space_behind(before);
        if first_non_token(name).is_some() {
            return Err(MessageProblem::Name);
        }
        Ok(Self {
            name,
            value,
            line: line.number,
            spaced_colon: name.len() < before.len(),
            span: line.span(),
            value_start: line.text_end().saturating_sub(value.len()),
        })
    }

    /// Takes a line that starts with white space: the value goes on in it. `message` is all of the message
    /// that both stand in.
    pub fn go_on(&mut self, line: &MessageLine<'a>, message: &'a [u8]) {
        let value = message.get(self.value_start..line.text_end());
        self.value = value.unwrap_or_default();
        self.span.end = line.span().end;
    }

    /// Whether the field is called `name`, compared without case.
    #[must_use]
    pub const fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The field as a request has it.
    #[must_use]
    pub const fn header(&self) -> HeaderField<'a> {
        HeaderField {
            name: self.name,
            value: self.value,
        }
    }
}

/// `text` without the SP and HTAB at its end.
const fn without_white_space_behind(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
