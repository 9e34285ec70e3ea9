//! Requests read from bytes: whatever could make another reader on the way see another request is
//! refused, by every command that reads one, with the line and with what to do.

use daxsign_tests::cases::key_path;
use daxsign_tests::tool::{Run, Tool};

fn key(file: &str) -> String {
    key_path(file).to_str().expect("a path in UTF-8").into()
}

/// The commands that read a request, with what they take before its file.
fn commands() -> [Vec<String>; 5] {
    let (private, public) = (key("rsa2048.pkcs1.pem"), key("rsa2048.spki.pem"));
    [
        vec!["string".into()],
        vec!["sign".into(), "--key".into(), private.clone()],
        vec!["sign".into(), "--complete".into(), "--key".into(), private],
        vec!["verify".into(), "--key".into(), public.clone()],
        vec!["explain".into(), "--key".into(), public],
    ]
}

/// What every command says to these bytes; `explain` also prints what it can show.
fn runs(tool: &Tool, request: &[u8]) -> Vec<(String, Run)> {
    tool.write("request.http", request);
    let run = |arguments: &Vec<String>| {
        let mut all: Vec<&str> = arguments.iter().map(String::as_str).collect();
        all.push("request.http");
        (arguments.join(" "), tool.run(&all))
    };
    commands().iter().map(run).collect()
}

const DATE: &str = "Date: 2020-05-17T12:44:30Z\r\n";

/// A request with these bytes behind its `Date` field, and a body.
fn with(fields: &[u8]) -> Vec<u8> {
    let head = format!("POST /doors HTTP/1.1\r\nHost: dax.example\r\n{DATE}");
    [head.as_bytes(), fields, b"\r\n{}"].concat()
}

#[test]
fn what_others_would_read_otherwise_is_refused_with_its_line() {
    let invalid = "invalid-header-value";
    let framing = &["Transfer-Encoding", "send it whole", "Content-Length"][..];
    let cases: [(&[u8], &str, usize, &[&str]); 19] = [
        (b"Transfer-Encoding: chunked\r\n", invalid, 4, framing),
        (b"transfer-encoding:gzip, chunked\r\n", invalid, 4, framing),
        (b"TRANSFER-ENCODING: identity\r\n", invalid, 4, framing),
        (b"Transfer-Encoding:\r\n", invalid, 4, framing),
        (
            b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
            invalid,
            5,
            framing,
        ),
        (
            b"host: dax.example\r\n",
            invalid,
            4,
            &["lines 2 and 4", "once"],
        ),
        (
            b"X: y\r\nHost: other.example\r\n",
            invalid,
            5,
            &["lines 2 and 5", "once"],
        ),
        (
            b"Content-Length: 2\r\nContent-Length: 2\r\n",
            "content-length-mismatch",
            5,
            &["lines 4 and 5", "once"],
        ),
        (
            b"Content-Length: 2\r\nX: y\r\ncontent-length: 3\r\n",
            "content-length-mismatch",
            6,
            &["lines 4 and 6", "once"],
        ),
        (b"Host : a\r\n", invalid, 4, &["`Host`", "colon", "`Host:`"]),
        (b"X-A\t: a\r\n", invalid, 4, &["`X-A`", "colon", "`X-A:`"]),
        (b"X: y\r\nX-A \t : a\r\n", invalid, 5, &["`X-A`", "`X-A:`"]),
        (b"Transfer-Encoding : chunked\r\n", invalid, 4, &["colon"]),
        (
            b"X-A: a\rX-B: b\r\n",
            invalid,
            4,
            &["`x-a`", "line break", "byte 2"],
        ),
        (
            b"X-A: a\r\r\n",
            invalid,
            4,
            &["`x-a`", "line break", "byte 2"],
        ),
        (
            b"X-A: a\0b\r\n",
            invalid,
            4,
            &["`x-a`", "control character", "byte 2"],
        ),
        (
            b"X-A: \x1b[31m\r\n",
            invalid,
            4,
            &["`x-a`", "control character"],
        ),
        (
            b"X-A: \x7f\r\n",
            invalid,
            4,
            &["`x-a`", "control character"],
        ),
        (
            b"X-A: 1\r\nX-A: a\r\n\tb\r\n c\0\r\n",
            invalid,
            7,
            &["`x-a`", "number 2", "control character", "byte 10"],
        ),
    ];
    let mut refused = 0;
    for (fields, name, line, words) in cases {
        let case = fields.escape_ascii().to_string();
        for (command, run) in runs(&Tool::default(), &with(fields)) {
            let error = format!("error[{name}]: request.http:{line}: ");
            assert!(run.err.contains(&error), "{case}, {command}: {}", run.err);
            assert_eq!(run.code, 1, "{case}, {command}");
            for word in words {
                assert!(run.err.contains(word), "{case}, {command}: {}", run.err);
            }
            if command.starts_with("explain") {
                assert!(run.text().starts_with("not verified"), "{case}");
            } else {
                assert!(run.out.is_empty(), "{case}, {command}");
            }
            refused += 1;
        }
    }
    assert_eq!(refused, 19 * 5);
}

