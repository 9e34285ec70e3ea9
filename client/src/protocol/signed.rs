//! A request as it goes out, and how it is signed: last of all, with a date of its own.

use std::borrow::Cow;

use daxsign_core::{
    Components, ContentPolicy, Digest, HeaderField, MAX_SIGNATURE_LEN, Options, Profile, Request,
    Signer, Timestamp, sign_digest, signature_header_len, signing_digest,
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

/// A request of which nothing but the signature is missing.
pub(crate) struct Prepared {
    request: OutgoingRequest,
    list: String,
    /// What the key signs.
    pub(crate) digest: Digest,
}

impl Unsigned<'_> {
    pub(crate) fn sign(self, key: &Key, signing: &Signing) -> Result<OutgoingRequest, Error> {
        self.prepare(signing)?.sign(key)
    }

    /// Makes all but the signature.
    pub(crate) fn prepare(self, signing: &Signing) -> Result<Prepared, Error> {
        let list = match (&signing.list, self.fields.holds_idempotency_key()) {
            (List::Names(names), _) => names,
            (List::Bound, false) => List::BOUND,
            (List::Bound, true) => BOUND_LIST_WITH_KEY,
        };
        let headers = self.headers()?;
        let hash = string_hash(&self, &headers, list, signing).map_err(|error| {
            let error = Error::invalid(format!("the request cannot be signed: {error}"));
            labelled(error, self.method, &self.address)
        })?;
        Ok(Prepared {
            list: list.to_owned(),
            digest: signing.profile.digest(&hash),
            request: OutgoingRequest {
                method: self.method,
                address: self.address,
                headers,
                body: self.body,
                date: Some(self.date),
                string_hash: hash,
            },
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

/// The hash of the signing string, of which each profile makes its digest.
fn string_hash(
    request: &Unsigned<'_>,
    headers: &Headers,
    list: &str,
    signing: &Signing,
) -> Result<[u8; 32], daxsign_core::Error> {
    let fields = headers.iter();
    let fields: Vec<_> = fields
        .map(|(name, value)| HeaderField::new(name.as_bytes(), value))
        .collect();
    let (method, target) = (request.method.as_str(), &request.address.target);
    let request = Request::new(method, target, &fields, &request.body);
    let components = Components::parse(list)?;
    let options = Options {
        target: signing.target,
        content: ContentPolicy::Rest,
    };
    let hash = signing_digest(&request, &components, Profile::Documented, options)?;
    Ok(*hash.as_bytes())
}

/// With the request that it is of.
fn labelled(error: Error, method: Method, address: &Address) -> Error {
    let label = format!("{} {}", method.as_str(), address.path());
    error.with(|known| known.request = Some(label))
}

impl Prepared {
    /// With a signature by `key`.
    pub(crate) fn sign<S>(mut self, key: &S) -> Result<OutgoingRequest, Error>
    where
        S: Signer,
        S::Error: core::fmt::Display,
    {
        let value = self
            .signature(key)
            .map_err(|error| labelled(error, self.request.method, &self.request.address))?;
        self.request.headers.push(("Signature".into(), value));
        Ok(self.request)
    }

    /// The `Signature` field's value. What goes wrong here is the key's.
    fn signature<S>(&self, key: &S) -> Result<String, Error>
    where
        S: Signer,
        S::Error: core::fmt::Display,
    {
        let modulus_len = key.modulus_len();
        if modulus_len > MAX_SIGNATURE_LEN {
            let why = format!("the key has {modulus_len} bytes, more than {MAX_SIGNATURE_LEN}");
            return Err(Error::signer_failed(why));
        }
        let components = Components::parse(&self.list).map_err(Error::signer_failed)?;
        let bits = modulus_len.saturating_mul(8);
        let mut out = vec![0; signature_header_len(bits, self.list.len())];
        let value = sign_digest(key, &self.digest, &components, &mut out);
        Ok(value.map_err(Error::signer_failed)?.to_owned())
    }
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
