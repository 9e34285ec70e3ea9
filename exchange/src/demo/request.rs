//! A request as a party signs it.

use std::fmt::Write;

use daxsign_core::{
    Components, HeaderField, Options, PrivateKey, Profile, Request, RequestSigner, Sha256,
    Timestamp, signing_string,
};

use super::failed::{Doing, Failed};
use crate::message::MessageName;

/// Room for a signing string and for a field: both are short here.
const ROOM: usize = 8 << 10;
const WHAT: &str = "signing a request";

/// A signed request.
pub(crate) struct Signed {
    pub(crate) target: String,
    pub(crate) bytes: Vec<u8>,
    /// What its answer names it by.
    pub(crate) name: MessageName,
    /// What was signed.
    pub(crate) list: String,
}

/// Signs a request under the rules of DAX's text: profile `documented`, the default list.
pub(super) fn sign(
    request: (&str, &str),
    body: &[u8],
    key: &PrivateKey,
    now: Timestamp,
) -> Result<Signed, Failed> {
    sign_as(Profile::Documented, request, body, key, now)
}

/// The same under a profile.
pub(crate) fn sign_as(
    profile: Profile,
    (method, target): (&str, &str),
    body: &[u8],
    key: &PrivateKey,
    now: Timestamp,
) -> Result<Signed, Failed> {
    let fields = [
        ("Date", now.format().doing(WHAT)?.to_string()),
        ("Content-Type", "application/json; charset=utf-8".to_owned()),
        ("Content-Length", body.len().to_string()),
    ];
    let headers: Vec<HeaderField<'_>> = fields
        .iter()
        .map(|(name, value)| HeaderField::new(*name, value))
        .collect();
    let request = Request::new(method, target, &headers, body);
    let list = Components::default_for(&request);
    let mut out = vec![0; ROOM];
    let signer = RequestSigner::new(key, profile).components(list);
    let signature = signer.sign(&request, &mut out).doing(WHAT)?;
    let mut string = vec![0; body.len().saturating_add(ROOM)];
    let string = signing_string(&request, &list, Options::DAX, &mut string).doing(WHAT)?;
    let mut head = format!("{method} {target} HTTP/1.1\r\n");
    for (name, value) in &fields {
        write!(head, "{name}: {value}\r\n").doing(WHAT)?;
    }
    write!(head, "Signature: {signature}\r\n\r\n").doing(WHAT)?;
    Ok(Signed {
        target: target.to_owned(),
        bytes: [head.as_bytes(), body].concat(),
        name: MessageName(Sha256::digest(string)),
        list: listed(signature).to_owned(),
    })
}

/// The list in a `Signature` field.
fn listed(signature: &str) -> &str {
    let (_, rest) = signature.split_once("headers=\"").unwrap_or_default();
    rest.split('"').next().unwrap_or_default()
}
