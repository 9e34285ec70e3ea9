//! One connection, from its first byte to its last.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use daxsign_hosting::gate::{Gate, Passed, Wrong};
use daxsign_hosting::patience::Patience;
use daxsign_http::stream::{Kind, Limits};
use daxsign_pki::tls::Peer;
use futures_util::future::{Either, select};
use http::header::HOST;
use http::{Method, Request, Response, StatusCode, Version};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::answer::{self, Kept};
use super::arrival::Arrival;
use super::caller::Caller;
use super::counters::{Gauge, count};
use super::faulty::{Cut, mark};
use super::handshake::shake;
use super::line::{Busy, Line};
use super::places::Place;
use super::relaying::RawHead;
use super::router::{Came, refuse, routed};
use super::state::Shared;
use crate::deciding::{MAX_FIELDS, MAX_HEAD_LEN, MAX_TARGET_LEN, Part, Problem};

/// Of a head; its request line and separators stand beside names and values.
const HEADS: Limits = Limits {
    head: MAX_HEAD_LEN + MAX_TARGET_LEN,
    fields: MAX_FIELDS,
};

/// What the library reads ahead of one request and of all of a connection on HTTP/2.
const STREAM_WINDOW: u32 = 64 << 10;
const CONNECTION_WINDOW: u32 = 256 << 10;
/// What waits of one answer.
const SEND_BUFFER: usize = 64 << 10;
/// How large the fields of a head may be for the library: more than the door takes, so that the door says so.
const HTTP2_HEAD: u32 = 64 << 10;
/// How many requests may be taken back before they were looked at, and refused, before the connection ends (rapid
/// reset, CVE-2023-44487).
const RESETS: usize = 20;
/// How often a connection of HTTP/2 is asked whether it is there, and how long it may take to say so.
const PING_EVERY: Duration = Duration::from_secs(30);
const PING_TIME: Duration = Duration::from_secs(20);
/// How long a connection may take to end that has nothing in work.
const END_TIME: Duration = Duration::from_secs(5);

/// What serves one connection.
#[derive(Clone)]
struct Serving {
    shared: Arc<Shared>,
    router: Router,
    line: Arc<Line>,
    address: SocketAddr,
    peer: Option<Arc<Peer>>,
}

/// Serves a connection to its end.
pub(super) async fn serve(
    shared: Arc<Shared>,
    router: Router,
    stream: TcpStream,
    address: SocketAddr,
    line: Arc<Line>,
    place: Place,
) {
    let counters = Arc::clone(&shared.counters);
    let _open = Gauge::up(&counters.connections);
    // Answers are small: none waits for the next.
    let _ = stream.set_nodelay(true);
    let mut serving = Serving {
        line,
        shared,
        router,
        address,
        peer: None,
    };
    let Some(tls) = serving.shared.tls.clone() else {
        return serving.http1(stream, place).await;
    };
    let time = serving.shared.settings.handshake_time;
    let line = Arc::clone(&serving.line);
    let under_way = line.shakes();
    let (shaken, ended) = (pin!(shake(&tls, stream)), pin!(line.asked_to_end()));
    let shaken = tokio::time::timeout(time, select(shaken, ended)).await;
    drop(under_way);
    match shaken {
        Ok(Either::Left((Ok(shaken), _))) => {
            serving.peer = shaken.peer;
            if shaken.is_http2 {
                serving.http2(shaken.stream, place).await;
            } else {
                serving.http1(shaken.stream, place).await;
            }
        }
        _ => count(&counters.handshake_failures),
    }
}

