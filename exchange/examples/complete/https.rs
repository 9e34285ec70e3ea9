//! The same exchanges through the doors of an exchange that serves: A asks over HTTPS, B keeps a bus connection open. And
//! what connections that lie idle take.

use std::io::{BufRead as _, BufReader, Read as _, Write as _, stdin};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use daxsign_core::PrivateKey;
use daxsign_exchange::identity::{Password, PasswordHash};
use daxsign_exchange::judging::SharedRegistry;
use daxsign_exchange::operating::{Folder, Part, Serving, Settings};
use daxsign_exchange::receiving::Reply;
use daxsign_exchange::receiving::line::{Line, LineParts, LineSettings};
use daxsign_exchange::registry::{Change, NewCredential};
use daxsign_pki::certificate_pem;
use daxsign_pki::tls::rustls::pki_types::ServerName;
use daxsign_pki::tls::rustls::{ClientConnection, StreamOwned};
use daxsign_pki::tls::{Credentials, Lists, LivePolicy, Policy, RootSet, TlsClient};
use uuid::Uuid;

use crate::town::{PATIENCE, Town, a, b, clock};
use crate::turn::card;

const HOST: &str = "localhost";
/// What B signs with, and shows on the bus.
const B_KEY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tests/vectors/generated2048.pem"
);
const PASSWORD: &str = "correct horse battery";

/// Until standard input ends. Where parties ask is told first.
pub(crate) fn serve(folder: &Path) {
    let settings = Settings {
        rest_listen: "127.0.0.1:0".to_owned(),
        management_listen: "unix:m.sock".to_owned(),
        rest_requests_per_minute: 1_000_000,
        per_receiver: 1024,
        ..Settings::default()
    };
    let serving = Serving::start(folder, &settings, clock()).unwrap();
    println!("{}", serving.rest());
    stdin().read_to_end(&mut Vec::new()).unwrap();
    serving.stop().unwrap();
}

/// An exchange that serves in a process of its own, with B connected.
pub(crate) struct Doors<'t> {
    town: &'t Town,
    pub(crate) child: Child,
    at: SocketAddr,
    live: Arc<LivePolicy>,
    connected: Arc<Line>,
}

impl<'t> Doors<'t> {
    pub(crate) fn open(town: &'t Town, word: &str) -> Self {
        let shared = SharedRegistry::open(town.path(), clock()).unwrap();
        let hash = PasswordHash::of(&Password::new(PASSWORD.to_owned()), [7; 16]).unwrap();
        let credential = NewCredential {
            name: "anna".to_owned(),
            id: Uuid::from_u128(100),
            party: a(),
            hash: hash.to_string(),
        };
        let set = Change::SetCredential(credential);
        shared.change(set, None).unwrap();
        let key = std::fs::read(B_KEY).unwrap();
        let der = town.issue(b(), &PrivateKey::from_bytes(&key).unwrap());
        let add = Change::AddCertificate {
            party: b(),
            der: der.clone(),
        };
        shared.change(add, None).unwrap();
        drop(shared);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([word.as_ref(), town.path().as_os_str()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let at = said(&mut child).parse().unwrap();
        let root = Folder::new(town.path()).read(Part::Authority).unwrap();
        let set = RootSet::new("exchange", &[&crate::town::der(&root)], Lists::NotAsked).unwrap();
        let live = LivePolicy::new(Policy::of_roots(set).unwrap());
        let credentials = Credentials::from_pem(certificate_pem(&der).as_bytes(), &key).unwrap();
        let connected = line(
            town,
            at,
            TlsClient::new(Some(credentials), Arc::clone(&live)),
            &key,
        );
        Self {
            town,
            child,
            at,
            live,
            connected,
        }
    }

    /// So many exchanges, over so many connections; how long each took.
    pub(crate) fn pass(&self, count: usize, at_once: usize) -> Vec<Duration> {
        let token = self.token();
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let callers: Vec<_> = (0..at_once)
                .map(|_| {
                    scope.spawn(|| {
                        let (mut caller, mut times) = (self.connect(), Vec::new());
                        loop {
                            let number = next.fetch_add(1, Ordering::Relaxed);
                            if number >= count {
                                return times;
                            }
                            let begun = Instant::now();
                            let ask = card(u32::try_from(number).unwrap());
                            let bytes = with_token(&self.town.sign(&ask).bytes, &token);
                            let (status, answer) = caller.ask(&bytes);
                            assert_eq!(status, 201, "{answer}");
                            times.push(begun.elapsed());
                        }
                    })
                })
                .collect();
            let times = callers.into_iter().map(|caller| caller.join().unwrap());
            times.flatten().collect()
        })
    }

