//! What the request says of its encoding and type (S-UTF8).

use crate::error::Error;
use crate::error::label::Label;
use crate::error::refusal::{Noted, Refusal};
use crate::request::Request;
use crate::request::options::ContentPolicy;

const CONTENT_TYPE: &str = "content-type";
const ACCEPT_CHARSET: &str = "accept-charset";
const UTF_8: &[u8] = b"utf-8";

/// A charset named in `Content-Type` or `Accept-Charset` must be UTF-8; the REST policy also asks
/// for `application/json`.
pub(crate) fn check(
    request: &Request<'_>,
    policy: ContentPolicy,
    refusal: &mut Refusal,
) -> Result<(), Noted> {
    for value in request.field(CONTENT_TYPE) {
        // The media type as well: some write the charset alone.
        for parameter in elements(value, b';') {
            check_parameter(parameter, refusal)?;
        }
    }
    check_accept_charset(request, refusal)?;
    match policy {
        ContentPolicy::Any => Ok(()),
        ContentPolicy::Rest => check_json(request, refusal),
    }
}

/// All fields of that name are one list. `*` names no charset, and stands for others beside UTF-8
/// as clients write them; alone it does not say UTF-8.
fn check_accept_charset(request: &Request<'_>, refusal: &mut Refusal) -> Result<(), Noted> {
    let (mut named, mut any) = (false, false);
    for value in request.field(ACCEPT_CHARSET) {
        for element in elements(value, b',') {
            let mut parts = elements(element, b';');
            let charset = parts.next().unwrap_or_default();
            for parameter in parts {
                check_quotes(ACCEPT_CHARSET, parameter, refusal)?;
            }
            match charset {
                // An empty element is part of the list grammar (RFC 9110 5.6.1) and names nothing.
                [] => {}
                b"*" => any = true,
                _ => {
                    check_charset(ACCEPT_CHARSET, charset, refusal)?;
                    named = true;
                }
            }
        }
    }
    if any && !named {
        return Err(unsupported(ACCEPT_CHARSET, b"*", refusal));
    }
    Ok(())
}

/// The REST text: every request has `Content-Type: application/json`, parameters aside.
fn check_json(request: &Request<'_>, refusal: &mut Refusal) -> Result<(), Noted> {
    let mut types = request.field(CONTENT_TYPE);
    let is_json = |value: &[u8]| {
        elements(value, b';')
            .next()
            .is_some_and(|media_type| media_type.eq_ignore_ascii_case(b"application/json"))
    };
    match (types.next(), types.next()) {
        (Some(value), None) if is_json(value) => Ok(()),
        _ => Err(refusal.note(Error::InvalidContentType)),
    }
}

/// One parameter of a media type.
fn check_parameter(parameter: &[u8], refusal: &mut Refusal) -> Result<(), Noted> {
    match split_parameter(parameter) {
        (name, Some(value)) if name.eq_ignore_ascii_case(b"charset") => {
            check_charset(CONTENT_TYPE, value, refusal)
        }
        _ => check_quotes(CONTENT_TYPE, parameter, refusal),
    }
}

/// Name and value, trimmed; no value without `=`.
fn split_parameter(parameter: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut parts = parameter.splitn(2, |&byte| byte == b'=');
    let name = trim(parts.next().unwrap_or_default());
    (name, parts.next().map(trim))
}

fn check_charset(field: &'static str, charset: &[u8], refusal: &mut Refusal) -> Result<(), Noted> {
    let unquoted = match charset {
        [b'"', inner @ .., b'"'] => inner,
        plain => plain,
    };
    if unquoted.eq_ignore_ascii_case(UTF_8) {
        return Ok(());
    }
    Err(unsupported(field, charset, refusal))
}

/// Refuses quotes other than around a parameter's whole value: readers take them differently, and
/// what follows them may be a charset for some.
fn check_quotes(field: &'static str, part: &[u8], refusal: &mut Refusal) -> Result<(), Noted> {
    // `contains` searches by words, and takes more flash than all of this.
    #[allow(clippy::manual_contains)]
    let quoted = |text: &[u8]| text.iter().any(|&byte| byte == b'"');
    if !quoted(part) {
        return Ok(());
    }
    let (name, value) = split_parameter(part);
    if let Some([b'"', inner @ ..]) = value
        && !quoted(name)
        && closing_quote(inner) == inner.len().checked_sub(1)
    {
        return Ok(());
    }
    Err(unsupported(field, value.unwrap_or(name), refusal))
}

/// Where the quote that ends a quoted string stands (RFC 9110 5.6.4).
fn closing_quote(inner: &[u8]) -> Option<usize> {
    let mut escaped = false;
    inner.iter().position(|&byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

// One copy for its many users.
#[cold]
#[inline(never)]
fn unsupported(field: &'static str, charset: &[u8], refusal: &mut Refusal) -> Noted {
    refusal.note(Error::UnsupportedCharset {
        field,
        charset: Label::new(charset),
    })
}

/// The parts of `value` between separators outside quoted strings, trimmed of white space and
/// line breaks (a fold may stand between parameters).
fn elements(value: &[u8], separator: u8) -> Elements<'_> {
    Elements {
        rest: Some(value),
        separator,
    }
}

struct Elements<'a> {
    /// `None` behind the last part.
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    // One copy for its many users.
    #[inline(never)]
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let mut quoted = false;
        let mut escaped = false;
        let end = rest.iter().position(|&byte| {
            if escaped {
                escaped = false;
            } else if quoted && byte == b'\\' {
                escaped = true;
            } else if byte == b'"' {
                quoted = !quoted;
            }
            byte == self.separator && !quoted
        });
        self.rest = end.and_then(|end| rest.get(end.saturating_add(1)..));
        Some(trim(
            rest.get(..end.unwrap_or(rest.len())).unwrap_or_default(),
        ))
    }
}

fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}
