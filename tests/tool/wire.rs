//! Requests read from bytes: whatever could make another reader on the way see another request is
//! refused (S-FRAMING), by every command that reads one, with the line and with what to do.

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

/// Among lines that end in CRLF a LF alone is not a line's end to everybody.
#[test]
fn a_lone_line_feed_among_carriage_returns_is_refused() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nDate: 2020-05-17T12:44:30Z\r\nX: y\r\n\r\n{}";
    let mut refused = 0;
    for line in 2..=5 {
        let mut lines: Vec<String> = head.split_inclusive('\n').map(str::to_owned).collect();
        lines[line - 1] = lines[line - 1].replace('\r', "");
        for (command, run) in runs(&Tool::default(), lines.concat().as_bytes()) {
            let error = format!("error[invalid-header-value]: request.http:{line}: ");
            assert!(run.err.contains(&error), "{command}: {}", run.err);
            assert!(run.err.contains("\\n alone"), "{command}: {}", run.err);
            assert_eq!(run.code, 1, "{command}");
            refused += 1;
        }
    }
    assert_eq!(refused, 4 * 5);
    // In the body a line ends as it likes.
    let body = head.replace("{}", "{\n}\r\n");
    for (command, run) in runs(&Tool::default(), body.as_bytes()) {
        assert!(!run.err.contains("alone"), "{command}: {}", run.err);
    }
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

fn utf16(text: &str, mark: bool, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = mark.then_some(0xFEFF);
    mark.into_iter()
        .chain(text.encode_utf16())
        .flat_map(unit)
        .collect()
}

