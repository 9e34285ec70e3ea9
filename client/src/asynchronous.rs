//! The client for tasks of tokio. A call is cancelled by dropping its future; signing runs on
//! threads beside the tasks.

use std::collections::VecDeque;
use std::error::Error as _;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde_json::Value;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use crate::api::{ById, Operation, Paged};
use crate::error::{Error, Sent};
use crate::key::Key;
use crate::look_up::look_ups;
use crate::paging;
use crate::protocol::Now;
use crate::protocol::answer::Answer;
use crate::protocol::call::{Answered, Call, NoAnswer, Step};
use crate::protocol::request::{ApiRequest, CallOptions, ForwardedRequest};
use crate::protocol::session::Session;
use crate::protocol::signed::OutgoingRequest;
use crate::protocol::tokens::{Flight, Token, TokenState, TokenStep};
use crate::response::Response;
use crate::settings::Settings;
use crate::transport::connector::Connector;
use crate::transport::signing::{Signed, SigningThreads};
use crate::transport::{Clock, MAX_IDLE_CONNECTIONS, is_refused_by_tls, too_large};

/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_mins(1);

/// The body of an answer to a forwarded request: as it comes from the server, or where it had to be
/// read before it could be given out, as it came.
pub type AnswerBody = Either<Incoming, Full<Bytes>>;

/// Who wants to know what becomes of a forwarded request. It is told while the request is under way, so it must not
/// take long.
pub trait Watch: Sync {
    /// A request goes out like this, token included; again after a redirect or with another token.
    fn signed(&self, request: &OutgoingRequest);

    /// A part of the way was gone, well or not.
    fn took(&self, _stage: Stage, _time: Duration) {}
}

/// A part of a forwarded request's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Until there was a token: no time, where one was there.
    Token,
    /// Until it was signed.
    Signature,
    /// From sending it until the head of its answer came.
    Upstream,
}

/// Nobody wants to know.
struct Unwatched;

impl Watch for Unwatched {
    fn signed(&self, _: &OutgoingRequest) {}
}

/// A client. Cloning shares everything: token, connections, moves, and the dates that were used.
#[derive(Clone, Debug)]
pub struct Client {
    session: Arc<Session>,
    http: legacy::Client<Connector, Full<Bytes>>,
    /// None for a key that is elsewhere.
    signing: Option<Arc<SigningThreads>>,
}

impl Client {
    /// A client with a session of its own.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for settings that cannot be used.
    pub fn new(settings: Settings, key: Key) -> Result<Self, Error> {
        Self::from_session(Arc::new(Session::new(settings, key)?))
    }

