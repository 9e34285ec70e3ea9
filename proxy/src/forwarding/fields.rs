//! Which fields of a client's request pass, and which do not.

use http::HeaderMap;
use http::header::{CONNECTION, HeaderName};

use crate::refusal::Refusal;

/// The field of the client's secret.
pub(crate) const SECRET: HeaderName = HeaderName::from_static("x-dax-proxy-secret");

/// What is this side's to say, or of the connection (RFC 9110 7.6.1), or of the way here.
const DROPPED: [&str; 24] = [
    "authorization",
    "connection",
    "content-length",
    "date",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "signature",
    "signature-input",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-dax-proxy-error",
    "x-dax-proxy-secret",
    "x-real-ip",
];

/// The same for all names that begin so: who was asked, and what another verified.
const DROPPED_PREFIXES: [&str; 2] = ["x-forwarded-", "x-dax-verified-"];

/// A name as CGI and its heirs see it, where everything but letters and digits is the same (RFC 3875 4.1.18).
pub(crate) fn folded(name: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let fold = |byte: &u8| {
        if byte.is_ascii_alphanumeric() {
            byte.to_ascii_lowercase()
        } else {
            b'-'
        }
    };
    name.iter().map(fold)
}

/// What the API wants to be told of a body.
const JSON: &str = "application/json; charset=utf-8";

/// Whether a field never passes, in whatever spelling a server takes for its name.
fn is_dropped(name: &str) -> bool {
    let name: String = folded(name.as_bytes()).map(char::from).collect();
    let begins = |prefix: &&str| name.starts_with(*prefix);
    DROPPED.contains(&name.as_str()) || DROPPED_PREFIXES.iter().any(begins)
}

/// The names that the client's `Connection` fields list, in lowercase.
fn of_connection(fields: &HeaderMap) -> Vec<String> {
    let values = fields.get_all(CONNECTION).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    let names = texts.flat_map(|text| text.split(','));
    names.map(|name| name.trim().to_ascii_lowercase()).collect()
}

/// The fields that pass, in their order.
///
/// # Errors
/// A value that is no text: it could not be passed unchanged.
pub(crate) fn passing(fields: &HeaderMap) -> Result<Vec<(String, String)>, Refusal> {
    let of_connection = of_connection(fields);
    let mut passing = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        let name = name.as_str();
        if is_dropped(name) || of_connection.iter().any(|other| other == name) {
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