impl Serving {
    async fn http1<S>(self, stream: S, place: Place)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let settings = &self.shared.settings;
        let patient = Patience::new(stream, place, settings.read_time);
        let gate = Gate::new(patient, HEADS, settings.head_time);
        let (heads, opening) = (gate.heads(), gate.opening());
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .auto_date_header(false)
            // For a head that has begun the gate has a time of its own.
            .header_read_timeout(settings.idle_time)
            .max_buf_size(HEADS.head.saturating_mul(2))
            .max_headers(MAX_FIELDS);
        let serving = self.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let passed = heads.next();
            serving
                .clone()
                .answer_http1(request, passed, Arc::clone(&opening))
        });
        let connection = http.serve_connection(TokioIo::new(gate), service);
        let mut connection = pin!(connection.with_upgrades());
        if self.until_it_ends(connection.as_mut()).await {
            connection.as_mut().graceful_shutdown();
            self.at_last(connection).await;
        }
    }

    async fn http2<S>(self, stream: S, place: Place)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let settings = &self.shared.settings;
        let patient = Patience::new(stream, place, settings.read_time);
        let mut http = http2::Builder::new(TokioExecutor::new());
        http.timer(TokioTimer::new())
            .auto_date_header(false)
            .max_concurrent_streams(settings.streams)
            .max_header_list_size(HTTP2_HEAD)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .max_pending_accept_reset_streams(RESETS)
            .max_local_error_reset_streams(RESETS)
            .keep_alive_interval(PING_EVERY)
            .keep_alive_timeout(PING_TIME);
        let serving = self.clone();
        let service =
            service_fn(move |request: Request<Incoming>| serving.clone().answer_http2(request));
        let connection = http.serve_connection(TokioIo::new(patient), service);
        let mut connection = pin!(connection);
        if self.until_it_ends(connection.as_mut()).await {
            connection.as_mut().graceful_shutdown();
            self.at_last(connection).await;
        }
    }

    /// Whether the connection is to be asked to end, since the door stops or needs room; else it ended by itself.
    async fn until_it_ends(
        &self,
        connection: impl Future<Output = hyper::Result<()>> + Unpin,
    ) -> bool {
        let (stopped, asked) = (pin!(self.shared.stopped()), pin!(self.line.asked_to_end()));
        let overdue = pin!(self.line.overdue(&self.shared.settings));
        let ends = select(select(stopped, asked), overdue);
        match select(connection, ends).await {
            // A client that is gone, or sent what is no HTTP, is no failure of the door.
            Either::Left(_) => false,
            // Whoever said nothing yet, or half of it, makes room at once.
            Either::Right((Either::Left(_), _)) => self.shared.stops() || self.line.is_used(),
            Either::Right((Either::Right(_), _)) => self.line.is_used(),
        }
    }

    /// Waits for the end of a connection that was asked to: for what is in work where the door stops.
    async fn at_last(&self, connection: impl Future<Output = hyper::Result<()>>) {
        if self.shared.stops() {
            // Until the deadline of the drain, which cuts it.
            let _ = connection.await;
        } else {
            let _ = tokio::time::timeout(END_TIME, connection).await;
        }
    }

    async fn answer_http1(
        self,
        request: Request<Incoming>,
        passed: Option<Passed>,
        opening: Arc<AtomicBool>,
    ) -> Result<Response<Body>, CutHere> {
        let busy = self.busy();
        let Some(Passed { begun, head }) = passed else {
            return Ok(self.waits(without_words(StatusCode::BAD_REQUEST), busy));
        };
        let Ok(arrival) = Arrival::of(begun) else {
            return Ok(self.waits(without_words(StatusCode::SERVICE_UNAVAILABLE), busy));
        };
        let (wrong, raw) = match head {
            Ok(raw) => (None, RawHead(Some(raw))),
            Err(wrong) => (Some(named(wrong)), RawHead(None)),
        };
        let closes = wrong.is_some();
        let mut response = uncut(self.answer(request, arrival, raw, wrong).await)?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            opening.store(true, Ordering::Release);
        } else if closes || self.shared.stops() {
            answer::close(&mut response);
        }
        Ok(self.waits(response, busy))
    }

    async fn answer_http2(self, request: Request<Incoming>) -> Result<Response<Body>, CutHere> {
        let busy = self.busy();
        let Ok(arrival) = Arrival::of(Instant::now()) else {
            return Ok(self.waits(without_words(StatusCode::SERVICE_UNAVAILABLE), busy));
        };
        let response = uncut(self.answer(request, arrival, RawHead(None), None).await)?;
        Ok(self.waits(response, busy))
    }

    fn busy(&self) -> Busy {
        self.line.busy(self.shared.settings.longest())
    }

    /// An answer that waits for its reader from now on.
    fn waits(&self, mut response: Response<Body>, busy: Busy) -> Response<Body> {
        answer::date(&mut response, self.shared.now());
        let bytes = response.body().size_hint().lower();
        busy.answered(self.shared.settings.reading(bytes));
        response.map(|body| Body::new(Kept::new(body, busy)))
    }

    /// The answer to a request, or to what came in place of one.
    async fn answer(
        &self,
        request: Request<Incoming>,
        arrival: Arrival,
        raw: RawHead,
        wrong: Option<Problem>,
    ) -> Response<Body> {
        let counters = &self.shared.counters;
        count(&counters.requests);
        let _in_work = Gauge::up(&counters.in_work);
        let method = request.method().clone();
        let mut response = if let Some(problem) = wrong.or_else(|| without_host(&request)) {
            refuse(&self.shared, &arrival, &answer::unsigned(problem))
        } else {
            let mut request = request.map(Body::new);
            let caller = Caller {
                address: self.address,
                peer: self.peer.clone(),
            };
            request.extensions_mut().insert(Came {
                arrival,
                raw,
                caller,
            });
            routed(&self.router, request).await
        };
        answer::complete(&mut response, &arrival);
        if let Some(board) = &self.shared.faults {
            mark(board, arrival.correlation, &mut response);
        }
        counters.count_answer(response.status().as_u16(), arrival.took());
        log(&method, &arrival, &response);
        response
    }
}

/// The connection ends, or on HTTP/2 the stream.
#[derive(Debug)]
struct CutHere;

impl core::fmt::Display for CutHere {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("a fault that was ordered cuts the connection")
    }
}

impl std::error::Error for CutHere {}

/// An answer, unless the connection ends in its place.
fn uncut(response: Response<Body>) -> Result<Response<Body>, CutHere> {
    match response.extensions().get::<Cut>() {
        Some(Cut) => Err(CutHere),
        None => Ok(response),
    }
}

/// An answer where nothing is known to tell.
fn without_words(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// What is answered in place of a head that does not pass.
fn named(wrong: Wrong) -> Problem {
    let Wrong::Refused(refused) = wrong else {
        return Problem::Slow;
    };
    match refused.kind {
        Kind::TooLarge => Problem::Large(Part::Head),
        Kind::Framing | Kind::TargetForm | Kind::TargetBytes => Problem::Framing(refused.message),
    }
}

/// RFC 9112 3.2: a request of HTTP/1.1 has one. (That it has no second is the gate's.)
fn without_host(request: &Request<Incoming>) -> Option<Problem> {
    let lacks = request.version() == Version::HTTP_11 && !request.headers().contains_key(HOST);
    lacks.then(|| Problem::Framing("the field Host is missing".to_owned()))
}

/// Without target, fields and body: they may hold what nobody else should read.
fn log(method: &Method, arrival: &Arrival, response: &Response<Body>) {
    let took = arrival.took();
    tracing::info!(
        correlation_id = %arrival.correlation,
        method = %method,
        status = response.status().as_u16(),
        microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "answered"
    );
}
