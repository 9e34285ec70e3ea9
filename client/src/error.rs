//! What went wrong with a call, in one type: its kind for programs, its text for people.

use core::fmt;
use std::sync::Arc;

use daxsign_core::Timestamp;

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Refused here, before anything was sent.
    Invalid,
    /// What holds the key does not sign: an HSM that is away, a card that is locked. The request is not
    /// to blame, and nothing of it was sent.
    SignerFailed,
    /// No connection, or no whole answer in time.
    Unreachable,
    /// The caller cancelled the call.
    Cancelled,
    /// Token or password are refused (401).
    Unauthorised,
    /// The signature is refused (401 and others that say so).
    SignatureRefused,
    /// No contract allows it, or not for this caller (403).
    ContractRefused,
    /// There is no such thing, or none that the caller may see (404).
    NotFound,
    /// Too many calls (429); [`Error::retry_at`] says when more are let through.
    RateLimited,
    /// The server does not accept this request (another 4xx).
    Rejected,
    /// The server failed (5xx); whether it did something is not known.
    ServerFailed,
    /// An answer whose signature is missing, wrong, or of another request.
    AnswerRefused,
    /// An answer that is not what the API describes.
    Unexpected,
}

impl ErrorKind {
    /// A stable name: `not-found`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid-request",
            Self::SignerFailed => "signer-failed",
            Self::Unreachable => "unreachable",
            Self::Cancelled => "cancelled",
            Self::Unauthorised => "unauthorised",
            Self::SignatureRefused => "signature-refused",
            Self::ContractRefused => "contract-refused",
            Self::NotFound => "not-found",
            Self::RateLimited => "rate-limited",
            Self::Rejected => "rejected",
            Self::ServerFailed => "server-failed",
            Self::AnswerRefused => "answer-refused",
            Self::Unexpected => "unexpected-answer",
        }
    }

    /// What to do, where something can be done.
    const fn advice(self) -> Option<&'static str> {
        Some(match self {
            Self::SignerFailed => "see to what holds the key, then call again",
            Self::Unauthorised => "check user, password and the caller's instance id",
            Self::SignatureRefused => {
                "check that the key belongs to the caller's own instance (not the target's), then \
                 profile and list"
            }
            Self::ContractRefused => "the contract with the target must allow this operation",
            _ => return None,
        })
    }
}

/// How far a request got that has no good answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sent {
    /// Not one byte: nothing was done, it can be sent again.
    #[default]
    Nothing,
    /// Some or all of it: whether it was done is not known.
    Maybe,
    /// The server answered.
    Answered,
}

/// A failed call. Cloning shares it.
#[derive(Clone)]
pub struct Error {
    kind: ErrorKind,
    known: Arc<Known>,
}

/// What is known of a failed call.
#[derive(Clone, Default)]
pub(crate) struct Known {
    pub(crate) what: String,
    /// Method and path.
    pub(crate) request: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) retry_at: Option<Timestamp>,
    pub(crate) sent: Sent,
    pub(crate) date: Option<Timestamp>,
    pub(crate) clock_skew: Option<i64>,
    pub(crate) thumbprint: Option<String>,
}

/// A difference of clocks, in seconds, that a refusal tells of: verifiers allow some minutes.
const TELLING_SKEW: i64 = 60;
/// How much of a server's message is shown.
const SHOWN_CHARS: usize = 500;

impl Error {
    pub(crate) fn new(kind: ErrorKind, known: Known) -> Self {
        Self {
            kind,
            known: Arc::new(known),
        }
    }

