//! Connections of operators: few, and bounded in everything.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use daxsign_hosting::listening::{Listener, Stream};
use daxsign_hosting::patience::Patience;
use daxsign_hosting::{Address, Stop};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::Semaphore;

use super::responder::Responder;

/// The longest head.
const MAX_HEAD: usize = 16 << 10;
/// How long a head may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
/// The mode of a socket in the file system: its owner's alone.
const OWNERS: u32 = 0o600;
/// How long an answer may wait for its reader: anybody on this machine may ask for health and metrics, and not read them.
const READ_TIME: Duration = Duration::from_secs(10);
/// Connections at once.
const MAX_CONNECTIONS: usize = 32;
/// How long nothing is accepted after accepting failed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long answers that are under way have once it stops.
const DRAIN: Duration = Duration::from_secs(2);

/// Why the door does not open.
#[derive(Debug)]
pub enum NotOpened {
    /// Others than this machine could come in.
    Address(Address),
    /// Nothing listens there: the system's reason.
    Socket(Address, io::Error),
    /// The system's.
    System(io::Error),
}

/// The management door, on a thread of its own.
#[derive(Debug)]
pub struct ManagementDoor {
    stop: Stop,
    thread: Option<JoinHandle<()>>,
    address: Address,
}

impl ManagementDoor {
    /// Opens it at an address of this machine alone; a UNIX socket is its owner's.
    ///
    /// # Errors
    /// [`NotOpened`].
    pub fn start(address: &Address, responder: Responder) -> Result<Self, NotOpened> {
        if !address.is_local() {
            return Err(NotOpened::Address(address.clone()));
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(4)
            .build()
            .map_err(NotOpened::System)?;
        let listener = runtime
            .block_on(Listener::bind(address, OWNERS))
            .map_err(|error| NotOpened::Socket(address.clone(), error))?;
        let (stop, address) = (Stop::new(), listener.address().clone());
        let stopped = stop.clone();
        let thread = std::thread::Builder::new().name("daxsign-management".to_owned());
        let thread = thread
            .spawn(move || runtime.block_on(serve(listener, responder, stopped)))
            .map_err(NotOpened::System)?;
        Ok(Self {
            stop,
            thread: Some(thread),
            address,
        })
    }

    /// Where operators come in; the port is known now.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// Answers what is asked, then closes.
    pub fn stop(mut self) {
        self.close();
    }

    fn close(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            // One that panicked has nothing more to say.
            let _ = thread.join();
        }
    }
}

impl Drop for ManagementDoor {
    fn drop(&mut self) {
        self.close();
    }
}

async fn serve(listener: Listener, responder: Responder, stop: Stop) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let accepting = async {
        loop {
            let place = Arc::clone(&places).acquire_owned().await;
            match listener.accept().await {
                Ok(stream) => connected(stream, place, &responder, &stop),
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    };
    futures_util::future::select(pin!(accepting), pin!(stop.stopped())).await;
    let all = u32::try_from(MAX_CONNECTIONS).unwrap_or(u32::MAX);
    // Those that take longer are cut off.
    let _ = tokio::time::timeout(DRAIN, places.acquire_many(all)).await;
}

fn connected<P>(stream: Stream, place: P, responder: &Responder, stop: &Stop)
where
    P: Send + Unpin + 'static,
{
    let (responder, stop) = (responder.clone(), stop.clone());
    tokio::spawn(async move {
        let answer = service_fn(move |request| {
            let responder = responder.clone();
            async move { Ok::<_, core::convert::Infallible>(responder.answer(request).await) }
        });
        let patient = Patience::new(stream, place, READ_TIME);
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .max_buf_size(MAX_HEAD);
        let mut served = pin!(http.serve_connection(TokioIo::new(patient), answer));
        let stopped = pin!(stop.stopped());
        if let futures_util::future::Either::Right(_) =
            futures_util::future::select(served.as_mut(), stopped).await
        {
            served.as_mut().graceful_shutdown();
            // A client that is gone is no failure of the door.
            let _ = served.await;
        }
    });
}

impl core::fmt::Display for NotOpened {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Address(address) => write!(
                formatter,
                "management.listen is {address}, where others could come in: write a loopback address such as \
                 127.0.0.1:8444, or unix: and the path of a socket"
            ),
            Self::Socket(address, error) => {
                write!(formatter, "management.listen is {address}: {error}")
            }
            Self::System(error) => write!(formatter, "the management door does not open: {error}"),
        }
    }
}

impl std::error::Error for NotOpened {}
