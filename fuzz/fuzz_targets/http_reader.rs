//! The reader of HTTP requests: nothing is lost (what it read gives the input again), a field
//! that it adds is read back, and what it reads is what a naive reader finds.
#![no_main]

use daxsign_core::{Components, HeaderField, Options, Request, signing_string_len};
use daxsign_http::{RawRequest, framing};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let request = match RawRequest::parse(data) {
        Ok(request) => request,
        Err(error) => {
            let lines = data.split(|byte| *byte == b'\n').count();
            assert!((1..=lines).contains(&error.line), "line {}", error.line);
            return assert!(!error.problem.is_empty());
        }
    };
    let (head, body) = naive_split(data);
    assert_eq!(request.body(), body.unwrap_or_default());
    assert_eq!(request.has_blank_line(), body.is_some());
    check_fields(&request, head);
    if let Err(ambiguity) = framing::check(&request) {
        assert!((1..=request.body_line).contains(&ambiguity.line()));
    }

    assert_eq!(request.edited("x-not-there", &[]), data);
    let edited = request.edited("x-a", &[("X-A", "1"), ("x-a", "2")]);
    let again = RawRequest::parse(&edited).expect("what was written");
    assert_eq!(
        (again.method, again.target),
        (request.method, request.target)
    );
    assert_eq!(again.body(), request.body());
    let kept = |field: &&HeaderField<'_>| !field.name.eq_ignore_ascii_case(b"x-a");
    let before = contents(&request);
    let mut expected: Vec<_> = before.iter().filter(kept).map(stripped).collect();
    expected.extend([(&b"X-A"[..], &b" 1"[..]), (b"x-a", b" 2")]);
    assert_eq!(
        contents(&again).iter().map(stripped).collect::<Vec<_>>(),
        expected
    );

    // The core judges what was read, and does not panic.
    let fields = contents(&request);
    let request = Request::new(request.method, request.target, &fields, request.body());
    let _ = signing_string_len(
        &request,
        &Components::default_for(&request),
        Options::default(),
    );
});

fn contents<'a>(request: &RawRequest<'a>) -> Vec<HeaderField<'a>> {
    let fields = request.fields.iter();
    fields
        .map(|field| HeaderField {
            name: field.name,
            value: field.value,
        })
        .collect()
}

/// Name and value. The last value of a file without its last line end cannot be told from one
/// that ends in a CR.
fn stripped<'a>(field: &HeaderField<'a>) -> (&'a [u8], &'a [u8]) {
    (field.name, field.value)
}

/// What stands before and after the first empty line.
fn naive_split(data: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut start = 0;
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        if line == b"\n" || line == b"\r\n" {
            return (&data[..start], Some(&data[end..]));
        }
        start = end;
    }
    (data, None)
}

/// Lines that do not start with white space are the request line and the fields, in this order.
fn check_fields(request: &RawRequest<'_>, head: &[u8]) {
    let mut lines: Vec<(usize, Vec<u8>)> = Vec::new();
    for (index, line) in head.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match lines.last_mut() {
            Some((_, last)) if line.starts_with(b" ") || line.starts_with(b"\t") => {
                last.extend_from_slice(line);
            }
            _ => lines.push((index + 1, line.to_vec())),
        }
    }
    let [(_, first), lines @ ..] = &*lines else {
        panic!("a request without a line")
    };
    let parts = [request.method, b" ", request.target, b" HTTP/1."].concat();
    assert!(first.starts_with(&parts));
    assert_eq!(request.fields.len(), lines.len());
    for (field, (number, line)) in request.fields.iter().zip(lines) {
        // A CR is part of a line end only before a LF.
        let without_end = line.strip_suffix(b"\n");
        let expected = without_end.map_or(line.as_slice(), |line| {
            line.strip_suffix(b"\r").unwrap_or(line)
        });
        let mut parts = expected.splitn(2, |byte| *byte == b':');
        let (before, value) = (parts.next().unwrap(), parts.next().expect("a colon"));
        let behind = before
            .strip_prefix(field.name)
            .expect("the name as it stood");
        assert!(behind.iter().all(|byte| matches!(byte, b' ' | b'\t')));
        assert_eq!(field.spaced_colon, !behind.is_empty());
        assert_eq!(field.value, value);
        assert_eq!(field.line, *number);
        assert!(!field.name.contains(&b':'));
        assert!(request.named(&String::from_utf8_lossy(field.name)).count() > 0);
    }
}
