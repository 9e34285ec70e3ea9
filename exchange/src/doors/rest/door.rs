//! The door: started, and drained.

use core::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use daxsign_pki::tls::TlsServer;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use super::accepting::run;
use super::counters::Counters;
use super::handshake::PROTOCOLS;
use super::hashing::SignIns;
use super::places::Places;
use super::router::router;
use super::settings::Settings;
use super::state::Shared;
use crate::doors::bus::BusDoor;
use crate::faults::Board;
use crate::judging::{Entrance, SharedRegistry};
use crate::running::{Clock, Inlet};

/// What a door is made of.
pub struct Parts {
    /// Where it listens.
    pub listener: TcpListener,
    /// What it shows, and whose client certificates it takes. `None`: plain HTTP, on loopback alone.
    pub tls: Option<TlsServer>,
    /// Who may come in.
    pub entrance: Arc<Entrance>,
    /// Whose passwords are whose.
    pub registry: Arc<SharedRegistry>,
    /// Where requests go.
    pub inlet: Inlet,
    /// The time.
    pub clock: Clock,
    /// Where parties connect that keep their connection open; `None` where there is no such way.
    pub bus: Option<Arc<BusDoor>>,
    /// Faults to order; `None` where there are none, as in every exchange but a sandbox.
    pub faults: Option<Arc<Board>>,
    /// How much of everything.
    pub settings: Settings,
}

/// Why there is no door.
#[derive(Debug)]
pub enum NotStarted {
    /// The system gives no thread or socket.
    System(io::Error),
    /// Without TLS everybody on the way reads tokens: only this machine may be listened to.
    PlainBeyondLoopback(SocketAddr),
}

/// What became of the connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// How many were cut, since they had not ended at the deadline.
    pub cut: u64,
}

/// How many connections the system holds that were not accepted yet: with those of `std`, 128, a burst waits for seconds
/// to be sent again. Linux gives no more than `net.core.somaxconn`, 4096.
const BACKLOG: i32 = 4096;

/// A door that is open. Dropping it cuts everything.
pub struct RestDoor {
    shared: Arc<Shared>,
    address: SocketAddr,
    over: Mutex<Receiver<()>>,
    runtime: Mutex<Option<Runtime>>,
}

impl RestDoor {
    /// Opens it, on threads of its own.
    ///
    /// # Errors
    /// [`NotStarted`].
    pub fn start(parts: Parts) -> Result<Self, NotStarted> {
        let address = parts.listener.local_addr()?;
        if parts.tls.is_none() && !address.ip().is_loopback() {
            return Err(NotStarted::PlainBeyondLoopback(address));
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(parts.settings.workers.get())
            .thread_name("daxsign-door")
            .enable_all()
            .build()?;
        // Again, for a queue that std makes shorter.
        rustix::net::listen(&parts.listener, BACKLOG).map_err(io::Error::from)?;
        parts.listener.set_nonblocking(true)?;
        let listener = {
            let _within = runtime.enter();
            tokio::net::TcpListener::from_std(parts.listener)?
        };
        let tls = parts.tls.map(|tls| {
            // One connection is for requests with and without certificates, and for the bus.
            tls.with_anonymous_clients().with_protocols(&PROTOCOLS)
        });
        let shared = Arc::new(Shared {
            places: Arc::new(Places::new(&parts.settings)),
            settings: parts.settings,
            tls,
            counters: Arc::default(),
            sign_ins: SignIns::start(&parts.entrance, &parts.registry)?,
            entrance: parts.entrance,
            inlet: parts.inlet,
            clock: parts.clock,
            bus: parts.bus,
            faults: parts.faults,
            ready: AtomicBool::new(true),
            stop: watch::Sender::new(false),
        });
        let (tell, over) = channel();
        let router = router(Arc::clone(&shared));
        runtime.spawn(run(Arc::clone(&shared), router, listener, tell));
        Ok(Self {
            shared,
            address,
            over: Mutex::new(over),
            runtime: Mutex::new(Some(runtime)),
        })
    }

    /// Where it listens; the port is known now.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What is counted.
    #[must_use]
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.shared.counters)
    }

    /// Whether requests are welcome: until it is drained.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.shared.ready.load(Ordering::Acquire)
    }

    /// Says that it is not ready, and waits for `notice`, so that whoever asks sends no more here; then accepts no
    /// connection, answers what is in work, and cuts what has not ended within `deadline`. Connections that were
    /// taken over are not waited for. Not for threads that serve others: it blocks.
    pub fn drain(&self, notice: Duration, deadline: Duration) -> Drained {
        self.shared.ready.store(false, Ordering::Release);
        std::thread::sleep(notice);
        self.shared.stop.send_replace(true);
        let over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        let cut = match over.recv_timeout(deadline) {
            Ok(()) => 0,
            Err(_) => self.shared.counters.connections.load(Ordering::Relaxed),
        };
        self.end();
        Drained { cut }
    }

    fn end(&self) {
        let mut runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for RestDoor {
    fn drop(&mut self) {
        self.end();
    }
}

impl From<io::Error> for NotStarted {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl fmt::Display for NotStarted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System(error) => write!(formatter, "the door cannot be opened: {error}"),
            Self::PlainBeyondLoopback(address) => write!(
                formatter,
                "plain HTTP at {address} would show tokens to everybody on the way: give it a certificate and a key, or \
                 listen on 127.0.0.1"
            ),
        }
    }
}

impl std::error::Error for NotStarted {}
