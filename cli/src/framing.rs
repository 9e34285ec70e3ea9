//! What is told of a request that others on the way read differently (S-FRAMING).

use daxsign_core::{Error, Label, SIGNATURE_FIELD, SignatureHeader, ValueProblem};
use daxsign_http::framing::{self, Ambiguity};
use daxsign_http::{Field, RawRequest};

use crate::failure::{Failure, Refusal};
use crate::place;

const CONTENT_LENGTH: &str = "content-length";
/// The names of the rules that are broken.
const INVALID_VALUE: &str = "invalid-header-value";
const WRONG_LENGTH: &str = "content-length-mismatch";

/// The first field, in their order, for which the request is refused. `file` is how messages call
/// the request.
pub(crate) fn check(request: &RawRequest<'_>, file: &str) -> Result<(), Failure> {
    framing::check(request).map_err(|ambiguity| failure(ambiguity, request, file))
}

fn failure(ambiguity: Ambiguity<'_, '_>, request: &RawRequest<'_>, file: &str) -> Failure {
    let line = ambiguity.line();
    match ambiguity {
        Ambiguity::LoneLineFeed { .. } => {
            let problem = "this line ends in \\n alone and the request line in \\r\\n, so that some \
                           readers on the way take both lines around it for one: end all lines of \
                           the head in \\r\\n";
            refused(INVALID_VALUE, problem, file, line)
        }
        Ambiguity::SpacedColon { field } => {
            let name = Label::new(field.name);
            let problem = format!(
                "white space stands between the field name `{name}` and its colon, where some read \
                 another name and some none: write `{name}:`"
            );
            refused(INVALID_VALUE, &problem, file, line)
        }
        Ambiguity::TransferEncoding { .. } => {
            let problem = "a request with the field Transfer-Encoding is neither signed nor \
                           verified, since what would be signed is the framing and not the body: \
                           put the body together, without chunk sizes, and send it whole with its \
                           Content-Length";
            refused(INVALID_VALUE, problem, file, line).with_hint(lost_length(request))
        }
        Ambiguity::LineBreak { field, offset } => {
            invalid_value(request, field, offset, ValueProblem::LineBreak, file)
        }
        Ambiguity::ControlCharacter { field, offset } => {
            invalid_value(request, field, offset, ValueProblem::ControlCharacter, file)
        }
        Ambiguity::Repeated { field, first } => stands_twice(field, first, file),
    }
}

/// As the core refuses the value, where the field is listed.
fn invalid_value(
    request: &RawRequest<'_>,
    field: &Field<'_>,
    offset: usize,
    problem: ValueProblem,
    file: &str,
) -> Failure {
    let same_name = |other: &&Field<'_>| other.name.eq_ignore_ascii_case(field.name);
    let before = request
        .fields
        .iter()
        .take_while(|other| other.line < field.line);
    let error = Error::InvalidHeaderValue {
        name: Label::new(&field.name.to_ascii_lowercase()),
        instance: before.filter(same_name).count().saturating_add(1),
        offset,
        problem,
    };
    Failure::refused(&error, &place::describe(&error, file, request))
}

/// A second field where there can be one.
fn stands_twice(field: &Field<'_>, first: usize, file: &str) -> Failure {
    let line = field.line;
    let problem = format!(
        "the field {} stands twice, on lines {first} and {line}, and readers on the way take one \
         or the other: send it once",
        Label::new(field.name)
    );
    let rule = if field.is(CONTENT_LENGTH) {
        WRONG_LENGTH
    } else {
        INVALID_VALUE
    };
    refused(rule, &problem, file, line)
}

/// Where a signature covers a length that the request lacks, the framing took its place.
fn lost_length(request: &RawRequest<'_>) -> Option<String> {
    let value = request.named(SIGNATURE_FIELD).next()?.value;
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
