//! Where requests begin and end in what a client sends, read so that nobody can read it otherwise
//! (S-FRAMING, RFC 9112). It stands before a server's HTTP library, which mends silently some of what is refused
//! here by its name.

use crate::framing;
use crate::raw_request::RawRequest;

/// The longest line before a chunk, extensions included.
const MAX_CHUNK_LINE: usize = 256;
/// The most bytes of all trailers of a body.
const MAX_TRAILERS: usize = 8 << 10;

/// How large a head may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// In bytes, its blank line included.
    pub head: usize,
    /// In fields.
    pub fields: usize,
}

/// What kind of thing is wrong with a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Others would read another request, or none.
    Framing,
    /// It has more bytes or fields than it may.
    TooLarge,
    /// The target has a form that no request has.
    TargetForm,
    /// The target holds bytes that no target has.
    TargetBytes,
}

/// Why a head does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What kind of thing is wrong.
    pub kind: Kind,
    /// What is wrong, where, and what to do.
    pub message: String,
}

/// Whether the server's HTTP library takes a target, which is UTF-8.
pub type TakesTarget = fn(&str) -> bool;

/// What to do with the bytes that came.
#[derive(Debug)]
pub enum Step {
    /// The first of them pass.
    Pass(usize),
    /// The first of them mean nothing: empty lines before a request.
    Drop(usize),
    /// More must come first.
    More,
    /// A head is no request that can be passed on unchanged.
    Refused(Refused),
    /// A body does not go on as it must.
    Broken(&'static str),
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Head,
    /// So many bytes of a body.
    Body(u64),
    ChunkLine,
    /// So many bytes of a chunk.
    Chunk(u64),
    ChunkEnd,
    /// So many bytes of trailers came already.
    Trailers(usize),
}

/// The requests of a connection.
#[derive(Debug)]
pub struct Framing {
    limits: Limits,
    takes: TakesTarget,
    state: State,
    /// So many bytes of a head were searched for its end, so that none is looked at again for each that
    /// comes.
    searched: usize,
}

impl Framing {
    /// Of a connection on which nothing came yet.
    #[must_use]
    pub const fn new(limits: Limits, takes: TakesTarget) -> Self {
        Self {
            limits,
            takes,
            state: State::Head,
            searched: 0,
        }
    }

    /// Whether the next byte begins a request.
    #[must_use]
    pub fn is_between(&self) -> bool {
        self.state == State::Head
    }

    /// Reads on. `bytes` begin with the first that did not pass yet.
    pub fn advance(&mut self, bytes: &[u8]) -> Step {
        if bytes.is_empty() {
            return Step::More;
        }
        match self.state {
            State::Head => self.head(bytes),
            State::Body(left) => self.some(bytes, left, State::Body, State::Head),
            State::Chunk(left) => self.some(bytes, left, State::Chunk, State::ChunkEnd),
            State::ChunkLine => self.chunk_line(bytes),
            State::ChunkEnd => match bytes {
                [b'\r', b'\n', ..] => self.pass(2, State::ChunkLine),
                [b'\r'] => Step::More,
                _ => Step::Broken("a chunk is longer than it says"),
            },
            State::Trailers(before) => self.trailer(bytes, before),
        }
    }

    fn pass(&mut self, count: usize, next: State) -> Step {
        self.state = next;
        self.searched = 0;
        Step::Pass(count)
    }

    /// As many of `left` bytes as came.
    fn some(&mut self, bytes: &[u8], left: u64, same: fn(u64) -> State, next: State) -> Step {
        let count = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        self.pass(count, if left == 0 { next } else { same(left) })
    }

