//! A request as it goes out, and how it is signed: last of all, with a date of its own.

use std::borrow::Cow;

use daxsign_core::{
    Components, ContentPolicy, HeaderField, MAX_SIGNATURE_LEN, Options, Profile, Request, Signer,
    Timestamp, sign_digest, signature_header_len, signing_digest,
};

use crate::error::Error;
use crate::key::Key;
use crate::protocol::address::Address;
use crate::protocol::request::Method;
use crate::settings::{List, Signing};

/// [`List::BOUND`] where there is an idempotency key.
const BOUND_LIST_WITH_KEY: &str =
    "(request-target) host content-type content-length x-dax-idempotency-key date";
const IDEMPOTENCY_KEY: &str = "X-Dax-Idempotency-Key";
const CONTENT_TYPE: &str = "application/json; charset=utf-8";
const USER_AGENT: &str = concat!("daxsign/", env!("CARGO_PKG_VERSION"));

/// A request as it goes out.
#[derive(Clone)]
pub struct OutgoingRequest {
    /// The method.
    pub method: Method,
    /// Where it goes: what stands on the request line is `address.target`.
    pub address: Address,
    /// The header fields in the order they are sent; `Host` and `Content-Length` are among them.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The body, never empty.
    pub body: Vec<u8>,
    /// The date that was signed; `None` for a request for a token, which is not signed.
    pub date: Option<Timestamp>,
    /// The SHA-256 of the signing string, by which a signed answer is paired.
    pub(crate) string_hash: [u8; 32],
}

/// What is signed.
pub(crate) struct Unsigned<'a> {
    pub(crate) method: Method,
    pub(crate) address: Address,
    pub(crate) body: Vec<u8>,
    pub(crate) token: Option<&'a str>,
    pub(crate) fields: Fields<'a>,
    pub(crate) date: Timestamp,
}

/// The fields of a request beside those that say where it goes, from whom, when and how long it is.
#[derive(Clone, Copy)]
pub(crate) enum Fields<'a> {
    /// Those of this client, with an idempotency key, if there is one.
    Own(Option<&'a str>),
    /// Those of another, as they came.
    Passed(&'a [(String, String)]),
}

impl Fields<'_> {
    fn holds_idempotency_key(self) -> bool {
        match self {
            Self::Own(key) => key.is_some(),
            Self::Passed(fields) => has(fields, IDEMPOTENCY_KEY),
        }
    }
}

/// Whether a field of this name is among them.
fn has(fields: &[(String, String)], name: &str) -> bool {
    let mut names = fields.iter().map(|(name, _)| name);
    names.any(|other| other.eq_ignore_ascii_case(name))
}

impl Unsigned<'_> {
    pub(crate) fn sign(self, key: &Key, signing: &Signing) -> Result<OutgoingRequest, Error> {
        let mut headers = self.headers()?;
        let list = match (&signing.list, self.fields.holds_idempotency_key()) {
            (List::Names(names), _) => names,
            (List::Bound, false) => List::BOUND,
            (List::Bound, true) => BOUND_LIST_WITH_KEY,
        };
        let (value, string_hash) = {
            let fields: Vec<_> = headers
                .iter()
                .map(|(name, value)| HeaderField::new(name.as_bytes(), value))
                .collect();
            let request = Request::new(
                self.method.as_str(),
                &self.address.target,
                &fields,
                &self.body,
            );
            signature(key, &request, list, signing).map_err(|error| {
                let label = format!("{} {}", self.method.as_str(), self.address.path());
                error.with(|known| known.request = Some(label))
            })?
        };
        headers.push(("Signature".into(), value));
        Ok(OutgoingRequest {
            method: self.method,
            address: self.address,
            headers,
            body: self.body,
            date: Some(self.date),
            string_hash,
        })
    }

    fn headers(&self) -> Result<Headers, Error> {
        let date = self
            .date
            .format()
            .map_err(|error| Error::invalid(error.to_string()))?;
        let mut headers: Headers = vec![("Host".into(), self.address.origin.authority())];
        if let Some(token) = self.token {
            headers.push(("Authorization".into(), format!("Bearer {token}")));
        }
        match self.fields {
            Fields::Own(key) => {
                headers.extend(common(CONTENT_TYPE, &self.body));
                headers.extend(key.map(|key| (IDEMPOTENCY_KEY.into(), key.to_owned())));
            }
            Fields::Passed(fields) => {
                let passed = fields.iter().cloned();
                headers.extend(passed.map(|(name, value)| (name.into(), value)));
                if !has(fields, "content-type") {
                    headers.push(("Content-Type".into(), CONTENT_TYPE.to_owned()));
                }
                headers.push(("Content-Length".into(), self.body.len().to_string()));
            }
        }
        headers.push(("Date".into(), date.to_string()));
        Ok(headers)
    }
}

/// Names and values in the order they are sent.
type Headers = Vec<(Cow<'static, str>, String)>;

/// What every request of this client has.
pub(crate) fn common(content_type: &str, body: &[u8]) -> Headers {
    let fields = [
        ("User-Agent", USER_AGENT.to_owned()),
        ("Accept", "application/json".to_owned()),
        ("Content-Type", content_type.to_owned()),
        ("Content-Length", body.len().to_string()),
    ];
    let named = fields.map(|(name, value)| (name.into(), value));
    named.to_vec()
}

/// The `Signature` field's value, and the hash of what it signs.
fn signature(
    key: &Key,
    request: &Request<'_>,
    list: &str,
    signing: &Signing,
) -> Result<(String, [u8; 32]), Error> {
    let refused = |error: daxsign_core::Error| {
        Error::invalid(format!("the request cannot be signed: {error}"))
    };
    let components = Components::parse(list).map_err(refused)?;
    let options = Options {
        target: signing.target,
        content: ContentPolicy::Rest,
    };
    // The string's own hash, of which each profile makes its digest.
    let hash = signing_digest(request, &components, Profile::Documented, options);
    let hash = *hash.map_err(refused)?.as_bytes();
    let digest = signing.profile.digest(&hash);
    // What goes wrong from here on is the key's.
    let modulus_len = key.modulus_len();
    if modulus_len > MAX_SIGNATURE_LEN {
        let why = format!("the key has {modulus_len} bytes, more than {MAX_SIGNATURE_LEN}");
        return Err(Error::signer_failed(why));
    }
    let bits = modulus_len.saturating_mul(8);
    let mut out = vec![0; signature_header_len(bits, list.len())];
    let value = sign_digest(key, &digest, &components, &mut out).map_err(Error::signer_failed)?;
    Ok((value.to_owned(), hash))
}

impl OutgoingRequest {
    /// The value of a header field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.headers.iter();
        let (_, value) = fields.find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        Some(value)
    }
}

impl core::fmt::Debug for OutgoingRequest {
    /// Without header fields and body.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let address = &self.address;
        let (method, path) = (self.method.as_str(), address.path());
        write!(f, "OutgoingRequest({method} {}{path})", address.origin)
    }
}