/// A name that is none makes the bytes no HTTP request.
#[test]
fn what_stands_before_the_colon_is_a_name() {
    let cases: [(&[u8], &str); 5] = [
        (b"X\0A: a\r\n", "control character"),
        (b"X\rA: a\r\n", "control character"),
        (b"\x1b[31mX: a\r\n", "control character"),
        (b"X A: a\r\n", "not a header field name"),
        (b": a\r\n", "not a header field name"),
    ];
    for (fields, word) in cases {
        let case = fields.escape_ascii().to_string();
        for (command, run) in runs(&Tool::default(), &with(fields)) {
            run.assert_unusable(&command);
            assert!(run.err.contains("request.http:4:"), "{case}: {}", run.err);
            assert!(run.err.contains(word), "{case}: {}", run.err);
        }
    }
}

/// Folds (S-FOLD), tabs and bytes beyond ASCII are no fault in a field that is not listed, and
/// one Host and one Content-Length neither.
#[test]
fn what_everybody_reads_alike_is_signed() {
    let good: [&[u8]; 6] = [
        b"Content-Length: 2\r\n",
        b"Content-Length: 2\r\nX-A:\ta\tb \r\n",
        b"Content-Length: 2\r\nX-A: a\r\n b\r\n\t\r\nX-B: c\r\n",
        b"Content-Length: 2\r\nX-A: \xe5\xe4\xf6\r\n",
        b"Content-Length: 2\r\nX-Host: a\r\nX-Host: b\r\n",
        b"Content-Length: 2\r\nTE: trailers\r\nX-Transfer-Encoding: chunked\r\n",
    ];
    for fields in good {
        let runs = runs(&Tool::default(), &with(fields));
        for (command, run) in runs.iter().filter(|(command, _)| !command.contains("spki")) {
            assert_eq!(run.code, 0, "{command}: {}", run.err);
        }
    }
}

/// The signature covers a length, and a proxy sent the body in chunks.
#[test]
fn a_length_that_chunks_replaced_was_lost_on_the_way() {
    let tool = Tool::default();
    tool.write("plain.http", with(b"Content-Length: 2\r\n"));
    let private = key("rsa2048.pkcs1.pem");
    let signed = tool.run(&["sign", "--key", &private, "plain.http"]);
    let signed = String::from_utf8(signed.success()).expect("text");
    let chunked = signed.replace("Content-Length: 2", "Transfer-Encoding: chunked");
    assert_ne!(chunked, signed);
    let lost = |request: &str| {
        let all = runs(&tool, request.as_bytes());
        let lost = all
            .iter()
            .filter(|(_, run)| run.err.contains("lost on the way"));
        (lost.count(), all.len())
    };
    assert_eq!(lost(&chunked), (5, 5));
    // Beside a length that is still there nothing was lost.
    let both = signed.replace(
        "Content-Length: 2",
        "Content-Length: 2\r\nTransfer-Encoding: chunked",
    );
    assert_eq!(lost(&both), (0, 5));
}
