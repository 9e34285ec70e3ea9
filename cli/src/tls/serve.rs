//! `daxsign tls serve`: clients are let in by their certificates, and each is told of.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use daxsign_http::RawRequest;
use daxsign_http::receive::read_request;
use daxsign_pki::tls::rustls::{ServerConnection, Stream};
use daxsign_pki::tls::{Peer, PolicyFiles, Refusal, Standing, TlsServer};
use serde_json::{Value, json};

use crate::clock;
use crate::failure::Failure;
use crate::input::Input;
use crate::output;
use crate::terminal::visible;
use crate::tls::arguments::ServeArguments;
use crate::tls::waiting::{TURN, Watched, now, shake_hands};
use crate::tls::{given, own, words};

/// How long a handshake takes at most.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a connection waits for its next request, whole.
const NEXT_REQUEST: Duration = Duration::from_mins(1);
/// How long the other side may take to read the last words.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// The longest request.
const MAX_REQUEST: usize = 1 << 20;
/// What is read at most of one who only has to close.
const MAX_REST: u64 = 1 << 16;
/// How long files are read until somebody is told.
const SLOW_READING: Duration = Duration::from_secs(10);
/// How many connections there are at once.
const MAX_CONNECTIONS: usize = 64;

/// Runs the command.
pub(super) fn run(arguments: &ServeArguments) -> Result<(), Failure> {
    let files = match &arguments.policy {
        Some(file) => given::policy(file)?,
        None => given::roots(&arguments.roots, arguments.identity)?,
    };
    let chain = Input::read(&arguments.certificate)?;
    let own = given::credentials(&chain, &arguments.key, &arguments.passphrase)?;
    let server = TlsServer::new(own, Arc::clone(files.live()));
    let server = server.with_versions(&given::versions(&arguments.version));
    let listening = |error: io::Error| {
        Failure::Unusable(format!("cannot listen on {}: {error}", arguments.listen))
    };
    own::warn(&chain, clock::now()?);
    let listener = TcpListener::bind(arguments.listen).map_err(listening)?;
    let address = listener.local_addr().map_err(listening)?;
    output::labelled("listening", &address.to_string());
    output::labelled("trusted", &files.live().current().root_names().join("; "));
    let turns = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&turns);
    thread::spawn(move || keep_fresh(files, &turns));
    thread::spawn(move || tell_if_stuck(&seen));
    accept(&listener, &server, arguments.connections);
    Ok(())
}

/// Reads files again that change, and counts how often it has looked.
fn keep_fresh(mut files: PolicyFiles, turns: &AtomicU64) {
    let mut last = String::new();
    let mut unasked = Vec::new();
    let mut generation = files.live().generation();
    loop {
        tell_unasked(&files, &mut unasked);
        thread::sleep(TURN);
        let outcome = files.refresh();
        turns.fetch_add(1, Ordering::AcqRel);
        let before = std::mem::replace(&mut generation, files.live().generation());
        if before != generation || matches!(outcome, Ok(true)) {
            output::labelled("note", "lists and policy were read again");
        }
        match outcome {
            Ok(false) => {}
            Ok(true) => last.clear(),
            Err(error) => {
                let text = format!("{error}; what was read of it before stays in use");
                if text != last {
                    output::labelled("warning", &text);
                    last = text;
                }
            }
        }
    }
}

/// Warns of sets in which nobody asks what was revoked, once for each change.
fn tell_unasked(files: &PolicyFiles, told: &mut Vec<String>) {
    let sets = files.live().current().without_lists();
    if sets != *told && !sets.is_empty() {
        let text = format!(
            "nobody asks what was revoked by the roots of: {}",
            sets.join(", ")
        );
        output::labelled("warning", &text);
    }
    *told = sets;
}

/// Tells of a file that keeps its reader waiting, as one in a network may.
fn tell_if_stuck(turns: &AtomicU64) {
    let (mut last, mut told) = (None, false);
    loop {
        thread::sleep(SLOW_READING);
        let now = turns.load(Ordering::Acquire);
        let stuck = last.replace(now) == Some(now);
        if stuck && !told {
            let text = "lists and policy are not read: a file does not answer; what was read before stays in use";
            output::labelled("warning", text);
        }
        told = stuck;
    }
}

/// Takes so many connections, or all that come, and waits for them to end.
fn accept(listener: &TcpListener, server: &TlsServer, count: Option<u64>) {
    let open = AtomicUsize::new(0);
    thread::scope(|scope| {
        let mut taken = 0;
        for stream in listener.incoming() {
            // Of one that went away before it was taken.
            let Ok(stream) = stream else { continue };
            if open.fetch_add(1, Ordering::AcqRel) < MAX_CONNECTIONS {
                let open = &open;
                scope.spawn(move || {
                    Connection::attend(&stream, server);
                    open.fetch_sub(1, Ordering::AcqRel);
                });
            } else {
                open.fetch_sub(1, Ordering::AcqRel);
                output::labelled(
                    "warning",
                    "a connection was closed: there are too many at once",
                );
            }
            taken = u64::saturating_add(taken, 1);
            if count.is_some_and(|count| taken >= count) {
                break;
            }
        }
    });
}