    /// Connections through the handshake of TLS that ask nothing.
    pub(crate) fn idle(&self, count: usize) -> Vec<Caller> {
        (0..count).map(|_| self.connect()).collect()
    }

    pub(crate) fn close(mut self) {
        self.connected.end();
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }

    fn token(&self) -> String {
        let form = format!(
            "grant_type=password&username=anna&password={}&client_id={}",
            PASSWORD.replace(' ', "+"),
            a().instance
        );
        let request = format!(
            "POST /oauth/token HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        );
        let (status, body) = self.connect().ask(request.as_bytes());
        assert_eq!(status, 200, "{body}");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    }

    fn connect(&self) -> Caller {
        let host = ServerName::try_from(HOST).unwrap();
        let tls = TlsClient::new(None, Arc::clone(&self.live));
        let (config, _) = tls.connection(&host).unwrap();
        let mut connection = ClientConnection::new(config, host).unwrap();
        let mut stream = TcpStream::connect(self.at).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        while connection.is_handshaking() {
            connection.complete_io(&mut stream).unwrap();
        }
        Caller(StreamOwned::new(connection, stream))
    }
}

/// The first line.
fn said(child: &mut Child) -> String {
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.as_mut().unwrap());
    out.read_line(&mut line).unwrap();
    line.trim().to_owned()
}

/// B, which answers everything.
fn line(town: &Town, at: SocketAddr, tls: TlsClient, key: &[u8]) -> Arc<Line> {
    let parts = LineParts {
        address: at.to_string(),
        host: ServerName::try_from(HOST).unwrap(),
        tls,
        party: b(),
        exchange: vec![town.exchange().clone()],
        clock: clock(),
        randomness: Box::new(|| 1),
        settings: LineSettings {
            waiting: 1024,
            remembered: 10_000_000,
            ..LineSettings::default()
        },
    };
    let line = Arc::new(Line::start(parts, PrivateKey::from_bytes(key).unwrap()).unwrap());
    let begun = Instant::now();
    while line.state().connected_since.is_none() {
        assert!(begun.elapsed() < PATIENCE, "{:?}", line.state());
        std::thread::sleep(Duration::from_millis(5));
    }
    let answering = Arc::clone(&line);
    std::thread::spawn(move || {
        while let Some(mut request) = answering.next() {
            let reply = Reply {
                status: 201,
                content_type: "application/json".to_owned(),
                body: br#"{"data":{"id":1}}"#.to_vec(),
            };
            request.answer(reply).unwrap();
        }
    });
    line
}

/// Behind the first line.
fn with_token(request: &[u8], token: &str) -> Vec<u8> {
    let end = request.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let (line, rest) = request.split_at(end);
    [
        line,
        format!("Authorization: Bearer {token}\r\n").as_bytes(),
        rest,
    ]
    .concat()
}

/// A connection of A.
pub(crate) struct Caller(StreamOwned<ClientConnection, TcpStream>);

impl Caller {
    /// Status and body.
    fn ask(&mut self, request: &[u8]) -> (u16, String) {
        self.0.write_all(request).unwrap();
        let (mut read, mut piece) = (Vec::new(), [0; 8192]);
        loop {
            let len = self.0.read(&mut piece).unwrap();
            assert!(len > 0, "it was closed");
            read.extend_from_slice(&piece[..len]);
            let text = String::from_utf8_lossy(&read).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let length = name.eq_ignore_ascii_case("content-length");
                length.then(|| value.trim().parse::<usize>().unwrap())
            });
            if body.len() >= length.expect("a length") {
                let status = head.split(' ').nth(1).unwrap().parse().unwrap();
                return (status, body.to_owned());
            }
        }
    }
}
