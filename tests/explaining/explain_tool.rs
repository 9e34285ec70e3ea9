//! What `daxsign explain` finds with a heap and files at hand: bodies written anew, the bytes that
//! the sender logged, requests that are refused, and large ones. OpenSSL signs, Python writes.

use std::process::Command;

use daxsign_tests::explained::{Bench, LIST, field, key, post, string};
use daxsign_tests::request::OwnedRequest;
use daxsign_tests::{lowercase_hex, unhex};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What Python prints, as the lines of hexadecimal that they are.
fn python(script: &str, input: &[u8]) -> Vec<Vec<u8>> {
    let output = Command::new("python3")
        .args(["-c", script, &lowercase_hex(input)])
        .output()
        .expect("python3");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
    let text = String::from_utf8(output.stdout).expect("hexadecimal");
    text.lines().map(unhex).collect()
}

/// A body whose forms are all different.
const JSON: &str =
    "{ \"b\": [1, 2.50, {}],\"a\" :{\"\u{e5}/<\":null, \"c\\u00e4\": \"\u{1f600}'\"}}";

/// Names of the forms, and Python's expression for each; `kept` keeps a number as it stands.
const FORMS: [(&str, &str); 21] = [
    ("json-compact", "w(keep, (',', ':'))"),
    ("json-spaced", "w(keep, (', ', ': '))"),
    ("json-sorted-compact", "w(keep, (',', ':'), sort_keys=True)"),
    (
        "json-sorted-spaced",
        "w(keep, (', ', ': '), sort_keys=True)",
    ),
    ("json-indent-2", "w(keep, None, indent=2)"),
    ("json-indent-4", "w(keep, None, indent=4)"),
    (
        "json-indent-2-crlf",
        "w(keep, None, indent=2).replace('\\n', '\\r\\n')",
    ),
    (
        "json-indent-4-crlf",
        "w(keep, None, indent=4).replace('\\n', '\\r\\n')",
    ),
    (
        "json-compact-ascii",
        "w(plain, (',', ':'), ensure_ascii=True)",
    ),
    ("json-compact-unescaped", "w(plain, (',', ':'))"),
    (
        "json-compact-slashes-escaped-ascii",
        "w(plain, (',', ':'), ensure_ascii=True).replace('/', '\\\\/')",
    ),
    (
        "json-spaced-ascii",
        "w(plain, (', ', ': '), ensure_ascii=True)",
    ),
    ("json-spaced-unescaped", "w(plain, (', ', ': '))"),
    ("json-unescaped", "text.replace('\\\\u00e4', '\\u00e4')"),
    (
        "json-ascii",
        "text.replace('\\u00e5', '\\\\u00e5').replace('\\U0001f600', '\\\\ud83d\\\\ude00')",
    ),
    (
        "json-slashes-escaped",
        "text.replace('\\\\u00e4', '\\u00e4').replace('/', '\\\\/')",
    ),
    (
        "json-compact-system-text-json",
        "re.sub(r'\\\\u[0-9a-f]{4}', lambda m: m[0][:2] + m[0][2:].upper(), \
         w(plain, (',', ':'), ensure_ascii=True)).replace('<', '\\\\u003C').replace(\"'\", '\\\\u0027')",
    ),
    (
        "json-compact-html-escaped",
        "w(plain, (',', ':')).replace('<', '\\\\u003c')",
    ),
    (
        "json-compact-short-numbers",
        "w(keep, (',', ':')).replace('2.50', '2.5')",
    ),
    (
        "json-sorted-spaced-ascii",
        "w(plain, (', ', ': '), ensure_ascii=True, sort_keys=True)",
    ),
    (
        "json-indent-2-ascii",
        "w(plain, None, indent=2, ensure_ascii=True)",
    ),
];

