//! Messages as bytes: what is read out of them, and each thing that is refused with its line. What is
//! accepted is compared with a reader that knows of nothing but blank lines, line ends and colons.

use daxsign_core::{
    Ambiguity, HeaderField, MessageError, MessageProblem, MessageReader, read_message,
};

const PLACES: usize = 4;

/// What is read: how many fields, and the body's length.
fn read(text: &str) -> Result<(usize, usize), MessageError> {
    let mut fields = [HeaderField::new("", ""); PLACES];
    let request = read_message(text.as_bytes(), &mut fields)?;
    Ok((request.headers.iter().count(), request.body.len()))
}

/// Method, target, fields and body as a reader finds them that refuses nothing.
type Naive<'t> = (&'t str, &'t str, Vec<(&'t str, &'t str)>, &'t str);

fn naively(text: &str) -> Naive<'_> {
    let (head, body) = text.split_once("\r\n\r\n").expect("a blank line");
    let (first, rest) = head.split_once("\r\n").unwrap_or((head, ""));
    let parts: Vec<&str> = first.split(' ').collect();
    let mut starts = vec![0];
    for (at, _) in rest.match_indices("\r\n") {
        if !rest[at + 2..].starts_with([' ', '\t']) {
            starts.push(at + 2);
        }
    }
    let mut fields = Vec::new();
    for (at, start) in starts.iter().enumerate().filter(|_| !rest.is_empty()) {
        let end = starts.get(at + 1).map_or(rest.len(), |next| next - 2);
        let (name, value) = rest[*start..end].split_once(':').expect("a colon");
        fields.push((name, value));
    }
    (parts[0], parts[1], fields, body)
}

/// What is accepted, in all its forms.
const ACCEPTED: [&str; 9] = [
    "GET / HTTP/1.1\r\n\r\n",
    "GET /a?b=%20 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a HTTP/1.1\r\nX: one\r\n  two\r\n\tthree\r\nY:\r\n\r\n",
    "GET /a HTTP/1.1\r\nX:\r\n \r\nY: \t\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n\r\n{}",
    "POST / HTTP/1.1\r\ncontent-length:0 \r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length:\r\n 12\r\n\r\n\r\n\r\nA: b\n\r\n\0",
    "ANSWER * HTTP/1.1\r\nA: b:c\r\na: b\r\nA: \u{e5}\u{e4}\r\n!#$%&'*+-.^_`|~: d\r\n\r\n",
    "CALLBACK https://a/b HTTP/1.1\r\nA: b\r\n\r\n",
];

#[test]
fn what_is_accepted_is_what_stands_there() {
    for text in ACCEPTED {
        let mut fields = [HeaderField::new("", ""); PLACES];
        let request = read_message(text.as_bytes(), &mut fields).expect(text);
        let (method, target, naive, body) = naively(text);
        assert_eq!(request.method, method.as_bytes(), "{text:?}");
        assert_eq!(request.target, target.as_bytes(), "{text:?}");
        assert_eq!(request.body, body.as_bytes(), "{text:?}");
        let expected = naive
            .iter()
            .map(|(name, value)| HeaderField::new(*name, *value));
        assert!(request.headers.iter().eq(expected), "{text:?}");
    }
}

#[test]
fn field_by_field_is_the_same() {
    for text in ACCEPTED {
        let (method, target, naive, body) = naively(text);
        let mut reader = MessageReader::open(text.as_bytes()).expect(text);
        assert_eq!(
            (reader.method(), reader.target()),
            (method.as_bytes(), target.as_bytes())
        );
        // The body may be asked for at any time.
        for _ in 0..naive.len() {
            assert_eq!(reader.clone().body(), Ok(body.as_bytes()), "{text:?}");
            assert!(reader.next_field().expect(text).is_some(), "{text:?}");
        }
        for _ in 0..3 {
            assert_eq!(reader.next_field(), Ok(None), "{text:?}");
        }
        assert_eq!(reader.body(), Ok(body.as_bytes()), "{text:?}");
    }
}

#[test]
fn what_was_refused_stays_so() {
    for text in [
        "GET / HTTP/1.1\r\nA : b\r\nC: d\r\n\r\n",
        "GET / HTTP/1.1\r\nC: d\r\n\r\n{}",
        "GET / HTTP/1.1\r\nC: d\r\n",
    ] {
        let mut reader = MessageReader::open(text.as_bytes()).expect(text);
        let error = loop {
            match reader.next_field() {
                Ok(field) => assert!(field.is_some(), "{text:?}"),
                Err(error) => break error,
            }
        };
        assert_eq!(reader.next_field(), Err(error), "{text:?}");
        assert_eq!(reader.body(), Err(error), "{text:?}");
    }
}

#[test]
fn the_body_is_as_long_as_it_says() {
    for (length, body, line) in [
        ("", "{}", 3),
        ("Content-Length: 3\r\n", "{}", 4),
        ("Content-Length: 1\r\n", "{}", 4),
        ("Content-Length: +2\r\n", "{}", 2),
        ("Content-Length: 2, 2\r\n", "{}", 2),
        ("Content-Length: 0x2\r\n", "{}", 2),
        ("Content-Length:\r\n", "", 2),
        ("Content-Length: 18446744073709551616\r\n", "", 2),
        ("Content-Length: 18446744073709551618\r\n", "{}", 2),
    ] {
        let text = format!("POST / HTTP/1.1\r\n{length}\r\n{body}");
        let problem = MessageProblem::Length;
        assert_eq!(read(&text), Err(MessageError { line, problem }), "{text:?}");
    }
}

