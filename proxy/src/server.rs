//! Connections: accepted, served, and at the end waited for.

use std::convert::Infallible;
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

use crate::forwarding::access::Access;
use crate::forwarding::service::Service;
use crate::limits::Limits;
use crate::listening::{Connection, Listener};
use crate::stop::Stop;
use crate::upstream::Upstream;
use crate::work::{Place, Work};

/// How long nothing is accepted after accepting failed: where files have run out, they are given back
/// first.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Takes requests and sends them on.
#[derive(Debug)]
pub struct Server {
    service: Arc<Service>,
    connections: Arc<Semaphore>,
    stop: Stop,
}

impl Server {
    /// A server that sends what `access` lets in on through `upstream`.
    #[must_use]
    pub fn new(access: Access, limits: Limits, upstream: Arc<Upstream>, stop: Stop) -> Self {
        let connections = limits.max_connections().min(Semaphore::MAX_PERMITS);
        let work = Work::new(&limits);
        Self {
            service: Arc::new(Service {
                access,
                limits,
                upstream,
                work,
            }),
            connections: Arc::new(Semaphore::new(connections)),
            stop,
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
            let (service, stop) = (Arc::clone(&self.service), self.stop.clone());
            open.spawn(serve(connection, place, service, stop));
            // Ended ones are forgotten, so that they take no memory.
            while open.try_join_next().is_some() {}
        }
        let drained = async { while open.join_next().await.is_some() {} };
        let drained = tokio::time::timeout(self.service.limits.drain, drained).await;
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
async fn serve(connection: Connection, _place: Place, service: Arc<Service>, stop: Stop) {
    let local = connection.local();
    let answer = service_fn(move |request: Request<Incoming>| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(service.answer(request, local).await) }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Limits::HEAD_TIME)
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