/// Python that reads [`JSON`] and writes it. A float is written as it stands; `keep` also keeps the
/// one escape in the text.
const WRITER: &str = r#"
import json, re, sys
text = bytes.fromhex(sys.argv[1]).decode()
value = json.loads(text, parse_float=lambda t: '@' + t + '@')
keep, plain = True, False
def w(keeps, separators, **options):
    options.setdefault('ensure_ascii', False)
    text = re.sub('"@(.*?)@"', r'\1', json.dumps(value, separators=separators, **options))
    return text.replace('c\u00e4', 'c\\u00e4') if keeps else text
"#;

/// Python that prints each expression in hexadecimal.
fn printed(expressions: &[&str], encode: &str) -> String {
    let lines = expressions
        .iter()
        .map(|expression| format!("print(({expression}){encode}.hex())"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn json_written_anew_is_named() {
    let bench = Bench::default();
    let expressions = FORMS.map(|(_, expression)| expression);
    let script = format!("{WRITER}{}", printed(&expressions, ".encode()"));
    let forms = python(&script, JSON.as_bytes());
    assert_eq!(forms.len(), FORMS.len());
    let mut named = 0;
    for ((name, _), body) in FORMS.iter().zip(&forms) {
        // The sender takes the length of what it sends in one half of the cases, else of what it
        // signs.
        let (len, name) = if named % 2 == 0 {
            (JSON.len(), (*name).to_owned())
        } else {
            (body.len(), format!("content-length-of-signed-body+{name}"))
        };
        let signed = bench.signed(post(JSON.as_bytes()), &string(len, body));
        let explained = bench.explain(&signed, &[]);
        assert_eq!(
            explained.json["mistake"],
            name,
            "{}",
            String::from_utf8_lossy(body)
        );
        assert_eq!(
            explained.json["signed_string"].as_str().unwrap().as_bytes(),
            string(len, body)
        );
        let advice = explained.json["advice"].to_string();
        assert!(advice.contains("make the JSON once"), "{advice}");
        named += 1;
    }
    assert_eq!(named, 21);
}

#[test]
fn other_encodings_of_a_body_are_named() {
    let bench = Bench::default();
    let text = "{\"n\": \"\u{c5}sa \u{20ac}\"}";
    let form = "a=b+c&d=%C3%A5%20";
    let script = "import sys; t = bytes.fromhex(sys.argv[1]); u = t.decode()\n";
    let cases = [
        (text, "body-windows-1252", "u.encode('cp1252')"),
        (text, "body-ascii", "u.encode('ascii', 'replace')"),
        (text, "body-encoded-twice", "t.decode('latin-1').encode()"),
        (text, "body-utf16-le", "u.encode('utf-16-le')"),
        (text, "body-byte-order-mark", "u.encode('utf-8-sig')"),
        (
            "{\"n\": \"\u{c5}\"}",
            "string-latin1",
            "u.encode('latin-1')",
        ),
        (form, "form-plus", "b'a=b+c&d=%C3%A5+'"),
        (form, "form-percent-20", "b'a=b%20c&d=%C3%A5%20'"),
        (form, "form-lowercase-hex", "b'a=b+c&d=%c3%a5%20'"),
        (form, "form-decoded", "b'a=b c&d=\\xc3\\xa5 '"),
    ];
    for (sent, name, expression) in cases {
        let script = format!("{script}print(({expression}).hex())");
        let body = python(&script, sent.as_bytes()).remove(0);
        let signed = bench.signed(post(sent.as_bytes()), &string(sent.len(), &body));
        let explained = bench.explain(&signed, &[]);
        assert_eq!(explained.json["mistake"], name);
        assert!(!explained.json["advice"].as_array().unwrap().is_empty());
    }
}

/// The request with its body in another form, and what says so.
fn coded(body: &[u8], name: &str, value: &str) -> OwnedRequest {
    post(body).with_header(name, value)
}

#[test]
fn a_body_signed_before_it_was_compressed_is_named() {
    let bench = Bench::default();
    let body = b"{\"hello\": \"world\"}";
    let script = "import gzip, sys, zlib; t = bytes.fromhex(sys.argv[1])\n\
                  print(gzip.compress(t).hex()); print(zlib.compress(t).hex())\n\
                  print(zlib.compress(t)[2:-4].hex())\n\
                  print((gzip.compress(t[:5]) + gzip.compress(t[5:])).hex())";
    let compressed = python(script, body);
    assert_eq!(compressed.len(), 4);
    for (sent, coding) in compressed
        .iter()
        .zip(["gzip", "deflate", "Deflate", "x-gzip"])
    {
        for len in [body.len(), sent.len()] {
            let request = coded(sent, "Content-Encoding", coding);
            let explained = bench.explain(&bench.signed(request, &string(len, body)), &[]);
            let mistake = explained.json["mistake"].as_str().unwrap();
            assert!(
                mistake.contains("body-before-compression"),
                "{coding}: {mistake}"
            );
            let err = &explained.text.err;
            assert!(err.contains("error[invalid-body]"), "{err}");
            assert_eq!(explained.json["finding"], "broken-rule");
            assert_eq!(explained.json["signature_finding"], "mistake");
            assert_eq!(explained.text.code, 1);
        }
    }
    // Compressed JSON, written anew before.
    let request = coded(&compressed[0], "Content-Encoding", "gzip");
    let anew = b"{\"hello\":\"world\"}";
    let explained = bench.explain(&bench.signed(request, &string(anew.len(), anew)), &[]);
    let mistake = explained.json["mistake"].as_str().unwrap();
    assert!(
        mistake.contains("before-compression-json-compact"),
        "{mistake}"
    );
}

#[test]
fn few_bytes_that_stand_for_many_do_no_harm() {
    let bench = Bench::default();
    let script = "import gzip; print(gzip.compress(bytes(400 << 20), 6).hex())";
    let bomb = python(script, b"").remove(0);
    assert!(bomb.len() < 1 << 20);
    let request = bench.signed(coded(&bomb, "Content-Encoding", "gzip"), b"something else");
    bench.tool.write("bomb.http", request.to_http("\r\n"));
    let run = bounded(&bench, 300 << 10, &["--json", "bomb.http"]);
    let json: Value = serde_json::from_slice(&run.0).expect("JSON");
    assert_eq!(json["error"]["name"], "invalid-body");
    assert_eq!(json["signature_finding"], "unexplained");
    let not_tried = json["not_tried"].to_string();
    assert!(not_tried.contains("more than 16 MiB"), "{not_tried}");
}

/// Standard output and error of `explain` where no more than so many KiB of memory can be had.
fn bounded(bench: &Bench, memory: u64, arguments: &[&str]) -> (Vec<u8>, String) {
    let tool = bench.tool.command();
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -v {memory}; exec \"$0\" \"$@\"")])
        .arg(tool.get_program())
        .args(["explain", "--key", &key("rsa2048.spki.pem")])
        .args(arguments)
        .current_dir(bench.tool.root())
        .output()
        .expect("a shell");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{err}");
    (output.stdout, err)
}

