//! Where in a request file an error lies, as `file:line`.

use daxsign_core::{
    BindingProblem, BodyProblem, DateProblem, Error, MissingProblem, SIGNATURE_FIELD,
};
use daxsign_http::RawRequest;

/// No more lines are listed.
const MAX_LINES: usize = 8;

/// `file:line`, or only the file where no line is to blame.
pub(crate) fn describe(error: &Error, file: &str, request: &RawRequest<'_>) -> String {
    match line(error, request) {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    }
}

/// What else the file shows about an error.
pub(crate) fn hint(error: &Error, request: &RawRequest<'_>) -> Option<String> {
    Some(match error {
        Error::MissingHeader {
            name,
            problem: MissingProblem::Lost,
        } if name.as_str().eq_ignore_ascii_case(SIGNATURE_FIELD) => {
            "`daxsign sign` adds the Signature field".to_owned()
        }
        Error::InvalidDate {
            problem: DateProblem::Repeated,
        } => {
            let lines = request.named("date").map(|field| field.line.to_string());
            let count = lines.clone().count();
            if count > MAX_LINES {
                let lines = lines.take(MAX_LINES).collect::<Vec<_>>().join(", ");
                format!("Date stands on {count} lines: {lines}, …")
            } else {
                format!("Date stands on the lines {}", all(lines))
            }
        }
        Error::InvalidBody {
            problem: BodyProblem::NotUtf8,
            ..
        } => {
            let field = request.named("content-encoding").next()?;
            let line = field.line;
            format!(
                "Content-Encoding on line {line} says that the body is compressed: DAX signs a body \
                 in UTF-8, so send it as it is, without that field"
            )
        }
        Error::InvalidTarget { offset: 0 } if is_url(request.target) => {
            "the target is a whole URL: leave the path, and write host and port into the field Host"
                .to_owned()
        }
        _ => return None,
    })
}

/// Whether a target starts as a URL does.
fn is_url(target: &[u8]) -> bool {
    [b"http://".as_slice(), b"https://"].iter().any(|scheme| {
        let start = target.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// `1, 2 and 3`.
fn all(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => parts.concat(),
    }
}

/// The line to look at, counted from 1.
fn line(error: &Error, request: &RawRequest<'_>) -> Option<usize> {
    let field_line = |name: &str| request.named(name).next().map(|field| field.line);
    match error {
        // Nothing that stands there is wrong.
        Error::UnboundBody {
            problem: BindingProblem::NoContentLength,
        } => None,
        Error::InvalidMethod { .. } | Error::InvalidTarget { .. } => Some(1),
        Error::MissingHeader {
            problem: MissingProblem::InAuthorization,
            ..
        } => field_line("authorization"),
        Error::InvalidHeaderValue {
            name,
            instance,
            offset,
            ..
        } => {
            let field = request.named(name.as_str()).nth(instance.checked_sub(1)?)?;
            Some(line_within(field.line, field.value, *offset))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told stays short, however often a field stands there.
    #[test]
    fn few_lines_are_listed() {
        let told = |count: usize| {
            let text = format!("GET / HTTP/1.1\n{}\n", "Date: x\n".repeat(count));
            let request = RawRequest::parse(text.as_bytes()).expect("a request");
            let problem = DateProblem::Repeated;
            hint(&Error::InvalidDate { problem }, &request).expect("a hint")
        };
        assert_eq!(told(2), "Date stands on the lines 2 and 3");
        assert!(told(MAX_LINES).ends_with("8 and 9"));
        assert_eq!(
            told(100_000),
            "Date stands on 100000 lines: 2, 3, 4, 5, 6, 7, 8, 9, …"
        );
    }
}