    fn head(&mut self, bytes: &[u8]) -> Step {
        match bytes {
            [b'\r', b'\n', ..] => return Step::Drop(2),
            [b'\r'] => return Step::More,
            [first, ..] if !first.is_ascii_alphabetic() => {
                return Step::Refused(Refused::of(
                    "this is no HTTP/1.1 request: plain HTTP is spoken here, http:// and not https://",
                ));
            }
            _ => {}
        }
        let len = head_len(bytes, self.searched);
        // Its blank line may have begun already.
        self.searched = bytes.len().saturating_sub(3);
        if len.unwrap_or(bytes.len()) > self.limits.head {
            return Step::Refused(too_large("bytes", self.limits.head));
        }
        let Some(len) = len else {
            return Step::More;
        };
        match self.body_of(bytes.get(..len).unwrap_or_default()) {
            Ok(next) => self.pass(len, next),
            Err(refusal) => Step::Refused(refusal),
        }
    }

    fn chunk_line(&mut self, bytes: &[u8]) -> Step {
        let Some((line, len)) = line(bytes) else {
            return if bytes.len() > MAX_CHUNK_LINE {
                Step::Broken("the line before a chunk is too long")
            } else {
                Step::More
            };
        };
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let size = str::from_utf8(digits).ok().filter(|digits| {
            let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            hexadecimal && !digits.is_empty()
        });
        match size.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
            None => Step::Broken("the size of a chunk is no number"),
            Some(0) => self.pass(len, State::Trailers(0)),
            Some(size) => self.pass(len, State::Chunk(size)),
        }
    }

    fn trailer(&mut self, bytes: &[u8], before: usize) -> Step {
        let Some((line, len)) = line(bytes) else {
            return if bytes.len().saturating_add(before) > MAX_TRAILERS {
                Step::Broken("the trailers are too long")
            } else {
                Step::More
            };
        };
        if line.is_empty() {
            return self.pass(len, State::Head);
        }
        self.pass(len, State::Trailers(before.saturating_add(len)))
    }
}

/// The first line and its length with CRLF. One that ends in LF alone is none yet, and never becomes one.
fn line(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    Some((bytes.get(..end)?, end.saturating_add(2)))
}

/// How long the head is: up to its blank line, however its lines end; before `from` there is none.
fn head_len(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(from..)?;
        let after = from + rest.iter().position(|byte| *byte == b'\n')? + 1;
        match bytes.get(after..)? {
            [b'\n', ..] => return Some(after + 1),
            [b'\r', b'\n', ..] => return Some(after + 2),
            _ => from = after,
        }
    }
}

impl Refused {
    fn of(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Framing,
            message: message.into(),
        }
    }
}

fn too_large(what: &str, most: usize) -> Refused {
    Refused {
        kind: Kind::TooLarge,
        message: format!("the head has more than {most} {what}"),
    }
}

fn refused(why: &str) -> Refused {
    Refused::of(format!("{why}: others would read another request"))
}

impl Framing {
    /// What follows on a head.
    fn body_of(&self, head: &[u8]) -> Result<State, Refused> {
        let request = RawRequest::parse(head)
            .map_err(|error| Refused::of(format!("this is no HTTP/1.1 request: {error}")))?;
        if !request.ends_lines_in_crlf() {
            return Err(refused("the request line ends in LF alone"));
        }
        if request.fields.len() > self.limits.fields {
            return Err(too_large("fields", self.limits.fields));
        }
        self.check_target(&request)?;
        let chunked = is_chunked(&request)?;
        let first = head.split(|byte| *byte == b'\n').next();
        if chunked && first.is_some_and(|line| line.trim_ascii_end().ends_with(b"HTTP/1.0")) {
            return Err(refused("Transfer-Encoding in HTTP/1.0"));
        }
        // The core unfolds lines; servers read them as one, as several, or not at all (RFC 9112 5.2).
        if let Some(field) = request
            .fields
            .iter()
            .find(|field| field.value.contains(&b'\n'))
        {
            let name = String::from_utf8_lossy(field.name);
            return Err(refused(&format!("a folded line in {name}")));
        }
        following(request, chunked)
    }