    /// A client that uses a session, perhaps with others.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_session(session: Arc<Session>) -> Result<Self, Error> {
        let connector = Connector::new(session.settings())?;
        let http = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
            // An answer that is passed on keeps the spelling of its fields.
            .http1_preserve_header_case(true)
            // What is sent again has a new date and a new signature.
            .retry_canceled_requests(false)
            .set_host(false)
            .build(connector);
        let signing = SigningThreads::new(&session).map(Arc::new);
        Ok(Self {
            session,
            http,
            signing,
        })
    }

    /// What all calls share.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Calls an operation.
    ///
    /// # Errors
    /// What went wrong; [`Error::kind`] tells what kind of failure it is.
    pub async fn call<O: Operation>(&self, operation: &O) -> Result<Response<O::Answer>, Error> {
        self.call_with(operation, &CallOptions::default()).await
    }

    /// Calls an operation, with something said of this call alone.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn call_with<O: Operation>(
        &self,
        operation: &O,
        options: &CallOptions,
    ) -> Result<Response<O::Answer>, Error> {
        let request = operation.request()?;
        let answered = self.run(&request, options).await?;
        answered.into_response::<O>()
    }

    /// Sends any request to the API; the data comes as it is.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn send(
        &self,
        request: &ApiRequest,
        options: &CallOptions,
    ) -> Result<Response<Value>, Error> {
        let answered = self.run(request, options).await?;
        answered.into_value()
    }

    /// Sends a request that somebody else made, signed and with a token; the answer comes as it is,
    /// whatever its status, with the fields of its connection. `watch` sees each request as it goes out.
    ///
    /// Redirects are followed, a token that is refused is renewed once, and what was not sent at all is
    /// sent again. The time in the settings ends with the answer's head; that of the body is the
    /// caller's to limit, unless answers must be signed.
    ///
    /// # Errors
    /// As [`call`](Self::call), where there is no answer, or none that may be passed on.
    pub async fn forward(
        &self,
        request: ForwardedRequest,
        watch: &dyn Watch,
    ) -> Result<http::Response<AnswerBody>, Error> {
        let call = Call::forwarded(&self.session, request, Clock::now()?)?;
        let span = call.span().clone();
        self.finish_forwarded(call, watch).instrument(span).await
    }

    /// A list, page by page.
    pub fn pages<O: Paged>(&self, operation: O) -> Pages<O> {
        self.pages_with(operation, CallOptions::default())
    }

    /// A list, page by page, with something said of each call.
    pub fn pages_with<O: Paged>(&self, operation: O, options: CallOptions) -> Pages<O> {
        Pages {
            client: self.clone(),
            way: paging::Pages::new(operation),
            options,
        }
    }

    /// A list, item by item, page after page. It ends after the first error.
    pub fn items<O: Paged>(&self, operation: O) -> Items<O> {
        Items {
            pages: self.pages(operation),
            items: VecDeque::new(),
        }
    }

    /// What has these ids, in as few calls as the filter allows. What does not exist is left out.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn look_up<O: ById>(
        &self,
        operation: &O,
        ids: &[O::Id],
    ) -> Result<Vec<O::Item>, Error> {
        let mut found = Vec::new();
        for operation in look_ups(operation, ids) {
            let mut items = self.items(operation);
            while let Some(item) = items.next().await {
                found.push(item?);
            }
        }
        Ok(found)
    }

    /// Asks for a token, unless there is one: whether user, password and client id are right.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn log_in(&self) -> Result<(), Error> {
        let call = Call::for_token(&self.session, Clock::now()?);
        self.token(&call).await.map(drop)
    }

    /// What is known of the token. Nothing is sent.
    ///
    /// # Errors
    /// As [`call`](Self::call), where there is no clock.
    pub fn token_state(&self) -> Result<TokenState, Error> {
        let now = Clock::now()?.elapsed;
        let session = &self.session;
        Ok(session.tokens().state(session.token_key(), now))
    }

    async fn run(&self, request: &ApiRequest, options: &CallOptions) -> Result<Answered, Error> {
        let call = Call::new(&self.session, request, options, Clock::now()?)?;
        let span = call.span().clone();
        self.finish(call).instrument(span).await
    }

    /// Sends what the call asks for until it is done.
    async fn finish(&self, mut call: Call) -> Result<Answered, Error> {
        loop {
            let request;
            (call, request) = self.next_request(call, &Unwatched).await?;
            let time_left = call.time_left(Clock::now()?);
            let outcome = within(time_left, async {
                let answer = self.send_signed(request).await?;
                self.collect(answer).await.map(|(answer, _)| answer)
            });
            match call.attempted(&self.session, outcome.await, Clock::now()?) {
                Step::Done(answered) => return Ok(*answered),
                Step::Failed(error) => return Err(error),
                Step::Redirect | Step::RefreshToken => {}
                Step::Wait(pause) | Step::Retry(pause) => tokio::time::sleep(pause).await,
            }
        }
    }

    /// The same for another's request: an answer that is for that other is not waited for to its end.
    async fn finish_forwarded(
        &self,
        mut call: Call,
        watch: &dyn Watch,
    ) -> Result<http::Response<AnswerBody>, Error> {
        loop {
            let request;
            (call, request) = self.next_request(call, watch).await?;
            watch.signed(&request);
            let sent = Instant::now();
            let end = tokio::time::Instant::now() + call.time_left(Clock::now()?);
            let left = || end.saturating_duration_since(tokio::time::Instant::now());
            let answered = within(left(), self.send_signed(request)).await;
            watch.took(Stage::Upstream, sent.elapsed());
            let (outcome, head) = match answered {
                Err(no_answer) => (Err(no_answer), None),
                Ok(answer) => {
                    if call.passes(&self.session, &head_of(&answer), Clock::now()?) {
                        return Ok(answer.map(Either::Left));
                    }
                    match within(left(), self.collect(answer)).await {
                        Ok((answer, head)) => (Ok(answer), Some(head)),
                        Err(no_answer) => (Err(no_answer), None),
                    }
                }
            };
            match call.attempted(&self.session, outcome, Clock::now()?) {
                Step::Done(answered) => {
                    let body = Full::new(Bytes::from(answered.answer.body));
                    let mut whole = http::Response::new(Either::Right(body));
                    if let Some(head) = head {
                        *whole.status_mut() = head.status;
                        *whole.headers_mut() = head.headers;
                        *whole.extensions_mut() = head.extensions;
                    }
                    return Ok(whole);
                }
                Step::Failed(error) => return Err(error),
                Step::Redirect | Step::RefreshToken => {}
                Step::Wait(pause) | Step::Retry(pause) => tokio::time::sleep(pause).await,
            }
        }
    }

    /// What the call sends next, with a token where it needs one.
    async fn next_request(&self, call: Call, watch: &dyn Watch) -> Result<Signed, Error> {
        let token = if call.wants_token(&self.session) {
            let asked = Instant::now();
            let token = self.token(&call).await;
            watch.took(Stage::Token, asked.elapsed());
            Some(token?)
        } else {
            None
        };
        let begun = Instant::now();
        let signed = self.sign(call, token).await;
        watch.took(Stage::Signature, begun.elapsed());
        let (call, request) = signed?;
        call.check_signed(Clock::now()?)?;
        Ok((call, request))
    }

    /// The call's next request, signed on a thread of its own: RSA takes longer than a task may, and a key in a
    /// device may take longer than the call has.
    async fn sign(&self, mut call: Call, token: Option<Token>) -> Result<Signed, Error> {
        if call.is_for_token() {
            let request = call.request(&self.session, None, Clock::now()?)?;
            return Ok((call, request));
        }
        let time_left = call.time_left(Clock::now()?);
        let signed = match &self.signing {
            Some(threads) => tokio::time::timeout(time_left, threads.sign(call, token)).await,
            None => tokio::time::timeout(time_left, self.sign_elsewhere(call, token)).await,
        };
        signed.unwrap_or_else(|_| Err(Error::signer_too_slow()))
    }

    async fn sign_elsewhere(&self, mut call: Call, token: Option<Token>) -> Result<Signed, Error> {
        let session = Arc::clone(&self.session);
        let signing = tokio::task::spawn_blocking(move || {
            let request = call.request(&session, token.as_ref(), Clock::now()?)?;
            Ok((call, request))
        });
        match signing.await {
            Ok(signed) => signed,
            Err(ended) if ended.is_panic() => {
                Err(Error::signer_failed("what holds the key panicked"))
            }
            Err(_) => Err(Error::cancelled()),
        }
    }

    /// A token for the call: one that is there, or one that is fetched for all who wait.
    async fn token(&self, call: &Call) -> Result<Token, Error> {
        let (tokens, key) = (self.session.tokens(), self.session.token_key());
        let (mut waited, mut fetched) = (None, false);
        loop {
            let now = Clock::now()?;
            match tokens.ask(key, call.refused_token(), waited.as_ref(), now.elapsed) {
                TokenStep::Ready(token) => return Ok(token),
                TokenStep::Failed(error) => return Err(error),
                TokenStep::Fetch(flight) => {
                    // The one begun here ended without a word: it panicked, or nothing runs it any more.
                    if std::mem::replace(&mut fetched, true) {
                        return Err(Error::cancelled());
                    }
                    waited = Some(flight.pending());
                    tokio::spawn(self.fetch(flight, now));
                }
                TokenStep::Pending(pending) => waited = Some(pending),
            }
            if let Some(pending) = &waited
                && tokio::time::timeout(call.time_left(now), pending)
                    .await
                    .is_err()
            {
                call.check_waiting(Clock::now()?)?;
            }
        }
    }

    /// Fetches a token, as a task of its own: it ends with none of the calls that wait for it.
    fn fetch(&self, flight: Flight, now: Now) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let client = self.clone();
        let fetch = Call::for_token(&self.session, now);
        let span = fetch.span().clone();
        let work = async move {
            let fetched = client.finish(fetch).await;
            let granted = fetched.and_then(|answered| answered.granted());
            // Those who wait are told; without a clock it passes to one of them, who says so.
            let _ = Clock::now().and_then(|now| flight.land(granted, now.elapsed));
        };
        Box::pin(work.instrument(span).with_current_subscriber())
    }

    /// Sends one request; the answer's head.
    async fn send_signed(
        &self,
        request: OutgoingRequest,
    ) -> Result<http::Response<Incoming>, NoAnswer> {
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(request.address.to_string());
        for (name, value) in &request.headers {
            builder = builder.header(&**name, value);
        }
        let message = builder
            .body(Full::new(Bytes::from(request.body)))
            .map_err(|error| NoAnswer::new(Sent::Nothing, true, error))?;
        let answer = self.http.request(message).await;
        answer.map_err(|error| no_answer(&error))
    }

    /// The whole answer, and its head as it came.
    async fn collect(
        &self,
        answer: http::Response<Incoming>,
    ) -> Result<(Answer, http::response::Parts), NoAnswer> {
        let max_body = self.session.settings().max_body;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, max_body)
            .collect()
            .await
            .map_err(|error| match error.downcast_ref::<LengthLimitError>() {
                Some(_) => too_large(max_body),
                None => NoAnswer::new(Sent::Maybe, false, error),
            })?;
        let whole = Answer {
            status: head.status.as_u16(),
            head: head.headers.clone(),
            body: body.to_bytes().into(),
        };
        Ok((whole, head))
    }
}

