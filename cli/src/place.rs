//! Where in a request file an error lies, as `file:line`.

use daxsign_core::{Error, SIGNATURE_FIELD};

use crate::http::RawRequest;

/// `file:line`, or only the file where no line is to blame.
pub(crate) fn of(error: &Error, file: &str, request: &RawRequest<'_>) -> String {
    match line(error, request) {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    }
}

/// What to do about a request to be verified that has no Signature field.
pub(crate) fn signature_hint(error: &Error, request: &RawRequest<'_>) -> Option<String> {
    let unsigned = matches!(error, Error::MissingHeader { .. })
        && request.named(SIGNATURE_FIELD).next().is_none();
    unsigned.then(|| "`daxsign sign` adds the Signature field".to_owned())
}

/// The line to look at, counted from 1.
fn line(error: &Error, request: &RawRequest<'_>) -> Option<usize> {
    let field_line = |name: &str| request.named(name).next().map(|field| field.line);
    match error {
        Error::InvalidMethod { .. } | Error::InvalidTarget { .. } => Some(1),
        Error::InvalidHeaderValue {
            name,
            instance,
            offset,
            ..
        } => {
            let field = request.named(name.as_str()).nth(instance.checked_sub(1)?)?;
            Some(line_within(field.line, field.content.value, *offset))
        }
        Error::InvalidDate { .. } | Error::StaleDate { .. } | Error::FutureDate { .. } => {
            field_line("date")
        }
        Error::ContentLengthMismatch { .. } => field_line("content-length"),
        Error::InvalidContentType => field_line("content-type"),
        Error::UnsupportedCharset { field, .. } => field_line(field),
        Error::InvalidBody { offset, .. } => {
            Some(line_within(request.body_line, request.body(), *offset))
        }
        Error::MalformedSignatureHeader { .. }
        | Error::MissingParameter { .. }
        | Error::DuplicateParameter { .. }
        | Error::WrongRealm { .. }
        | Error::UnsupportedAlgorithm { .. }
        | Error::InvalidSignatureEncoding { .. }
        | Error::UnboundBody { .. }
        | Error::InvalidComponent { .. }
        | Error::MissingComponent { .. }
        | Error::UnsupportedComponent { .. } => {
            // A second Signature field is what is wrong if there is one.
            let fields = request.named(SIGNATURE_FIELD).take(2);
            fields.last().map(|field| field.line)
        }
        _ => None,
    }
}

/// The line of the byte at `offset` in text that starts on line `first`.
fn line_within(first: usize, text: &[u8], offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    let lines = before.split(|&byte| byte == b'\n').count();
    first.saturating_add(lines).saturating_sub(1)
}
