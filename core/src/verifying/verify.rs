//! Verifying a request: its `Signature` field, its freshness, its binding, its signature, and
//! that it comes once (V-SIG, V-LIST, V-FRESH, V-REPLAY, S-BIND).

use crate::bytes::sha256::{HASH_LEN, Sha256};
use crate::bytes::sink::Sink;
use crate::error::refusal::Refusal;
use crate::error::{Error, MissingProblem};
use crate::request::Request;
use crate::request::date::Timestamp;
use crate::request::options::{Options, Policy};
use crate::rsa::public_key::{EMPTY_KEY, PublicKey};
use crate::rsa::sizes::MAX_SIGNATURE_LEN;
use crate::signing::components::Components;
use crate::signing::header::SignatureHeader;
use crate::signing::profile::Profile;
use crate::signing::stream::SigningStream;
use crate::verifying::replay_guard::ReplayStore;

/// How far a request's date may lie from `now`, in seconds, unless the caller chooses (V-FRESH).
pub const DEFAULT_WINDOW: u32 = 300;

/// Verifies requests with one public key, under one profile.
///
/// ```
/// # use daxsign_core::*;
/// # const KEY: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs1.pem");
/// # let private = PrivateKey::from_bytes(KEY)?;
/// # let public_key = private.public_key();
/// # let headers = [HeaderField::new("Date", "2020-05-17T14:44:30Z")];
/// # let unsigned = Request::new("GET", "/api/v2/DaxEndPoint", &headers, "");
/// # let mut out = [0; 512];
/// # let list = Components::default_for(&unsigned);
/// # let value = RequestSigner::new(&private, Profile::Documented).components(list).sign(&unsigned, &mut out)?;
/// # let headers = [headers[0], HeaderField::new("Signature", value)];
/// # let request = Request::new("GET", "/api/v2/DaxEndPoint", &headers, "");
/// let verifier = Verifier::new(public_key, Profile::Documented);
/// let mut guard = ReplayGuard::<64>::new();
/// let now = Timestamp::parse("2020-05-17T14:45:00Z")?;
///
/// let verified = verifier.verify_once(&request, now, &mut guard)?;
/// assert!(verified.components.contains("(request-target)"));
/// assert_eq!(verifier.verify_once(&request, now, &mut guard).err(), Some(Error::Replayed));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'k> {
    key: &'k PublicKey,
    profile: Profile,
    policy: Policy,
    window: u32,
    options: Options,
}

/// What a verified request proves: these components and the body were signed by the key's owner.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'r> {
    /// The components covered. What is not among them (the query, other fields) is not protected.
    pub components: Components<'r>,
    /// The request's date.
    pub date: Timestamp,
    /// The SHA-256 of the signing string. Whoever refuses replays by other means than a
    /// [`ReplayStore`] keeps it together with whose key this was: another key's signature over the
    /// same string is another request.
    pub string_hash: [u8; HASH_LEN],
}

impl<'k> Verifier<'k> {
    /// A verifier with the strict policy, a window of ±300 s and default options.
    #[must_use]
    pub const fn new(key: &'k PublicKey, profile: Profile) -> Self {
        Self {
            key,
            profile,
            policy: Policy::Strict,
            window: DEFAULT_WINDOW,
            options: Options::DAX,
        }
    }

    /// With another policy.
    #[must_use]
    pub const fn policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// With another window: how many seconds a date may lie before and after `now`.
    #[must_use]
    pub const fn window(self, seconds: u32) -> Self {
        Self {
            window: seconds,
            ..self
        }
    }

