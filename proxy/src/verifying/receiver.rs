//! The judge: a whole request and the time in, what goes on or a refusal out.

use daxsign_core::{
    Components, Error, Explainer, Finding, HeaderField, MAX_SIGNATURE_LEN, Options, Policy,
    Profile, Request, SIGNATURE_FIELD, SignatureHeader, TargetForm, Timestamp, Verified, Verifier,
    signing_digest,
};
use http::header::{HeaderName, HeaderValue};
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, StatusCode, Uri};
use std::sync::Arc;

use super::fields;
use super::memory::ReplayMemory;
use super::peers::{PeerKey, Peers};
use crate::refusal::Refusal;

/// After how many seconds a full memory may have room again.
const ROOM_AFTER: u32 = 10;

/// How requests are judged.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Whose requests pass.
    pub peers: Peers,
    /// The profile that they sign with.
    pub profile: Profile,
    /// Which lists are accepted for a body.
    pub policy: Policy,
    /// How far a date may lie from now, in seconds.
    pub window: u32,
    /// What else was agreed on.
    pub options: Options,
}

/// A request as it was received, whole.
#[derive(Clone, Copy, Debug)]
pub struct Received<'r> {
    /// The method.
    pub method: &'r Method,
    /// The target.
    pub target: &'r Uri,
    /// The fields.
    pub fields: &'r HeaderMap,
    /// The body.
    pub body: &'r [u8],
}

/// A request that goes on.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The fields that the upstream gets.
    pub fields: HeaderMap,
    /// Who sent it.
    pub peer: Arc<str>,
}

impl Receiver {
    /// Judges a request, and remembers it if it passes.
    ///
    /// # Errors
    /// What is answered instead: the first rule that is broken.
    pub fn judge(
        &self,
        received: &Received<'_>,
        memory: &ReplayMemory,
        now: Timestamp,
    ) -> Result<Passed, Refusal> {
        let (target, fields) = (target(received)?, header_fields(received));
        let request = Request::new(received.method.as_str(), target, &fields, received.body);
        let header = SignatureHeader::from_request(&request).map_err(refusal)?;
        let components = header.components().map_err(refusal)?;
        fields::check_disguises(received.fields, &components)?;

        let signer = self.signer(&request, &header, &components);
        if let Some(known) = signer {
            check_validity(known, now)?;
        }
        let key = signer.or_else(|| self.of_that_size(&header));
        let Some(key) = key.or(self.peers.keys().first()) else {
            return Err(refusal(Error::InternalFault));
        };
        let reads = [Method::GET, Method::HEAD].contains(received.method);
        let target_unsigned = reads && self.options.target == TargetForm::Path;
        let mut store = memory.of(target_unsigned.then_some(target.as_bytes()));
        let verified = Verifier::new(&key.key, self.profile)
            .policy(self.policy)
            .window(self.window)
            .options(self.options)
            .verify_once(&request, now, &mut store)
            .map_err(|error| self.why_refused(&request, &header, error))?;
        let mut fields = fields::passed_on(received.fields);
        self.tell(&mut fields, key, &verified);
        let peer = Arc::clone(&key.peer);
        Ok(Passed { fields, peer })
    }

    /// The key that made the signature, whatever else is wrong. The body is hashed once, however many keys there are.
    fn signer(
        &self,
        request: &Request<'_>,
        header: &SignatureHeader<'_>,
        components: &Components<'_>,
    ) -> Option<&PeerKey> {
        let digest = signing_digest(request, components, self.profile, self.options).ok()?;
        self.peers.keys().iter().find(|peer| {
            decoded(header, peer, |signature| {
                peer.key.verify_digest(&digest, signature).is_ok()
            })
        })
    }

    /// A key that the signature is long enough for.
    fn of_that_size(&self, header: &SignatureHeader<'_>) -> Option<&PeerKey> {
        let mut keys = self.peers.keys().iter();
        keys.find(|peer| decoded(header, peer, |_| true))
    }

    /// The refusal; of a signature that matches nothing, whether a key that is known made it.
    fn why_refused(
        &self,
        request: &Request<'_>,
        header: &SignatureHeader<'_>,
        error: Error,
    ) -> Refusal {
        if error != Error::SignatureMismatch {
            return refusal(error);
        }
        // What the signature holds is seen without the body, which may be large.
        let request = Request {
            body: b"",
            ..*request
        };
        let knows = |peer: &PeerKey| {
            let explained = Explainer::new(&peer.key).budget(0).explain(&request);
            !matches!(explained.finding, None | Some(Finding::WrongKey))
        };
        let mut fitting = self
            .peers
            .keys()
            .iter()
            .filter(|peer| decoded(header, peer, |_| true));
        if fitting.any(knows) {
            return refusal(error);
        }
        Refusal::new(
            StatusCode::UNAUTHORIZED,
            "unknown-key",
            "the signature was made with no key that is known here, or was damaged: the key's owner compares its \
             thumbprint with the one that is known here",
        )
    }

