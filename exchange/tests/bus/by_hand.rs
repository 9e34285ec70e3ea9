//! An exchange whose frames are made by hand: what it sends is up to the test.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use daxsign_core::{PrivateKey, Timestamp};
use daxsign_exchange::CorrelationId;
use daxsign_exchange::Party;
use daxsign_exchange::message::{AnswerRead, Asked, Forward, Message, MessageName};
use daxsign_exchange::receiving::line::{Line, LineParts, LineSettings};
use daxsign_pki::Profile;
use daxsign_pki::tls::rustls::pki_types::ServerName;
use daxsign_pki::tls::rustls::{ServerConnection, StreamOwned};
use daxsign_pki::tls::{LivePolicy, TlsClient, TlsServer};
use uuid::Uuid;

use crate::made::*;
use crate::world::*;

/// Where it listens, and who may come.
pub(crate) struct Listening {
    listener: TcpListener,
    tls: TlsServer,
    pub(crate) world: World,
    pub(crate) live: Arc<LivePolicy>,
    certificates: Certificates,
}

/// One connection of a party to it.
pub(crate) struct Visit {
    stream: StreamOwned<ServerConnection, TcpStream>,
    buffer: Vec<u8>,
}

impl Listening {
    pub(crate) fn new() -> Self {
        let certificates = Certificates::new();
        let live = LivePolicy::new(certificates.policy(1, &[]));
        let server = certificates.issue("rsa2048", HOST, Profile::Server, "12");
        Self {
            listener: TcpListener::bind(("127.0.0.1", 0)).unwrap(),
            tls: TlsServer::new(server.credentials(), Arc::clone(&live)),
            world: World::new(),
            live,
            certificates,
        }
    }

    /// B, which keeps a line to it.
    pub(crate) fn line(&self, settings: LineSettings) -> Line {
        let port = self.listener.local_addr().unwrap().port();
        let b = self
            .certificates
            .issue("rsa4096", "b.example", Profile::OpenBanking, "22");
        line(&self.world, port, &b, &self.live, settings)
    }

    /// Takes the next connection, up to the handshake of the WebSocket.
    pub(crate) fn visit(&self) -> Visit {
        let (stream, _) = self.listener.accept().unwrap();
        stream
            .set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        let (config, _) = self.tls.connection().unwrap();
        let connection = ServerConnection::new(config).unwrap();
        let mut visit = Visit {
            stream: StreamOwned::new(connection, stream),
            buffer: Vec::new(),
        };
        let head = visit.head();
        let line = "GET /exchange/v1/bus HTTP/1.1\r\n";
        assert!(head.starts_with(line), "{head}");
        let key = head
            .lines()
            .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))
            .expect("a key");
        let accept = openssl_accept(key);
        visit.write(
            format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                 Sec-WebSocket-Accept: {accept}\r\n\r\n"
            )
            .as_bytes(),
        );
        visit
    }

    /// Refuses the next connection.
    pub(crate) fn refuse(&self, answer: &str) {
        let (stream, _) = self.listener.accept().unwrap();
        stream
            .set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        let (config, _) = self.tls.connection().unwrap();
        let connection = ServerConnection::new(config).unwrap();
        let mut visit = Visit {
            stream: StreamOwned::new(connection, stream),
            buffer: Vec::new(),
        };
        visit.head();
        visit.write(answer.as_bytes());
        let _ = visit.stream.sock.shutdown(std::net::Shutdown::Write);
    }
}

