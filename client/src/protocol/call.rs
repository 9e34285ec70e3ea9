//! One call, from its first request to its end: what is sent, and what each answer asks for.

use std::time::Duration;

use daxsign_core::Timestamp;

use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Known, Sent};
use crate::protocol::Now;
use crate::protocol::address::{Address, shown};
use crate::protocol::answer::Answer;
use crate::protocol::answer_signature::{self, Asked};
use crate::protocol::encoding::encoded;
use crate::protocol::envelope::Envelope;
use crate::protocol::request::{ApiRequest, CallOptions, ForwardedRequest, Method, Repeat};
use crate::protocol::session::{Session, check_plain};
#[cfg(feature = "async")]
use crate::protocol::signed::Prepared;
use crate::protocol::signed::{Fields, OutgoingRequest, Unsigned, common};
use crate::protocol::tokens::{Granted, Token};
use crate::protocol::wait::{limit_end, limit_pause, retry_pause};
use crate::settings::Answers;

/// In what a service says of a signature, or of the date that it covers.
const SIGNED: [&str; 3] = ["signature", "[stale-date]", "[future-date]"];

/// What to do after an answer.
#[derive(Debug)]
pub enum Step {
    /// The call is done.
    Done(Box<Answered>),
    /// It goes on elsewhere: send again, at once.
    Redirect,
    /// The token is refused: get another, then send again. Asked for once in a call.
    RefreshToken,
    /// The server lets nothing through for so long: send again then.
    Wait(Duration),
    /// It failed and may be sent again, after this pause.
    Retry(Duration),
    /// The call has failed.
    Failed(Error),
}

/// A good answer.
#[derive(Debug)]
pub struct Answered {
    /// As it came.
    pub answer: Answer,
    /// Its body, taken apart.
    pub envelope: Envelope,
    /// Whether it was signed by the exchange, as an answer to this request.
    pub verified: bool,
    /// Method and path, for errors.
    pub(crate) label: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, Default)]
pub struct NoAnswer {
    /// How far the request got.
    pub sent: Sent,
    /// Sending it again would not help: a certificate that is not trusted, say.
    pub lasting: bool,
    /// What happened, in words.
    pub text: String,
}

impl NoAnswer {
    /// With `text` in words.
    #[must_use]
    pub fn new(sent: Sent, lasting: bool, text: impl core::fmt::Display) -> Self {
        Self {
            sent,
            lasting,
            text: text.to_string(),
        }
    }
}

/// What a call is for.
enum What {
    Api {
        method: Method,
        idempotency_key: Option<String>,
        repeat: Repeat,
    },
    /// Another's request, whose answer is for that other.
    Forwarded {
        method: Method,
        fields: Vec<(String, String)>,
    },
    Token,
}

/// A call. The caller sends what [`request`](Self::request) returns and hands in what comes back,
/// until it is [`Step::Done`] or [`Step::Failed`].
pub struct Call {
    what: What,
    address: Address,
    body: Vec<u8>,
    deadline: Duration,
    cancel: Option<Cancel>,
    redirects: u8,
    failed_attempts: u8,
    /// The token that was refused; another is asked for once.
    refused_token: Option<u64>,
    used_token: Option<u64>,
    /// Of the last request.
    date: Option<Timestamp>,
    string_hash: [u8; 32],
    span: tracing::Span,
}

/// The fields of another's request that go to any server: what it sends and wants, and the ids by which it is found.
const TO_ANY_SERVER: [&str; 8] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "content-encoding",
    "content-type",
    "user-agent",
    "x-correlation-id",
    "x-dax-idempotency-key",
];

fn goes_anywhere(name: &str) -> bool {
    let same = |other: &&str| other.eq_ignore_ascii_case(name);
    TO_ANY_SERVER.iter().any(same)
}

const FORM: &str = "application/x-www-form-urlencoded";