    /// Adds what the upstream is told.
    fn tell(&self, fields: &mut HeaderMap, key: &PeerKey, verified: &Verified<'_>) {
        let components: Vec<_> = verified
            .components
            .iter()
            .map(|name| name.to_string())
            .collect();
        let date = verified.date.format().map(|date| date.to_string());
        for (name, value) in [
            ("x-dax-verified-peer", &*key.peer),
            ("x-dax-verified-thumbprint", &key.thumbprint),
            ("x-dax-verified-date", &date.unwrap_or_default()),
            ("x-dax-verified-components", &components.join(" ")),
            ("x-dax-verified-profile", self.profile.name()),
        ] {
            // Names and values are tokens, digits and dates.
            if let Ok(value) = HeaderValue::from_str(value) {
                fields.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// Whether the signature has the length for a key, and `judge` says so.
fn decoded(
    header: &SignatureHeader<'_>,
    peer: &PeerKey,
    judge: impl FnOnce(&[u8]) -> bool,
) -> bool {
    let mut buffer = [0; MAX_SIGNATURE_LEN];
    let signature = buffer.get_mut(..peer.key.modulus_len());
    signature
        .is_some_and(|signature| header.decode_signature(signature).is_ok() && judge(signature))
}

/// What is wrong with a head by itself: whoever signed nothing need not send a body.
///
/// # Errors
/// As [`Receiver::judge`], whose first part it is.
pub fn check_head(received: &Received<'_>) -> Result<(), Refusal> {
    let (target, fields) = (target(received)?, header_fields(received));
    let request = Request::new(received.method.as_str(), target, &fields, b"");
    let header = SignatureHeader::from_request(&request).map_err(refusal)?;
    let components = header.components().map_err(refusal)?;
    fields::check_disguises(received.fields, &components)
}

/// The target of a request that everybody reads alike.
fn target<'r>(received: &Received<'r>) -> Result<&'r str, Refusal> {
    fields::check_framing(received.fields)?;
    check_method(received.method)?;
    origin_form(received.target)
}

fn header_fields<'r>(received: &Received<'r>) -> Vec<HeaderField<'r>> {
    let fields = received.fields.iter();
    fields
        .map(|(name, value)| HeaderField::new(name.as_str(), value.as_bytes()))
        .collect()
}

/// What is signed is the method in lowercase, so nobody signed how it is spelt; and methods are case-sensitive (RFC 9110 9.1).
fn check_method(method: &Method) -> Result<(), Refusal> {
    if !method
        .as_str()
        .bytes()
        .any(|byte| byte.is_ascii_lowercase())
    {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::BAD_REQUEST,
        "invalid-method",
        format!(
            "the method {method} is not in capitals, and a service may take it for another than what was signed"
        ),
    ))
}

/// The target as it stood on the request line, if it is a path (RFC 9112, 3.2.1).
fn origin_form(target: &Uri) -> Result<&str, Refusal> {
    let path = target
        .path_and_query()
        .filter(|_| target.authority().is_none());
    path.map(PathAndQuery::as_str).filter(|path| path.starts_with('/')).ok_or_else(|| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "invalid-target",
            "the request line holds more than a path with its query, such as /doors?open=1: requests for proxies are \
             not served here",
        )
    })
}

/// A certificate that does not hold now is as good as none.
fn check_validity(peer: &PeerKey, now: Timestamp) -> Result<(), Refusal> {
    let problem = match peer.validity {
        Some((start, _)) if now < start => "does not hold yet",
        Some((_, end)) if now > end => "has expired",
        _ => return Ok(()),
    };
    Err(Refusal::new(
        StatusCode::UNAUTHORIZED,
        "expired-certificate",
        format!(
            "the certificate of the key that made this signature {problem}: its owner needs a new one"
        ),
    ))
}

/// The answer to what the core refuses, with its name and words (docs/errors.md).
fn refusal(error: Error) -> Refusal {
    let is_unsigned = matches!(&error, Error::MissingHeader { name, .. }
        if name.as_str().eq_ignore_ascii_case(SIGNATURE_FIELD));
    let status = match error {
        Error::SignatureMismatch
        | Error::StaleDate { .. }
        | Error::FutureDate { .. }
        | Error::Replayed => StatusCode::UNAUTHORIZED,
        Error::MissingHeader { .. } if is_unsigned => StatusCode::UNAUTHORIZED,
        Error::ReplayGuardFull { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::InternalFault | Error::InvalidKey { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let refusal = Refusal::new(status, error.name(), error.to_string());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return refusal.retry_after(ROOM_AFTER);
    }
    refusal
}