#[test]
fn large_bodies_take_their_length_in_memory() {
    const LEN: usize = 200_000_000;
    let bench = Bench::default();
    let mut request = bench.signed(post(b""), b"something else").to_http("\r\n");
    let zero = b"Content-Length: 0\r\n";
    let place = request
        .windows(zero.len())
        .position(|bytes| bytes == zero)
        .unwrap();
    request.splice(place + 16..place + 17, LEN.to_string().into_bytes());
    request.resize(request.len() + LEN, b'x');
    bench.tool.write("large.http", &request);
    drop(request);
    // The file itself, and little more.
    let (out, _) = bounded(&bench, 260_000, &["--json", "large.http"]);
    let json: Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!(json["finding"], "unexplained");
    assert_eq!(json["expected_length"], string(LEN, b"").len() + LEN);
    assert!(json["expected_string"].as_str().unwrap().len() < 1 << 13);
    let searched = json["searched"]["bytes"].as_u64().unwrap();
    assert!(searched <= 10 * u64::try_from(LEN).unwrap(), "{searched}");
    let not_tried = json["not_tried"].to_string();
    assert!(not_tried.contains("with the body in them"), "{not_tried}");
    let (text, _) = bounded(&bench, 260_000, &["large.http"]);
    let text = String::from_utf8(text).expect("UTF-8");
    assert!(
        text.contains("what was not tried") && text.contains("with the body in them"),
        "{text}"
    );
    assert!(text.len() < 10_000, "no more than a screen or two");
}

