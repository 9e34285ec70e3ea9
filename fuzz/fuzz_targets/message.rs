//! The reader of messages as bytes: what it takes, a naive reading of the rules takes, and what it refuses is refused
//! there on the same line. Of what it takes nothing is lost, and others read the same in it: the crate `httparse`,
//! the tool's reader, and the functions of C.
#![no_main]

use std::collections::BTreeSet;

use daxsign::message::daxsign_message_read;
use daxsign::request::{DaxsignBytes, DaxsignField, DaxsignRequest};
use daxsign::status::DaxsignStatus;
use daxsign_core::{
    HeaderField, MessageError, MessageLines, MessageProblem, MessageReader, read_message,
};
use daxsign_http::{RawRequest, framing};
use libfuzzer_sys::fuzz_target;

/// More fields than there are in any input that is looked at.
const PLACES: usize = 256;

fuzz_target!(|data: &[u8]| {
    check_lines(data);
    let naive = naive_read(data);
    if naive.as_ref().is_ok_and(|read| read.fields.len() > PLACES) {
        return;
    }
    let mut places = [HeaderField::new("", ""); PLACES];
    match (read_message(data, &mut places), naive) {
        // Something behind them is at fault, too.
        (Err(error), Err(_)) if error.problem == MessageProblem::TooManyFields => {}
        (Err(error), Err(line)) => {
            assert_eq!(error.line, line, "{error}");
            check_refused(data, &error);
        }
        (Ok(request), Ok(naive)) => {
            assert_eq!(
                (request.method, request.target),
                (naive.method, naive.target)
            );
            assert_eq!(request.body, naive.body);
            let fields: Vec<_> = request.headers.iter().collect();
            let pairs: Vec<_> = fields
                .iter()
                .map(|field| (field.name, field.value))
                .collect();
            let expected: Vec<_> = naive
                .fields
                .iter()
                .map(|field| (field.name, field.value))
                .collect();
            assert_eq!(pairs, expected);
            assert_eq!(written(&naive), data, "written again");
            check_places(data, &naive);
            check_c(data, &naive);
            check_others(data, &naive);
        }
        (Ok(_), Err(line)) => panic!("taken, but line {line} is at fault"),
        (Err(error), Ok(_)) => panic!("refused, and nothing is at fault: {error}"),
    }
});

/// What a message says, and where.
struct Naive<'a> {
    method: &'a [u8],
    target: &'a [u8],
    fields: Vec<NaiveField<'a>>,
    body: &'a [u8],
}

struct NaiveField<'a> {
    line: usize,
    name: &'a [u8],
    value: &'a [u8],
}

/// Reads a message, or says which line is at fault.
fn naive_read(data: &[u8]) -> Result<Naive<'_>, usize> {
    let mut lines = NaiveLines {
        data,
        start: 0,
        number: 0,
    };
    let first = lines.next()?;
    let parts: Vec<&[u8]> = first.split(|byte| *byte == b' ').collect();
    let [method, target, b"HTTP/1.1"] = *parts else {
        return Err(1);
    };
    if !is_token(method)
        || target.is_empty()
        || !target.iter().all(|byte| (0x21..0x7F).contains(byte))
    {
        return Err(1);
    }
    let mut fields = Vec::new();
    let (mut length, mut single) = (0, BTreeSet::new());
    loop {
        let text = lines.next()?;
        let line = lines.number;
        if text.is_empty() {
            break;
        }
        let colon = text.iter().position(|byte| *byte == b':').ok_or(line)?;
        let name = &text[..colon];
        let end = name.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'));
        // White space before the colon is read otherwise by others; a name that is none is at fault first.
        if !is_token(&name[..end.map_or(0, |end| end + 1)]) {
            return Err(line);
        }
        let start = lines.start - text.len() - 2 + colon + 1;
        while matches!(lines.data.get(lines.start), Some(b' ' | b'\t')) {
            lines.next()?;
        }
        let value = &data[start..lines.start - 2];
        let lower = name.to_ascii_lowercase();
        let is_single = lower == b"host" || lower == b"content-length";
        if !is_token(name) || !is_value(value) || lower == b"transfer-encoding" {
            return Err(line);
        }
        if is_single && !single.insert(lower.clone()) {
            return Err(line);
        }
        if lower == b"content-length" {
            length = number(value).ok_or(line)?;
        }
        fields.push(NaiveField { line, name, value });
    }
    let body = &data[lines.start..];
    if u64::try_from(body.len()) != Ok(length) {
        return Err(lines.number + 1);
    }
    Ok(Naive {
        method,
        target,
        fields,
        body,
    })
}

