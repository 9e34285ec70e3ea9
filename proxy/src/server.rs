//! Connections: accepted, served, and at the end waited for.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use daxsign_hosting::gate::Gate;
use daxsign_hosting::listening::{Listener, Stream};
use daxsign_hosting::patience::Patience;
use daxsign_hosting::{Stop, open_files};
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::admin::Admin;
use crate::forwarding::access::Door;
use crate::forwarding::service::Service;
use crate::handler::Handler;
use crate::idle::{Idle, Idling};
use crate::limits::Limits;
use crate::observing::Observer;
use crate::refusal::Refusal;
use crate::upstream::Upstream;
use crate::verifying::service::Verifying;
use crate::work::{Place, Work};

/// How long nothing is accepted after accepting failed: where files have run out, they are given back
/// first.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long a connection that was asked to end may take before another is asked.
const ROOM_PAUSE: Duration = Duration::from_millis(100);

/// Takes requests and answers them.
#[derive(Debug)]
pub struct Server {
    handler: Arc<Handler>,
    connections: Arc<Semaphore>,
    /// How many connections there can be.
    max_connections: usize,
    idle: Arc<Idle>,
    failures: Arc<Failures>,
    drain: Duration,
    /// How long an answer may wait for its reader.
    patience: Duration,
    stop: Stop,
}

/// How much a server has to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Requests in work.
    pub in_work: usize,
    /// Requests that wait to be.
    pub queued: usize,
    /// Connections of clients.
    pub connections: usize,
    /// How often a connection could not be accepted.
    pub accept_failures: u64,
}

/// Connections that could not be accepted.
#[derive(Debug, Default)]
struct Failures(Mutex<(u64, Option<String>)>);