#[test]
fn a_long_search_tells_a_terminal_how_far_it_is() {
    let bench = Bench::default();
    let signed = bench.signed(post(&vec![b'x'; 40_000_000]), b"something else");
    bench.tool.write("large.http", signed.to_http("\n"));
    let script = "import os, pty, sys\nseen = b''\ndef read(fd):\n    global seen\n    \
                  part = os.read(fd, 65536)\n    seen += part\n    return part\n\
                  pty.spawn(sys.argv[1:], read)\nassert b'% of the search' in seen, seen\n\
                  assert b'\\r\\x1b[K' in seen, seen\n";
    let tool = bench.tool.command();
    let arguments = ["explain", "--key", &key("rsa2048.spki.pem"), "large.http"];
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(tool.get_program())
        .args(arguments)
        .current_dir(bench.tool.root())
        .output()
        .expect("python3");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
    // Elsewhere nothing is told.
    let run = bench.tool.run(&arguments);
    assert!(
        !run.err.contains('\r') && !run.err.contains("of the search"),
        "{}",
        run.err
    );
}

/// What may have become of the logged bytes, as Python writes it, and how the file is then read.
const LOGS: [(&str, &str); 14] = [
    ("t", "as-is"),
    ("t + b'\\n'", "without-last-newline"),
    ("t + b'\\r\\n'", "without-last-newline"),
    ("t.replace(b'\\n', b'\\r\\n')", "crlf-as-lf"),
    (
        "t.replace(b'\\n', b'\\r\\n') + b'\\r\\n'",
        "crlf-as-lf+without-last-newline",
    ),
    ("b'\\xef\\xbb\\xbf' + t", "without-bom"),
    ("t.decode().encode('utf-16')", "from-utf16le"),
    (
        "(t.decode() + '\\r\\n').encode('utf-16')",
        "from-utf16le+without-last-newline",
    ),
    ("t.decode().encode('utf-16-be')", "from-utf16be"),
    ("t.hex().encode() + b'\\n'", "from-hex"),
    ("t.hex(' ').upper().encode()", "from-hex"),
    ("base64.encodebytes(t)", "from-base64"),
    ("json.dumps(t.decode()).encode() + b'\\n'", "from-escapes"),
    ("t.replace(b'\\n', b'\\\\n')", "from-escapes"),
];

#[test]
fn logged_bytes_are_proved_by_the_hash_in_the_signature() {
    let bench = Bench::default();
    let body = "{\"n\": \"\u{e5}\"}".as_bytes();
    // No known mistake: another body altogether.
    let logged = string(body.len(), "{\"n\": \"\u{e4}\"}".as_bytes());
    let script = format!(
        "import base64, json, sys; t = bytes.fromhex(sys.argv[1])\n{}",
        printed(&LOGS.map(|(expression, _)| expression), "")
    );
    let logs = python(&script, &logged);
    let hash = Sha256::digest(&logged);
    let mut proved = 0;
    for ((_, reading), log) in LOGS.iter().zip(&logs) {
        let (message, profile) = if proved % 2 == 0 {
            (&logged[..], "documented")
        } else {
            (&hash[..], "vendor-sdk")
        };
        let signed = bench.signed(post(body), message);
        bench.tool.write("sender.log", log);
        let explained = bench.explain(&signed, &["--signed", "sender.log"]);
        let json = &explained.json;
        assert_eq!(json["finding"], "signed-file", "{reading}: {json}");
        assert_eq!(json["signed_file"]["signed"], true);
        assert_eq!(json["signed_file"]["reading"], *reading);
        assert_eq!(json["profile"], profile);
        assert_eq!(json["signed_string"].as_str().unwrap().as_bytes(), logged);
        // The second byte of the letter.
        assert_eq!(json["first_difference"], logged.len() - 3);
        let text = explained.text.text();
        assert!(
            text.contains("sender.log") && text.contains("is what was signed"),
            "{text}"
        );
        assert!(text.contains('^') && explained.text.code == 1, "{text}");
        // What was logged need not be logged once more.
        let advice = json["advice"].to_string();
        assert!(!advice.contains("--signed"), "{advice}");
        assert!(advice.contains("daxsign string --headers"), "{advice}");
        proved += 1;
    }
    assert_eq!(proved, 14);
}