/// An answer's head as the protocol has it.
fn head_of(answer: &http::Response<Incoming>) -> Answer {
    Answer {
        status: answer.status().as_u16(),
        head: answer.headers().clone(),
        body: Vec::new(),
    }
}

/// What comes of `work`, if it comes in time.
async fn within<T>(
    time: Duration,
    work: impl Future<Output = Result<T, NoAnswer>>,
) -> Result<T, NoAnswer> {
    let text = "no whole answer in time";
    let late = |_| Err(NoAnswer::new(Sent::Maybe, false, text));
    tokio::time::timeout(time, work).await.unwrap_or_else(late)
}

/// How far a request got that failed.
fn no_answer(error: &legacy::Error) -> NoAnswer {
    let mut text = error.to_string();
    let (mut cause, mut canceled, mut refused) = (error.source(), false, false);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        canceled |= inner.downcast_ref().is_some_and(hyper::Error::is_canceled);
        refused |= inner.downcast_ref().is_some_and(is_refused_by_tls);
        cause = inner.source();
    }
    // Canceled: the connection that it waited for was closed.
    let unsent = error.is_connect() || canceled || refused;
    let sent = if unsent { Sent::Nothing } else { Sent::Maybe };
    NoAnswer::new(sent, refused, text)
}

/// A list, page by page.
pub struct Pages<O: Paged> {
    client: Client,
    way: paging::Pages<O>,
    options: CallOptions,
}

impl<O: Paged> Pages<O> {
    /// The next page; `None` at the end, and after an error.
    pub async fn next(&mut self) -> Option<Result<Response<Vec<O::Item>>, Error>> {
        let operation = self.way.next()?;
        let page = self.client.call_with(&operation, &self.options).await;
        let page = page.and_then(|page| self.way.take(page));
        if page.is_err() {
            self.way.end();
        }
        Some(page)
    }

    /// The same as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<Response<Vec<O::Item>>, Error>> {
        stream::unfold(self, |mut pages| async {
            let page = pages.next().await?;
            Some((page, pages))
        })
    }
}

/// A list, item by item.
pub struct Items<O: Paged> {
    pages: Pages<O>,
    items: VecDeque<O::Item>,
}

impl<O: Paged> Items<O> {
    /// The next item; `None` at the end, and after an error.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        while self.items.is_empty() {
            match self.pages.next().await? {
                Ok(page) => self.items.extend(page.data),
                Err(error) => return Some(Err(error)),
            }
        }
        self.items.pop_front().map(Ok)
    }

    /// The same as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<O::Item, Error>> {
        stream::unfold(self, |mut items| async {
            let item = items.next().await?;
            Some((item, items))
        })
    }
}