impl Call {
    /// A call to the API.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for what cannot be sent.
    pub fn new(
        session: &Session,
        request: &ApiRequest,
        options: &CallOptions,
        now: Now,
    ) -> Result<Self, Error> {
        let timeout = options.timeout.unwrap_or(session.settings.timeout);
        let what = What::Api {
            method: request.method,
            idempotency_key: options.idempotency_key.clone(),
            repeat: request.repeat,
        };
        let mut call = Self::start(
            what,
            session.address_of(request)?,
            session.body_of(request, options)?,
            now.elapsed.saturating_add(timeout),
        );
        call.cancel.clone_from(&options.cancel);
        Ok(call)
    }

    /// A request that somebody else made. Whatever the server answers is its answer: it is neither read
    /// nor judged, and only a redirect and a token that is refused are for this call.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for a target that cannot be sent.
    pub fn forwarded(
        session: &Session,
        request: ForwardedRequest,
        now: Now,
    ) -> Result<Self, Error> {
        let address = session.address_of_forwarded(&request.target)?;
        let ForwardedRequest {
            method,
            mut fields,
            mut body,
            timeout,
            ..
        } = request;
        if body.is_empty() {
            body.extend_from_slice(b"{}");
            // A type that was told of nothing is not that of this.
            fields.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        }
        let what = What::Forwarded { method, fields };
        let timeout = timeout.unwrap_or(session.settings.timeout);
        let deadline = now.elapsed.saturating_add(timeout);
        let mut call = Self::start(what, address, body, deadline);
        call.keep_from_strangers(session);
        Ok(call)
    }

    /// What another put into its request for the server of the settings, cookies and keys among it, is seen by
    /// that server alone.
    fn keep_from_strangers(&mut self, session: &Session) {
        let settings = &session.settings;
        let What::Forwarded { fields, .. } = &mut self.what else {
            return;
        };
        if self.address.origin != settings.base {
            fields.retain(|(name, _)| goes_anywhere(name) || settings.signing.names(name));
        }
    }

    /// The request for a token. All who wait for it share it, so its time is its own: the settings',
    /// and not that of the call which asked first.
    #[must_use]
    pub fn for_token(session: &Session, now: Now) -> Self {
        let settings = &session.settings;
        let deadline = now.elapsed.saturating_add(settings.timeout);
        let mut form = format!(
            "grant_type=password&username={}&password={}&client_id={}",
            encoded(&settings.user),
            encoded(settings.password.expose()),
            settings.client_id,
        );
        if let Some(scope) = &settings.scope {
            form.push_str("&scope=");
            form.push_str(&encoded(scope));
        }
        let path = &settings.token_path;
        let (target, body) = if settings.token_in_query {
            (format!("{path}?{form}"), String::new())
        } else {
            (path.clone(), form)
        };
        let origin = settings.base.clone();
        let address = Address { origin, target };
        Self::start(What::Token, address, body.into_bytes(), deadline)
    }

    fn start(what: What, address: Address, body: Vec<u8>, deadline: Duration) -> Self {
        let mut call = Self {
            what,
            address,
            body,
            deadline,
            cancel: None,
            redirects: 0,
            failed_attempts: 0,
            refused_token: None,
            used_token: None,
            date: None,
            string_hash: [0; 32],
            span: tracing::Span::none(),
        };
        call.span = tracing::info_span!(
            "dax",
            method = call.method().as_str(),
            path = call.address.path(),
            status = tracing::field::Empty,
            correlation_id = tracing::field::Empty,
        );
        call
    }

    fn method(&self) -> Method {
        match self.what {
            What::Api { method, .. } | What::Forwarded { method, .. } => method,
            What::Token => Method::Post,
        }
    }

    fn repeat(&self) -> Repeat {
        match self.what {
            What::Api { repeat, .. } => repeat,
            What::Forwarded { .. } => Repeat::Unsent,
            // A token more does no harm.
            What::Token => Repeat::Always,
        }
    }

    /// Whether the next request needs a token: it goes to the server that tokens are of.
    #[must_use]
    pub fn wants_token(&self, session: &Session) -> bool {
        !self.is_for_token() && self.address.origin == session.settings.base
    }

    pub(crate) fn is_for_token(&self) -> bool {
        matches!(self.what, What::Token)
    }

    /// The number of the token that was refused, for [`Tokens::ask`](super::tokens::Tokens::ask).
    #[must_use]
    pub fn refused_token(&self) -> Option<u64> {
        self.refused_token
    }

