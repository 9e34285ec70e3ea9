//! From a file's bytes to the request and the component list that the core takes.

use daxsign_core::{Components, HeaderField, Request};
use daxsign_http::{Field, RawRequest};

use crate::failure::Failure;
use crate::framing;
use crate::input::Input;
use crate::mistaken;

/// Reads a request that is to be signed or verified out of a file's bytes.
pub(crate) fn parse_request(input: &Input) -> Result<RawRequest<'_>, Failure> {
    let request = open_request(input)?;
    framing::check(&request, &input.name)?;
    Ok(request)
}

/// Reads a request as far as it can be read, whether or not others on the way read the same: that
/// is for [`framing::check`] to say.
pub(crate) fn open_request(input: &Input) -> Result<RawRequest<'_>, Failure> {
    RawRequest::parse(&input.bytes).map_err(|error| {
        let problem = mistaken::recognise(&input.bytes).unwrap_or(error.problem);
        Failure::Unusable(format!(
            "{}:{}: not an HTTP request: {problem}",
            input.name, error.line
        ))
    })
}

/// A header field as the core takes it.
pub(crate) const fn header_field<'a>(field: &Field<'a>) -> HeaderField<'a> {
    HeaderField {
        name: field.name,
        value: field.value,
    }
}

/// The header fields as the core takes them.
pub(crate) fn header_fields<'a>(raw: &RawRequest<'a>) -> Vec<HeaderField<'a>> {
    raw.fields.iter().map(header_field).collect()
}

/// The request as the core takes it.
pub(crate) fn request<'r>(raw: &RawRequest<'r>, headers: &'r [HeaderField<'r>]) -> Request<'r> {
    Request::new(raw.method, raw.target, headers, raw.body())
}

/// The list given on the command line, or else the default list.
pub(crate) fn component_list<'a>(
    list: Option<&'a str>,
    request: &Request<'_>,
) -> Result<Components<'a>, Failure> {
    match list {
        Some(list) => {
            Components::parse(list).map_err(|error| Failure::refused(&error, "--headers"))
        }
        None => Ok(Components::default_for(request)),
    }
}