/// What people pass in place of a request is called by its name, by every command.
#[test]
fn what_is_no_request_is_called_what_it_is() {
    let plain = "POST /doors HTTP/1.1\r\nHost: dax.example\r\n\r\n{}";
    let dumped = plain
        .replace("\r\n", "\r\n> ")
        .replacen("POST", "> POST", 1);
    let cases: [(Vec<u8>, &str); 18] = [
        (utf16(plain, true, u16::to_le_bytes), "UTF-16"),
        (utf16(plain, true, u16::to_be_bytes), "UTF-16"),
        (utf16(plain, false, u16::to_le_bytes), "UTF-16"),
        (utf16(plain, false, u16::to_be_bytes), "UTF-16"),
        (format!("\u{feff}{plain}").into(), "byte order mark"),
        (dumped.into(), "`curl -v`"),
        (
            format!("*   Trying 127.0.0.1:443...\n> {plain}").into(),
            "`curl -v`",
        ),
        (
            format!("== Info: Trying 127.0.0.1\n=> Send header\n{plain}").into(),
            "--trace",
        ),
        (
            b"curl 'https://dax.example/doors' -H 'Accept: a'".into(),
            "Copy as cURL",
        ),
        (
            b"CURL.EXE \"https://dax.example/doors\"".into(),
            "Copy as cURL",
        ),
        (
            b"fetch(\"https://dax.example/doors\", {});".into(),
            "Copy as fetch",
        ),
        (b"Invoke-WebRequest -Uri x".into(), "Copy as PowerShell"),
        (
            b":method: POST\n:path: /doors\nhost: a\n\n".into(),
            "HTTP/2",
        ),
        (
            b":authority: dax.example\n:method: POST\n\n".into(),
            "HTTP/2",
        ),
        (plain.replace("HTTP/1.1", "HTTP/2").into(), "HTTP/2"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n".into(), "--key"),
        (b"{\"log\": {}}".into(), "JSON"),
        (format!("### sign\n{plain}").into(), "editor"),
    ];
    let mut named = 0;
    for (bytes, name) in cases {
        for (command, run) in runs(&Tool::default(), &bytes) {
            run.assert_unusable(&command);
            assert!(run.err.contains(name), "{name}, {command}: {}", run.err);
            assert!(run.err.contains("request.http:"), "{}", run.err);
            named += 1;
        }
    }
    assert_eq!(named, 18 * 5);
}

/// What is no error, but what a sender should know: the field or byte, and the note.
#[test]
fn signers_are_told_what_will_not_arrive_as_it_was_signed() {
    let head = "Host: dax.example\r\nContent-Length: 2\r\n";
    let now = time::OffsetDateTime::now_utc();
    let date = |seconds: i64| {
        let format = time::format_description::well_known::Rfc3339;
        let date = now + time::Duration::seconds(seconds);
        let date = date.replace_nanosecond(0).expect("a date");
        format!("Date: {}\r\n", date.format(&format).expect("a date"))
    };
    let whole = |target: &str, date: &str, body: &str| {
        format!("POST {target} HTTP/1.1\r\n{head}{date}\r\n{body}")
    };
    let year = 31_556_952;
    let present = date(0);
    let cases = [
        (whole("/a", &present, "{}"), None),
        (whole("/a", &date(-200), "{}"), None),
        (
            whole("/a", &date(-7_200), "{}"),
            Some("local time marked Z?"),
        ),
        (
            whole("/a", &date(3_600), "{}"),
            Some("local time marked Z?"),
        ),
        (whole("/a", &date(20_700), "{}"), Some("5 h 45 min")),
        (
            whole("/a", &date(-1_000), "{}"),
            Some("0 h 16 min from now"),
        ),
        (
            whole("/a", &date(86_400 * 3 + 60), "{}"),
            Some("3 days from now"),
        ),
        (
            whole("/a", &date(year * 7 + 60), "{}"),
            Some("7 years from now"),
        ),
        (
            whole("/a", &date(-year * 20 - 60), "{}"),
            Some("20 years from now"),
        ),
        (
            whole("/a", "Date: 1970-01-01T00:00:05Z\r\n", "{}"),
            Some("years from now: is the sender's clock set?"),
        ),
        (whole("/a#b", &present, "{}"), Some("# at byte 2")),
        (whole("/a?b=#c", &present, "{}"), Some("never send")),
        (whole("/a", &present, "{\0"), Some("NUL at byte 1")),
        (
            whole("/a", &present, "{}").replacen("\r\n", "\n", 1),
            Some("line 2 differs"),
        ),
        (
            whole("/a", &present, "{}")
                .replace("\r\n", "\n")
                .replacen("2\n", "2\r\n", 1),
            Some("line 3 differs"),
        ),
    ];
    let tool = Tool::default();
    let private = key("rsa2048.pkcs1.pem");
    let mut told = 0;
    for (request, note) in cases {
        tool.write("request.http", &request);
        let run = tool.run(&["sign", "--key", &private, "request.http"]);
        assert_eq!(run.code, 0, "{request}: {}", run.err);
        assert_eq!(run.err.contains("note"), note.is_some(), "{}", run.err);
        assert!(run.err.contains(note.unwrap_or_default()), "{}", run.err);
        told += usize::from(note.is_some());
        tool.write("signed.http", run.out);
        let verified = tool.run(&["verify", "--key", &private, "signed.http"]);
        let odd_line = run.err.contains("differs");
        assert_eq!(
            verified.err.contains("differs"),
            odd_line,
            "{}",
            verified.err
        );
        let zone = run.err.contains("marked Z?");
        assert_eq!(verified.err.contains("marked Z?"), zone, "{}", verified.err);
    }
    assert_eq!(told, 13);
}

/// What the file shows beside a refusal: where else to look.
#[test]
fn refusals_name_the_other_lines() {
    let cases: [(&[u8], &[&str]); 3] = [
        (
            b"X: y\r\nDATE: 2020-05-17T12:44:31Z\r\n",
            &["error[invalid-date]", "stands twice", "lines 3 and 5"],
        ),
        (
            b"Date: a\r\nDate: b\r\n",
            &["error[invalid-date]", "stands twice", "lines 3, 4 and 5"],
        ),
        (
            b"Date: 2020-05-17T12:44:30Z\r\n",
            &["error[invalid-date]", "stands twice", "lines 3 and 4"],
        ),
    ];
    for (fields, words) in cases {
        for (command, run) in runs(&Tool::default(), &with(fields)) {
            if command.contains("spki") {
                continue; // There the missing signature comes first.
            }
            assert_eq!(run.code, 1, "{command}");
            for word in words {
                assert!(run.err.contains(word), "{command}: {}", run.err);
            }
        }
    }
    let mut encoded = with(b"Content-Encoding: br\r\nContent-Length: 2\r\n");
    encoded.truncate(encoded.len() - 2);
    encoded.extend_from_slice(b"\x8b\x00");
    for (command, run) in runs(&Tool::default(), &encoded) {
        let told = run.err.contains("Content-Encoding on line 4");
        assert!(told || command.contains("spki"), "{command}: {}", run.err);
    }
}

/// A method's case is not signed, so `verify` says so.
#[test]
fn the_case_of_a_method_is_said_not_to_be_covered() {
    let tool = Tool::default();
    let private = key("rsa2048.pkcs1.pem");
    let head = "Host: dax.example\r\nDate: 2020-05-17T12:44:30Z\r\n\r\n";
    tool.write("request.http", format!("GET / HTTP/1.1\r\n{head}"));
    let signed = tool
        .run(&["sign", "--key", &private, "request.http"])
        .success();
    let signed = String::from_utf8(signed).expect("text");
    for (method, told) in [("GET", false), ("gEt", true), ("get", true)] {
        tool.write("signed.http", signed.replacen("GET", method, 1));
        let time = "2020-05-17T12:44:30Z";
        let run = tool.run(&["verify", "--now", time, "--key", &private, "signed.http"]);
        assert_eq!(run.code, 0, "{}", run.err);
        let said = run
            .text()
            .contains(&format!("the case of the method {method}"));
        assert_eq!(said, told, "{}", run.text());
    }
}
