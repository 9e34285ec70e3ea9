//! A request's head: what it asks for, byte for byte, or why it is not passed on.

use daxsign_client::Method;
use daxsign_client::protocol::request::MAX_TARGET_LEN;
use http::header::{CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING, UPGRADE};
use http::request::Parts;
use http::{HeaderMap, StatusCode, Uri, Version};

use crate::forwarding::fields;
use crate::refusal::Refusal;

/// What passes of a head.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Head {
    /// Reads a head.
    ///
    /// # Errors
    /// What could not be passed on unchanged, or at all.
    pub(crate) fn read(parts: &Parts) -> Result<Self, Refusal> {
        check_framing(parts)?;
        check_switches(&parts.headers)?;
        Ok(Self {
            method: method(&parts.method)?,
            target: target(&parts.uri)?,
            fields: fields::passing(&parts.headers)?,
        })
    }
}

fn method(method: &http::Method) -> Result<Method, Refusal> {
    // HTTP's methods are case-sensitive (RFC 9110 9.1), and what is signed is in lowercase.
    let known = method.as_str().parse::<Method>().ok();
    let known = known.filter(|known| known.as_str() == method.as_str());
    known.ok_or_else(|| {
        Refusal::new(
            StatusCode::NOT_IMPLEMENTED,
            "method-refused",
            format!("the API has GET, POST, PUT, PATCH and DELETE; {method} is not passed on"),
        )
    })
}

/// The target as it came: nothing is decoded, joined, or taken away.
fn target(uri: &Uri) -> Result<String, Refusal> {
    let refused = |why: &str| {
        Err(Refusal::bad(
            "target-form",
            format!("{why}: where requests go is fixed; send the path alone, /api/v2.0/contracts"),
        ))
    };
    if uri.scheme().is_some() || uri.authority().is_some() {
        return refused("the target names a server");
    }
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    if !target.starts_with('/') {
        return refused("the target is no path");
    }
    if !target.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Refusal::bad(
            "target-bytes",
            "the target holds bytes that must be percent-encoded (RFC 3986 2.1)",
        ));
    }
    if target.len() > MAX_TARGET_LEN {
        return Err(Refusal::new(
            StatusCode::URI_TOO_LONG,
            "target-too-long",
            format!("the target has more than {MAX_TARGET_LEN} bytes, which servers do not take"),
        ));
    }
    Ok(target.to_owned())
}

/// Whether everybody reads the same body. (Behind a head that is refused the connection is closed.)
fn check_framing(parts: &Parts) -> Result<(), Refusal> {
    let refused = |why: &str| Err(Refusal::bad("framing", why));
    let coded = parts.headers.get_all(TRANSFER_ENCODING);
    let mut codings = coded.iter();
    if let Some(coding) = codings.next() {
        let chunked = coding.as_bytes().eq_ignore_ascii_case(b"chunked");
        if codings.next().is_some() || !chunked {
            return refused("Transfer-Encoding is \"chunked\" or nothing (RFC 9112 6.1)");
        }
        if parts.headers.contains_key(CONTENT_LENGTH) {
            return refused("both Transfer-Encoding and Content-Length (RFC 9112 6.3)");
        }
    }
    if !matches!(parts.version, Version::HTTP_10 | Version::HTTP_11) {
        return refused("HTTP/1.1 is spoken here");
    }
    Ok(())
}

/// What would make another protocol of the connection.
fn check_switches(fields: &HeaderMap) -> Result<(), Refusal> {
    let only = |value: &[u8], known: &[u8]| value.trim_ascii().eq_ignore_ascii_case(known);
    let expects = fields.get_all(EXPECT).iter();
    if !expects
        .map(http::HeaderValue::as_bytes)
        .all(|value| only(value, b"100-continue"))
    {
        return Err(Refusal::new(
            StatusCode::EXPECTATION_FAILED,
            "expectation-refused",
            "Expect: 100-continue is all that can be expected here",
        ));
    }
    // Clients of HTTP/2 offer it on connections in the clear, and go on without.
    let mut upgrades = fields.get_all(UPGRADE).iter();
    if upgrades.any(|value| !only(value.as_bytes(), b"h2c")) {
        return Err(Refusal::new(
            StatusCode::NOT_IMPLEMENTED,
            "upgrade-refused",
            "the API has no other protocol to upgrade to",
        ));
    }
    Ok(())
}
