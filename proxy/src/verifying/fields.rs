//! Which fields go on, and which requests are read differently by others on the way (S-FRAMING).

use daxsign_core::Components;
use http::header::{
    CONTENT_LENGTH, EXPECT, HOST, HeaderName, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use http::{HeaderMap, StatusCode};

use crate::field_names::{EndingHere, VERIFIED_PREFIX, folded};
use crate::refusal::Refusal;

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
    for named in EndingHere::of(fields).named() {
        if listed.contains(named) {
            return Err(refused(format!(
                "the field Connection names `{}`, which is signed: it would be taken away here",
                named.escape_default()
            )));
        }
    }
    for name in fields.keys().filter(|name| !listed.contains(name.as_str())) {
        let read = folded(name.as_str().as_bytes());
        let disguised = listed.iter().find(|signed| folded(signed.name()) == read);
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

/// What goes on: all but what is for this connection or this receiver, and what tells who sent a request, in any spelling.
#[must_use]
pub fn passed_on(fields: &HeaderMap) -> HeaderMap {
    let ending = EndingHere::of(fields);
    let ends = |name: &HeaderName| {
        ending.contains(name.as_str())
            || [EXPECT, PROXY_AUTHORIZATION].contains(name)
            || folded(name.as_str().as_bytes()).starts_with(VERIFIED_PREFIX)
    };
    let kept = fields.iter().filter(|(name, _)| !ends(name));
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn refused(message: String) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "invalid-header-value", message)
}
