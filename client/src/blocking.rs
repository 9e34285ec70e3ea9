//! The client for threads: a call returns when it is done.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper_util::client::proxy::matcher::Intercept;
use serde_json::Value;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
use ureq::{Agent, Proxy, ProxyProtocol};
use zeroize::Zeroizing;

use crate::api::{ById, Operation, Paged};
use crate::error::{Error, Sent};
use crate::key::Key;
use crate::look_up::look_ups;
use crate::paging::Pages;
use crate::protocol::Now;
use crate::protocol::answer::Answer;
use crate::protocol::call::{Answered, Call, NoAnswer, Step};
use crate::protocol::request::{ApiRequest, CallOptions};
use crate::protocol::session::Session;
use crate::protocol::signed::OutgoingRequest;
use crate::protocol::tokens::{Flight, Token, TokenStep};
use crate::response::Response;
use crate::settings::Settings;
use crate::transport::proxies::{Proxies, UNUSABLE};
use crate::transport::{
    Clock, MAX_IDLE_CONNECTIONS, client_certificate, is_refused_by_tls, provider, roots, too_large,
    wants_tls,
};

/// How long a wait lasts before it is looked whether the call was cancelled.
const SLICE: Duration = Duration::from_millis(50);

/// A client. Cloning shares everything: token, connections, moves, and the dates that were used.
#[derive(Clone, Debug)]
pub struct Client {
    session: Arc<Session>,
    agent: Agent,
    proxies: Arc<Proxies>,
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
        let settings = session.settings();
        let proxies = Arc::new(Proxies::new(&settings.proxy)?);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .accept_encoding("")
            .proxy(None)
            .max_idle_connections(MAX_IDLE_CONNECTIONS)
            .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
            .timeout_connect(Some(settings.connect_timeout))
            .tls_config(tls(settings)?)
            .build()
            .new_agent();
        Ok(Self {
            session,
            agent,
            proxies,
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
    pub fn call<O: Operation>(&self, operation: &O) -> Result<Response<O::Answer>, Error> {
        self.call_with(operation, &CallOptions::default())
    }

    /// Calls an operation, with something said of this call alone.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn call_with<O: Operation>(
        &self,
        operation: &O,
        options: &CallOptions,
    ) -> Result<Response<O::Answer>, Error> {
        let answered = self.run(&operation.request()?, options, &mut |_| {})?;
        answered.into_response::<O>()
    }

    /// Sends any request to the API; the data comes as it is.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn send(
        &self,
        request: &ApiRequest,
        options: &CallOptions,
    ) -> Result<Response<Value>, Error> {
        self.send_watched(request, options, &mut |_| {})
    }