struct NaiveLines<'a> {
    data: &'a [u8],
    start: usize,
    number: usize,
}

impl<'a> NaiveLines<'a> {
    /// The next line without its CRLF, or the number of the line that has none.
    fn next(&mut self) -> Result<&'a [u8], usize> {
        self.number += 1;
        let rest = &self.data[self.start..];
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or(self.number)?;
        self.start += end + 1;
        rest[..end].strip_suffix(b"\r").ok_or(self.number)
    }
}

/// RFC 9110 5.6.2.
fn is_token(text: &[u8]) -> bool {
    let marks = b"!#$%&'*+-.^_`|~";
    !text.is_empty()
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || marks.contains(byte))
}

/// No control character but a tab, and line ends only as folds.
fn is_value(value: &[u8]) -> bool {
    let text = unfolded(value);
    text.iter()
        .all(|byte| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7F))
}

/// Each fold's CRLF as two spaces (RFC 9112 5.2).
fn unfolded(value: &[u8]) -> Vec<u8> {
    let mut text = value.to_vec();
    for place in 0..value.len() {
        if let [b'\r', b'\n', b' ' | b'\t', ..] = value[place..] {
            text[place..place + 2].copy_from_slice(b"  ");
        }
    }
    text
}

fn trimmed(value: &[u8]) -> Vec<u8> {
    let text = unfolded(value);
    text.trim_ascii().to_vec()
}

fn number(value: &[u8]) -> Option<u64> {
    let text = trimmed(value);
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    digits.then(|| String::from_utf8_lossy(&text).parse().ok())?
}

/// The message out of what was read.
fn written(read: &Naive<'_>) -> Vec<u8> {
    let mut bytes = [read.method, b" ", read.target, b" HTTP/1.1\r\n"].concat();
    for field in &read.fields {
        bytes.extend([field.name, b":", field.value, b"\r\n"].concat());
    }
    bytes.extend(b"\r\n");
    bytes.extend(read.body);
    bytes
}

/// Lines with their ends are all there is.
fn check_lines(data: &[u8]) {
    let mut lines = MessageLines::new(data);
    let mut again = Vec::new();
    for (index, line) in lines.by_ref().enumerate() {
        assert_eq!((line.number, line.start), (index + 1, again.len()));
        again.extend([line.text, line.end].concat());
        assert_eq!(line.span().end, again.len());
    }
    assert!(lines.rest().is_empty() && lines.offset() == data.len());
    assert_eq!(again, data);
}

