//! What two readers could take differently does not go on: smuggling, byte for byte.

use crate::made::*;

/// A case: its name, what is sent (`~` is a line's end), and the problem; empty for what passes the gate, and comes to
/// the token, which is missing.
type Row = (&'static str, &'static str, &'static str);

macro_rules! get {
    ($fields:literal) => {
        concat!(
            "GET /a HTTP/1.1~Host: localhost~",
            $fields,
            "Connection: close~~"
        )
    };
}
macro_rules! post {
    ($fields:literal, $body:literal) => {
        concat!(
            "POST /a HTTP/1.1~Host: localhost~",
            $fields,
            "Connection: close~~",
            $body
        )
    };
}

const PASSES: &str = "invalid-token";

const ROWS: &[Row] = &[
    (
        "length, then chunks",
        post!("Content-Length: 4~Transfer-Encoding: chunked~", "0~~"),
        "framing",
    ),
    (
        "chunks, then length",
        post!("Transfer-Encoding: chunked~Content-Length: 4~", "0~~"),
        "framing",
    ),
    (
        "spelt otherwise",
        post!("TRANSFER-ENCODING: Chunked~CONTENT-LENGTH: 4~", "0~~"),
        "framing",
    ),
    (
        "chunks behind a line feed",
        post!("Content-Length: 4~X: a\nTransfer-Encoding: chunked~", "0~~"),
        "framing",
    ),
    (
        "two lengths",
        post!("Content-Length: 4~Content-Length: 5~", "abcde"),
        "framing",
    ),
    (
        "two equal lengths",
        post!("Content-Length: 4~Content-Length: 4~", "abcd"),
        "framing",
    ),
    (
        "a length with a sign",
        post!("Content-Length: +4~", "abcd"),
        "framing",
    ),
    (
        "a length below nothing",
        post!("Content-Length: -4~", "abcd"),
        "framing",
    ),
    (
        "a list of lengths",
        post!("Content-Length: 4, 4~", "abcd"),
        "framing",
    ),
    (
        "a length in hexadecimal",
        post!("Content-Length: 0x4~", "abcd"),
        "framing",
    ),
    (
        "an empty length",
        post!("Content-Length: ~", "abcd"),
        "framing",
    ),
    (
        "a length beyond all numbers",
        post!("Content-Length: 99999999999999999999999~", "abcd"),
        "framing",
    ),
    (
        "another coding before chunks",
        post!("Transfer-Encoding: gzip, chunked~", "4~abcd~0~~"),
        "framing",
    ),
    (
        "chunks twice",
        post!("Transfer-Encoding: chunked, chunked~", "4~abcd~0~~"),
        "framing",
    ),
    (
        "chunks in two fields",
        post!(
            "Transfer-Encoding: gzip~Transfer-Encoding: chunked~",
            "4~abcd~0~~"
        ),
        "framing",
    ),
    (
        "no coding at all",
        post!("Transfer-Encoding: identity~", "abcd"),
        "framing",
    ),
    (
        "nearly chunks",
        post!("Transfer-Encoding: xchunked~", "4~abcd~0~~"),
        "framing",
    ),
    (
        "chunks behind a vertical tab",
        post!("Transfer-Encoding: \x0bchunked~", "4~abcd~0~~"),
        "framing",
    ),
    (
        "a space before the colon",
        post!("Transfer-Encoding : chunked~", "4~abcd~0~~"),
        "framing",
    ),
    (
        "chunks in HTTP/1.0",
        "POST /a HTTP/1.0~Host: localhost~Transfer-Encoding: chunked~~4~abcd~0~~",
        "framing",
    ),
    ("a folded line", get!("X: a~ b~"), "framing"),
    (
        "a folded line with a tab",
        get!("X: a~\tTransfer-Encoding: chunked~"),
        "framing",
    ),
    ("a bare carriage return", get!("X: a\rY: b~"), "framing"),
    ("a zero byte", get!("X: a\0b~"), "framing"),
    ("a field without a name", get!(": a~"), "framing"),
    (
        "a line without a colon",
        get!("Transfer-Encoding~"),
        "framing",
    ),
    ("a name with a space", get!("X Y: a~"), "framing"),
    ("two hosts", get!("Host: evil.example~"), "framing"),
    ("no host", "GET /a HTTP/1.1~Connection: close~~", "framing"),
    (
        "bare line feeds",
        "GET /a HTTP/1.1\nHost: localhost\n\n",
        "framing",
    ),
    (
        "another version",
        "GET /a HTTP/1.2~Host: localhost~~",
        "framing",
    ),
    ("HTTP/0.9", "GET /a~~", "framing"),
    ("HTTP/2 at once", "PRI * HTTP/2.0~~SM~~", "framing"),
    (
        "two spaces",
        "GET  /a HTTP/1.1~Host: localhost~~",
        "framing",
    ),
    (
        "a space in the target",
        "GET /a b HTTP/1.1~Host: localhost~~",
        "framing",
    ),
    (
        "a fragment",
        "GET /a#b HTTP/1.1~Host: localhost~~",
        "framing",
    ),
    (
        "a zero byte in the target",
        "GET /a\0b HTTP/1.1~Host: localhost~~",
        "framing",
    ),
    ("TLS", "\x16\x03\x01\x02\0\x01\0\x01~~", "framing"),
    (
        "CONNECT",
        "CONNECT evil.example:443 HTTP/1.1~Host: evil.example:443~Connection: close~~",
        "framing",
    ),
    ("a plain one", get!(""), PASSES),
    (
        "empty lines before it",
        concat!("~~", "GET /a HTTP/1.1~Host: localhost~Connection: close~~"),
        PASSES,
    ),
    (
        "an absolute target",
        "GET http://localhost/a HTTP/1.1~Host: localhost~Connection: close~~",
        PASSES,
    ),
    ("a field in UTF-8", get!("X: Åsa~"), PASSES),
];

#[test]
fn what_two_readers_could_take_differently_is_refused_by_its_name() {
    let place = Place::plain(settings());
    for (name, text, problem) in ROWS {
        let answer = place.send(text.replace('~', "\r\n").as_bytes());
        let status = if *problem == PASSES { 401 } else { 400 };
        assert_eq!(answer.status, status, "{name}: {answer:?}");
        assert_eq!(answer.problem(), *problem, "{name}");
        assert!(answer.field("x-correlation-id").is_some(), "{name}");
    }
    assert_eq!(ROWS.len(), 43);
    assert_eq!(place.received(), 0);
    let counters = place.counters();
    let refused = |name: &str| counters.refused().find(|(of, _)| *of == name).unwrap().1;
    assert_eq!((refused("framing"), refused("invalid-token")), (39, 4));
}

#[test]
fn nothing_behind_a_refused_head_is_looked_at() {
    let place = Place::plain(settings());
    let good = place.signed("POST", &cards(), CARD);
    let bad = b"POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let answer = place.send(&[bad.as_slice(), &good].concat());
    assert_eq!(answer.status, 400);
    assert_eq!(answer.field("connection"), Some("close"));
    assert_eq!(place.received(), 0);
}

#[test]
fn chunks_are_put_together_and_chunks_that_lie_are_not() {
    let place = Place::plain(settings());
    let whole = String::from_utf8(place.signed("POST", &cards(), CARD)).unwrap();
    // Signed with its length, which a client that streams does not send.
    let length = format!("Content-Length: {}\r\n", CARD.len());
    let head = whole.strip_suffix(CARD).unwrap();
    let head = head.replace(&length, "Transfer-Encoding: chunked\r\n");
    let (first, second) = CARD.split_at(10);
    let chunks = format!(
        "a;x=y\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\nAuthorization: mine\r\n\r\n",
        second.len()
    );
    let lies = chunks.replacen("a;x=y", "9", 1);
    for body in [
        lies.clone(),
        lies.replacen('9', "+a", 1),
        lies.replacen('9', "0xa", 1),
    ] {
        let answer = place.send(format!("{head}{body}").as_bytes());
        assert!([0, 400].contains(&answer.status), "{answer:?}");
    }
    assert_eq!(place.received(), 0);
    let answer = place.send(format!("{head}{chunks}").as_bytes());
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(place.received(), 1);
}
