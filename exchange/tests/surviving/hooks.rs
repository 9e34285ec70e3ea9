//! Where callbacks go: an HTTPS server of rustls in the test's process, which lives on when the exchange is killed. It notes what
//! it got whole, and then answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use daxsign_client::Roots;
use daxsign_exchange::callbacks::Allowed;
use daxsign_exchange::calling::CallbackSettings;
use daxsign_exchange::{CorrelationId, Party};
use daxsign_pki::tls::rustls::pki_types::pem::PemObject as _;
use daxsign_pki::tls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use daxsign_pki::tls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::town::{a, c};

/// A callback that came whole.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) receiver: Party,
    pub(crate) correlation: CorrelationId,
    pub(crate) number: u32,
}

/// The server.
pub(crate) struct Hooks {
    pub(crate) port: u16,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Vec<Seen>>,
    tls: OnceLock<Arc<ServerConfig>>,
    stop: AtomicBool,
    count: AtomicU32,
}

/// With what the exchange finds it, whose folder that is.
pub(crate) fn settings(folder: &Path) -> CallbackSettings {
    CallbackSettings {
        allowed: Allowed::new(vec!["127.0.0.0/8".parse().unwrap()]),
        roots: Roots::Only(std::fs::read(folder.join("authority.crt")).unwrap()),
        resolve: Arc::new(|_, port| {
            Ok(vec![SocketAddr::new(
                IpAddr::from(Ipv4Addr::LOCALHOST),
                port,
            )])
        }),
        ..CallbackSettings::default()
    }
}

impl Hooks {
    /// It answers once it [has a certificate](Self::show).
    pub(crate) fn listen() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let (port, shared) = (
            listener.local_addr().unwrap().port(),
            Arc::<Shared>::default(),
        );
        let of_thread = Arc::clone(&shared);
        Self {
            port,
            shared,
            accepting: Some(std::thread::spawn(move || accept(&listener, &of_thread))),
        }
    }

    pub(crate) fn url(&self, party: Party) -> String {
        let name = if party == a() { "a" } else { "c" };
        format!("https://localhost:{}/{name}", self.port)
    }

    /// Shows the certificate for this host that an exchange's folder has.
    pub(crate) fn show(&self, folder: &Path) {
        let chain = CertificateDer::pem_file_iter(folder.join("tls.crt")).unwrap();
        let chain = chain.map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_file(folder.join("tls.key")).unwrap();
        let provider = daxsign_pki::tls::rustls::crypto::ring::default_provider();
        let config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        assert!(self.shared.tls.set(Arc::new(config)).is_ok());
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }
}

impl Drop for Hooks {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        // Wakes who accepts.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        if let Some(accepting) = self.accepting.take() {
            accepting.join().unwrap();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stop.load(Ordering::SeqCst) {
            return;
        }
        let (stream, shared) = (stream.unwrap(), Arc::clone(shared));
        std::thread::spawn(move || {
            // Who called may be killed at any byte.
            let _ = serve(stream, &shared);
        });
    }
}

/// One request; `None` where it did not come whole.
fn serve(stream: TcpStream, shared: &Shared) -> Option<()> {
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .ok()?;
    let connection = ServerConnection::new(Arc::clone(shared.tls.get()?)).ok()?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let receiver = if line.starts_with("POST /a ") {
        a()
    } else {
        c()
    };
    let (mut correlation, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "x-correlation-id" => correlation = Some(value.parse().ok()?),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let seen = Seen {
        receiver,
        correlation: correlation?,
        number: number_of(&body)?,
    };
    shared.seen.lock().unwrap().push(seen);
    // Some are killed between the last byte and the answer.
    let count = shared.count.fetch_add(1, Ordering::SeqCst);
    std::thread::sleep(Duration::from_millis(u64::from(count % 4)));
    let mut stream = stream.into_inner();
    stream
        .write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        .ok()?;
    stream.conn.send_close_notify();
    stream.flush().ok()
}

/// Which event a body tells.
pub(crate) fn number_of(body: &[u8]) -> Option<u32> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    u32::try_from(body["data"]["number"].as_u64()?).ok()
}
