//! Which fields of a client's request pass, and which do not.

use http::HeaderMap;
use http::header::HeaderName;

use crate::field_names::{EndingHere, HOP_BY_HOP, VERIFIED_PREFIX, folded};
use crate::refusal::Refusal;

/// The field of the client's secret.
pub(crate) const SECRET: HeaderName = HeaderName::from_static("x-dax-proxy-secret");

/// What is this side's to say, or of the way here; beside what ends with the connection.
const DROPPED: [&str; 17] = [
    "authorization",
    "content-length",
    "date",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "origin",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "signature",
    "signature-input",
    "via",
    "x-dax-proxy-error",
    "x-dax-proxy-secret",
    "x-real-ip",
];

/// The same for all names that begin so: who was asked, and what another verified.
const DROPPED_PREFIXES: [&str; 2] = ["x-forwarded-", VERIFIED_PREFIX];

/// What the API wants to be told of a body.
const JSON: &str = "application/json; charset=utf-8";

/// Whether a field never passes, in whatever spelling a server takes for its name.
fn is_dropped(name: &str) -> bool {
    let name: &str = &folded(name.as_bytes());
    let begins = |prefix: &&str| name.starts_with(*prefix);
    HOP_BY_HOP.contains(&name) || DROPPED.contains(&name) || DROPPED_PREFIXES.iter().any(begins)
}

/// The fields that pass, in their order.
///
/// # Errors
/// A value that is no text: it could not be passed unchanged.
pub(crate) fn passing(fields: &HeaderMap) -> Result<Vec<(String, String)>, Refusal> {
    let ending = EndingHere::of(fields);
    let mut passing = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        let name = name.as_str();
        if is_dropped(name) || ending.contains(name) {
            continue;
        }
        let value = str::from_utf8(value.as_bytes()).map_err(|_| {
            Refusal::bad(
                "field-not-text",
                format!("the field {name} is not UTF-8: it could not be passed on unchanged"),
            )
        })?;
        let value = if name == "content-type" {
            content_type(value)
        } else {
            value
        };
        passing.push((name.to_owned(), value.to_owned()));
    }
    Ok(passing)
}

/// JSON is UTF-8 (RFC 8259 8.1), and the API wants to hear it; all else passes as it is.
fn content_type(value: &str) -> &str {
    if value.eq_ignore_ascii_case("application/json") {
        return JSON;
    }
    value
}
