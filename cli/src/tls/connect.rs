//! `daxsign tls connect`: what both sides say of each other.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use daxsign_pki::tls::rustls::pki_types::ServerName;
use daxsign_pki::tls::rustls::{ClientConnection, HandshakeKind, Stream};
use daxsign_pki::tls::{Peer, Refusal, TlsClient, Witness};

use crate::clock::date_text;
use crate::failure::{self, Failure};
use crate::input::Input;
use crate::output;
use crate::terminal::{visible, visible_lines};
use crate::tls::arguments::{ConnectArguments, Identity};
use crate::tls::waiting::{Watched, shake_hands};
use crate::tls::{given, words};

/// How long a connection, a handshake or an answer takes at most.
const LONGEST: Duration = Duration::from_secs(10);
/// How long a server gets for refusing, which with TLS 1.3 it does after the handshake is done here.
const SECOND_THOUGHTS: Duration = Duration::from_secs(1);
/// What is shown of an answer at most.
const MAX_ANSWER: usize = 1 << 16;

/// Runs the command.
pub(super) fn run(arguments: &ConnectArguments) -> Result<(), Failure> {
    let unusable = |text: String| Err(Failure::Unusable(text));
    let server = &arguments.server;
    let Some((host, _)) = server.rsplit_once(':') else {
        return unusable(format!(
            "{server}: say host and port, such as localhost:8443"
        ));
    };
    let name = arguments.host.as_deref().unwrap_or(host);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let Ok(name) = ServerName::try_from(name.to_owned()) else {
        return unusable(format!("{name} is no host's name and no address"));
    };
    let files = given::roots(&arguments.roots, Identity::Subject)?;
    let own = match (&arguments.certificate, &arguments.key) {
        (Some(certificate), Some(key)) => Some(given::credentials(
            &Input::read(certificate)?,
            key,
            &arguments.passphrase,
        )?),
        _ => None,
    };
    let shows = own.is_some();
    let client = TlsClient::new(own, files.live().clone());
    let client = client.with_versions(&given::versions(&arguments.version));
    let stream = connected(server)?;
    let made = client.connection(&name);
    let (config, witness) = made.map_err(|error| Failure::refused_pki(&error, server))?;
    let connection = ClientConnection::new(config, name)
        .map_err(|error| Failure::Unusable(format!("{server}: {error}")))?;
    Call {
        arguments,
        connection,
        stream,
        witness,
    }
    .run(shows)
}

/// A socket to the first address that answers.
fn connected(server: &str) -> Result<TcpStream, Failure> {
    let addresses = server.to_socket_addrs();
    let mut last = None;
    let addresses = addresses
        .map_err(|error| Failure::Unusable(format!("{server}: no such host or port: {error}")))?;
    for address in addresses {
        match TcpStream::connect_timeout(&address, LONGEST) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    let why = last.map_or_else(|| "no address".to_owned(), |error| error.to_string());
    Err(Failure::Unusable(format!(
        "cannot connect to {server}: {why}"
    )))
}

struct Call<'a> {
    arguments: &'a ConnectArguments,
    connection: ClientConnection,
    stream: TcpStream,
    witness: Witness,
}

impl Call<'_> {
    fn run(mut self, shows: bool) -> Result<(), Failure> {
        let socket = Watched::new(&self.stream, LONGEST);
        let shaken = socket.and_then(|mut socket| shake_hands(&mut self.connection, &mut socket));
        let shaken = shaken.map_err(|error| self.refused(&error));
        let peer = self.witness.peer();
        if let Ok(peer) = &peer {
            self.tell(peer)?;
        }
        shaken?;
        if let Err(refusal) = peer {
            return Err(refused_here(&self.arguments.server, &refusal));
        }
        let answer = match &self.arguments.path {
            Some(path) => self.ask(path),
            None => self.listen(),
        };
        let answer = answer.map_err(|error| self.refused(&error))?;
        // With TLS 1.3 a server that is slow may still refuse.
        let client = match (shows, answer.bytes.is_empty() && answer.is_open) {
            (true, false) => "shown, and not refused if the server asked for it",
            (true, true) => "shown; the server said nothing against it for a second",
            (false, false) => "none shown, and none missed",
            (false, true) => "none shown; the server said nothing against that for a second",
        };
        output::write(format!("client: {client}\n").as_bytes())?;
        let lines = visible_lines(&answer.bytes).join("\n");
        if lines.is_empty() {
            return Ok(());
        }
        output::write(format!("answer:\n{lines}\n").as_bytes())
    }

    /// The server's side of it.
    fn tell(&self, peer: &Peer) -> Result<(), Failure> {
        let spoken = match self.connection.handshake_kind() {
            Some(HandshakeKind::Resumed) => "resumed".to_owned(),
            _ => words::spoken(&self.connection),
        };
        let until = date_text(peer.standing().until);
        let subject = peer.subject();
        let server = visible(format!("server: {subject}; good until {until}").as_bytes());
        output::write(format!("{spoken}\n{server}\n").as_bytes())
    }

    /// Sends a request, and reads until the server closes; one that refuses may not take the request any more.
    fn ask(&mut self, path: &str) -> io::Result<Answer> {
        let host = &self.arguments.server;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let mut socket = Watched::new(&self.stream, LONGEST)?;
        let mut stream = Stream::new(&mut self.connection, &mut socket);
        let sent = stream.write_all(request.as_bytes());
        let sent = sent.and_then(|()| stream.flush());
        let answer = read_all(stream)?;
        if answer.bytes.is_empty() {
            sent?;
            let kind = if answer.is_open {
                ErrorKind::TimedOut
            } else {
                ErrorKind::UnexpectedEof
            };
            return Err(kind.into());
        }
        Ok(answer)
    }

    /// What the server says by itself.
    fn listen(&mut self) -> io::Result<Answer> {
        let mut socket = Watched::new(&self.stream, SECOND_THOUGHTS)?;
        read_all(Stream::new(&mut self.connection, &mut socket))
    }

    fn refused(&self, error: &io::Error) -> Failure {
        let server = &self.arguments.server;
        if let Some(refusal) = self.witness.refusal() {
            return refused_here(server, &refusal);
        }
        let (name, why) = words::of(error);
        refusal(name, format!("{server}: {why}"))
    }
}

/// What the server said.
struct Answer {
    bytes: Vec<u8>,
    /// Whether it had not closed when the time was over.
    is_open: bool,
}

/// What comes until the end, or the time is over.
fn read_all(mut source: impl Read) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    let mut is_open = false;
    let mut piece = [0; 4096];
    while bytes.len() < MAX_ANSWER {
        match source.read(&mut piece) {
            Ok(0) => break,
            Ok(len) => bytes.extend_from_slice(piece.get(..len).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::TimedOut => {
                is_open = true;
                break;
            }
            // A server that closes without a word has said what it had to.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof && !bytes.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(Answer { bytes, is_open })
}

fn refused_here(server: &str, refused: &Refusal) -> Failure {
    refusal(refused.name(), format!("{server}: {refused}"))
}

fn refusal(name: &'static str, message: String) -> Failure {
    Failure::Refused(failure::Refusal {
        name,
        message,
        hints: Vec::new(),
    })
}