#[test]
fn logged_bytes_are_proved_whatever_the_signature_was_made_with() {
    let bench = Bench::default();
    let logged = string(18, b"other bytes");
    bench.tool.write("sender.log", &logged);
    bench.openssl.write("message", &logged);
    bench.openssl.write("hash", Sha256::digest(&logged));
    let private = key("rsa2048.pkcs1.pem");
    let sign = |how: &str| bench.openssl.run(&how.replace("KEY", &private));
    let pss =
        "dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -sign KEY message";
    let raw_hash = "pkeyutl -sign -inkey KEY -in hash";
    let mut reversed = sign("dgst -sha256 -sign KEY message");
    reversed.reverse();
    let cases = [
        (sign(pss), "pss-padding"),
        (reversed, "signature-reversed"),
        (sign("dgst -sha1 -sign KEY message"), "signed-with-sha1"),
        (sign("dgst -sha512 -sign KEY message"), "signed-with-sha512"),
        (sign(raw_hash), "no-digest-info"),
    ];
    for (signature, encoding) in cases {
        let request =
            post(b"{\"hello\": \"world\"}").with_header("Signature", field(LIST, &signature));
        let explained = bench.explain(&request, &["--signed", "sender.log"]);
        let file = &explained.json["signed_file"];
        assert_eq!(
            (&file["signed"], &file["encoding"]),
            (&true.into(), &encoding.into()),
            "{file}"
        );
        assert_eq!(explained.json["mistake"], encoding);
    }
}

#[test]
fn a_file_that_was_not_signed_is_called_so() {
    let bench = Bench::default();
    let body = b"{\"hello\": \"world\"}";
    let right = string(body.len(), body);
    let plain = |file: &[u8], message: &[u8]| {
        bench.tool.write("sender.log", file);
        let signed = bench.signed(post(body), message);
        bench.explain(&signed, &["--signed", "sender.log"])
    };
    let unknown = plain(b"one", b"another");
    assert_eq!(unknown.json["signed_file"]["signed"], false);
    assert!(
        unknown
            .text
            .text()
            .contains("sender.log is not what was signed")
    );
    // The sender logs what the rules ask for and signs something else.
    let other = plain(&[&right[..], b"\n"].concat(), b"another");
    assert_eq!(other.json["signed_file"]["signed"], false);
    assert!(
        other.text.text().contains("it is the string of the rules"),
        "{}",
        other.text.text()
    );
    // A mistake that is known is still named.
    let crlf = String::from_utf8(right.clone())
        .unwrap()
        .replace('\n', "\r\n");
    let mistake = plain(b"one", crlf.as_bytes());
    assert_eq!(mistake.json["mistake"], "crlf-line-ends");
    assert_eq!(mistake.json["signed_file"]["signed"], false);
    let proved = plain(crlf.as_bytes(), crlf.as_bytes());
    assert_eq!(proved.json["mistake"], "crlf-line-ends");
    assert_eq!(proved.json["signed_file"]["signed"], true);
    // A right signature, of what was logged.
    let verified = plain(&right, &right);
    assert_eq!(
        (verified.text.code, &verified.json["finding"]),
        (0, &"verifies".into())
    );
    assert_eq!(verified.json["signed_file"]["signed"], true);
    // Nothing can be told with another key.
    let noise = post(body).with_header("Signature", field(LIST, &[7; 256]));
    bench.tool.write("sender.log", &right);
    let noise = bench.explain(&noise, &["--signed", "sender.log"]);
    assert_eq!(noise.json["finding"], "wrong-key");
    assert_eq!(noise.json["signed_file"]["signed"], Value::Null);
    assert!(
        noise.text.text().contains("cannot be told"),
        "{}",
        noise.text.text()
    );
}