    fn plain(kind: ErrorKind, what: impl Into<String>) -> Self {
        let what = what.into();
        Self::new(
            kind,
            Known {
                what,
                ..Known::default()
            },
        )
    }

    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        Self::plain(ErrorKind::Invalid, what)
    }

    pub(crate) fn cancelled() -> Self {
        Self::plain(ErrorKind::Cancelled, "the call was cancelled")
    }

    /// The operating system gives no thread for the request for a token.
    #[cfg(feature = "blocking")]
    pub(crate) fn no_thread(why: &std::io::Error) -> Self {
        let text = format!("no thread for the request for a token: {why}; nothing was sent");
        Self::plain(ErrorKind::Unreachable, text)
    }

    /// What holds the key did not sign.
    pub(crate) fn signer_failed(why: impl fmt::Display) -> Self {
        let kind = ErrorKind::SignerFailed;
        Self::plain(kind, format!("{why}; nothing was sent"))
    }

    /// A key, in a device most likely, that takes longer than the call has.
    pub(crate) fn signer_too_slow() -> Self {
        Self::signer_failed("what holds the key did not sign in the time for this call")
    }

    /// A list whose pages do not move on.
    pub(crate) fn repeated_page(list: &str, offset: u64, correlation_id: Option<String>) -> Self {
        Self::plain(
            ErrorKind::Unexpected,
            format!(
                "{list}: the page at offset {offset} holds what earlier ones held: the server does \
                 not heed the offset, and what follows in the list cannot be had"
            ),
        )
        .with(|known| {
            known.sent = Sent::Answered;
            known.correlation_id = correlation_id;
        })
    }

    /// The same for an answer that came but cannot be taken.
    pub(crate) fn unusable(self) -> Self {
        let kind = ErrorKind::Unexpected;
        Self { kind, ..self }
    }

    /// The same with `change` made to what is known.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Known)) -> Self {
        change(Arc::make_mut(&mut self.known));
        self
    }

    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.known.status
    }

    /// What support asks for.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        self.known.correlation_id.as_deref()
    }

    /// What the server said.
    #[must_use]
    pub fn messages(&self) -> &[String] {
        &self.known.messages
    }

    /// The answer's body, byte for byte.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.known.body.as_deref()
    }

    /// All that support needs, on one line; [`Display`](fmt::Display) has the kind before it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_text(&mut text);
        text
    }

    /// When the server lets more calls through.
    #[must_use]
    pub fn retry_at(&self) -> Option<Timestamp> {
        self.known.retry_at
    }

    /// How far the request got.
    #[must_use]
    pub fn sent(&self) -> Sent {
        self.known.sent
    }

    /// By how many seconds our clock is ahead of the server's, by the answer's date.
    #[must_use]
    pub fn clock_skew(&self) -> Option<i64> {
        self.known.clock_skew
    }

    /// The thumbprint of the certificate that the server verified the request with: if there is
    /// one, the signature held.
    #[must_use]
    pub fn certificate_thumbprint(&self) -> Option<&str> {
        self.known.thumbprint.as_deref()
    }

    fn write_text(&self, f: &mut impl fmt::Write) -> fmt::Result {
        let known = &*self.known;
        if let Some(request) = &known.request {
            write!(f, "{request}: ")?;
        }
        if let Some(status) = known.status {
            write!(f, "status {status}: ")?;
        }
        f.write_str(&shown(&known.what))?;
        for message in &known.messages {
            write!(f, "; \"{}\"", shown(message))?;
        }
        if let Some(advice) = self.kind.advice() {
            write!(f, "; {advice}")?;
        }
        if let Some(skew) = known.clock_skew.filter(|skew| skew.abs() > TELLING_SKEW) {
            let side = if skew > 0 { "ahead of" } else { "behind" };
            write!(f, "; this clock is {} s {side} the server's", skew.abs())?;
        }
        for (what, time) in [("again from", known.retry_at), ("sent", known.date)] {
            if let Some(time) = time.and_then(|time| time.format().ok()) {
                write!(f, "; {what} {time}")?;
            }
        }
        if let Some(id) = &known.correlation_id {
            write!(f, "; correlation id {}", shown(id))?;
        }
        Ok(())
    }
}

/// At most so many characters of a text from outside, on one line.
fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN_CHARS)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

impl fmt::Display for Error {
    /// The kind and [`Error::text`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: ", self.kind.name())?;
        self.write_text(f)
    }
}

impl fmt::Debug for Error {
    /// As `Display`: the body is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Error {}
