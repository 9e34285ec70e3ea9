//! Whether the content is JSON in UTF-8 (400 otherwise).

use daxsign_core::Request;

/// One `Content-Type`: `application/json`, with no other charset than UTF-8, and no content coding, which would hide
/// from the receiver what was signed.
pub(super) fn is_json(request: &Request<'_>) -> bool {
    let mut fields = request.field("content-type");
    let (Some(value), None) = (fields.next(), fields.next()) else {
        return false;
    };
    let coded = request.field("content-encoding").next().is_some();
    !coded && core::str::from_utf8(value).is_ok_and(names_json)
}

fn names_json(value: &str) -> bool {
    let mut parts = value.split(';').map(|part| part.trim_matches([' ', '\t']));
    let is_json = parts.next().unwrap_or_default();
    let is_utf8 = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let charset = value.trim_matches('"');
        !name.eq_ignore_ascii_case("charset") || charset.eq_ignore_ascii_case("utf-8")
    };
    is_json.eq_ignore_ascii_case("application/json") && parts.all(is_utf8)
}