#[test]
fn a_logged_file_is_a_file() {
    let bench = Bench::default();
    bench.tool.write("signed.http", "GET / HTTP/1.1\n\n");
    let key = key("rsa2048.spki.pem");
    for arguments in [
        ["--signed", "missing.log", "signed.http"],
        ["--signed", "-", "-"],
    ] {
        let run = bench
            .tool
            .run(&[&["explain", "--key", &key][..], &arguments].concat());
        run.assert_unusable(arguments[1]);
    }
    let signed = bench.signed(post(b"{}"), &string(2, b"{} "));
    bench.tool.write("signed.http", signed.to_http("\n"));
    let arguments = [
        "explain",
        "--json",
        "--key",
        &key,
        "--signed",
        "-",
        "signed.http",
    ];
    let run = bench.tool.run_with_input(&arguments, &string(2, b"{} "));
    let json: Value = serde_json::from_slice(&run.out).expect("JSON");
    assert_eq!(json["signed_file"]["signed"], true);
    assert_eq!(json["signed_file"]["file"], "<stdin>");
}

/// The request with another value of a field; without it if there is none.
fn changed(mut request: OwnedRequest, name: &str, value: Option<&str>) -> OwnedRequest {
    request
        .headers
        .retain(|(known, _)| known != name || value.is_some());
    for (known, old) in &mut request.headers {
        if known == name {
            *old = value.unwrap_or_default().as_bytes().to_vec();
        }
    }
    request
}

/// A library wrote the date anew, in a format without fractions: what the sender signed is lost.
#[test]
fn a_fraction_lost_with_the_format_of_the_date_is_told() {
    let bench = Bench::default();
    let signed = String::from_utf8(string(2, b"{}")).expect("text");
    let signed = signed.replace("14:44:30Z", "14:44:30.2437457Z");
    let sent = bench.signed(post(b"{}"), signed.as_bytes());
    let told = |request: &OwnedRequest, arguments: &[&str]| {
        let json = bench.explain(request, arguments).json;
        (
            json["signature_finding"].clone(),
            json["not_tried"].to_string(),
        )
    };
    let lost = "Date arrived in the RFC 1123 format";
    let rfc1123 = changed(sent.clone(), "Date", Some("Sun, 17 May 2020 14:44:30 GMT"));
    let (finding, not_tried) = told(&rfc1123, &[]);
    assert_eq!(finding, "unexplained");
    assert!(not_tried.contains(lost), "{not_tried}");
    // Nothing of this where the date is as the rules have it, or where the log tells all.
    let (finding, not_tried) = told(&sent, &[]);
    assert_eq!(finding, "unexplained");
    assert!(!not_tried.contains(lost), "{not_tried}");
    bench.tool.write("log", &signed);
    let (finding, not_tried) = told(&rfc1123, &["--signed", "log"]);
    assert_eq!(
        (finding.as_str(), not_tried.as_str()),
        (Some("signed-file"), "[]")
    );
}