    /// The same, and `watch` sees each request as it goes out, token included: for programs that
    /// show what they sign.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn send_watched(
        &self,
        request: &ApiRequest,
        options: &CallOptions,
        watch: &mut dyn FnMut(&OutgoingRequest),
    ) -> Result<Response<Value>, Error> {
        let answered = self.run(request, options, watch)?;
        answered.into_value()
    }

    /// A list, page by page.
    pub fn pages<O: Paged>(
        &self,
        operation: O,
    ) -> impl Iterator<Item = Result<Response<Vec<O::Item>>, Error>> + use<O> {
        self.pages_with(operation, CallOptions::default())
    }

    /// A list, page by page, with something said of each call.
    pub fn pages_with<O: Paged>(
        &self,
        operation: O,
        options: CallOptions,
    ) -> impl Iterator<Item = Result<Response<Vec<O::Item>>, Error>> + use<O> {
        let (client, mut pages) = (self.clone(), Pages::new(operation));
        std::iter::from_fn(move || {
            let operation = pages.next()?;
            let page = client.call_with(&operation, &options);
            let page = page.and_then(|page| pages.take(page));
            if page.is_err() {
                pages.end();
            }
            Some(page)
        })
    }

    /// A list, item by item, page after page. It ends after the first error.
    pub fn items<O: Paged>(
        &self,
        operation: O,
    ) -> impl Iterator<Item = Result<O::Item, Error>> + use<O> {
        let mut pages = self.pages(operation);
        let mut items = VecDeque::new();
        std::iter::from_fn(move || {
            while items.is_empty() {
                match pages.next()? {
                    Ok(page) => items.extend(page.data),
                    Err(error) => return Some(Err(error)),
                }
            }
            items.pop_front().map(Ok)
        })
    }

    /// What has these ids, in as few calls as the filter allows. What does not exist is left out.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn look_up<O: ById>(&self, operation: &O, ids: &[O::Id]) -> Result<Vec<O::Item>, Error> {
        let operations = look_ups(operation, ids).into_iter();
        operations
            .flat_map(|operation| self.items(operation))
            .collect()
    }

    /// The request as it would go out, signed with a date of its own and without a token; nothing
    /// is sent.
    ///
    /// # Errors
    /// As [`Session::sign`].
    pub fn sign(
        &self,
        request: &ApiRequest,
        options: &CallOptions,
    ) -> Result<OutgoingRequest, Error> {
        self.session.sign(request, options, None, Clock::now()?.utc)
    }

    /// Asks for a token, unless there is one: whether user, password and client id are right.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn log_in(&self) -> Result<(), Error> {
        let call = Call::for_token(&self.session, Clock::now()?);
        self.token(&call).map(drop)
    }

    fn run(
        &self,
        request: &ApiRequest,
        options: &CallOptions,
        watch: &mut dyn FnMut(&OutgoingRequest),
    ) -> Result<Answered, Error> {
        let call = Call::new(&self.session, request, options, Clock::now()?)?;
        let span = call.span().clone();
        span.in_scope(|| self.finish(call, watch))
    }

    /// Sends what the call asks for until it is done.
    fn finish(
        &self,
        mut call: Call,
        watch: &mut dyn FnMut(&OutgoingRequest),
    ) -> Result<Answered, Error> {
        loop {
            let token = if call.wants_token(&self.session) {
                Some(self.token(&call)?)
            } else {
                None
            };
            let request = call.request(&self.session, token.as_ref(), Clock::now()?)?;
            watch(&request);
            let now = Clock::now()?;
            call.check_signed(now)?;
            let outcome = self.exchange(&request, call.time_left(now));
            match call.attempted(&self.session, outcome, Clock::now()?) {
                Step::Done(answered) => return Ok(*answered),
                Step::Failed(error) => return Err(error),
                Step::Redirect | Step::RefreshToken => {}
                Step::Wait(pause) | Step::Retry(pause) => wait(&call, pause)?,
            }
        }
    }

    /// A token for the call: one that is there, or one that is fetched for all who wait.
    fn token(&self, call: &Call) -> Result<Token, Error> {
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
                    self.fetch(flight, now)?;
                }
                TokenStep::Pending(pending) => waited = Some(pending),
            }
            while let Some(pending) = &waited
                && !pending.wait(SLICE.min(call.time_left(Clock::now()?)))
            {
                call.check_waiting(Clock::now()?)?;
            }
        }
    }

    /// Fetches a token on a thread of its own: it ends with none of the calls that wait for it.
    fn fetch(&self, flight: Flight, now: Now) -> Result<(), Error> {
        let client = self.clone();
        let fetch = Call::for_token(&self.session, now);
        let span = fetch.span().clone();
        let listener = tracing::dispatcher::get_default(Clone::clone);
        let work = move || {
            let fetched = span.in_scope(|| client.finish(fetch, &mut |_| {}));
            let granted = fetched.and_then(|answered| answered.granted());
            // Those who wait are told; without a clock it passes to one of them, who says so.
            let _ = Clock::now().and_then(|now| flight.land(granted, now.elapsed));
        };
        std::thread::Builder::new()
            .name("daxsign-token".to_owned())
            .spawn(move || tracing::dispatcher::with_default(&listener, work))
            .map(drop)
            .map_err(|error| Error::no_thread(&error))
    }

    /// One request and its answer.
    fn exchange(&self, request: &OutgoingRequest, timeout: Duration) -> Result<Answer, NoAnswer> {
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(request.address.to_string());
        for (name, value) in &request.headers {
            builder = builder.header(&**name, value);
        }
        let unsent = |text: &dyn core::fmt::Display| NoAnswer::new(Sent::Nothing, true, text);
        let message = builder
            .body(&*request.body)
            .map_err(|error| unsent(&error))?;
        let proxy = self.proxies.on_the_way(message.uri());
        let proxy = proxy.and_then(|proxy| proxy.as_ref().map(as_ureq).transpose());
        let proxy = proxy.map_err(|error| unsent(&error))?;
        // It sends the body of a GET and a DELETE too.
        let message = self
            .agent
            .configure_request(message)
            .timeout_global(Some(timeout))
            .proxy(proxy)
            .build();
        let answer = self.agent.run(message).map_err(|error| no_answer(&error))?;
        let (head, mut body) = answer.into_parts();
        let max_body = self.session.settings().max_body;
        let limit = u64::try_from(max_body).unwrap_or(u64::MAX);
        let body = body
            .with_config()
            .limit(limit)
            .read_to_vec()
            .map_err(|error| match error {
                ureq::Error::BodyExceedsLimit(_) => too_large(max_body),
                error => NoAnswer::new(Sent::Maybe, false, error),
            })?;
        Ok(Answer {
            status: head.status.as_u16(),
            head: head.headers,
            body,
        })
    }
}