    fn check_target(&self, request: &RawRequest<'_>) -> Result<(), Refused> {
        let blank = |byte: &u8| byte.is_ascii_whitespace() || byte.is_ascii_control();
        if request.method.iter().chain(request.target).any(blank) {
            return Err(refused("white space in the method or the target"));
        }
        let other = |kind, message: &str| {
            Err(Refused {
                kind,
                message: message.to_owned(),
            })
        };
        if request.target.contains(&b'#') {
            return other(
                Kind::TargetForm,
                "the target has a fragment, #…, which is no part of a request (RFC 9112 3.2)",
            );
        }
        // What HTTP libraries take is less than all that is visible.
        if !str::from_utf8(request.target).is_ok_and(self.takes) {
            return other(
                Kind::TargetBytes,
                "the target holds bytes that must be percent-encoded (RFC 3986 2.1)",
            );
        }
        Ok(())
    }
}

/// What follows on a head with these fields.
fn following(mut others: RawRequest<'_>, chunked: bool) -> Result<State, Refused> {
    others.fields.retain(|field| !field.is("transfer-encoding"));
    framing::check(&others).map_err(|ambiguity| refused(&in_words(&ambiguity)))?;
    let mut lengths = others.named("content-length");
    match (lengths.next(), chunked) {
        (None, false) => Ok(State::Head),
        (None, true) => Ok(State::ChunkLine),
        (Some(_), true) => Err(refused("both Transfer-Encoding and Content-Length")),
        (Some(field), false) => match length(field.value) {
            None => Err(refused("Content-Length is no number of bytes")),
            Some(0) => Ok(State::Head),
            Some(length) => Ok(State::Body(length)),
        },
    }
}

/// Whether the body comes in chunks, which is the one coding that there is here.
fn is_chunked(request: &RawRequest<'_>) -> Result<bool, Refused> {
    let mut codings = request.named("transfer-encoding");
    let Some(coding) = codings.next() else {
        return Ok(false);
    };
    let plain = coding.value.trim_ascii().eq_ignore_ascii_case(b"chunked");
    if !plain || coding.spaced_colon || codings.next().is_some() {
        return Err(refused("Transfer-Encoding is not \"chunked\", once"));
    }
    Ok(true)
}

fn length(value: &[u8]) -> Option<u64> {
    let digits = str::from_utf8(value.trim_ascii()).ok()?;
    // `parse` takes a sign, which a length has not.
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(())?;
    digits.parse().ok()
}

