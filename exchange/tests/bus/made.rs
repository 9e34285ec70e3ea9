//! An exchange with a bus behind TLS, and a client whose frames are made by hand.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use daxsign_core::{CertificateRequest, KeyEncoding, ObjectIdentifier, PrivateKey, Timestamp};
use daxsign_exchange::Party;
use daxsign_exchange::doors::bus::*;
use daxsign_exchange::websocket::BUS_PATH;
use daxsign_pki::tls::rustls::pki_types::ServerName;
use daxsign_pki::tls::rustls::{ClientConnection, StreamOwned};
use daxsign_pki::tls::{Credentials, Lists, LivePolicy, Policy, RootSet, TlsClient, TlsServer};
use daxsign_pki::{
    Asked, Issuer, ListTerms, Profile, Reason, Revoked, SerialNumber, Terms, certificate_pem,
    issue, issue_root, write_list,
};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio_rustls::TlsAcceptor;

use crate::world::*;

/// Nothing takes longer, or it never comes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// The host that the exchange's certificate is for.
pub(crate) const HOST: &str = "localhost";
const SERVER_SERIAL: &str = "12";

fn key_file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    std::fs::read(folder.join(name)).expect("a key")
}

/// An authority, and what everybody shows.
pub(crate) struct Certificates {
    key: PrivateKey,
    issuer: Issuer,
    pub(crate) root: Vec<u8>,
}

/// A certificate with its key.
pub(crate) struct Holding {
    /// DER.
    pub(crate) certificate: Vec<u8>,
    pub(crate) key_pem: Vec<u8>,
}

impl Holding {
    pub(crate) fn credentials(&self) -> Credentials {
        let pem = certificate_pem(&self.certificate);
        Credentials::from_pem(pem.as_bytes(), &self.key_pem).expect("both")
    }
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn asked(key: &PrivateKey, name: &str) -> Asked {
    let common_name = ObjectIdentifier::parse("2.5.4.3").expect("an identifier");
    let mut request = CertificateRequest::new(key.public_key());
    request.add_name(&common_name, name).expect("a name");
    request.add_dns_name(name).expect("a host");
    let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
    request
        .write(key, KeyEncoding::Der, &mut der)
        .expect("a request");
    Asked::from_request(&der).expect("a request")
}

/// Good by the clock of the test and by the real one.
fn terms(profile: Profile, serial: &str) -> Terms {
    Terms {
        profile,
        serial: SerialNumber::parse(serial).expect("a number"),
        not_before: time("2023-01-01T00:00:00Z"),
        not_after: time("2049-01-01T00:00:00Z"),
    }
}

impl Certificates {
    pub(crate) fn new() -> Self {
        let key = PrivateKey::from_bytes(&key_file("generated2048.pem")).expect("a key");
        let terms = terms(Profile::Authority { path_len: None }, "01");
        let root = issue_root(&asked(&key, "root.example"), key.public_key(), &terms, &key);
        let root = root.expect("a root");
        Self {
            issuer: Issuer::from_certificate(&root).expect("an authority"),
            key,
            root,
        }
    }

    pub(crate) fn issue(&self, key: &str, name: &str, profile: Profile, serial: &str) -> Holding {
        let key_pem = key_file(&format!("keys/{key}.pkcs8.pem"));
        let key = PrivateKey::from_bytes(&key_pem).expect("a key");
        let terms = terms(profile, serial);
        let certificate = issue(&self.issuer, &asked(&key, name), &terms, &self.key);
        Holding {
            certificate: certificate.expect("a certificate"),
            key_pem,
        }
    }

    /// Everybody but those with these numbers.
    pub(crate) fn policy(&self, number: u64, revoked: &[&str]) -> Policy {
        let terms = ListTerms {
            number,
            this_update: time("2023-01-01T00:00:00Z"),
            next_update: time("2049-01-01T00:00:00Z"),
        };
        let revoked: Vec<Revoked> = revoked
            .iter()
            .map(|serial| Revoked {
                serial: SerialNumber::parse(serial).expect("a number"),
                time: time("2023-02-01T00:00:00Z"),
                reason: Reason::KeyCompromise,
            })
            .collect();
        let list = write_list(&self.issuer, &terms, &revoked, &self.key).expect("a list");
        let lists: [&[u8]; 1] = [&list];
        let set = RootSet::new("parties", &[&self.root], Lists::Required(&lists));
        Policy::of_roots(set.expect("roots")).expect("a policy")
    }
}

/// Whose certificates are registered, which a test changes.
#[derive(Clone, Default)]
pub(crate) struct Registered(Arc<Mutex<ByCertificate>>);

type ByCertificate = BTreeMap<Vec<u8>, Result<Party, NotAMember>>;

impl Registered {
    pub(crate) fn set(&self, certificate: &[u8], found: Result<Party, NotAMember>) {
        self.0.lock().unwrap().insert(certificate.to_vec(), found);
    }
}

impl Members for Registered {
    fn party(&self, certificate: &[u8], _: Timestamp) -> Result<Party, NotAMember> {
        let found = self.0.lock().unwrap().get(certificate).copied();
        found.unwrap_or(Err(NotAMember::Unknown))
    }
}

/// Everything, with a listener on a port.
pub(crate) struct Hall {
    pub(crate) world: World,
    pub(crate) run: Run<BusWire>,
    pub(crate) door: Arc<BusDoor>,
    pub(crate) registered: Registered,
    pub(crate) certificates: Certificates,
    pub(crate) live: Arc<LivePolicy>,
    pub(crate) b: Holding,
    pub(crate) server: Holding,
    pub(crate) port: u16,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Waits are short in tests.
pub(crate) fn settings() -> BusSettings {
    BusSettings {
        ping_after: Duration::from_millis(300),
        dead_after: Duration::from_secs(2),
        write_patience: Duration::from_secs(1),
        ..BusSettings::default()
    }
}

impl Hall {
    pub(crate) fn new() -> Self {
        Self::with(settings())
    }