/// A proxy as ureq knows it.
fn as_ureq(proxy: &Intercept) -> Result<Proxy, &'static str> {
    let uri = proxy.uri();
    let mut builder = Proxy::builder(ProxyProtocol::Http).host(uri.host().unwrap_or_default());
    if let Some(port) = uri.port_u16() {
        builder = builder.port(port);
    }
    // The matcher has made a field's value of name and password.
    let field = proxy.basic_auth().and_then(|field| field.to_str().ok());
    let account = field.and_then(|field| STANDARD.decode(field.strip_prefix("Basic ")?).ok());
    let account = account.map(Zeroizing::new);
    if let Some(account) = &account {
        let account = core::str::from_utf8(account).map_err(|_| UNUSABLE)?;
        let (name, password) = account.split_once(':').unwrap_or((account, ""));
        builder = builder.username(name).password(password);
    }
    builder.build().map_err(|_| UNUSABLE)
}

/// Sleeps, unless the call is cancelled.
fn wait(call: &Call, pause: Duration) -> Result<(), Error> {
    let mut left = pause;
    while !left.is_zero() {
        if call.is_cancelled() {
            return Err(Error::cancelled());
        }
        let slice = left.min(SLICE);
        std::thread::sleep(slice);
        left = left.saturating_sub(slice);
    }
    Ok(())
}

fn tls(settings: &Settings) -> Result<TlsConfig, Error> {
    let mut config = TlsConfig::builder().unversioned_rustls_crypto_provider(provider());
    if wants_tls(settings) {
        let roots = roots(&settings.roots)?;
        let roots = roots
            .iter()
            .map(|root| Certificate::from_der(root).to_owned());
        config = config.root_certs(RootCerts::Specific(Arc::new(roots.collect())));
    } else {
        config = config.root_certs(RootCerts::Specific(Arc::default()));
    }
    if let Some(own) = &settings.client_certificate {
        let (chain, _) = client_certificate(own)?;
        let chain: Vec<_> = chain
            .iter()
            .map(|one| Certificate::from_der(one).to_owned())
            .collect();
        let key = PrivateKey::from_pem(own.key.expose().as_bytes())
            .map_err(|error| Error::invalid(format!("the client certificate's key: {error}")))?;
        config = config.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
    }
    Ok(config.build())
}

/// How far a request got that failed.
fn no_answer(error: &ureq::Error) -> NoAnswer {
    use std::io::ErrorKind as Io;
    use ureq::{Error as Ureq, Timeout};
    let (sent, lasting) = match error {
        Ureq::HostNotFound
        | Ureq::ConnectionFailed
        | Ureq::ConnectProxyFailed(_)
        | Ureq::Timeout(Timeout::Resolve | Timeout::Connect) => (Sent::Nothing, false),
        Ureq::Tls(_)
        | Ureq::Rustls(_)
        | Ureq::InvalidProxyUrl
        | Ureq::BadUri(_)
        | Ureq::Http(_) => (Sent::Nothing, true),
        Ureq::Io(error) => match error.kind() {
            // Of the others, a connection that was made already may tell too.
            Io::ConnectionRefused => (Sent::Nothing, false),
            _ if is_refused_by_tls(error) => (Sent::Nothing, true),
            _ => (Sent::Maybe, false),
        },
        _ => (Sent::Maybe, false),
    };
    match error {
        Ureq::Timeout(Timeout::Global) => NoAnswer::new(sent, lasting, "no whole answer in time"),
        _ => NoAnswer::new(sent, lasting, error),
    }
}