/// A request line, lines behind it as they are, and what is refused of them.
fn refusals() -> Vec<(String, usize, MessageProblem)> {
    use Ambiguity as A;
    use MessageProblem as P;
    let get = |lines: &str| format!("GET / HTTP/1.1\r\n{lines}\r\n");
    let first = |line: &str| (format!("{line}\r\n\r\n"), 1, P::RequestLine);
    let line_break = |offset| P::Ambiguous(A::LineBreak { offset });
    let control = |offset| P::Ambiguous(A::ControlCharacter { offset });
    let repeated = P::Ambiguous(A::Repeated { first: 2 });
    vec![
        (String::new(), 1, P::NoEmptyLine),
        ("GET / HTTP/1.1".into(), 1, P::LineEnd),
        ("GET / HTTP/1.1\n\n".into(), 1, P::LineEnd),
        ("GET / HTTP/1.1\r\n".into(), 2, P::NoEmptyLine),
        ("GET / HTTP/1.1\r\nA: b\r\n".into(), 3, P::NoEmptyLine),
        ("GET / HTTP/1.1\r\nA: b\r\n c".into(), 3, P::LineEnd),
        first("GET / HTTP/1.0"),
        first("GET / HTTP/2"),
        first("GET / http/1.1"),
        first("GET  / HTTP/1.1"),
        first("GET /  HTTP/1.1"),
        first("GET / HTTP/1.1 "),
        first("GET /a b HTTP/1.1"),
        first("GET a /b HTTP/1.1"),
        first("GET /\ra HTTP/1.1"),
        first("GET /\u{e5} HTTP/1.1"),
        first("GET\t/ HTTP/1.1"),
        first(" / HTTP/1.1"),
        first("GET HTTP/1.1"),
        first("HTTP/1.1 200 OK"),
        first("HTTP/1.1 /a HTTP/1.1"),
        first("G@T / HTTP/1.1"),
        first("\r\nGET / HTTP/1.1"),
        first("\u{feff}GET / HTTP/1.1"),
        (get(" a\r\n"), 2, P::Fold),
        (get(" \r\n"), 2, P::Fold),
        (get("A: b\nC: d\r\n"), 2, P::LineEnd),
        (get("A: b\r\n c\n"), 3, P::LineEnd),
        (get("A: b\n c\r\n"), 2, P::LineEnd),
        (get("A: b\r\n\nC: d\r\n"), 3, P::LineEnd),
        (get("A: b\r\nno colon\r\n"), 3, P::NoColon),
        (get(": b\r\n"), 2, P::Name),
        (get("a b: c\r\n"), 2, P::Name),
        (get("\"a\": c\r\n"), 2, P::Name),
        (get("a\0: c\r\n"), 2, P::Name),
        (get("\u{e5}: c\r\n"), 2, P::Name),
        (get("A : b\r\n"), 2, P::Ambiguous(A::SpacedColon)),
        (get("A\t: b\r\n"), 2, P::Ambiguous(A::SpacedColon)),
        (get("A: b\rc\r\n"), 2, line_break(2)),
        (get("A: b\r\r\n"), 2, line_break(2)),
        (get("A:\r\r\n c\r\n"), 2, line_break(0)),
        (get("A: \0\r\n"), 2, control(1)),
        (get("A: b\r\n \u{7f}\r\n"), 2, control(5)),
        (get("Host: a\r\nHOST: a\r\n"), 3, repeated),
        (
            get("Content-Length: 0\r\nContent-Length: 0\r\n"),
            3,
            repeated,
        ),
        (
            get("transfer-encoding: chunked\r\n"),
            2,
            P::Ambiguous(A::TransferEncoding),
        ),
        (get("A:\r\nB:\r\nC:\r\nD:\r\nE:\r\n"), 6, P::TooManyFields),
    ]
}

#[test]
fn what_is_refused_is_told_with_its_line() {
    let cases = refusals();
    for (text, line, problem) in &cases {
        let (line, problem) = (*line, *problem);
        assert_eq!(read(text), Err(MessageError { line, problem }), "{text:?}");
    }
    assert_eq!(cases.len(), 47);
}

#[test]
fn each_refusal_has_its_words() {
    let mut told = std::collections::BTreeSet::new();
    for (_, line, problem) in refusals() {
        let text = MessageError { line, problem }.to_string();
        assert!(text.starts_with(&format!("line {line} of the message ")));
        told.insert(text.split(" of the message ").nth(1).map(str::to_owned));
    }
    // Two line breaks and two control characters, each at its place.
    assert_eq!(told.len(), 14);
}

#[test]
fn as_many_fields_as_there_are_places() {
    let text = "GET / HTTP/1.1\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n";
    assert_eq!(read(text), Ok((4, 0)));
}

/// Each place of a message with each of the bytes that mean something somewhere: refused, or read as it
/// stands there.
#[test]
fn no_byte_means_two_things() {
    let text = "POST /doors HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\nContent-Length: 2\r\n\r\n{}";
    let mut accepted = 0;
    for place in 0..text.len() {
        for byte in ["\r", "\n", " ", "\t", ":", "\0"] {
            let changed = [&text[..place], byte, &text[place + 1..]].concat();
            let mut fields = [HeaderField::new("", ""); PLACES];
            let Ok(request) = read_message(changed.as_bytes(), &mut fields) else {
                continue;
            };
            accepted += 1;
            let (method, target, naive, body) = naively(&changed);
            let expected = naive
                .iter()
                .map(|(name, value)| HeaderField::new(*name, *value));
            assert!(request.headers.iter().eq(expected), "{changed:?}");
            assert_eq!(
                (request.method, request.target, request.body),
                (method.as_bytes(), target.as_bytes(), body.as_bytes()),
                "{changed:?}"
            );
        }
    }
    assert!(accepted > 20, "{accepted}");
}