    pub(crate) fn with(settings: BusSettings) -> Self {
        let world = World::new();
        let clock = world.clock();
        let run = world.start_with(|inlet| BusWire::new(inlet, clock, settings));
        let certificates = Certificates::new();
        let live = LivePolicy::new(certificates.policy(1, &[]));
        let server = certificates.issue("rsa2048", HOST, Profile::Server, SERVER_SERIAL);
        let b = certificates.issue("rsa4096", "b.example", Profile::OpenBanking, "22");
        let registered = Registered::default();
        registered.set(&b.certificate, Ok(crate::world::b()));
        let door = Arc::new(run.wire.door(registered.clone()).expect("a thread"));
        let tls = TlsServer::new(server.credentials(), Arc::clone(&live));
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (told, port) = mpsc::channel();
        let listening = listen(tls, Arc::clone(&door), told, stopped);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(listening);
        });
        Self {
            world,
            run,
            door,
            registered,
            certificates,
            live,
            b,
            server,
            port: port.recv_timeout(PATIENCE).expect("a port"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The runtime of the connections ends as it is.
    pub(crate) fn drop_connections(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// B connects.
    pub(crate) fn connect(&self) -> Client {
        let client = Client::open(self, &self.b);
        self.becomes_connected();
        client
    }

    pub(crate) fn becomes_connected(&self) {
        becomes(|| self.run.wire.find(&b()).is_some());
    }

    pub(crate) fn end(self) {
        self.run.end();
    }
}

/// As small a listener as there can be.
async fn listen(
    tls: TlsServer,
    door: Arc<BusDoor>,
    told: mpsc::Sender<u16>,
    mut stopped: tokio::sync::oneshot::Receiver<()>,
) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    told.send(listener.local_addr().unwrap().port()).unwrap();
    loop {
        let stream = tokio::select! {
            _ = &mut stopped => return,
            stream = listener.accept() => stream.unwrap().0,
        };
        let (config, witness) = tls.connection().unwrap();
        let door = Arc::clone(&door);
        tokio::spawn(async move {
            let Ok(stream) = TlsAcceptor::from(config).accept(stream).await else {
                return;
            };
            let peer = witness.peer().ok().map(Arc::new);
            let service = service_fn(move |mut request: Request<Incoming>| {
                let answer = answer(&door, &mut request, peer.clone());
                async move { Ok::<_, std::convert::Infallible>(answer) }
            });
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades()
                .await;
        });
    }
}

fn answer(
    door: &BusDoor,
    request: &mut Request<Incoming>,
    peer: Option<Arc<daxsign_pki::tls::Peer>>,
) -> Response<Full<Bytes>> {
    // Without a certificate nobody comes through this TLS: a test says that none was shown.
    let peer = peer.filter(|_| !request.headers().contains_key("x-test-no-certificate"));
    match door.upgrade(request, peer, ()) {
        Ok(response) => response.map(|()| Full::default()),
        Err(not) => {
            let mut response = Response::builder().status(not.status);
            for (name, value) in &not.fields {
                response = response.header(*name, value);
            }
            response.body(Full::from(not.told)).unwrap()
        }
    }
}

/// A frame as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) opcode: u8,
    pub(crate) payload: Vec<u8>,
}

pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

/// A client that makes each byte itself.
pub(crate) struct Client {
    stream: StreamOwned<ClientConnection, TcpStream>,
    buffer: Vec<u8>,
    pub(crate) answers_pings: bool,
}

impl Client {
    /// TLS with this certificate, and the handshake.
    pub(crate) fn open(hall: &Hall, holding: &Holding) -> Self {
        let mut client = Self::over_tls(hall, holding);
        let head = client.ask(&handshake(&[]));
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        // The example of RFC 6455 1.3.
        let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
        let line = format!("sec-websocket-accept: {accept}");
        assert!(head.to_lowercase().contains(&line.to_lowercase()), "{head}");
        client
    }

