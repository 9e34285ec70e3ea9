//! Which fields go on, and which requests are read differently by others on the way (S-FRAMING).

use daxsign_core::Components;
use http::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, StatusCode};

use crate::forwarding::fields::folded;
use crate::refusal::Refusal;

/// What the fields that tell the upstream who sent a request start with.
pub const VERIFIED_PREFIX: &str = "x-dax-verified-";

/// Of one connection (RFC 9110, 7.6.1), beside those that `Connection` names.
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("proxy-authorization"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The fields of which a request has one: they say where it goes and where it ends.
const SINGLE: [HeaderName; 2] = [HOST, CONTENT_LENGTH];

/// What others on the way may frame differently (S-FRAMING). Hyper has refused white space before colons, folded lines,
/// control characters and lengths that differ.
///
/// # Errors
/// The first of these.
pub fn check_framing(fields: &HeaderMap) -> Result<(), Refusal> {
    if fields.contains_key(TRANSFER_ENCODING) {
        return Err(Refusal::new(
            StatusCode::LENGTH_REQUIRED,
            "invalid-header-value",
            "a request with the field Transfer-Encoding is not verified, since what a signature covers is the body \
             and not its framing: send the body whole with its Content-Length",
        ));
    }
    for name in SINGLE {
        if fields.get_all(&name).iter().nth(1).is_some() {
            return Err(refused(format!(
                "the field {name} stands twice, and readers on the way take one or the other: send it once"
            )));
        }
    }
    Ok(())
}

/// Fields that a server behind takes for signed ones, and signed ones that would be taken away: what arrives there would not
/// be what was signed.
///
/// # Errors
/// The first of these.
pub fn check_disguises(fields: &HeaderMap, listed: &Components<'_>) -> Result<(), Refusal> {
    for named in options(fields) {
        if listed.contains(&named) {
            return Err(refused(format!(
                "the field Connection names `{}`, which is signed: it would be taken away here",
                named.escape_default()
            )));
        }
    }
    for name in fields.keys().filter(|name| !listed.contains(name.as_str())) {
        let disguised = listed.iter().find(|component| {
            let listed = component.name();
            folded(listed).eq(folded(name.as_str().as_bytes()))
        });
        if let Some(listed) = disguised {
            let problem = format!(
                "the field `{name}` is not signed and reads as `{listed}`, which is, for servers that take - and _ for \
                 the same: remove it"
            );
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "disguised-field",
                problem,
            ));
        }
    }
    Ok(())
}

/// What goes on: all but what is for this connection, and what tells who sent a request, in any spelling.
#[must_use]
pub fn passed_on(fields: &HeaderMap) -> HeaderMap {
    let ends_here = |name: &HeaderName| {
        HOP_BY_HOP.contains(name)
            || *name == EXPECT
            || is_verified_field(name)
            || options(fields).any(|option| option == name.as_str())
    };
    let kept = fields.iter().filter(|(name, _)| !ends_here(name));
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The same of an answer.
#[must_use]
pub fn answered(fields: &HeaderMap) -> HeaderMap {
    let ends_here = |name: &HeaderName| {
        HOP_BY_HOP.contains(name) || options(fields).any(|option| option == name.as_str())
    };
    let kept = fields.iter().filter(|(name, _)| !ends_here(name));
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Whether a server may read this name as one of ours.
fn is_verified_field(name: &HeaderName) -> bool {
    let prefix = folded(VERIFIED_PREFIX.as_bytes()).count();
    folded(name.as_str().as_bytes())
        .take(prefix)
        .eq(folded(VERIFIED_PREFIX.as_bytes()))
}

/// What `Connection` names, in lowercase.
fn options(fields: &HeaderMap) -> impl Iterator<Item = String> + '_ {
    let values = fields.get_all(CONNECTION).iter();
    let texts = values.map(|value| String::from_utf8_lossy(value.as_bytes()));
    texts.flat_map(|text| {
        let options: Vec<_> = text
            .split(',')
            .map(|part| part.trim().to_ascii_lowercase())
            .collect();
        options
    })
}

fn refused(message: String) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "invalid-header-value", message)
}
