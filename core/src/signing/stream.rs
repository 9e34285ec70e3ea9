//! The signing string of a request whose body comes in pieces.

use crate::bytes::digest::Digest;
use crate::bytes::sha256::{HASH_LEN, Sha256};
use crate::bytes::sink::Sink;
use crate::error::refusal::Refusal;
use crate::error::{BindingProblem, Error};
use crate::request::Request;
use crate::request::body::{BYTE_ORDER_MARK_FOUND, ByteOrderMarkCheck};
use crate::request::date::Timestamp;
use crate::request::options::Options;
use crate::request::{charset, content_length};
use crate::signing::components::Components;
use crate::signing::profile::Profile;
use crate::signing::string::write_lines;

/// Hashes a request piece by piece, in at most 160 bytes of memory whatever the body's size.
///
/// A byte order mark at the body's start is refused as in one call; that the body is UTF-8
/// (S-UTF8) is checked only where it is signed in one call.
///
/// ```
/// use daxsign_core::{Components, HeaderField, Options, Profile, Request, SigningStream};
/// # use daxsign_core::signing_digest;
/// let headers = [
///     HeaderField::new("Date", "2020-05-17T14:44:30+02:00"),
///     HeaderField::new("Content-Length", "18"),
/// ];
/// let head = Request::new("POST", "/api/v2/DaxEndPoint", &headers, "");
/// let components = Components::default_for(&head);
/// let mut stream = SigningStream::new(&head, &components, Options::default(), None)?;
/// stream.update(b"{\"hello\": ")?;
/// stream.update(b"\"world\"}")?;
/// let digest = stream.finish(Profile::Documented)?;
/// # let whole = Request::new("POST", "/api/v2/DaxEndPoint", &headers, "{\"hello\": \"world\"}");
/// # assert_eq!(digest, signing_digest(&whole, &components, Profile::Documented, Options::default())?);
/// # Ok::<(), daxsign_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SigningStream {
    hash: Sha256,
    date: Timestamp,
    /// What `Content-Length` or the caller said.
    expected: Option<u64>,
    received: u64,
    byte_order_mark: ByteOrderMarkCheck,
    /// Why a body is refused; `None` where one may come.
    unbound: Option<BindingProblem>,
    /// Why everything that still comes is refused.
    refused: Option<Refused>,
}

/// What a piece was refused for. What the error tells stands in the stream.
#[derive(Clone, Copy, Debug)]
enum Refused {
    TooLong,
    ByteOrderMark,
    Unbound(BindingProblem),
}

impl SigningStream {
    /// Checks and hashes everything but the body. A body in `head` counts as the first piece.
    ///
    /// `body_len` is the body's length if it is known: it is compared with `Content-Length` now.
    /// The length that arrives is compared with both at the end.
    ///
    /// # Errors
    /// The first rule that the request breaks; [`Error::UnboundBody`] as in
    /// [`signing_digest`](crate::signing_digest), as soon as it is known that there is a body.
    pub fn new(
        head: &Request<'_>,
        components: &Components<'_>,
        options: Options,
        body_len: Option<u64>,
    ) -> Result<Self, Error> {
        let mut stream = Self::of_head(head, components, options, body_len)?;
        stream.admit(head.body)?;
        stream.bind(components.unbound())?;
        stream.write(head.body);
        Ok(stream)
    }

    /// The same without the body in `head`.
    pub(crate) fn of_head(
        head: &Request<'_>,
        components: &Components<'_>,
        options: Options,
        body_len: Option<u64>,
    ) -> Result<Self, Error> {
        let mut hash = Sha256::default();
        let lines = Refusal::of(|refusal| {
            let lines = write_lines(head, components, options, &mut hash, refusal)?;
            if let Some(actual) = body_len
                && actual == crate::bytes::sink::length(head.body)
            {
                content_length::check_body(lines.content_length, head.body, refusal)?;
            }
            Ok(lines)
        })?;
        if let Some(actual) = body_len {
            content_length::check(lines.content_length, actual)?;
        }
        Refusal::of(|refusal| charset::check(head, options.content, refusal))?;
        Ok(Self {
            hash,
            date: lines.date,
            expected: lines.content_length.or(body_len),
            received: 0,
            byte_order_mark: ByteOrderMarkCheck::default(),
            unbound: None,
            refused: None,
        })
    }

    /// Takes the next piece of the body.
    ///
    /// # Errors
    /// [`Error::ContentLengthMismatch`] as soon as more bytes came than expected;
    /// [`Error::InvalidBody`] for a byte order mark; [`Error::UnboundBody`] for the first byte, as
    /// [`new`](Self::new) says. A stream that refused a piece refuses everything that follows,
    /// [`finish`](Self::finish) too, with the same error.
    pub fn update(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.admit(piece)?;
        self.write(piece);
        Ok(())
    }

    /// Checks the next piece and counts it, without hashing it.
    pub(crate) fn admit(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.check_refused()?;
        self.received = self
            .received
            .saturating_add(crate::bytes::sink::length(piece));
        let too_long = |expected| self.received > expected;
        self.refused = if self.expected.is_some_and(too_long) {
            Some(Refused::TooLong)
        } else if self.byte_order_mark.check(piece).is_err() {
            Some(Refused::ByteOrderMark)
        } else if self.received > 0 {
            self.unbound.map(Refused::Unbound)
        } else {
            None
        };
        self.check_refused()
    }

    /// Refuses a body for this reason: at once where one is known to come, else with its first
    /// byte.
    pub(crate) fn bind(&mut self, unbound: Option<BindingProblem>) -> Result<(), Error> {
        self.unbound = unbound;
        let known = self.received > 0 || self.expected.is_some_and(|len| len > 0);
        self.refused = unbound.filter(|_| known).map(Refused::Unbound);
        self.check_refused()
    }

    /// Takes a piece that was [admitted](Self::admit).
    pub(crate) fn write(&mut self, piece: &[u8]) {
        self.hash.write(piece);
    }

    fn check_refused(&self) -> Result<(), Error> {
        Err(match self.refused {
            None => return Ok(()),
            Some(Refused::TooLong) => content_length::mismatch(self.expected, self.received),
            Some(Refused::ByteOrderMark) => BYTE_ORDER_MARK_FOUND,
            Some(Refused::Unbound(problem)) => Error::UnboundBody { problem },
        })
    }

    /// The digest to sign.
    ///
    /// # Errors
    /// [`Error::ContentLengthMismatch`] if fewer bytes came than expected; what an
    /// [`update`](Self::update) was refused with.
    pub fn finish(self, profile: Profile) -> Result<Digest, Error> {
        Ok(profile.digest(&self.finish_hash()?))
    }

    /// The request's date.
    #[must_use]
    pub const fn date(&self) -> Timestamp {
        self.date
    }

    /// The SHA-256 of the signing string.
    pub(crate) fn finish_hash(self) -> Result<[u8; HASH_LEN], Error> {
        self.check_refused()?;
        content_length::check(self.expected, self.received)?;
        Ok(self.hash.finish())
    }
}
