//! What the door says and what it obeys: HTTP messages with signatures.

use daxsign_core::{
    Components, Error, HeaderField, PrivateKey, Profile, PublicKey, ReplayGuard, Request,
    RequestSigner, Sink, SliceSink, Timestamp, Verifier, read_message, write_decimal,
};
use httparse::{EMPTY_HEADER, Status};

use crate::host::Port;

/// The host that the requests name, before the port: see `link::SERVER`.
const SERVER: &[u8] = b"10.0.2.2:";
const TARGET: &[u8] = b"/api/v2/DaxEndPoint";
/// Where the server's commands must go: a command for another door has another target.
const COMMANDS: &[u8] = b"/doors/17/commands";
/// The most header fields of an answer, and of the command in it.
const MAX_FIELDS: usize = 16;

/// Writes the request for an event, signed; returns its bytes.
pub fn event<'o>(
    key: &PrivateKey,
    event: &[u8],
    port: &Port,
    now: Timestamp,
    field: &mut [u8],
    out: &'o mut [u8],
) -> Result<&'o [u8], Error> {
    let (mut host, mut length) = ([0; 16], [0; 20]);
    let mut sink = SliceSink::new(&mut host);
    sink.write(SERVER);
    sink.write(port.text());
    let host = sink.finish()?;
    let length = decimal(event.len(), &mut length)?;
    let date = now.format()?;
    let fields = [
        HeaderField::new("Host", &*host),
        HeaderField::new("Content-Type", "application/json"),
        HeaderField::new("Content-Length", length),
        HeaderField::new("Date", &date),
    ];
    let request = Request::new("POST", TARGET, &fields, event);
    let list = Components::default_for(&request);
    let signature = RequestSigner::new(key, Profile::Documented)
        .components(list)
        .sign(&request, field)?;
    let mut sink = SliceSink::new(out);
    for part in [request.method, b" ", request.target, b" HTTP/1.1\r\n"] {
        sink.write(part);
    }
    let rest = [
        HeaderField::new("Connection", "close"),
        HeaderField::new("Signature", signature),
    ];
    for HeaderField { name, value } in fields.iter().chain(&rest) {
        for part in [name, b": ".as_slice(), value, b"\r\n"] {
            sink.write(part);
        }
    }
    sink.write(b"\r\n");
    sink.write(event);
    sink.finish().map(|request| &*request)
}

/// Why an answer is not obeyed.
#[derive(Clone, Copy)]
pub enum Disregard {
    /// It is no HTTP response that is whole.
    Malformed,
    /// The server's status is not 200.
    Status,
    /// The response does not hold an HTTP request.
    NoCommand,
    /// The command's signature, date, … does not hold.
    Signature(Error),
    /// The command is for somebody else.
    Target,
}

impl Disregard {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Status => "status",
            Self::NoCommand => "no-command",
            Self::Signature(error) => error.name(),
            Self::Target => "target",
        }
    }
}

/// The command in an answer, if it is the server's, for this door, fresh and new.
pub fn command<'a, const N: usize>(
    answer: &'a [u8],
    server_key: &PublicKey,
    guard: &mut ReplayGuard<N>,
    now: Timestamp,
) -> Result<&'a [u8], Disregard> {
    let message = response(answer)?;
    let mut fields = [HeaderField::new("", ""); MAX_FIELDS];
    let request = read_message(message, &mut fields).map_err(|_| Disregard::NoCommand)?;
    // The strict policy: with a body, its length is signed and `date` comes last.
    Verifier::new(server_key, Profile::Documented)
        .verify_once(&request, now, guard)
        .map_err(Disregard::Signature)?;
    if (request.method, request.target) != (b"POST", COMMANDS) {
        return Err(Disregard::Target);
    }
    // The body is the message's end, and stays when the fields' places go.
    let head = message.len().saturating_sub(request.body.len());
    Ok(message.get(head..).unwrap_or_default())
}

/// The body of a response that is whole and says 200.
fn response(answer: &[u8]) -> Result<&[u8], Disregard> {
    let mut room = [EMPTY_HEADER; MAX_FIELDS];
    let mut parsed = httparse::Response::new(&mut room);
    let Ok(Status::Complete(head)) = parsed.parse(answer) else {
        return Err(Disregard::Malformed);
    };
    if parsed.code != Some(200) {
        return Err(Disregard::Status);
    }
    let body = answer.get(head..).unwrap_or_default();
    let mut lengths = parsed
        .headers
        .iter()
        .filter(|field| field.name.eq_ignore_ascii_case("content-length"));
    let mut digits = [0; 20];
    let expected = decimal(body.len(), &mut digits).map_err(|_| Disregard::Malformed)?;
    if lengths.next().is_none_or(|field| field.value != expected) || lengths.next().is_some() {
        return Err(Disregard::Malformed);
    }
    Ok(body)
}

/// Writes a number in decimal.
fn decimal(value: usize, out: &mut [u8; 20]) -> Result<&[u8], Error> {
    let mut sink = SliceSink::new(out);
    write_decimal(value as u64, &mut sink);
    sink.finish().map(|digits| &*digits)
}