fn in_words(ambiguity: &framing::Ambiguity<'_, '_>) -> String {
    use framing::Ambiguity as A;
    let (what, field) = match ambiguity {
        A::LoneLineFeed { line } => return format!("line {line} ends in LF alone"),
        A::SpacedColon { field } => ("white space before the colon of", field),
        A::TransferEncoding { field } => ("a coding of the body:", field),
        A::LineBreak { field, .. } => ("a line break in", field),
        A::ControlCharacter { field, .. } => ("a control character in", field),
        A::Repeated { field, .. } => ("a second", field),
    };
    let name = String::from_utf8_lossy(field.name);
    format!("line {}: {what} {name}", ambiguity.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        head: 32 << 10,
        fields: 100,
    };

    fn fresh() -> Framing {
        Framing::new(LIMITS, |target| !target.contains('<'))
    }

    /// What passes of `text`, piece by piece of `size` bytes, and how it ends.
    fn read(text: &[u8], size: usize) -> (Vec<u8>, Result<bool, String>) {
        let (mut framing, mut waiting, mut passed) = (fresh(), Vec::new(), Vec::new());
        for piece in text.chunks(size) {
            waiting.extend_from_slice(piece);
            loop {
                match framing.advance(&waiting) {
                    Step::Pass(count) => passed.extend(waiting.drain(..count)),
                    Step::Drop(count) => drop(waiting.drain(..count)),
                    Step::More => break,
                    Step::Refused(refusal) => return (passed, Err(refusal.message)),
                    Step::Broken(why) => return (passed, Err(why.to_owned())),
                }
            }
        }
        (passed, Ok(framing.is_between() && waiting.is_empty()))
    }

    #[test]
    fn requests_pass_byte_for_byte_however_they_come() {
        let chunks = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\
                      3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n";
        let length = "PUT /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n\r\n\r\na";
        let none = "GET /c HTTP/1.0\r\nHost: x\r\n\r\n";
        let text = [chunks, none, length, chunks, none].concat();
        for size in 1..80 {
            let (passed, end) = read(text.as_bytes(), size);
            assert_eq!(end, Ok(true), "{size}");
            assert!(passed == text.as_bytes(), "{size}");
        }
        let spaced = format!("\r\n\r\n{none}");
        assert_eq!(read(spaced.as_bytes(), 3), (none.into(), Ok(true)));
    }

    #[test]
    fn what_can_be_read_otherwise_is_refused() {
        let post = |fields: &str| format!("POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\n");
        let cases = [
            (
                post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
                "both Transfer",
            ),
            (
                post("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"),
                "both Transfer",
            ),
            (
                post("Transfer-Encoding: gzip, chunked\r\n"),
                "not \"chunked\"",
            ),
            (post("Transfer-Encoding: xchunked\r\n"), "not \"chunked\""),
            (post("Transfer-Encoding : chunked\r\n"), "not \"chunked\""),
            (
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                "not \"chunked\"",
            ),
            (
                post("Content-Length: 1\r\nContent-Length: 1\r\n"),
                "a second Content-Length",
            ),
            (post("Content-Length: +1\r\n"), "no number"),
            (post("Content-Length: 1, 1\r\n"), "no number"),
            (post("Content-Length: 0x1\r\n"), "no number"),
            (post("Content-Length: -1\r\n"), "no number"),
            (
                post("Content-Length: 99999999999999999999\r\n"),
                "no number",
            ),
            (
                post("Content-Length : 1\r\n"),
                "white space before the colon",
            ),
            (post("Host: y\r\n"), "a second Host"),
            (post("X: a\r\n b\r\n"), "a folded line in X"),
            (post("X: a\nY: b\r\n"), "ends in LF alone"),
            (post("X: a\rY: b\r\n"), "a line break in X"),
            (post("X: a\0b\r\n"), "a control character in X"),
            (post("X y: a\r\n"), "no HTTP/1.1 request"),
            ("GET / HTTP/1.1\nHost: x\n\n".into(), "LF alone"),
            ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n".into(), "white space"),
            ("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n".into(), "white space"),
            ("GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n".into(), "a fragment"),
            (
                "GET /<a> HTTP/1.1\r\nHost: x\r\n\r\n".into(),
                "percent-encoded",
            ),
            ("GET /\r\n\r\n".into(), "no HTTP/1.1 request"),
            ("GET / HTTP/2.0\r\n\r\n".into(), "no HTTP/1.1 request"),
            (
                "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".into(),
                "HTTP/1.0",
            ),
            ("\x16\x03\x01".into(), "not https://"),
            (
                format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(40_000)),
                "more than 32768 bytes",
            ),
            (post(&"X: y\r\n".repeat(100)), "more than 100 fields"),
            (
                post(&format!("X: {}\r\n", "a".repeat(33_000))),
                "more than 32768 bytes",
            ),
        ];
        for (text, says) in &cases {
            let (passed, end) = read(text.as_bytes(), 4_096);
            assert!(passed.is_empty(), "{text}");
            let why = end.expect_err(text);
            assert!(why.contains(says), "{text}: {why}");
        }
        assert_eq!(cases.len(), 31);
    }

    #[test]
    fn chunks_that_lie_break_the_connection() {
        let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        let long = format!("1;{}", "x".repeat(300));
        for (body, says) in [
            ("2\r\nabc\r\n0\r\n\r\n", "longer than it says"),
            ("0x2\r\nab\r\n", "no number"),
            ("+2\r\nab\r\n", "no number"),
            (" 2\r\nab\r\n", "no number"),
            (";a\r\n", "no number"),
            ("FFFFFFFFFFFFFFFFF\r\n", "no number"),
            (long.as_str(), "too long"),
        ] {
            let (_, end) = read(format!("{head}{body}").as_bytes(), 4_096);
            assert!(end.expect_err(body).contains(says), "{body}");
        }
    }
}
