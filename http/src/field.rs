//! Header fields in their place (RFC 9112 5).

use std::ops::Range;

use crate::lines::Line;

/// One header field in its place.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    /// The name, as it stood before its colon and any white space.
    pub name: &'a [u8],
    /// Every byte behind the colon up to the line end, folded lines included.
    pub value: &'a [u8],
    /// The line it starts on, counted from 1.
    pub line: usize,
    /// Whether white space stands between the name and its colon.
    pub spaced_colon: bool,
    /// Where the value starts in the request.
    pub(crate) value_start: usize,
    /// All its bytes in the request, the last line end included.
    pub(crate) span: Range<usize>,
}

impl<'a> Field<'a> {
    /// Whether the field is called `name`, compared without case.
    #[must_use]
    pub const fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Reads the field that starts on a line; else what is wrong with it.
    pub(crate) fn parse(line: &Line<'a>) -> Result<Self, &'static str> {
        let (before_colon, value) = split_field(line.text)?;
        let name = without_white_space_behind(before_colon);
        Ok(Self {
            name,
            value,
            line: line.number,
            spaced_colon: name.len() < before_colon.len(),
            value_start: line.text_end().saturating_sub(value.len()),
            span: line.span(),
        })
    }

    /// Takes a line that starts with white space: the value goes on in it. `bytes` is the request.
    pub(crate) fn continue_on(&mut self, line: &Line<'a>, bytes: &'a [u8]) {
        let value = self.value_start..line.text_end();
        self.value = bytes.get(value).unwrap_or_default();
        self.span.end = line.span().end;
    }
}

/// What stands before the first colon, a name with white space behind it at most, and the value.
fn split_field(line: &[u8]) -> Result<(&[u8], &[u8]), &'static str> {
    let colon = line.iter().position(|&byte| byte == b':');
    let Some((name, [_, value @ ..])) = colon.and_then(|colon| line.split_at_checked(colon)) else {
        return Err(
            "the line has no colon; expected a header field `Name: value`, or a blank line \
                    before the body",
        );
    };
    let is_control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    if name.iter().any(is_control) {
        return Err("a control character stands in the name of the header field: remove it");
    }
    if !is_token(without_white_space_behind(name)) {
        return Err(
            "what stands before the colon is not a header field name (no spaces, no \
                    quotes); expected `Name: value`, or a blank line before the body",
        );
    }
    Ok((name, value))
}

/// `text` without the SP and HTAB at its end.
const fn without_white_space_behind(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// RFC 9110 5.6.2: one or more `tchar`.
fn is_token(text: &[u8]) -> bool {
    let is_token_char =
        |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !text.is_empty() && text.iter().all(is_token_char)
}
