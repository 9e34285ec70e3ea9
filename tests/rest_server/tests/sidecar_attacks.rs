//! What attackers and odd clients send to `daxsign proxy`, byte for byte: each is refused by its name, or
//! arrives as it must, once, signed as OpenSSL verifies it, and with nothing that the client may not say.

mod sidecar;

use std::time::Duration;

use sidecar::upstream::{Judge, TOKEN, Upstream};
use sidecar::{Conversation, Sidecar};

/// How long the end of a connection is waited for.
const SOON: Duration = Duration::from_secs(5);
/// What `{}` in a row is the body of.
const JSON: &str = "application/json; charset=utf-8";

/// What becomes of what was sent.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// The sidecar refuses with this status and name; nothing arrives.
    Refused(u16, &'static str),
    /// It arrives with this request line, these fields between token and length (`|` between them), and
    /// this body.
    Arrives(&'static str, &'static str, &'static str),
}
use Fate::{Arrives, Refused};

/// A case: its name, what is sent (`~` is a line's end, `{host}` the sidecar's own), what comes of it.
type Row = (&'static str, &'static str, Fate);

/// The head of most: `GET /a` with `Host`, and whatever a row adds.
macro_rules! get {
    ($fields:literal) => {
        concat!("GET /a HTTP/1.1~Host: {host}~", $fields, "~")
    };
}
/// The same of `POST`, with fields and body.
macro_rules! post {
    ($fields:literal, $body:literal) => {
        concat!("POST /a HTTP/1.1~Host: {host}~", $fields, "~", $body)
    };
}
/// A target alone.
macro_rules! target {
    ($target:literal) => {
        concat!("GET ", $target, " HTTP/1.1~Host: {host}~~")
    };
}

const PLAIN: Fate = Arrives("GET /a", "", "{}");
const ABCD: Fate = Arrives("POST /a", "", "abcd");

const FRAMING: &[Row] = &[
    (
        "length, then chunks",
        post!("Content-Length: 4~Transfer-Encoding: chunked~", "0~~"),
        Refused(400, "framing"),
    ),
    (
        "chunks, then length",
        post!("Transfer-Encoding: chunked~Content-Length: 4~", "0~~"),
        Refused(400, "framing"),
    ),
    (
        "chunks, then length, spelt otherwise",
        post!("TRANSFER-ENCODING: Chunked~CONTENT-LENGTH: 4~", "0~~"),
        Refused(400, "framing"),
    ),
    (
        "length, then chunks behind a bare line feed",
        post!("Content-Length: 4~X: a\nTransfer-Encoding: chunked~", "0~~"),
        Refused(400, "framing"),
    ),
    (
        "two lengths",
        post!("Content-Length: 4~Content-Length: 5~", "abcde"),
        Refused(400, "framing"),
    ),
    (
        "a length with a sign",
        post!("Content-Length: +4~", "abcd"),
        Refused(400, "framing"),
    ),
    (
        "a length below nothing",
        post!("Content-Length: -4~", "abcd"),
        Refused(400, "framing"),
    ),
    (
        "a length with a space",
        post!("Content-Length: 4 4~", "abcd"),
        Refused(400, "framing"),
    ),
    (
        "a list of lengths",
        post!("Content-Length: 4, 4~", "abcd"),
        Refused(400, "framing"),
    ),
    (
        "a length in hexadecimal",
        post!("Content-Length: 0x4~", "abcd"),
        Refused(400, "framing"),
    ),
    (
        "an empty length",
        post!("Content-Length: ~", "abcd"),
        Refused(400, "framing"),
    ),
    (
        "a length beyond all numbers",
        post!("Content-Length: 99999999999999999999999~", "abcd"),
        Refused(400, "framing"),
    ),
    (
        "another coding before chunks",
        post!("Transfer-Encoding: gzip, chunked~", "4~abcd~0~~"),
        Refused(400, "framing"),
    ),
    (
        "chunks twice",
        post!("Transfer-Encoding: chunked, chunked~", "4~abcd~0~~"),
        Refused(400, "framing"),
    ),
    (
        "chunks in two fields",
        post!(
            "Transfer-Encoding: gzip~Transfer-Encoding: chunked~",
            "4~abcd~0~~"
        ),
        Refused(400, "framing"),
    ),
    (
        "no coding at all",
        post!("Transfer-Encoding: identity~", "abcd"),
        Refused(400, "framing"),
    ),
    (
        "nearly chunks",
        post!("Transfer-Encoding: xchunked~", "4~abcd~0~~"),
        Refused(400, "framing"),
    ),
    (
        "chunks with a parameter",
        post!("Transfer-Encoding: chunked;a=b~", "4~abcd~0~~"),
        Refused(400, "framing"),
    ),
    (
        "chunks behind a vertical tab",
        post!("Transfer-Encoding: \x0bchunked~", "4~abcd~0~~"),
        Refused(400, "framing"),
    ),
    (
        "a space before the colon",
        post!("Transfer-Encoding : chunked~", "4~abcd~0~~"),
        Refused(400, "framing"),
    ),
    (
        "chunks by the name that CGI has for them",
        post!("Transfer_Encoding: chunked~Content-Length: 4~", "abcd"),
        ABCD,
    ),
    (
        "chunks in HTTP/1.0",
        "POST /a HTTP/1.0~Host: {host}~Transfer-Encoding: chunked~~4~abcd~0~~",
        Refused(400, "framing"),
    ),
    (
        "chunks, in capitals",
        post!("Transfer-Encoding: CHUNKED~", "4~abcd~0~~"),
        ABCD,
    ),
    (
        "chunks with extensions",
        post!(
            "Transfer-Encoding: chunked~",
            "2;a=b~ab~0002;c=\"d\"~cd~0~~"
        ),
        ABCD,
    ),
    (
        "chunks with trailers",
        post!(
            "Transfer-Encoding: chunked~Trailer: Authorization~",
            "4~abcd~0~Authorization: mine~X-Dax-Verified-Peer: me~~"
        ),
        ABCD,
    ),
    (
        "a chunk's size with a sign",
        post!("Transfer-Encoding: chunked~", "+4~abcd~0~~"),
        Refused(400, "body-cut"),
    ),
    (
        "a chunk's size with 0x",
        post!("Transfer-Encoding: chunked~", "0x4~abcd~0~~"),
        Refused(400, "body-cut"),
    ),
    (
        "a chunk's size beyond all numbers",
        post!("Transfer-Encoding: chunked~", "fffffffffffffffff~abcd~0~~"),
        Refused(400, "body-cut"),
    ),
    (
        "a chunk's size behind a bare line feed",
        post!("Transfer-Encoding: chunked~", "4\nabcd~0~~"),
        Refused(400, "body-cut"),
    ),
    (
        "a chunk longer than it says",
        post!("Transfer-Encoding: chunked~", "3~abcd~0~~"),
        Refused(400, "body-cut"),
    ),
    (
        "a gigabyte announced",
        post!("Content-Length: 1073741824~", "abcd"),
        Refused(413, "body-too-large"),
    ),
    (
        "a gigabyte in a chunk",
        post!(
            "Transfer-Encoding: chunked~",
            "40000000~abcdefghabcdefghabcdefghabcdefgha"
        ),
        Refused(413, "body-too-large"),
    ),
    (
        "one byte too many",
        post!(
            "Transfer-Encoding: chunked~",
            "8~abcdefgh~8~abcdefgh~8~abcdefgh~8~abcdefgh~1~a~0~~"
        ),
        Refused(413, "body-too-large"),
    ),
    (
        "no byte too many",
        post!(
            "Transfer-Encoding: chunked~",
            "8~abcdefgh~8~abcdefgh~8~abcdefgh~8~abcdefgh~0~~"
        ),
        Arrives("POST /a", "", "abcdefghabcdefghabcdefghabcdefgh"),
    ),
    (
        "no body where the API wants one",
        post!("Content-Length: 0~", ""),
        Arrives("POST /a", "", "{}"),
    ),
];

const HEADS: &[Row] = &[
    ("a plain one", get!(""), PLAIN),
    (
        "empty lines before it",
        "~~GET /a HTTP/1.1~Host: {host}~~",
        PLAIN,
    ),
    (
        "bare line feeds",
        "GET /a HTTP/1.1\nHost: {host}\n\n",
        Refused(400, "framing"),
    ),
    ("a folded line", get!("X: a~ b~"), Refused(400, "framing")),
    (
        "a folded line with a tab",
        get!("X: a~\tTransfer-Encoding: chunked~"),
        Refused(400, "framing"),
    ),
    (
        "a line that is folded at once",
        "GET /a HTTP/1.1~ X: a~Host: {host}~~",
        Refused(400, "framing"),
    ),
    (
        "a bare carriage return",
        get!("X: a\rY: b~"),
        Refused(400, "framing"),
    ),
    (
        "a zero byte in a field",
        get!("X: a\0b~"),
        Refused(400, "framing"),
    ),
    (
        "a zero byte in the target",
        target!("/a\0b"),
        Refused(400, "framing"),
    ),
    (
        "a field without a name",
        get!(": a~"),
        Refused(400, "framing"),
    ),
    (
        "a line without a colon",
        get!("Transfer-Encoding~"),
        Refused(400, "framing"),
    ),
    (
        "a name with a space",
        get!("X Y: a~"),
        Refused(400, "framing"),
    ),
    (
        "a name that is not ASCII",
        get!("Å: a~"),
        Refused(400, "framing"),
    ),
    (
        "a field in UTF-8",
        get!("X: Åsa~"),
        Arrives("GET /a", "x: Åsa", "{}"),
    ),
    (
        "another version",
        "GET /a HTTP/1.2~Host: {host}~~",
        Refused(400, "framing"),
    ),
    ("HTTP/0.9", "GET /a~~", Refused(400, "framing")),
    (
        "HTTP/2 at once",
        "PRI * HTTP/2.0~~SM~~",
        Refused(400, "framing"),
    ),
    (
        "two spaces in the first line",
        "GET  /a HTTP/1.1~Host: {host}~~",
        Refused(400, "framing"),
    ),
    (
        "TLS",
        "\x16\x03\x01\x02\0\x01\0\x01~~",
        Refused(400, "framing"),
    ),
    (
        "OPTIONS *",
        "OPTIONS * HTTP/1.1~Host: {host}~~",
        Refused(501, "method-refused"),
    ),
    (
        "TRACE",
        "TRACE /a HTTP/1.1~Host: {host}~~",
        Refused(501, "method-refused"),
    ),
    (
        "CONNECT",
        "CONNECT evil.example:443 HTTP/1.1~Host: {host}~~",
        Refused(501, "method-refused"),
    ),
    (
        "a method in small letters",
        "get /a HTTP/1.1~Host: {host}~~",
        Refused(501, "method-refused"),
    ),
    (
        "another method",
        "MOVE /a HTTP/1.1~Host: {host}~~",
        Refused(501, "method-refused"),
    ),
    ("no Host", "GET /a HTTP/1.1~~", Refused(400, "framing")),
    (
        "two Hosts",
        get!("Host: evil.example~"),
        Refused(400, "framing"),
    ),
    (
        "another's Host",
        "GET /a HTTP/1.1~Host: evil.example~~",
        Refused(403, "host-refused"),
    ),
    (
        "a name that leads here",
        "GET /a HTTP/1.1~Host: 127.0.0.1.nip.io:8480~~",
        Refused(403, "host-refused"),
    ),
    (
        "a name that begins like ours",
        "GET /a HTTP/1.1~Host: localhost.evil.example~~",
        Refused(403, "host-refused"),
    ),
    (
        "a Host with an account",
        "GET /a HTTP/1.1~Host: localhost@evil.example~~",
        Refused(403, "host-refused"),
    ),
    (
        "a Host with an account before ours",
        "GET /a HTTP/1.1~Host: evil@localhost~~",
        Refused(403, "host-refused"),
    ),
    (
        "a Host with a path",
        "GET /a HTTP/1.1~Host: localhost/evil.example~~",
        Refused(403, "host-refused"),
    ),
    (
        "a Host with a comma",
        "GET /a HTTP/1.1~Host: localhost, evil.example~~",
        Refused(403, "host-refused"),
    ),
    (
        "an empty Host",
        "GET /a HTTP/1.1~Host: ~~",
        Refused(403, "host-refused"),
    ),
    (
        "a short address",
        "GET /a HTTP/1.1~Host: 127.1~~",
        Refused(403, "host-refused"),
    ),
    ("localhost", "GET /a HTTP/1.1~Host: LocalHost:1~~", PLAIN),
    (
        "loopback in IPv6",
        "GET /a HTTP/1.1~Host: [::1]:8480~~",
        PLAIN,
    ),
    ("HTTP/1.0", "GET /a HTTP/1.0~Host: {host}~~", PLAIN),
];

const TARGETS: &[Row] = &[
    (
        "absolute form",
        target!("http://evil.example/a"),
        Refused(400, "target-form"),
    ),
    (
        "absolute form, of us",
        target!("http://{host}/a"),
        Refused(400, "target-form"),
    ),
    (
        "authority form",
        target!("evil.example:80"),
        Refused(400, "target-form"),
    ),
    ("asterisk form", target!("*"), Refused(400, "target-form")),
    (
        "a target without a slash",
        target!("a"),
        Refused(400, "target-form"),
    ),
    ("a fragment", target!("/a#b"), Refused(400, "target-form")),
    (
        "a fragment behind a query",
        target!("/a?b#c"),
        Refused(400, "target-form"),
    ),
    (
        "bytes that are not ASCII",
        target!("/Å"),
        Refused(400, "target-bytes"),
    ),
    (
        "a query that is not ASCII",
        target!("/a?Å"),
        Refused(400, "target-bytes"),
    ),
    (
        "dots",
        target!("/a/../b/./c/.."),
        Arrives("GET /a/../b/./c/..", "", "{}"),
    ),
    (
        "dots above all",
        target!("/../../oauth/token"),
        Arrives("GET /../../oauth/token", "", "{}"),
    ),
    (
        "dots encoded",
        target!("/a/%2e%2E/b"),
        Arrives("GET /a/%2e%2E/b", "", "{}"),
    ),
    (
        "slashes",
        target!("//evil.example//a//"),
        Arrives("GET //evil.example//a//", "", "{}"),
    ),
    (
        "slashes encoded",
        target!("/a%2fb%2Fc%5c"),
        Arrives("GET /a%2fb%2Fc%5c", "", "{}"),
    ),
    (
        "a backslash",
        target!("/a\\b"),
        Arrives("GET /a\\b", "", "{}"),
    ),
    (
        "a percent-encoding in both cases",
        target!("/%c3%85%C3%85%41"),
        Arrives("GET /%c3%85%C3%85%41", "", "{}"),
    ),
    (
        "encoded line ends",
        target!("/a%0d%0aX:b"),
        Arrives("GET /a%0d%0aX:b", "", "{}"),
    ),
    (
        "an encoded zero byte",
        target!("/a%00"),
        Arrives("GET /a%00", "", "{}"),
    ),
    (
        "an encoded percent sign",
        target!("/a%252f?b=%25"),
        Arrives("GET /a%252f?b=%25", "", "{}"),
    ),
    (
        "an encoding cut off",
        target!("/a%zz%4"),
        Arrives("GET /a%zz%4", "", "{}"),
    ),
    (
        "an empty query",
        target!("/a?"),
        Arrives("GET /a?", "", "{}"),
    ),
    (
        "question marks",
        target!("/?a?b??"),
        Arrives("GET /?a?b??", "", "{}"),
    ),
    (
        "ampersands",
        target!("/a?&&b==&b=c&"),
        Arrives("GET /a?&&b==&b=c&", "", "{}"),
    ),
    (
        "plus and space",
        target!("/a+b?c+d=%20"),
        Arrives("GET /a+b?c+d=%20", "", "{}"),
    ),
    (
        "what must not be encoded",
        target!("/a;b=c,d!$'()*:@"),
        Arrives("GET /a;b=c,d!$'()*:@", "", "{}"),
    ),
    (
        "encoded though it need not be",
        target!("/%7Ea%2D"),
        Arrives("GET /%7Ea%2D", "", "{}"),
    ),
    (
        "an address in the path",
        target!("/http://evil.example/"),
        Arrives("GET /http://evil.example/", "", "{}"),
    ),
];

const FIELDS: &[Row] = &[
    (
        "a token of the client's",
        get!("Authorization: Bearer mine~Proxy-Authorization: Basic bWluZQ==~"),
        PLAIN,
    ),
    (
        "a signature of the client's",
        get!("Signature: keyId=\"a\",signature=\"b\"~Signature-Input: c~"),
        PLAIN,
    ),
    (
        "a date of the client's",
        get!("Date: Tue, 01 Jan 2030 00:00:00 GMT~Date: 2030-01-01T00:00:00Z~"),
        PLAIN,
    ),
    (
        "the way here",
        get!(
            "Forwarded: for=1~X-Forwarded-For: 1~X-FORWARDED-HOST: evil.example~x-forwarded-proto: https~X-Forwarded-Prefix: /b~X_Forwarded_For: 1~X-Real-IP: 1~Via: 1.1 a~"
        ),
        PLAIN,
    ),
    (
        "verified, says the client",
        get!("X-Dax-Verified-Peer: me~x-dax-verified-peer: me~X-DAX-VERIFIED-THUMBPRINT: 00~"),
        PLAIN,
    ),
    (
        "verified, in the spellings of CGI",
        get!("X_Dax_Verified_Peer: me~X-Dax_Verified-Peer: me~x_dax-verified_date: 1~"),
        PLAIN,
    ),
    (
        "fields of the connection",
        get!(
            "Connection: keep-alive, X-Mine~X-Mine: a~Keep-Alive: timeout=5~Proxy-Connection: keep-alive~TE: trailers~"
        ),
        PLAIN,
    ),
    (
        "fields that two Connection fields name",
        get!("Connection: X-Mine~Connection: x-yours~X-Mine: a~X-YOURS: b~X-Ours: c~"),
        Arrives("GET /a", "x-ours: c", "{}"),
    ),
    (
        "Connection takes away what the API needs",
        post!(
            "Connection: Content-Type, Content-Length, Host, Authorization~Content-Type: text/plain~Content-Length: 4~",
            "abcd"
        ),
        ABCD,
    ),
    (
        "a media type",
        post!("Content-Type: application/json~Content-Length: 2~", "[]"),
        Arrives(
            "POST /a",
            "content-type: application/json; charset=utf-8",
            "[]",
        ),
    ),
    (
        "another media type",
        post!("Content-Type: text/json~Content-Length: 2~", "[]"),
        Refused(400, "invalid-request"),
    ),
    (
        "fields that pass",
        get!("Accept: a~X-Dax-Idempotency-Key: k~User-Agent: u~Accept: b~"),
        Arrives(
            "GET /a",
            "accept: a|accept: b|x-dax-idempotency-key: k|user-agent: u",
            "{}",
        ),
    ),
    (
        "the sidecar's own names",
        get!("X-Dax-Proxy-Secret: s~X-Dax-Proxy-Error: e~"),
        PLAIN,
    ),
    (
        "an upgrade to WebSocket",
        get!("Connection: Upgrade~Upgrade: websocket~"),
        Refused(501, "upgrade-refused"),
    ),
    (
        "two upgrades",
        get!("Connection: Upgrade~Upgrade: h2c, websocket~"),
        Refused(501, "upgrade-refused"),
    ),
    (
        "an offer of HTTP/2",
        get!(
            "Connection: Upgrade, HTTP2-Settings~Upgrade: h2c~HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA~"
        ),
        PLAIN,
    ),
    (
        "another expectation",
        get!("Expect: 200-ok~"),
        Refused(417, "expectation-refused"),
    ),
    (
        "a page's origin",
        get!("Origin: https://evil.example~"),
        Refused(403, "origin-refused"),
    ),
    (
        "no page's origin",
        get!("Origin: null~"),
        Refused(403, "origin-refused"),
    ),
    (
        "an origin that begins like ours",
        get!("Origin: http://localhost.evil.example~"),
        Refused(403, "origin-refused"),
    ),
    (
        "two origins",
        get!("Origin: http://localhost~Origin: https://evil.example~"),
        Refused(403, "origin-refused"),
    ),
    (
        "a page's image",
        get!("Sec-Fetch-Site: cross-site~"),
        Refused(403, "origin-refused"),
    ),
    (
        "a page of this machine",
        get!("Origin: http://localhost:3000~Sec-Fetch-Site: same-site~"),
        Refused(403, "origin-refused"),
    ),
];

/// What would be read as another request if any two readers differed.
const SMUGGLED: &str = "GET /smuggled HTTP/1.1~Host: {host}~~";

fn bytes(text: &str, sidecar: &Sidecar) -> Vec<u8> {
    text.replace('~', "\r\n")
        .replace("{host}", &sidecar.address)
        .into_bytes()
}

/// The head and body that must arrive.
fn arriving(upstream: &Upstream, (line, fields, body): (&str, &str, &str)) -> String {
    let mut text = format!(
        "{line}\nhost: {}\nauthorization: Bearer {TOKEN}\n",
        upstream.address
    );
    let fields = fields.split('|').filter(|field| !field.is_empty());
    let mut has_type = false;
    for field in fields {
        has_type |= field.starts_with("content-type:");
        text = text + field + "\n";
    }
    if !has_type {
        text = text + "content-type: " + JSON + "\n";
    }
    text + &format!("content-length: {}\n\n{body}", body.len())
}

/// The sidecar before an upstream of our own; 32 bytes are the largest body.
fn stand() -> (Upstream, Sidecar, Judge) {
    let upstream = Upstream::start();
    let sidecar = Sidecar::start(upstream.caller(&[]), &["--max-body", "32"]);
    (upstream, sidecar, Judge::new())
}

fn play(row: &Row, stand: &(Upstream, Sidecar, Judge)) -> Vec<String> {
    let (upstream, sidecar, judge) = stand;
    let (name, request, fate) = row;
    let mut conversation = sidecar.connect();
    conversation.send(&bytes(request, sidecar));
    let answer = conversation.answer();
    let mut faults = Vec::new();
    let found = answer.map_or((0, String::new()), |answer| {
        (answer.status, answer.refusal().to_owned())
    });
    let (must, expected) = match *fate {
        Refused(status, name) => ((status, name), None),
        Arrives(line, fields, body) => ((200, ""), Some((line, fields, body))),
    };
    if (found.0, found.1.as_str()) != must {
        faults.push(format!(
            "{name}: the answer is {found:?}, and must be {must:?}"
        ));
    }
    // Where it ends is not known: nothing is read behind it. (Without Host it is.)
    if ["framing", "body-cut"].contains(&must.1) && *name != "no Host" {
        conversation.send(&bytes(SMUGGLED, sidecar));
        let more = conversation.answer();
        if more.is_some() {
            faults.push(format!("{name}: something more is answered: {more:?}"));
        }
    }
    let arrived = upstream.take();
    let arrived: Vec<_> = arrived
        .iter()
        .map(|bytes| judge.without_signature(bytes))
        .collect();
    let must: Vec<_> = expected
        .map(|parts| arriving(upstream, parts))
        .into_iter()
        .collect();
    if arrived != must {
        faults.push(format!("{name}: {arrived:#?} arrived, and must: {must:#?}"));
    }
    faults
}

fn play_all(rows: &[Row]) {
    let stand = stand();
    let mut faults = Vec::new();
    for row in rows {
        faults.extend(play(row, &stand));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn framing() {
    assert_eq!(FRAMING.len(), 35);
    play_all(FRAMING);
}

#[test]
fn heads() {
    assert_eq!(HEADS.len(), 38);
    play_all(HEADS);
}

#[test]
fn targets() {
    assert_eq!(TARGETS.len(), 27);
    play_all(TARGETS);
}

#[test]
fn fields() {
    assert_eq!(FIELDS.len(), 23);
    play_all(FIELDS);
}

#[test]
fn floods_and_bytes_that_are_no_text() {
    let (upstream, sidecar, _) = stand();
    let head = format!("GET /a HTTP/1.1\r\nHost: {}\r\n", sidecar.address);
    let many = "X-1: a\r\n".repeat(200);
    let long = "a".repeat(70_000);
    for (name, bytes, status, refusal) in [
        (
            "200 fields",
            format!("{head}{many}\r\n").into_bytes(),
            431,
            "head-too-large",
        ),
        (
            "a long field",
            format!("{head}X: {long}\r\n\r\n").into_bytes(),
            431,
            "head-too-large",
        ),
        (
            "a long name",
            format!("{head}{long}: a\r\n\r\n").into_bytes(),
            431,
            "head-too-large",
        ),
        (
            "a long target",
            format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes(),
            431,
            "head-too-large",
        ),
        (
            "a field in Latin-1",
            [head.as_bytes(), b"X: \xc5sa\r\n\r\n"].concat(),
            400,
            "field-not-text",
        ),
    ] {
        let answer = sidecar.ask(&bytes);
        assert_eq!(
            (answer.status, answer.refusal()),
            (status, refusal),
            "{name}"
        );
    }
    assert_eq!(upstream.count(), 0);
}

#[test]
fn one_connection_several_requests() {
    let (upstream, sidecar, judge) = stand();
    let plain = |path: &str| format!("GET {path} HTTP/1.1~Host: {{host}}~~");
    let lines = |count: usize, sent: &str| {
        let mut conversation = sidecar.connect();
        conversation.send(&bytes(sent, &sidecar));
        let answers: Vec<_> = std::iter::from_fn(|| conversation.answer())
            .take(count)
            .map(|answer| (answer.status, answer.refusal().to_owned()))
            .collect();
        let arrived: Vec<_> = upstream
            .take()
            .iter()
            .map(|bytes| judge.without_signature(bytes))
            .map(|text| text.lines().next().unwrap_or_default().to_owned())
            .collect();
        (answers, arrived)
    };
    let good = (200, String::new());
    // One after the other, in the order in which they were sent.
    let (answers, arrived) = lines(3, &[plain("/1"), plain("/2"), plain("/3")].concat());
    assert_eq!(answers, [good.clone(), good.clone(), good.clone()]);
    assert_eq!(arrived, ["GET /1", "GET /2", "GET /3"]);
    // A body is no request, whether it is passed on or not.
    let post = |fields: &str, body: &str| {
        let length = body
            .replace('~', "\r\n")
            .replace("{host}", &sidecar.address)
            .len();
        format!("POST /1 HTTP/1.1~{fields}~Content-Length: {length}~~{body}")
    };
    let short = "GET /x HTTP/1.1~Host: a~~";
    let (answers, arrived) = lines(2, &(post("Host: {host}", short) + &plain("/2")));
    assert_eq!(answers, [good.clone(), good.clone()]);
    assert_eq!(arrived, ["POST /1", "GET /2"]);
    for (fields, status, refusal) in [
        ("Host: evil.example", 403, "host-refused"),
        ("Host: {host}~Origin: null", 403, "origin-refused"),
        ("Host: {host}~Expect: a", 417, "expectation-refused"),
        ("Host: {host}~Upgrade: a", 501, "upgrade-refused"),
    ] {
        let (answers, arrived) = lines(2, &(post(fields, short) + &plain("/2")));
        assert_eq!(answers[0], (status, refusal.to_owned()));
        // What follows a refused one is answered as what it is, or not at all.
        assert!(
            answers[1..].iter().all(|answer| *answer == good),
            "{answers:?}"
        );
        assert!(arrived.iter().all(|line| line == "GET /2"), "{arrived:?}");
        assert_eq!(arrived.len(), answers.len() - 1);
    }
    // Nor is one that is too long.
    let (answers, arrived) = lines(2, &(post("Host: {host}", SMUGGLED) + &plain("/2")));
    assert_eq!(answers, [(413, "body-too-large".to_owned()), good]);
    assert_eq!(arrived, ["GET /2"]);
}

#[test]
fn a_client_that_waits_for_leave_to_send_its_body_gets_it() {
    let (upstream, sidecar, judge) = stand();
    let mut conversation = sidecar.connect();
    let head = "POST /a HTTP/1.1~Host: {host}~Expect: 100-continue~Content-Length: 4~~";
    conversation.send(&bytes(head, &sidecar));
    assert_eq!(conversation.answer().expect("leave").status, 100);
    conversation.send(b"abcd");
    assert_eq!(conversation.answer().expect("an answer").status, 200);
    let arrived = upstream.take();
    let must = arriving(&upstream, ("POST /a", "", "abcd"));
    assert_eq!(judge.without_signature(&arrived[0]), must);
    // None is given for a body that would be refused.
    let mut conversation = sidecar.connect();
    let head = "POST /a HTTP/1.1~Host: {host}~Expect: 100-continue~Content-Length: 400~~";
    conversation.send(&bytes(head, &sidecar));
    let answer = conversation.answer().expect("an answer");
    assert_eq!((answer.status, answer.refusal()), (413, "body-too-large"));
    assert!(conversation.is_over_within(SOON));
}

/// With a secret, with names and pages that are let in.
#[test]
fn who_may_come_in() {
    let upstream = Upstream::start();
    let caller = upstream.caller(&[]);
    caller
        .folder
        .write("secret", "s3cret-of-the-client\nanother line\n");
    let options = [
        "--secret-file",
        "secret",
        "--allow-host",
        "sidecar.internal",
        "--allow-origin",
        "https://desk.example",
    ];
    let sidecar = Sidecar::start(caller, &options);
    let right = "X-Dax-Proxy-Secret: s3cret-of-the-client";
    let mut played = 0;
    for (fields, status, refusal) in [
        (format!("Host: {{host}}~{right}"), 200, ""),
        (format!("Host: sidecar.internal:80~{right}"), 200, ""),
        (
            format!(
                "Host: {{host}}~Origin: https://desk.example~Sec-Fetch-Site: cross-site~{right}"
            ),
            200,
            "",
        ),
        (
            format!("Host: {{host}}~Origin: http://desk.example~{right}"),
            403,
            "origin-refused",
        ),
        (
            format!("Host: x.sidecar.internal~{right}"),
            403,
            "host-refused",
        ),
        ("Host: {host}".into(), 403, "secret-missing"),
        (
            format!("Host: {{host}}~{right}~{right}"),
            403,
            "secret-missing",
        ),
        (format!("Host: {{host}}~{right}x"), 403, "secret-wrong"),
        (
            "Host: {host}~X-Dax-Proxy-Secret: ".into(),
            403,
            "secret-wrong",
        ),
        (
            "Host: {host}~X_Dax_Proxy_Secret: s3cret-of-the-client".into(),
            403,
            "secret-missing",
        ),
        (
            "Host: {host}~Authorization: Bearer s3cret-of-the-client".into(),
            403,
            "secret-missing",
        ),
    ] {
        let answer = sidecar.ask(&bytes(&format!("GET /a HTTP/1.1~{fields}~~"), &sidecar));
        assert_eq!(
            (answer.status, answer.refusal()),
            (status, refusal),
            "{fields}"
        );
        let arrived = upstream.take();
        assert_eq!(arrived.len(), usize::from(status == 200), "{fields}");
        let text = String::from_utf8_lossy(&arrived.concat()).into_owned();
        assert!(!text.contains("s3cret"), "{text}");
        played += 1;
    }
    assert_eq!(played, 11);
    // Another secret from now on.
    sidecar.caller.folder.write("secret", "0ther-s3cret");
    let status = |secret: &str| {
        let head = format!("GET /a HTTP/1.1~Host: {{host}}~X-Dax-Proxy-Secret: {secret}~~");
        sidecar.ask(&bytes(&head, &sidecar)).status
    };
    sidecar.signal("HUP");
    let end = std::time::Instant::now() + SOON * 10;
    while status("0ther-s3cret") != 200 {
        assert!(std::time::Instant::now() < end, "{}", sidecar.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(status("s3cret-of-the-client"), 403);
    assert!(!sidecar.log().contains("s3cret"), "{}", sidecar.log());
}

/// An empty file is no secret, and a reload that is refused takes nothing of what it read.
#[test]
fn a_reload_that_is_refused_lets_nobody_else_in() {
    let upstream = Upstream::start();
    let folder = daxsign_tests::folder::Folder::default();
    let good = daxsign_tests::cases::key_file("rsa2048.pkcs8.pem");
    let key = folder.write("key.pem", &good);
    let caller = upstream.caller(&["--key", key.to_str().expect("UTF-8")]);
    let secret = caller.folder.write("secret", "first-s3cret");
    let options = ["--secret-file", "secret", "--admin", "127.0.0.1:0"];
    let sidecar = Sidecar::start(caller, &options);
    let admin = sidecar.admin.clone().expect("an address");
    let status = |fields: &str| {
        let head = format!("GET /a HTTP/1.1~Host: {{host}}~{fields}~");
        sidecar.ask(&bytes(&head, &sidecar)).status
    };
    let (first, second) = (
        "X-Dax-Proxy-Secret: first-s3cret~",
        "X-Dax-Proxy-Secret: second-s3cret~",
    );
    let statuses = || [status(first), status(second), status("")];
    let told = |what: &str| {
        let end = std::time::Instant::now() + SOON * 10;
        loop {
            let mut conversation = Conversation::with(&admin);
            let head = format!("GET /readyz HTTP/1.1\r\nHost: {admin}\r\n\r\n");
            conversation.send(head.as_bytes());
            let body = conversation.answer().expect("an answer").body;
            let body = String::from_utf8_lossy(&body).into_owned();
            if body.contains(what) {
                return;
            }
            assert!(std::time::Instant::now() < end, "{what}: {body}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    assert_eq!(statuses(), [200, 403, 403]);
    for empty in ["", "\nsecond-s3cret\n", " \t\n"] {
        std::fs::write(&secret, empty).expect("written");
        sidecar.signal("HUP");
        told("the file's first line is empty");
        assert_eq!(statuses(), [200, 403, 403], "{empty:?}");
        std::fs::write(&secret, "first-s3cret").expect("written");
        sidecar.signal("HUP");
        told("loaded");
    }
    // Another secret, with a key that cannot be used.
    std::fs::write(&key, "no key\n").expect("written");
    std::fs::write(&secret, "second-s3cret").expect("written");
    sidecar.signal("HUP");
    told("key.pem");
    assert_eq!(statuses(), [200, 403, 403]);
    std::fs::write(&key, &good).expect("written");
    sidecar.signal("HUP");
    told("loaded");
    assert_eq!(statuses(), [403, 200, 403]);
}