    /// With other options.
    #[must_use]
    pub const fn options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Verifies a request, which may have been verified before: see
    /// [`verify_once`](Self::verify_once).
    ///
    /// # Errors
    /// The first of: what is wrong with the `Signature` field; the first rule that the request
    /// breaks; [`Error::StaleDate`] or [`Error::FutureDate`]; [`Error::UnboundBody`] under the
    /// strict policy; [`Error::SignatureMismatch`].
    pub fn verify<'r>(&self, request: &Request<'r>, now: Timestamp) -> Result<Verified<'r>, Error> {
        self.whole(request, now)?.finish()
    }

    /// Verifies a request and accepts it once.
    ///
    /// # Errors
    /// As [`verify`](Self::verify), then those of [`ReplayStore::accept`].
    pub fn verify_once<'r>(
        &self,
        request: &Request<'r>,
        now: Timestamp,
        guard: &mut (impl ReplayStore + ?Sized),
    ) -> Result<Verified<'r>, Error> {
        self.whole(request, now)?.finish_once(guard)
    }

    /// Verifies a request whose body comes in pieces; a body in `head` counts as the first piece.
    /// `body_len` is the body's length if it is known.
    ///
    /// The date is judged now, and the list too where it is known that there is a body: by
    /// `body_len`, a `Content-Length` or a first piece. Else the first byte of a body that the list
    /// does not bind is refused.
    ///
    /// Nothing of the body may be acted on before
    /// [`finish`](VerifyingStream::finish) has accepted the request.
    ///
    /// # Errors
    /// As [`verify`](Self::verify), as far as the body is not needed; nothing of the body was
    /// hashed then.
    pub fn stream<'r>(
        &self,
        head: &Request<'r>,
        now: Timestamp,
        body_len: Option<u64>,
    ) -> Result<VerifyingStream<'k, 'r>, Error> {
        self.start(head, now, body_len, |_| Ok(()))
    }

    /// The stream of a request that is there as a whole.
    fn whole<'r>(
        &self,
        request: &Request<'r>,
        now: Timestamp,
    ) -> Result<VerifyingStream<'k, 'r>, Error> {
        let body_len = crate::bytes::sink::length(request.body);
        self.start(request, now, Some(body_len), |body| {
            Refusal::of(|refusal| crate::request::body::check(body, refusal))
        })
    }

    /// A stream that has taken the body in `head`, which is also judged by `check_body`.
    fn start<'r>(
        &self,
        head: &Request<'r>,
        now: Timestamp,
        body_len: Option<u64>,
        check_body: impl FnOnce(&[u8]) -> Result<(), Error>,
    ) -> Result<VerifyingStream<'k, 'r>, Error> {
        let header = self.header(head)?;
        let components = header.components()?;
        let mut stream = SigningStream::of_head(head, &components, self.options, body_len)
            .map_err(of_a_signed_request)?;
        stream.admit(head.body)?;
        check_body(head.body)?;
        self.check_freshness(stream.date(), now)?;
        stream.bind(components.unbound_under(self.policy))?;
        stream.write(head.body);
        Ok(VerifyingStream {
            verifier: *self,
            now,
            header,
            components,
            stream,
        })
    }

    /// The `Signature` field of the request, with a signature of the right form.
    fn header<'r>(&self, request: &Request<'r>) -> Result<SignatureHeader<'r>, Error> {
        let header = SignatureHeader::from_request(request)?;
        with_signature(self.key, &header, |_| Ok(()))?;
        Ok(header)
    }

    /// V-FRESH: the window's edges belong to it.
    fn check_freshness(&self, date: Timestamp, now: Timestamp) -> Result<(), Error> {
        let window = self.window;
        if now > date.saturating_add(window.into()) {
            return Err(Error::StaleDate {
                age: now.seconds_since(date),
                window,
            });
        }
        if date > now.saturating_add(window.into()) {
            return Err(Error::FutureDate {
                ahead: date.seconds_since(now),
                window,
            });
        }
        Ok(())
    }
}

/// A verification that waits for the rest of the body. See [`Verifier::stream`].
#[derive(Clone, Debug)]
pub struct VerifyingStream<'k, 'r> {
    verifier: Verifier<'k>,
    now: Timestamp,
    header: SignatureHeader<'r>,
    components: Components<'r>,
    stream: SigningStream,
}

impl<'r> VerifyingStream<'_, 'r> {
    /// Takes the next piece of the body.
    ///
    /// # Errors
    /// As [`SigningStream::update`]; [`Error::UnboundBody`] for the first byte of a body that the
    /// list does not bind.
    pub fn update(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.stream.update(piece)
    }

    /// The verdict.
    ///
    /// # Errors
    /// As [`Verifier::verify`]; what an [`update`](Self::update) was refused with.
    pub fn finish(self) -> Result<Verified<'r>, Error> {
        let date = self.stream.date();
        let string_hash = self.stream.finish_hash()?;
        let digest = self.verifier.profile.digest(&string_hash);
        let key = self.verifier.key;
        with_signature(key, &self.header, |signature| {
            key.verify_digest(&digest, signature)
        })?;
        Ok(Verified {
            components: self.components,
            date,
            string_hash,
        })
    }

    /// The verdict, accepted once.
    ///
    /// # Errors
    /// As [`Verifier::verify_once`].
    pub fn finish_once(
        self,
        guard: &mut (impl ReplayStore + ?Sized),
    ) -> Result<Verified<'r>, Error> {
        let (now, Verifier { key, window, .. }) = (self.now, self.verifier);
        let verified = self.finish()?;
        let id = request_id(key, &verified.string_hash);
        guard.accept(id, verified.date, now, window)?;
        Ok(verified)
    }
}

/// What a signature covers was there when it was made.
#[cold]
pub(crate) const fn of_a_signed_request(error: Error) -> Error {
    match error {
        Error::MissingHeader { name, .. } => Error::MissingHeader {
            name,
            problem: MissingProblem::Lost,
        },
        other => other,
    }
}

/// What a request is known by: see [`ReplayStore::accept`].
fn request_id(key: &PublicKey, string_hash: &[u8; HASH_LEN]) -> [u8; HASH_LEN] {
    let mut hash = Sha256::default();
    hash.write(string_hash);
    key.write_numbers(&mut hash);
    hash.finish()
}

/// Calls `judge` with the decoded signature of a field, for this key (S-SIG).
pub(crate) fn with_signature<T>(
    key: &PublicKey,
    header: &SignatureHeader<'_>,
    judge: impl FnOnce(&[u8]) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut buffer = [0; MAX_SIGNATURE_LEN];
    let signature = match buffer.get_mut(..key.modulus_len()) {
        Some(signature) if !signature.is_empty() => signature,
        _ => return Err(EMPTY_KEY),
    };
    header.decode_signature(signature)?;
    judge(signature)
}