    /// How much time is left.
    #[must_use]
    pub fn time_left(&self, now: Now) -> Duration {
        self.deadline.saturating_sub(now.elapsed)
    }

    /// Whether the caller stopped it.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_cancelled)
    }

    /// Whether it may go on.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`], or [`ErrorKind::Unreachable`] when the time is over.
    pub fn check(&self, now: Now) -> Result<(), Error> {
        self.check_until(now, "the time for this call is over")
    }

    /// The same while it waits for a token.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn check_waiting(&self, now: Now) -> Result<(), Error> {
        self.check_until(now, "no token came in the time for this call")
    }

    /// The same once it is signed: a key in a device may have taken all the time there was.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`], or [`ErrorKind::SignerFailed`] when the time is over.
    pub fn check_signed(&self, now: Now) -> Result<(), Error> {
        if !self.is_cancelled() && self.time_left(now).is_zero() {
            return Err(Error::signer_too_slow());
        }
        self.check(now)
    }

    fn check_until(&self, now: Now, text: &str) -> Result<(), Error> {
        if self.is_cancelled() {
            return Err(Error::cancelled());
        }
        if self.time_left(now).is_zero() {
            return Err(self.unreachable(text, Sent::Nothing));
        }
        Ok(())
    }

    /// What logs of this call belong to; it holds status and correlation id once they are known.
    #[must_use]
    pub fn span(&self) -> &tracing::Span {
        &self.span
    }

    /// The next request to send, signed last of all, with a date that no other has.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for what cannot be signed, [`ErrorKind::SignerFailed`] for a key that does
    /// not sign, [`ErrorKind::Cancelled`], [`ErrorKind::Unreachable`] when the time is over.
    pub fn request(
        &mut self,
        session: &Session,
        token: Option<&Token>,
        now: Now,
    ) -> Result<OutgoingRequest, Error> {
        self.check(now)?;
        if self.is_for_token() {
            return Ok(self.token_request());
        }
        let unsigned = self.unsigned(session, token, now);
        let signed = session.sign_unsigned(unsigned)?;
        self.sends(&signed);
        Ok(signed)
    }

    /// The same without a signature, where signing many at once is faster; [`sends`](Self::sends) tells
    /// that it got one.
    #[cfg(feature = "async")]
    pub(crate) fn prepared(
        &mut self,
        session: &Session,
        token: Option<&Token>,
        now: Now,
    ) -> Result<Prepared, Error> {
        self.check(now)?;
        session.prepare(self.unsigned(session, token, now))
    }

    /// What is signed of a call to the API.
    fn unsigned<'a>(
        &'a mut self,
        session: &Session,
        token: Option<&'a Token>,
        now: Now,
    ) -> Unsigned<'a> {
        // A token is seen by the server that it is of, and by nobody else.
        let token = token.filter(|_| self.wants_token(session));
        self.used_token = token.map(|token| token.number);
        Unsigned {
            method: self.method(),
            address: self.address.clone(),
            body: self.body.clone(),
            token: token.map(|token| token.value.expose()),
            fields: match &self.what {
                What::Api {
                    idempotency_key, ..
                } => Fields::Own(idempotency_key.as_deref()),
                What::Forwarded { fields, .. } => Fields::Passed(fields),
                What::Token => Fields::Own(None),
            },
            date: session.next_date(now.utc),
        }
    }

    /// What is sent next.
    pub(crate) fn sends(&mut self, signed: &OutgoingRequest) {
        (self.date, self.string_hash) = (signed.date, signed.string_hash);
    }

    fn token_request(&self) -> OutgoingRequest {
        let mut headers = vec![("Host".into(), self.address.origin.authority())];
        headers.extend(common(FORM, &self.body));
        OutgoingRequest {
            method: Method::Post,
            address: self.address.clone(),
            headers,
            body: self.body.clone(),
            date: None,
            string_hash: [0; 32],
        }
    }

    /// What an attempt asks for, with an answer or without.
    pub fn attempted(
        &mut self,
        session: &Session,
        outcome: Result<Answer, NoAnswer>,
        now: Now,
    ) -> Step {
        match outcome {
            Ok(answer) => self.answered(session, answer, now),
            Err(no_answer) => self.failed(session, &no_answer, now),
        }
    }

    /// Whether an answer to another's request is for that other, by its head alone: its body need not be
    /// waited for. `head` is an [`Answer`] with no body yet. Else the whole answer goes to
    /// [`attempted`](Self::attempted).
    pub fn passes(&mut self, session: &Session, head: &Answer, now: Now) -> bool {
        let forwarded = matches!(self.what, What::Forwarded { .. });
        let unsigned = matches!(session.settings.answers, Answers::Any);
        let passes = forwarded
            && unsigned
            && !is_redirect(head.status)
            && !self.renews_token(session, head.status, head.status);
        if passes {
            self.note(session, head, now);
        }
        passes
    }

    /// What logs and warnings take from an answer.
    fn note(&self, session: &Session, answer: &Answer, now: Now) {
        self.span.record("status", answer.status);
        if let Some(id) = answer.correlation_id() {
            self.span.record("correlation_id", id);
        }
        if let Some(notice) = answer.certificate() {
            session.watch_certificate(&notice, now);
        }
    }

    /// Whether another token may help; `status` is what HTTP, `inner` what the envelope says.
    fn renews_token(&self, session: &Session, status: u16, inner: u16) -> bool {
        let renews = session.settings.renews_token && self.refused_token.is_none();
        // Under a good status the server may have done it all the same.
        let undone = status == 401 || self.repeat() == Repeat::Always;
        inner == 401 && undone && self.used_token.is_some() && renews
    }

    /// What an answer asks for.
    pub fn answered(&mut self, session: &Session, answer: Answer, now: Now) -> Step {
        self.note(session, &answer, now);
        if is_redirect(answer.status) {
            return self.redirected(session, &answer, now);
        }
        if matches!(self.what, What::Forwarded { .. }) {
            return self.answered_forwarded(session, answer, now);
        }
        let envelope = Envelope::read(&answer.body);
        let status = match envelope.status_code {
            Some(inner) if answer.status < 400 && inner >= 400 => inner,
            _ => answer.status,
        };
        if self.renews_token(session, answer.status, status) {
            self.refused_token = self.used_token;
            return Step::RefreshToken;
        }
        if let Some(step) = self.limited(session, &answer, status, now) {
            return step;
        }
        let verified = match self.verified_or_refused(session, &answer, now) {
            Ok(verified) => verified,
            Err(refused) => return Step::Failed(refused),
        };
        if !(200..300).contains(&status) {
            return Step::Failed(self.refused_with(status, &answer, envelope, now));
        }
        Step::Done(Box::new(Answered {
            label: self.label(),
            answer,
            envelope,
            verified,
        }))
    }

    /// An answer to another's request, whatever it says; but its signature counts.
    fn answered_forwarded(&mut self, session: &Session, answer: Answer, now: Now) -> Step {
        if self.renews_token(session, answer.status, answer.status) {
            self.refused_token = self.used_token;
            return Step::RefreshToken;
        }
        match self.verified_or_refused(session, &answer, now) {
            Ok(verified) => Step::Done(Box::new(Answered {
                label: self.label(),
                answer,
                envelope: Envelope::default(),
                verified,
            })),
            Err(refused) => Step::Failed(refused),
        }
    }

    /// A redirect is no error: method and body stay, date and signature are new.
    fn redirected(&mut self, session: &Session, answer: &Answer, now: Now) -> Step {
        let follow = || -> Result<Address, String> {
            let required = matches!(session.settings.answers, Answers::RequireSigned(_));
            if required && !self.is_for_token() {
                return Err("a redirect is not signed, and signed answers are required".into());
            }
            let location = answer
                .field("location")
                .ok_or("a redirect without Location")?;
            let to = self
                .address
                .resolve(location)
                .map_err(|why| format!("a redirect that {why}: \"{}\"", shown(location)))?;
            check_plain(&session.settings, &to.origin)?;
            if self.is_for_token() && to.origin != session.settings.base {
                return Err(format!(
                    "a redirect to {}: the password is not sent there",
                    to.origin
                ));
            }
            if self.redirects >= session.settings.max_redirects {
                return Err(format!(
                    "more than {} redirects",
                    session.settings.max_redirects
                ));
            }
            Ok(to)
        };
        let to = match follow() {
            Ok(to) => to,
            Err(why) => return Step::Failed(self.refusal(ErrorKind::Unexpected, why, answer, now)),
        };
        if answer.status == 301 && !self.is_for_token() {
            session.moved.remember(&self.address, &to);
        }
        self.redirects = self.redirects.saturating_add(1);
        tracing::debug!(parent: &self.span, status = answer.status, to = %to.origin, "redirected");
        self.address = to;
        self.keep_from_strangers(session);
        Step::Redirect
    }

    /// Waits for a server that is at its limits, where that is short and does no harm.
    fn limited(
        &mut self,
        session: &Session,
        answer: &Answer,
        status: u16,
        now: Now,
    ) -> Option<Step> {
        let limited = matches!(status, 429 | 502..=504);
        if !limited || self.repeat() != Repeat::Always || !self.may_try_again(session) {
            return None;
        }
        let told = status == 429 || answer.head.contains_key("retry-after");
        let pause = if told {
            limit_pause(answer, now.utc)
        } else {
            retry_pause(self.failed_attempts, now.utc)
        };
        if pause > session.settings.max_wait || pause >= self.time_left(now) {
            return None;
        }
        self.failed_attempts = self.failed_attempts.saturating_add(1);
        let milliseconds = pause.as_millis();
        tracing::debug!(parent: &self.span, status, milliseconds, "sent again after a pause");
        Some(if told {
            Step::Wait(pause)
        } else {
            Step::Retry(pause)
        })
    }

    fn may_try_again(&self, session: &Session) -> bool {
        self.failed_attempts < session.settings.retries && !self.is_cancelled()
    }

    fn verified_or_refused(
        &self,
        session: &Session,
        answer: &Answer,
        now: Now,
    ) -> Result<bool, Error> {
        let verified = self.verified(session, answer, now);
        verified.map_err(|why| self.refusal(ErrorKind::AnswerRefused, why, answer, now))
    }

    /// Whether the answer is signed as it must be.
    fn verified(&self, session: &Session, answer: &Answer, now: Now) -> Result<bool, String> {
        let (key, required) = match &session.settings.answers {
            Answers::Any => return Ok(false),
            Answers::VerifyIfSigned(key) => (key, false),
            Answers::RequireSigned(key) => (key, true),
        };
        if self.is_for_token() {
            return Ok(false);
        }
        if answer_signature::is_signed(answer) {
            let asked = Asked {
                target: &self.address.target,
                string_hash: self.string_hash,
            };
            return answer_signature::verify(answer, key, &asked, now.utc).map(|()| true);
        }
        // What comes before the request's own signature held is not signed.
        let before = matches!(answer.status, 401 | 408 | 413 | 429 | 431 | 500..=599);
        if required && !before {
            return Err("the answer is not signed, and signed ones are required".into());
        }
        Ok(false)
    }

    /// What a failed attempt asks for.
    pub fn failed(&mut self, session: &Session, failure: &NoAnswer, now: Now) -> Step {
        let may = match self.repeat() {
            Repeat::Always => true,
            Repeat::Unsent => failure.sent == Sent::Nothing,
            Repeat::Never => false,
        };
        let pause = retry_pause(self.failed_attempts, now.utc);
        let again =
            may && !failure.lasting && self.may_try_again(session) && pause < self.time_left(now);
        if self.is_cancelled() {
            return Step::Failed(Error::cancelled().with(|known| known.sent = failure.sent));
        }
        if !again {
            let error = self.unreachable(&failure.text, failure.sent);
            let unusable = failure.lasting && failure.sent != Sent::Nothing;
            return Step::Failed(if unusable { error.unusable() } else { error });
        }
        self.failed_attempts = self.failed_attempts.saturating_add(1);
        let milliseconds = pause.as_millis();
        tracing::debug!(parent: &self.span, why = failure.text, milliseconds, "sent again");
        Step::Retry(pause)
    }

    /// Method and path.
    fn label(&self) -> String {
        format!("{} {}", self.method().as_str(), self.address.path())
    }

    fn unreachable(&self, text: &str, sent: Sent) -> Error {
        let consequence = match sent {
            Sent::Nothing => "nothing was sent",
            Sent::Maybe | Sent::Answered if self.repeat() == Repeat::Always => "no answer",
            Sent::Maybe | Sent::Answered => "whether it was done is not known",
        };
        Error::new(
            ErrorKind::Unreachable,
            Known {
                what: format!("{}: {text}; {consequence}", self.address.origin),
                request: Some(self.label()),
                sent,
                date: self.date,
                ..Known::default()
            },
        )
    }

    fn refused_with(&self, status: u16, answer: &Answer, envelope: Envelope, now: Now) -> Error {
        let inner_id = envelope.correlation_id.clone();
        let messages = envelope.into_messages();
        let of_signature = |message: &String| {
            let message = message.to_ascii_lowercase();
            SIGNED.iter().any(|word| message.contains(word))
        };
        let kind = match status {
            400 | 401 | 403 if messages.iter().any(of_signature) => ErrorKind::SignatureRefused,
            400 if self.is_for_token() => ErrorKind::Unauthorised,
            401 => ErrorKind::Unauthorised,
            403 => ErrorKind::ContractRefused,
            404 => ErrorKind::NotFound,
            429 => ErrorKind::RateLimited,
            400..500 => ErrorKind::Rejected,
            500..600 => ErrorKind::ServerFailed,
            _ => ErrorKind::Unexpected,
        };
        let limited = kind == ErrorKind::RateLimited;
        let retry_at = limited.then(|| limit_end(answer, now.utc));
        self.refusal(kind, refused_text(kind), answer, now)
            .with(|known| {
                known.status = Some(status);
                known.messages = messages;
                known.correlation_id = known.correlation_id.take().or(inner_id);
                known.retry_at = retry_at;
            })
    }

    fn refusal(
        &self,
        kind: ErrorKind,
        what: impl Into<String>,
        answer: &Answer,
        now: Now,
    ) -> Error {
        let skew = |date: Timestamp| now.utc.seconds().saturating_sub(date.seconds());
        let known = Known {
            what: what.into(),
            request: Some(self.label()),
            status: Some(answer.status),
            correlation_id: answer.correlation_id(),
            body: Some(answer.body.clone()),
            sent: Sent::Answered,
            date: self.date,
            clock_skew: answer.date().map(skew),
            thumbprint: answer.certificate().and_then(|notice| notice.thumbprint),
            ..Known::default()
        };
        Error::new(kind, known)
    }
}

