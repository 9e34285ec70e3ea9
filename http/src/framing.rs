//! Whether everybody on the way reads the same request out of the bytes: the same fields, and the
//! same body (S-FRAMING, RFC 9112 5.1, 5.2 and 6.3).
//!
//! The core sees the fields one by one and only those that are listed; here the whole head counts,
//! since a field that one reader sees and another does not can change what the body is.

use crate::field::Field;
use crate::raw_request::RawRequest;

const TRANSFER_ENCODING: &str = "transfer-encoding";
pub(crate) const CONTENT_LENGTH: &str = "content-length";
/// The fields of which a request has one: they say where it goes and where it ends.
const SINGLE: [&str; 2] = ["host", CONTENT_LENGTH];

/// What some readers take for another request than others do.
#[derive(Clone, Copy, Debug)]
pub enum Ambiguity<'r, 'a> {
    /// A line of the head that ends in LF alone, the request line in CRLF: it ends a line for some,
    /// and stands in a value for others (RFC 9112 2.2).
    LoneLineFeed {
        /// The line, counted from 1.
        line: usize,
    },
    /// White space stands between the name and its colon.
    SpacedColon {
        /// The field.
        field: &'r Field<'a>,
    },
    /// The body is framed, not sent as it is.
    TransferEncoding {
        /// The field.
        field: &'r Field<'a>,
    },
    /// A CR or LF that starts no folded line.
    LineBreak {
        /// The field.
        field: &'r Field<'a>,
        /// Where it stands in the value, in bytes from 0.
        offset: usize,
    },
    /// A control character stands in a value.
    ControlCharacter {
        /// The field.
        field: &'r Field<'a>,
        /// Where it stands in the value, in bytes from 0.
        offset: usize,
    },
    /// A second `Host` or `Content-Length`.
    Repeated {
        /// The second one.
        field: &'r Field<'a>,
        /// The line of the first one, counted from 1.
        first: usize,
    },
}

impl Ambiguity<'_, '_> {
    /// The line that it starts on, counted from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        match self {
            Self::LoneLineFeed { line } => *line,
            Self::SpacedColon { field }
            | Self::TransferEncoding { field }
            | Self::LineBreak { field, .. }
            | Self::ControlCharacter { field, .. }
            | Self::Repeated { field, .. } => field.line,
        }
    }
}

/// The first of them, in the order of the fields.
///
/// # Errors
/// That one.
pub fn check<'r, 'a>(request: &'r RawRequest<'a>) -> Result<(), Ambiguity<'r, 'a>> {
    // Where the request line ends in LF it is the line end of a file.
    if let Some(line) = request.other_line_end
        && request.ends_lines_in_crlf()
    {
        return Err(Ambiguity::LoneLineFeed { line });
    }
    let mut lines = [None; SINGLE.len()];
    for field in &request.fields {
        check_field(field)?;
        for (name, first) in SINGLE.into_iter().zip(&mut lines) {
            if !field.is(name) {
                continue;
            }
            if let Some(first) = *first {
                return Err(Ambiguity::Repeated { field, first });
            }
            *first = Some(field.line);
        }
    }
    Ok(())
}

/// What can be said of a field by itself.
fn check_field<'r, 'a>(field: &'r Field<'a>) -> Result<(), Ambiguity<'r, 'a>> {
    if field.spaced_colon {
        return Err(Ambiguity::SpacedColon { field });
    }
    if field.is(TRANSFER_ENCODING) {
        return Err(Ambiguity::TransferEncoding { field });
    }
    check_value(field)
}

/// S-FOLD for every field, listed or not. What else a value may be counts for those that are listed.
fn check_value<'r, 'a>(field: &'r Field<'a>) -> Result<(), Ambiguity<'r, 'a>> {
    let value = field.value;
    let is_fault = |offset: &usize| match value.get(*offset..) {
        // The reader takes no other LF into a value than one that white space follows.
        Some([b'\t' | b'\n', ..] | [b'\r', b'\n', ..]) => false,
        Some([byte, ..]) => byte.is_ascii_control(),
        _ => false,
    };
    match (0..value.len()).find(is_fault) {
        None => Ok(()),
        Some(offset) if value.get(offset) == Some(&b'\r') => {
            Err(Ambiguity::LineBreak { field, offset })
        }
        Some(offset) => Err(Ambiguity::ControlCharacter { field, offset }),
    }
}
