//! Whether everybody on the way reads the same request out of the bytes: the same fields, and the
//! same body (S-FRAMING, RFC 9112 5.1, 5.2 and 6.3).
//!
//! The core's reader refuses messages for it; here it is told with the field, of files too, whose lines
//! may end in LF.

use daxsign_core::{Ambiguity as Found, MessageField, MessageFraming};

use crate::raw_request::RawRequest;

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
        field: &'r MessageField<'a>,
    },
    /// The body is framed, not sent as it is.
    TransferEncoding {
        /// The field.
        field: &'r MessageField<'a>,
    },
    /// A CR or LF that starts no folded line.
    LineBreak {
        /// The field.
        field: &'r MessageField<'a>,
        /// Where it stands in the value, in bytes from 0.
        offset: usize,
    },
    /// A control character stands in a value.
    ControlCharacter {
        /// The field.
        field: &'r MessageField<'a>,
        /// Where it stands in the value, in bytes from 0.
        offset: usize,
    },
    /// A second `Host` or `Content-Length`.
    Repeated {
        /// The second one.
        field: &'r MessageField<'a>,
        /// The line of the first one, counted from 1.
        first: usize,
    },
}

impl<'r, 'a> Ambiguity<'r, 'a> {
    const fn of(found: Found, field: &'r MessageField<'a>) -> Self {
        match found {
            Found::SpacedColon => Self::SpacedColon { field },
            Found::TransferEncoding => Self::TransferEncoding { field },
            Found::LineBreak { offset } => Self::LineBreak { field, offset },
            Found::ControlCharacter { offset } => Self::ControlCharacter { field, offset },
            Found::Repeated { first } => Self::Repeated { field, first },
        }
    }

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
    let mut framing = MessageFraming::default();
    for field in &request.fields {
        let checked = framing.check(field);
        checked.map_err(|found| Ambiguity::of(found, field))?;
    }
    Ok(())
}