/// Whether an answer sends the request elsewhere.
const fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 307 | 308)
}

/// What the kind of a refusal means, in words.
const fn refused_text(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::SignatureRefused => "the signature is refused",
        ErrorKind::Unauthorised => "token or password are refused",
        ErrorKind::ContractRefused => "not allowed",
        ErrorKind::NotFound => "not found",
        ErrorKind::RateLimited => "too many calls",
        ErrorKind::Rejected => "the request is not accepted",
        ErrorKind::ServerFailed => "the server failed; whether it did something is not known",
        _ => "an answer that the API does not describe",
    }
}

impl Answered {
    /// What the server gave in answer to a request for a token.
    ///
    /// # Errors
    /// [`ErrorKind::Unexpected`] for an answer without one. Its body, which may hold a token all
    /// the same, is not kept.
    pub fn granted(&self) -> Result<Granted, Error> {
        let refused = |why| self.unexpected(why).with(|known| known.body = None);
        Granted::read(&self.envelope.data).map_err(refused)
    }

    /// An answer that cannot be read as what was asked for. Its body is kept.
    pub(crate) fn unexpected(&self, why: impl Into<String>) -> Error {
        let known = Known {
            what: why.into(),
            request: Some(self.label.clone()),
            status: Some(self.answer.status),
            correlation_id: self.answer.correlation_id(),
            body: Some(self.answer.body.clone()),
            sent: Sent::Answered,
            ..Known::default()
        };
        Error::new(ErrorKind::Unexpected, known)
    }
}

impl core::fmt::Debug for Call {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Call({})", self.label())
    }
}
