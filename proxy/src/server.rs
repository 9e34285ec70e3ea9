//! Connections: accepted, served, and at the end waited for.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::admin::Admin;
use crate::forwarding::access::Access;
use crate::forwarding::service::Service;
use crate::handler::Handler;
use crate::limits::Limits;
use crate::listening::{Connection, Gate, Listener};
use crate::observing::Observer;
use crate::stop::Stop;
use crate::upstream::Upstream;
use crate::verifying::service::Verifying;
use crate::work::{Place, Work};

/// How long nothing is accepted after accepting failed: where files have run out, they are given back
/// first.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Takes requests and answers them.
#[derive(Debug)]
pub struct Server {
    handler: Arc<Handler>,
    connections: Arc<Semaphore>,
    /// How many connections there can be.
    max_connections: usize,
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
}

impl Server {
    /// A server that sends what `access` lets in on through `upstream`.
    #[must_use]
    pub fn new(
        access: Access,
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
        let max_connections = limits.max_connections().min(Semaphore::MAX_PERMITS);
        Self {
            handler: Arc::new(handler),
            connections: Arc::new(Semaphore::new(max_connections)),
            max_connections,
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
        }
    }

    /// Serves until it is told to stop, then answers what is in work. Returns how many connections were
    /// still open when the time for that was over.
    pub async fn serve(&self, listeners: Vec<Listener>) -> usize {
        let mut open = JoinSet::new();
        let mut accepting = JoinSet::new();
        let (send, mut accepted) = tokio::sync::mpsc::channel(1);
        for listener in listeners {
            let (send, stop) = (send.clone(), self.stop.clone());
            let connections = Arc::clone(&self.connections);
            accepting.spawn(accept(listener, connections, send, stop));
        }
        drop(send);
        while let Some((connection, place)) = accepted.recv().await {
            let (handler, stop) = (Arc::clone(&self.handler), self.stop.clone());
            let local = connection.local();
            let connection = Gate::new(connection, self.patience);
            open.spawn(serve(connection, local, place, handler, stop));
            // Ended ones are forgotten, so that they take no memory.
            while open.try_join_next().is_some() {}
        }
        let drained = async { while open.join_next().await.is_some() {} };
        let drained = tokio::time::timeout(self.drain, drained).await;
        drained.map_or(open.len(), |()| 0)
    }
}

/// Accepts connections until it is told to stop.
async fn accept(
    listener: Listener,
    connections: Arc<Semaphore>,
    accepted: tokio::sync::mpsc::Sender<(Connection, Place)>,
    stop: Stop,
) {
    let accept = async {
        loop {
            let Ok(place) = Arc::clone(&connections).acquire_owned().await else {
                return;
            };
            match listener.accept().await {
                Ok(connection) => {
                    if accepted.send((connection, place)).await.is_err() {
                        return;
                    }
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    };
    let (accept, stopped) = (pin!(accept), pin!(stop.stopped()));
    futures_util::future::select(accept, stopped).await;
}

/// Serves a connection to its end.
async fn serve(
    connection: Gate<Connection>,
    local: Option<IpAddr>,
    _place: Place,
    handler: Arc<Handler>,
    stop: Stop,
) {
    let refusals = connection.refusals();
    let answer = service_fn(move |request: Request<Incoming>| {
        let (handler, refused) = (Arc::clone(&handler), refusals.next());
        async move {
            Ok::<_, Infallible>(match refused {
                Some(refusal) => handler.refuse(&request, refusal),
                None => handler.answer(request, local).await,
            })
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        // For a head that has begun the gate has a time of its own.
        .header_read_timeout(Limits::IDLE_TIME)
        .max_buf_size(Limits::MAX_HEAD)
        .max_headers(Limits::MAX_FIELDS)
        // What the upstream did not say is not said for it.
        .auto_date_header(false)
        .preserve_header_case(true);
    let mut served = pin!(http.serve_connection(TokioIo::new(connection), answer));
    let stopped = pin!(stop.stopped());
    // A client that is gone, or sent what is no HTTP, is no failure of the proxy.
    if let futures_util::future::Either::Right(_) =
        futures_util::future::select(served.as_mut(), stopped).await
    {
        served.as_mut().graceful_shutdown();
        let _ = served.await;
    }
}