/// One of them.
struct Connection<'a> {
    stream: &'a TcpStream,
    address: SocketAddr,
}

impl Connection<'_> {
    fn attend(stream: &TcpStream, server: &TlsServer) {
        let Ok(address) = stream.peer_addr() else {
            return;
        };
        let own = Connection { stream, address };
        if let Err(error) = own.serve(server) {
            own.tell(&format!("ended: {}", words::of(&error).1));
        }
        // The last words can be lost if the socket is closed before the other side has read them.
        let _ = stream.shutdown(Shutdown::Write);
        if let Ok(socket) = Watched::new(stream, LAST_WORDS) {
            let _ = io::copy(&mut socket.take(MAX_REST), &mut io::sink());
        }
    }

    /// A line of what happens.
    fn tell(&self, text: &str) {
        let line = format!("{}: {}\n", self.address, visible(text.as_bytes()));
        // Where nobody reads any more, it goes on.
        let _ = output::write(line.as_bytes());
    }

    fn serve(&self, server: &TlsServer) -> io::Result<()> {
        let (config, witness) = server.connection().map_err(io::Error::other)?;
        let mut connection = ServerConnection::new(config).map_err(io::Error::other)?;
        let mut socket = Watched::new(self.stream, HANDSHAKE)?;
        let shaken = shake_hands(&mut connection, &mut socket);
        let peer = match (shaken, witness.peer()) {
            (Ok(()), Ok(peer)) => peer,
            (Err(error), peer) => {
                let (name, why) = match peer.err().filter(|_| witness.refusal().is_some()) {
                    Some(refusal) => (refusal.name(), refusal.to_string()),
                    None => words::of(&error),
                };
                self.tell(&format!("refused[{name}]: {why}"));
                return Ok(());
            }
            (Ok(()), Err(refusal)) => {
                self.tell(&format!("refused[{}]: {refusal}", refusal.name()));
                return Ok(());
            }
        };
        self.tell(&format!(
            "let in: {}, as {}, by {}; {}",
            peer.standing().identity,
            peer.subject(),
            peer.standing().roots,
            words::spoken(&connection)
        ));
        socket.peer = Some(&peer);
        let outcome = self.answer_all(&mut connection, &mut socket, &peer);
        connection.send_close_notify();
        // Whoever is not good any more gets the end all the same.
        socket.peer = None;
        socket.wait(LAST_WORDS);
        while connection.wants_write() && connection.write_tls(&mut socket).is_ok() {}
        outcome
    }

    /// One request after the other, each judged anew.
    fn answer_all(
        &self,
        connection: &mut ServerConnection,
        socket: &mut Watched<'_>,
        peer: &Peer,
    ) -> io::Result<()> {
        loop {
            socket.wait(NEXT_REQUEST);
            let mut stream = Stream::new(connection, socket);
            let request = match read_request(&mut stream, MAX_REQUEST) {
                Ok(request) => request,
                Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                    self.tell(&format!("closed: {error}"));
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return Err(error),
            };
            let Ok(request) = RawRequest::parse(&request) else {
                return Ok(());
            };
            let target = String::from_utf8_lossy(request.target);
            let judged = peer.may_use(&target, now()?);
            let method = String::from_utf8_lossy(request.method);
            self.tell(&format!("{method} {target}: {}", told(&judged)));
            stream.write_all(&answer(&judged))?;
            stream.flush()?;
            if request.named("connection").any(|field| closes(field.value)) {
                return Ok(());
            }
        }
    }
}

/// Whether a Connection field asks for the end (RFC 9112 9.6).
fn closes(value: &[u8]) -> bool {
    let mut options = value.split(|byte| *byte == b',');
    options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
}

fn told(judged: &Result<Standing, Refusal>) -> String {
    match judged {
        Ok(standing) => {
            let rule = standing.rule.as_deref().unwrap_or_default();
            format!("allowed for {}, by {rule}", standing.identity)
        }
        Err(refusal) => format!("refused[{}]: {refusal}", refusal.name()),
    }
}

/// The answer to a request.
fn answer(judged: &Result<Standing, Refusal>) -> Vec<u8> {
    let (status, body): (&str, Value) = match judged {
        Ok(standing) => (
            "200 OK",
            json!({
                "identity": standing.identity,
                "roots": standing.roots,
                "rule": standing.rule,
            }),
        ),
        Err(refusal) => (
            "403 Forbidden",
            json!({ "error": { "name": refusal.name(), "message": refusal.to_string() } }),
        ),
    };
    let body = format!("{body}\n");
    let len = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len}\r\n\r\n{body}"
    )
    .into_bytes()
}