/// The answer to a key of a handshake, as OpenSSL computes it (RFC 6455 4.2.2).
fn openssl_accept(key: &str) -> String {
    let script = r#"printf '%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11' "$1" | openssl sha1 -binary | openssl base64"#;
    let made = std::process::Command::new("sh")
        .args(["-c", script, "sh", key.trim()])
        .output()
        .expect("openssl");
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

/// B's line to whoever listens there.
pub(crate) fn line(
    world: &World,
    port: u16,
    b_side: &Holding,
    live: &Arc<LivePolicy>,
    settings: LineSettings,
) -> Line {
    let mut number = 0_u64;
    let parts = LineParts {
        address: format!("127.0.0.1:{port}"),
        host: ServerName::try_from(HOST).unwrap(),
        tls: TlsClient::new(Some(b_side.credentials()), Arc::clone(live)),
        party: b(),
        exchange: vec![world.exchange.key.public_key().clone()],
        clock: world.clock(),
        randomness: Box::new(move || {
            number += 104_729;
            number
        }),
        settings,
    };
    let key = PrivateKey::from_bytes(&b_side.key_pem).unwrap();
    Line::start(parts, key).unwrap()
}

/// Waits are short in tests.
pub(crate) fn line_settings() -> LineSettings {
    LineSettings {
        first_pause: Duration::from_millis(20),
        longest_pause: Duration::from_millis(200),
        ping_after: Duration::from_millis(300),
        dead_after: Duration::from_secs(2),
        ..LineSettings::default()
    }
}

/// What an exchange sends.
pub(crate) struct Sent {
    pub(crate) bytes: Vec<u8>,
    pub(crate) name: MessageName,
}

/// A request to `receiver`, signed by whoever's key.
pub(crate) fn sent(
    key: &PrivateKey,
    receiver: Party,
    number: u8,
    now: Timestamp,
    until: i64,
) -> Sent {
    let forward = Forward {
        correlation: id(number),
        sender: a(),
        receiver,
        contract: Uuid::from_bytes([9; 16]),
        deadline: at(until),
        method: "POST",
        target: TARGET,
        content_type: "application/json",
        body: BODY.as_bytes(),
    };
    let signed = forward.dated(now).unwrap().sign(key).unwrap();
    Sent {
        bytes: signed.to_bytes(),
        name: signed.name(),
    }
}

impl Visit {
    fn head(&mut self) -> String {
        loop {
            let found = self.buffer.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = found {
                let head: Vec<u8> = self.buffer.drain(..end + 4).collect();
                return String::from_utf8(head).unwrap();
            }
            assert!(self.fill(), "no head");
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
        self.stream.flush().unwrap();
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.write(&frame(0x80 | BINARY, bytes, None));
    }

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
        assert_eq!(second & 0x80, 0x80, "a client masks its frames");
        let (len, start) = match second & 0x7f {
            126 => (
                usize::from(u16::from_be_bytes(self.buffer.get(2..4)?.try_into().ok()?)),
                4,
            ),
            127 => panic!("no answer here is so long"),
            len => (usize::from(len), 2),
        };
        let mask = self.buffer.get(start..start + 4)?.to_vec();
        let payload = self.buffer.get(start + 4..start + 4 + len)?;
        let payload = payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask);
        let payload = payload.collect();
        self.buffer.drain(..start + 4 + len);
        Some(Frame {
            opcode: first & 0x0f,
            payload,
        })
    }

    /// The next frame but pings, within a time; `None` at the end or after it.
    pub(crate) fn next_within(&mut self, time: Duration) -> Option<Frame> {
        let since = Instant::now();
        loop {
            match self.framed() {
                Some(frame) if frame.opcode == PING => {
                    let _ = self.stream.write_all(&crate::made::frame(
                        0x80 | PONG,
                        &frame.payload,
                        None,
                    ));
                    let _ = self.stream.flush();
                }
                Some(frame) => return Some(frame),
                None if !self.fill() || since.elapsed() > time => return None,
                None => {}
            }
        }
    }

    /// A close frame, if one comes soon; pings are not answered.
    pub(crate) fn close_frame(&mut self) -> Option<Frame> {
        self.fill();
        self.framed().filter(|frame| frame.opcode == CLOSE)
    }

    /// The next answer, verified by the party's key and as belonging to what was sent: its status and body.
    pub(crate) fn answer(&mut self, world: &World, sent: &Sent, number: u8) -> (u16, String) {
        let frame = self.next_within(PATIENCE).expect("an answer");
        assert_eq!(frame.opcode, BINARY, "{frame:?}");
        let message = Message::read(&frame.payload).unwrap();
        let asked = Asked {
            name: sent.name,
            target: TARGET,
            correlation: Some(CorrelationId::from_bytes([number; 16])),
        };
        let keys = [world.b.key.public_key()];
        let read = AnswerRead::verify(&message, &keys, &asked, world.now()).unwrap();
        (read.status, String::from_utf8(read.body.to_vec()).unwrap())
    }
}