impl Failures {
    fn note(&self, error: &io::Error) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *failures = (failures.0.saturating_add(1), Some(error.to_string()));
    }

    /// How many, and why the last.
    fn told(&self) -> (u64, Option<String>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Server {
    /// A server that sends what `access` lets in on through `upstream`.
    #[must_use]
    pub fn new(
        access: Arc<Door>,
        limits: Limits,
        upstream: Arc<Upstream>,
        stop: Stop,
        observer: Arc<Observer>,
    ) -> Self {
        let work = Work::new(&limits);
        let service = Service {
            access,
            limits,
            upstream,
            work,
        };
        Self::of(Handler::Forwarding(service, observer), limits, stop)
    }

    /// A server that passes on what verifies.
    #[must_use]
    pub fn verifying(
        verifying: Arc<Verifying>,
        limits: Limits,
        stop: Stop,
        observer: Arc<Observer>,
    ) -> Self {
        let work = Work::new(&limits);
        let handler = Handler::Verifying(verifying, limits, work, observer);
        Self::of(handler, limits, stop)
    }

    /// A server that tells operators.
    #[must_use]
    pub fn telling(admin: Admin, stop: Stop) -> Self {
        Self::of(Handler::Telling(admin), Limits::OF_OPERATORS, stop)
    }

    fn of(handler: Handler, limits: Limits, stop: Stop) -> Self {
        let max_connections = match handler {
            Handler::Telling(_) => Limits::OPERATORS,
            _ => limits.connections_within(open_files::limit()),
        };
        let max_connections = max_connections.min(Semaphore::MAX_PERMITS);
        Self {
            handler: Arc::new(handler),
            connections: Arc::new(Semaphore::new(max_connections)),
            max_connections,
            idle: Arc::default(),
            failures: Arc::default(),
            drain: limits.drain,
            patience: limits.timeout,
            stop,
        }
    }

    /// How many requests are in work and how many wait, and how many connections there are.
    #[must_use]
    pub fn load(&self) -> Load {
        let free = self.connections.available_permits();
        let work = self.handler.work();
        let (in_work, queued) = work.map_or((0, 0), |(work, limits)| work.taken(&limits));
        Load {
            in_work,
            queued,
            connections: self.max_connections.saturating_sub(free),
            accept_failures: self.failures.told().0,
        }
    }

    /// How many connections clients may have.
    #[must_use]
    pub fn max_connections(&self) -> usize {
        self.max_connections
    }

    /// Why a connection could not be accepted, the last time.
    #[must_use]
    pub fn accept_problem(&self) -> Option<String> {
        self.failures.told().1
    }

    /// Serves until it is told to stop, then answers what is in work. Returns how many connections were
    /// still open when the time for that was over.
    pub async fn serve(&self, listeners: Vec<Listener>) -> usize {
        let mut open = JoinSet::new();
        let mut accepting = JoinSet::new();
        let (send, mut accepted) = tokio::sync::mpsc::channel(1);
        for listener in listeners {
            let (send, stop) = (send.clone(), self.stop.clone());
            let (connections, idle) = (Arc::clone(&self.connections), Arc::clone(&self.idle));
            let failures = Arc::clone(&self.failures);
            accepting.spawn(async move {
                let accept = pin!(accept(&listener, &connections, &idle, &failures, send));
                futures_util::future::select(accept, pin!(stop.stopped())).await;
            });
        }
        drop(send);
        while let Some((connection, place)) = accepted.recv().await {
            let (handler, stop) = (Arc::clone(&self.handler), self.stop.clone());
            let local = connection.local();
            let connection = Patience::new(connection, (), self.patience);
            let idling = Idling::new(Arc::clone(&self.idle));
            open.spawn(async move {
                serve(connection, local, handler, stop, idling).await;
                drop(place);
            });
            // Ended ones are forgotten, so that they take no memory.
            while open.try_join_next().is_some() {}
        }
        let drained = async { while open.join_next().await.is_some() {} };
        let drained = tokio::time::timeout(self.drain, drained).await;
        drained.map_or(open.len(), |()| 0)
    }
}

/// Accepts connections.
async fn accept(
    listener: &Listener,
    connections: &Arc<Semaphore>,
    idle: &Idle,
    failures: &Failures,
    accepted: tokio::sync::mpsc::Sender<(Stream, Place)>,
) {
    while let Some(place) = place(connections, idle).await {
        match listener.accept().await {
            Ok(connection) => {
                if accepted.send((connection, place)).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                failures.note(&error);
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// A place for a connection; where all are taken, that of the one that lies idle for longest.
async fn place(connections: &Arc<Semaphore>, idle: &Idle) -> Option<Place> {
    if let Ok(place) = Arc::clone(connections).try_acquire_owned() {
        return Some(place);
    }
    loop {
        idle.end_longest();
        let place = Arc::clone(connections).acquire_owned();
        if let Ok(place) = tokio::time::timeout(ROOM_PAUSE, place).await {
            return place.ok();
        }
    }
}

/// Serves a connection to its end.
async fn serve(
    connection: Patience<Stream>,
    local: Option<IpAddr>,
    handler: Arc<Handler>,
    stop: Stop,
    idling: Arc<Idling>,
) {
    let connection = Gate::new(connection, Limits::HEADS, Limits::HEAD_TIME);
    let (heads, asked) = (connection.heads(), Arc::clone(&idling));
    let answer = service_fn(move |request: Request<Incoming>| {
        let (handler, passed) = (Arc::clone(&handler), heads.next());
        let busy = idling.busy();
        async move {
            let answer = match passed.and_then(|passed| passed.head.err()) {
                Some(wrong) => handler.refuse(&request, Refusal::of_head(wrong)),
                None => handler.answer(request, local).await,
            };
            drop(busy);
            Ok::<_, Infallible>(answer)
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        // For a head that has begun the gate has a time of its own.
        .header_read_timeout(Limits::IDLE_TIME)
        .max_buf_size(Limits::HEADS.head)
        .max_headers(Limits::HEADS.fields)
        // What the upstream did not say is not said for it.
        .auto_date_header(false)
        .preserve_header_case(true);
    let mut served = pin!(http.serve_connection(TokioIo::new(connection), answer));
    let (stopped, asked_to_end) = (pin!(stop.stopped()), pin!(asked.asked_to_end()));
    let ends = futures_util::future::select(stopped, asked_to_end);
    // A client that is gone, or sent what is no HTTP, is no failure of the proxy.
    if let futures_util::future::Either::Right(_) =
        futures_util::future::select(served.as_mut(), ends).await
    {
        if !stop.is_stopped() && !asked.is_used() {
            // Whoever said nothing yet, or half of it, makes room at once.
            return;
        }
        served.as_mut().graceful_shutdown();
        let _ = served.await;
    }
}