    pub(crate) fn over_tls(hall: &Hall, holding: &Holding) -> Self {
        let tls = TlsClient::new(Some(holding.credentials()), Arc::clone(&hall.live));
        let host = ServerName::try_from(HOST).unwrap();
        let (config, _) = tls.connection(&host).unwrap();
        let mut connection = ClientConnection::new(config, host).unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", hall.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        // Where it is refused, writing says so.
        let _ = connection.complete_io(&mut stream);
        stream
            .set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        Self {
            stream: StreamOwned::new(connection, stream),
            buffer: Vec::new(),
            answers_pings: true,
        }
    }

    /// Sends a head and gives back that of the answer, with its body where it ends the connection.
    pub(crate) fn ask(&mut self, head: &str) -> String {
        self.write(head.as_bytes());
        let since = Instant::now();
        let end = loop {
            let found = self.buffer.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(found) = found {
                break found + 4;
            }
            assert!(self.fill() && since.elapsed() < PATIENCE, "no answer");
        };
        let head: Vec<u8> = self.buffer.drain(..end).collect();
        String::from_utf8(head).unwrap()
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
        self.stream.flush().unwrap();
    }

    /// The same, where the other end may be gone.
    pub(crate) fn try_write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok() && self.stream.flush().is_ok()
    }

    /// Reads what is there; false at the end.
    fn fill(&mut self) -> bool {
        let mut bytes = [0; 16 << 10];
        match self.stream.read(&mut bytes) {
            Ok(0) => false,
            Ok(len) => {
                self.buffer.extend_from_slice(&bytes[..len]);
                true
            }
            Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    }

    fn framed(&mut self) -> Option<Frame> {
        let [first, second] = *self.buffer.first_chunk()?;
        assert_eq!(second & 0x80, 0, "a server masks nothing");
        let (len, start) = match second {
            126 => (
                usize::from(u16::from_be_bytes(self.buffer.get(2..4)?.try_into().ok()?)),
                4,
            ),
            127 => {
                let len = u64::from_be_bytes(self.buffer.get(2..10)?.try_into().ok()?);
                (usize::try_from(len).ok()?, 10)
            }
            len => (usize::from(len), 2),
        };
        assert_eq!(
            first & 0xf0,
            0x80,
            "each frame is whole, without extensions"
        );
        let payload = self.buffer.get(start..start + len)?.to_vec();
        self.buffer.drain(..start + len);
        Some(Frame {
            opcode: first & 0x0f,
            payload,
        })
    }

    /// The next frame but pings, which are answered; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Frame> {
        let since = Instant::now();
        loop {
            match self.framed() {
                Some(frame) if frame.opcode == PING => {
                    if self.answers_pings {
                        self.try_write(&masked(PONG, &frame.payload));
                    }
                }
                Some(frame) => return Some(frame),
                None if !self.fill() => return None,
                None => assert!(since.elapsed() < PATIENCE, "nothing came"),
            }
        }
    }

    /// The next message.
    pub(crate) fn message(&mut self) -> Vec<u8> {
        let frame = self.next().expect("a frame");
        assert_eq!(frame.opcode, BINARY, "{frame:?}");
        frame.payload
    }

    /// Why the connection is closed, which is what comes next; then it ends.
    pub(crate) fn farewell(&mut self) -> (u16, String) {
        let frame = self.next().expect("a frame");
        assert_eq!(frame.opcode, CLOSE, "{frame:?}");
        let (code, reason) = frame.payload.split_first_chunk().expect("a code");
        self.try_write(&masked(CLOSE, &frame.payload));
        assert_eq!(self.next(), None, "nothing comes after a close");
        let reason = String::from_utf8(reason.to_vec()).unwrap();
        (u16::from_be_bytes(*code), reason)
    }

    /// Is gone at once, without a word.
    pub(crate) fn cut(self) {
        // With something unread or without, no close frame and no alert.
        let socket = self.stream.sock.try_clone().unwrap();
        drop(self);
        socket.shutdown(std::net::Shutdown::Both).unwrap();
    }
}

/// A handshake, with more fields.
pub(crate) fn handshake(more: &[&str]) -> String {
    let mut head = format!(
        "GET {BUS_PATH} HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    for field in more {
        head.push_str(field);
        head.push_str("\r\n");
    }
    head + "\r\n"
}

/// A frame of a client.
pub(crate) fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    frame(0x80 | opcode, payload, Some([0x37, 0xfa, 0x21, 0x3d]))
}

pub(crate) fn frame(first: u8, payload: &[u8], mask: Option<[u8; 4]>) -> Vec<u8> {
    let bit: u8 = if mask.is_some() { 0x80 } else { 0 };
    let mut bytes = vec![first];
    match payload.len() {
        len @ ..126 => bytes.push(bit + u8::try_from(len).unwrap()),
        len @ 126..0x1_0000 => {
            bytes.push(bit + 126);
            bytes.extend(u16::try_from(len).unwrap().to_be_bytes());
        }
        len => {
            bytes.push(bit + 127);
            bytes.extend((len as u64).to_be_bytes());
        }
    }
    bytes.extend(
        mask.unwrap_or_default()
            .iter()
            .take(if mask.is_some() { 4 } else { 0 }),
    );
    let mask = mask.unwrap_or_default();
    bytes.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    bytes
}
