//! Opens ports and serves what comes: for scenarios, and for the door by which other programs ask
//! for them.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

use crate::authority::Authority;
use crate::control::Control;
use crate::forward_proxy::ForwardProxy;
use crate::origin::Origin;
use crate::scenario::{Moment, Scenario};
use crate::stage::{House, Stage};
use crate::wire::{Cut, Delivery, received, sent};

/// How long an answer gets to go out before its connection ends unannounced.
const LAST_WORDS: Duration = Duration::from_millis(30);

/// Plays scenarios until it is dropped.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    house: Arc<House>,
    /// Files for clients that use TLS, or that verify answers.
    pub authority: Authority,
    /// A port at which nobody listens, and that no other server gets meanwhile.
    nowhere: TcpSocket,
    tasks: Mutex<Vec<AbortHandle>>,
}

impl Default for Server {
    fn default() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        Self {
            runtime: runtime.expect("threads"),
            house: House::open(),
            authority: Authority::make(),
            nowhere: bind(),
            tasks: Mutex::default(),
        }
    }
}

impl Server {
    /// Plays a scenario at ports of its own.
    pub fn play(&self, scenario: Scenario) -> Arc<Stage> {
        let tls = self.authority.tls(scenario.server.needs_certificate);
        let listeners = Origin::LISTENING.map(|origin| (origin, listen()));
        let mut addresses: BTreeMap<Origin, String> = listeners
            .iter()
            .map(|(origin, listener)| (*origin, address(*origin, listener.local_addr())))
            .collect();
        addresses.insert(
            Origin::Nowhere,
            address(Origin::Nowhere, self.nowhere.local_addr()),
        );
        let stage = Arc::new(Stage::new(scenario, addresses, Arc::clone(&self.house)));
        for (origin, listener) in listeners {
            let stage = Arc::clone(&stage);
            let tls = origin.is_secure().then(|| Arc::clone(&tls));
            self.accept(listener, move |stream| {
                serve(Arc::clone(&stage), origin, tls.clone(), stream)
            });
        }
        stage
    }

    /// Opens a forward proxy; with `wants` it lets nobody through without that account.
    pub fn forward_proxy(&self, wants: Option<String>) -> Arc<ForwardProxy> {
        let listener = listen();
        let address = listener.local_addr().expect("an address").to_string();
        let proxy = Arc::new(ForwardProxy::new(address, wants));
        let serving = Arc::clone(&proxy);
        self.accept(listener, move |stream| {
            let proxy = Arc::clone(&serving);
            async move {
                // One side has gone.
                let _ = proxy.serve(stream).await;
            }
        });
        proxy
    }

    /// Opens the door for other programs; returns its address.
    pub fn control(self: &Arc<Self>) -> String {
        let control = Arc::new(Control::new(self));
        let listener = listen();
        let address = address(Origin::Home, listener.local_addr());
        self.accept(listener, move |stream| {
            let control = Arc::clone(&control);
            let answer = move |request: Request<Incoming>| {
                let control = Arc::clone(&control);
                async move {
                    Ok::<_, Cut>(control.answer(request.method().as_str(), request.uri().path()))
                }
            };
            async move {
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service_fn(answer))
                    .await;
            }
        });
        address
    }

    fn accept<F>(&self, listener: TcpListener, serve: impl Fn(TcpStream) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        listener.set_nonblocking(true).expect("a socket");
        let task = async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream));
            }
        };
        let task = self.runtime.spawn(task).abort_handle();
        self.tasks.lock().expect("the list").push(task);
    }
}

fn listen() -> TcpListener {
    TcpListener::bind(("127.0.0.1", 0)).expect("a port on loopback")
}

/// A port that is taken, where connections are refused.
fn bind() -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(any).expect("a port on loopback");
    socket
}

/// With TLS by name, so that the certificate's name counts.
fn address(origin: Origin, bound: io::Result<SocketAddr>) -> String {
    let SocketAddr::V4(address) = bound.expect("an address") else {
        unreachable!("it is bound to 127.0.0.1")
    };
    if origin.is_secure() {
        format!("https://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

async fn serve(
    stage: Arc<Stage>,
    origin: Origin,
    tls: Option<Arc<ServerConfig>>,
    stream: TcpStream,
) {
    stage.connected();
    match tls {
        None => converse(stage, origin, stream).await,
        Some(tls) => {
            // A client that does not trust the certificate ends here, as it should.
            if let Ok(stream) = TlsAcceptor::from(tls).accept(stream).await {
                converse(stage, origin, stream).await;
            }
        }
    }
}

/// One connection.
async fn converse<S>(stage: Arc<Stage>, origin: Origin, stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let hang_up = Arc::new(Notify::new());
    let answering = Arc::clone(&hang_up);
    let answer = move |request| answer(Arc::clone(&stage), origin, Arc::clone(&answering), request);
    let connection =
        http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
    let mut connection = pin!(connection);
    let mut end = pin!(hang_up.notified());
    let ended = poll_fn(|context| {
        // Cuts and clients that go away are no faults here.
        let ended = connection.as_mut().poll(context).is_ready();
        if ended || end.as_mut().poll(context).is_ready() {
            return Poll::Ready(ended);
        }
        Poll::Pending
    });
    if !ended.await {
        let _ = tokio::time::timeout(LAST_WORDS, connection).await;
    }
}

async fn answer(
    stage: Arc<Stage>,
    origin: Origin,
    hang_up: Arc<Notify>,
    request: Request<Incoming>,
) -> Result<Response<Delivery>, Cut> {
    let request = received(request).await.map_err(|_| Cut)?;
    let judged = tokio::task::spawn_blocking(move || stage.arrive(origin, request));
    let sending = judged.await.map_err(|_| Cut)?.ok_or(Cut)?;
    tokio::time::sleep(Duration::from_millis(sending.answer.waits_ms)).await;
    if sending.answer.hangs_up == Some(Moment::After) {
        hang_up.notify_one();
    }
    Ok(sent(sending))
}