#[test]
fn a_refused_request_is_opened_all_the_same() {
    let bench = Bench::default();
    let body = b"{\"hello\": \"world\"}";
    let right = string(18, body);
    let request = || bench.signed(post(body), &right);
    let chunked = b"12\r\n{\"hello\": \"world\"}\r\n0\r\n\r\n";
    let mut framed = changed(request(), "Content-Length", None);
    framed = framed.with_header("Transfer-Encoding", "chunked");
    let (mut in_chunks, mut in_line) = (framed.clone(), request());
    in_chunks.body = chunked.to_vec();
    in_line
        .headers
        .insert(0, ("X-Note".into(), b"a\rb".to_vec()));
    let rfc1123 = Some("Sun, 17 May 2020 14:44:30 GMT");
    let charset = |charset: &str| {
        let value = format!("application/json; charset={charset}");
        request().with_header("Content-Type", value)
    };
    let mut not_utf8 = post(b"{\"n\": \"\xe5\"}");
    not_utf8.headers[2].1 = b"10".to_vec();
    let latin = bench.signed(not_utf8, &string(10, "{\"n\": \"\u{e5}\"}".as_bytes()));
    let cases = [
        (
            changed(request(), "Date", rfc1123),
            "invalid-date",
            Some("date-utc-seconds"),
        ),
        (
            changed(request(), "Content-Length", None),
            "missing-header",
            Some("content-length-of-signed-body"),
        ),
        (
            framed,
            "invalid-header-value",
            Some("content-length-of-signed-body"),
        ),
        (
            in_chunks,
            "invalid-header-value",
            Some("content-length-of-signed-body"),
        ),
        (
            changed(request(), "Content-Length", Some("19")),
            "content-length-mismatch",
            None,
        ),
        (charset("iso-8859-1"), "unsupported-charset", Some("")),
        (in_line, "invalid-header-value", Some("")),
        (latin, "invalid-body", Some("body-encoded-twice")),
    ];
    let mut opened = 0;
    for (request, rule, mistake) in cases {
        let explained = bench.explain(&request, &[]);
        let (json, text) = (&explained.json, &explained.text);
        assert_eq!(
            (text.code, &json["error"]["name"]),
            (1, &rule.into()),
            "{json}"
        );
        assert!(
            text.err.starts_with(&format!("error[{rule}]: ")),
            "{}",
            text.err
        );
        assert_eq!(json["finding"], "broken-rule", "{rule}");
        let Some(mistake) = mistake else {
            assert_eq!(json["signature_finding"], "mistake", "{json}");
            continue;
        };
        if mistake.is_empty() {
            assert_eq!(json["signature_finding"], "verifies", "{json}");
            assert!(
                text.text()
                    .contains("verifies under the profile documented")
            );
        } else {
            assert_eq!(json["signature_finding"], "mistake", "{json}");
            assert_eq!(json["mistake"], mistake, "{json}");
            assert!(text.text().contains(mistake) && text.text().contains("what to do"));
        }
        opened += 1;
    }
    assert_eq!(opened, 7);
}

#[test]
fn nothing_is_said_that_is_not_shown() {
    let bench = Bench::default();
    // The public operation on a padded message, which only the other key's owner could open.
    bench
        .openssl
        .write("message", string(18, b"{\"hello\": \"world\"}"));
    bench.openssl.run("dgst -sha256 -binary -out hash message");
    let encrypt = "pkeyutl -encrypt -pubin -inkey KEY -in hash";
    let encrypted = bench
        .openssl
        .run(&encrypt.replace("KEY", &key("rsa2048.spki.pem")));
    let request = post(b"{\"hello\": \"world\"}");
    let explained = bench.explain(
        &request.with_header("Signature", field(LIST, &encrypted)),
        &[],
    );
    assert_eq!(explained.json["finding"], "wrong-key");
    let text = explained.text.text();
    assert!(
        text.contains("another key, or by another operation"),
        "{text}"
    );
    // Not a word of a mistake, or of a string that was signed.
    assert_eq!(
        (&explained.json["mistake"], &explained.json["signed_string"]),
        (&Value::Null, &Value::Null)
    );
}
