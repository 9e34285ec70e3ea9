//! Whether everybody on the way reads the same request out of the bytes: the same fields, and the
//! same body (S-FRAMING, RFC 9112 5.1, 5.2 and 6.3).
//!
//! The core sees the fields one by one and only those that are listed; here the whole head counts,
//! since a field that one reader sees and another does not can change what the body is.

use daxsign_core::{Error, Label, SIGNATURE_FIELD, SignatureHeader, ValueProblem};

use crate::failure::{Failure, Refusal};
use crate::http::{Field, RawRequest};
use crate::place;

const TRANSFER_ENCODING: &str = "transfer-encoding";
const CONTENT_LENGTH: &str = "content-length";
/// The names of the rules that are broken.
const INVALID_VALUE: &str = "invalid-header-value";
const WRONG_LENGTH: &str = "content-length-mismatch";
/// The fields of which a request has one: they say where it goes and where it ends.
const SINGLE: [&str; 2] = ["host", CONTENT_LENGTH];

/// The first field, in their order, for which the request is refused. `file` is how messages call
/// the request.
pub(crate) fn check(request: &RawRequest<'_>, file: &str) -> Result<(), Failure> {
    check_line_ends(request, file)?;
    let mut lines = [None; SINGLE.len()];
    for field in &request.fields {
        check_field(request, field, file)?;
        for (name, first) in SINGLE.into_iter().zip(&mut lines) {
            if !is(field, name) {
                continue;
            }
            if let Some(first) = *first {
                return Err(stands_twice(field, name, first, file));
            }
            *first = Some(field.line);
        }
    }
    Ok(())
}

/// A LF alone among lines that end in CRLF ends a line for some, and stands in a value for others
/// (RFC 9112 2.2). Where the request line ends in LF it is the file's line end.
fn check_line_ends(request: &RawRequest<'_>, file: &str) -> Result<(), Failure> {
    match request.other_line_end {
        Some(line) if request.ends_lines_in_crlf() => {
            let problem = "this line ends in \\n alone and the request line in \\r\\n, so that some \
                           readers on the way take both lines around it for one: end all lines of \
                           the head in \\r\\n";
            Err(refused(INVALID_VALUE, problem, file, line))
        }
        _ => Ok(()),
    }
}

fn is(field: &Field<'_>, name: &str) -> bool {
    field.content.name.eq_ignore_ascii_case(name.as_bytes())
}

/// What can be said of a field by itself.
fn check_field(request: &RawRequest<'_>, field: &Field<'_>, file: &str) -> Result<(), Failure> {
    let name = Label::new(field.content.name);
    if field.spaced_colon {
        let problem = format!(
            "white space stands between the field name `{name}` and its colon, where some read \
             another name and some none: write `{name}:`"
        );
        return Err(refused(INVALID_VALUE, &problem, file, field.line));
    }
    if is(field, TRANSFER_ENCODING) {
        let problem = "a request with the field Transfer-Encoding is neither signed nor verified, \
                       since what would be signed is the framing and not the body: put the body \
                       together, without chunk sizes, and send it whole with its Content-Length";
        let refusal = refused(INVALID_VALUE, problem, file, field.line);
        return Err(refusal.with_hint(lost_length(request)));
    }
    check_value(request, field, file)
}

/// S-FOLD for every field, listed or not: a CR or LF that starts no folded line, and control
/// characters. What else a value may be counts for those that are listed.
fn check_value(request: &RawRequest<'_>, field: &Field<'_>, file: &str) -> Result<(), Failure> {
    let value = field.content.value;
    let is_fault = |offset: &usize| match value.get(*offset..) {
        // The reader takes no other LF into a value than one that white space follows.
        Some([b'\t' | b'\n', ..] | [b'\r', b'\n', ..]) => false,
        Some([byte, ..]) => byte.is_ascii_control(),
        _ => false,
    };
    let Some(offset) = (0..value.len()).find(is_fault) else {
        return Ok(());
    };
    let problem = match value.get(offset) {
        Some(b'\r') => ValueProblem::LineBreak,
        _ => ValueProblem::ControlCharacter,
    };
    let same_name = |other: &&Field<'_>| {
        let (one, other) = (other.content.name, field.content.name);
        one.eq_ignore_ascii_case(other)
    };
    let before = request
        .fields
        .iter()
        .take_while(|other| other.line < field.line);
    let error = Error::InvalidHeaderValue {
        name: Label::new(&field.content.name.to_ascii_lowercase()),
        instance: before.filter(same_name).count().saturating_add(1),
        offset,
        problem,
    };
    Err(Failure::refused(&error, &place::of(&error, file, request)))
}

/// A second field where there can be one.
fn stands_twice(field: &Field<'_>, name: &str, first: usize, file: &str) -> Failure {
    let line = field.line;
    let problem = format!(
        "the field {} stands twice, on lines {first} and {line}, and readers on the way take one \
         or the other: send it once",
        Label::new(field.content.name)
    );
    let rule = if name == CONTENT_LENGTH {
        WRONG_LENGTH
    } else {
        INVALID_VALUE
    };
    refused(rule, &problem, file, line)
}

/// Where a signature covers a length that the request lacks, the framing took its place.
fn lost_length(request: &RawRequest<'_>) -> Option<String> {
    let value = request.named(SIGNATURE_FIELD).next()?.content.value;
    let header = SignatureHeader::parse(value.trim_ascii()).ok()?;
    let listed = header.components().ok()?.contains(CONTENT_LENGTH);
    let lost = listed && request.named(CONTENT_LENGTH).next().is_none();
    lost.then(|| {
        "the signature covers a Content-Length that the request lacks: it was lost on the way, in a \
         proxy that sends the body in chunks; with the body's own length in its place the request \
         may verify"
            .to_owned()
    })
}

fn refused(name: &'static str, problem: &str, file: &str, line: usize) -> Failure {
    Failure::Refused(Refusal {
        name,
        message: format!("{file}:{line}: {problem}"),
        hints: Vec::new(),
    })
}