/// The words, the reader that goes field by field, and C say the same of it.
fn check_refused(data: &[u8], error: &MessageError) {
    assert!(
        error
            .to_string()
            .starts_with(&format!("line {} ", error.line))
    );
    let read = MessageReader::open(data).and_then(|mut reader| {
        let first = loop {
            match reader.next_field() {
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        // What was refused stays so.
        assert_eq!(reader.next_field().err(), first);
        reader.body()
    });
    assert_eq!(read, Err(*error));
    // What is no message by its characters is none elsewhere, unless by what others allow.
    let form = matches!(
        error.problem,
        MessageProblem::NoColon | MessageProblem::Name | MessageProblem::Fold
    );
    if form && !data.starts_with(b"\r") && !data.starts_with(b"\n") {
        let mut places = [httparse::EMPTY_HEADER; PLACES];
        let mut other = httparse::Request::new(&mut places);
        assert!(
            !matches!(other.parse(data), Ok(httparse::Status::Complete(_))),
            "{error}"
        );
    }
}

/// With as many places as fields it is read, with one less it is not.
fn check_places(data: &[u8], read: &Naive<'_>) {
    let mut places = vec![HeaderField::new("", ""); read.fields.len()];
    assert!(read_message(data, &mut places).is_ok());
    if let Some(last) = read.fields.last() {
        places.pop();
        let error = read_message(data, &mut places).err();
        let expected = MessageError {
            line: last.line,
            problem: MessageProblem::TooManyFields,
        };
        assert_eq!(error, Some(expected));
    }
}

/// Others find the same in it.
fn check_others(data: &[u8], read: &Naive<'_>) {
    let raw = RawRequest::parse(data).expect("the tool reads what a party does");
    framing::check(&raw).expect("nothing is read otherwise");
    assert_eq!(
        (raw.method, raw.target, raw.body()),
        (read.method, read.target, read.body)
    );

    // It knows of no folds.
    let mut head = data[..data.len() - read.body.len()].to_vec();
    for field in &read.fields {
        let start = field.value.as_ptr() as usize - data.as_ptr() as usize;
        head[start..start + field.value.len()].copy_from_slice(&unfolded(field.value));
    }
    let mut places = [httparse::EMPTY_HEADER; PLACES];
    let mut other = httparse::Request::new(&mut places);
    let len = other.parse(&head).expect("httparse reads it");
    assert_eq!(len, httparse::Status::Complete(head.len()));
    assert_eq!(other.method.map(str::as_bytes), Some(read.method));
    assert_eq!(other.path.map(str::as_bytes), Some(read.target));
    let found: Vec<_> = other
        .headers
        .iter()
        .map(|field| (field.name.as_bytes(), field.value.to_vec()))
        .collect();
    let expected: Vec<_> = read
        .fields
        .iter()
        .map(|field| (field.name, trimmed(field.value)))
        .collect();
    assert_eq!(found, expected);
}

/// C is told the same, in places that are exactly as many as fields.
fn check_c(data: &[u8], read: &Naive<'_>) {
    let bytes = |bytes: &[u8]| DaxsignBytes {
        data: bytes.as_ptr().cast(),
        len: bytes.len(),
    };
    let empty = DaxsignField {
        name: bytes(b""),
        value: bytes(b""),
    };
    let mut fields = vec![empty; read.fields.len()].into_boxed_slice();
    let mut request = DaxsignRequest {
        struct_size: u32::try_from(size_of::<DaxsignRequest>()).expect("small"),
        method: bytes(b""),
        target: bytes(b""),
        fields: core::ptr::null(),
        field_count: 0,
        body: bytes(b""),
    };
    let places = if fields.is_empty() {
        core::ptr::null_mut()
    } else {
        fields.as_mut_ptr()
    };
    // SAFETY: all of it lives on, with the lengths that are said.
    let status = unsafe {
        daxsign_message_read(
            data.as_ptr().cast(),
            data.len(),
            places,
            fields.len(),
            &raw mut request,
            core::ptr::null_mut(),
        )
    };
    assert!(matches!(status, DaxsignStatus::DaxsignOk));
    let same = |found: &DaxsignBytes, expected: &[u8]| {
        assert_eq!(found.len, expected.len());
        let is_same = found.data == expected.as_ptr().cast();
        assert!(found.len == 0 || is_same, "it points elsewhere");
    };
    same(&request.method, read.method);
    same(&request.target, read.target);
    same(&request.body, read.body);
    assert_eq!(request.field_count, read.fields.len());
    for (found, expected) in fields.iter().zip(&read.fields) {
        same(&found.name, expected.name);
        same(&found.value, expected.value);
    }
}
