//! Every mistake that `explain` looks for, one by one and several at once: the string is written out
//! here and signed by the rsa crate or by plain arithmetic, and its name must come back.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    BodyAlternative, Explainer, Explanation, Finding, Part, Profile, PublicKey, Sink, Variation,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::lowercase_hex;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::request::OwnedRequest;
use num_bigint::BigUint;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

const LIST: &str = "(request-target) host x-a content-type content-length date";
const BODY: &str = " {\"n\": \"é\"}\r\nx\n";

/// A request on which mistakes show.
fn request() -> OwnedRequest {
    let field = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    OwnedRequest {
        method: "Post".into(),
        target: "/svc//Dax%c3%A9/End?page=2".into(),
        headers: vec![
            field("Date", "2020-05-17T14:44:30.5+02:00"),
            field("Host", "Dax.Amido.se"),
            field("X-A", " one, two"),
            field("X-A", "Åsa"),
            field("Content-Type", "application/json"),
            field("Content-Length", &BODY.len().to_string()),
        ],
        body: BODY.into(),
    }
}

/// The signing string of that request, in parts to be changed.
#[derive(Clone)]
struct Made {
    lines: Vec<(String, String)>,
    colon: &'static str,
    line_end: &'static str,
    last_end: bool,
    body: Vec<u8>,
}

impl Made {
    fn right() -> Self {
        let line = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            lines: vec![
                line("(request-target)", "post /svc//Dax%c3%A9/End"),
                line("host", "Dax.Amido.se"),
                line("x-a", "one, two,Åsa"),
                line("content-type", "application/json"),
                line("content-length", &BODY.len().to_string()),
                line("date", "2020-05-17T14:44:30.5+02:00"),
            ],
            colon: ": ",
            line_end: "\n",
            last_end: true,
            body: BODY.into(),
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        let line = self.lines.iter_mut().find(|(known, _)| known == name);
        value.clone_into(&mut line.unwrap().1);
    }

    fn order(&mut self, places: &[usize]) {
        self.lines = places
            .iter()
            .map(|place| self.lines[*place].clone())
            .collect();
    }

    fn names(&mut self, name: impl Fn(&str) -> String) {
        for line in &mut self.lines {
            line.0 = name(&line.0);
        }
    }

    fn string(&self) -> Vec<u8> {
        let lines: Vec<String> = self
            .lines
            .iter()
            .map(|(name, value)| match (name.as_str(), value.as_str()) {
                ("", value) => value.to_owned(),
                (name, "") => name.to_owned(),
                (name, value) => format!("{name}{}{value}", self.colon),
            })
            .collect();
        let mut string = lines.join(self.line_end);
        if self.last_end {
            string.push_str(self.line_end);
        }
        [string.into_bytes(), self.body.clone()].concat()
    }
}

fn title(name: &str) -> String {
    let mut starts = true;
    name.chars()
        .map(|c| {
            let c = if starts { c.to_ascii_uppercase() } else { c };
            starts = !c.is_ascii_alphanumeric();
            c
        })
        .collect()
}

fn utf16(text: &[u8]) -> Vec<u8> {
    let text = str::from_utf8(text).unwrap();
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf16_be(text: &[u8]) -> Vec<u8> {
    let text = str::from_utf8(text).unwrap();
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn latin1(text: &[u8]) -> Vec<u8> {
    let text = str::from_utf8(text).unwrap();
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

fn key() -> RsaPrivateKey {
    RsaPrivateKey::from_pkcs1_der(&key_file("rsa2048.pkcs1.der")).unwrap()
}

fn public_key() -> PublicKey {
    PublicKey::from_bytes(&key_file("rsa2048.spki.pem")).unwrap()
}

fn sign(string: &[u8], profile: Profile) -> Vec<u8> {
    let mut hash = Sha256::digest(string);
    if profile == Profile::VendorSdk {
        hash = Sha256::digest(hash);
    }
    key().sign(Pkcs1v15Sign::new::<Sha256>(), &hash).unwrap()
}

/// The request with its field; explained with a few bodies.
fn explained(request: OwnedRequest, list: &str, signature: &[u8], budget: u64) -> Explanation {
    let base64 = BASE64_STANDARD.encode(signature);
    let field = format!(
        "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\"{base64}\""
    );
    let request = request.with_header("Signature", field);
    let fields = request.fields();
    let bodies = [
        BodyAlternative {
            name: "first",
            text: "signed the first",
            write: &|sink: &mut dyn Sink| sink.write(b"first"),
        },
        BodyAlternative {
            name: "second",
            text: "signed the second",
            write: &|sink: &mut dyn Sink| {
                sink.write(b"sec");
                sink.write(b"ond");
            },
        },
    ];
    Explainer::new(&public_key())
        .bodies(&bodies)
        .budget(budget)
        .explain(&request.borrow(&fields))
}

/// Enough for three mistakes at once.
const BUDGET: u64 = 256 << 20;

fn mistake(explanation: Explanation) -> (String, Profile) {
    let Some(Finding::Mistake { variation, profile }) = explanation.finding else {
        panic!("{explanation:?}");
    };
    (name_of(variation), profile)
}

fn name_of(variation: Variation) -> String {
    let mut name = Vec::new();
    variation.write_name(&mut |piece: &[u8]| name.extend_from_slice(piece));
    String::from_utf8(name).unwrap()
}

/// A mistake: its name, the request on which it shows, and the string of its signer.
struct Case {
    name: &'static str,
    request: OwnedRequest,
    string: Vec<u8>,
}

/// A mistake in the string of the common request.
fn made(name: &'static str, change: impl Fn(&mut Made)) -> Case {
    let mut made = Made::right();
    change(&mut made);
    Case {
        name,
        request: request(),
        string: made.string(),
    }
}

/// A mistake that shows on another target: what arrived, and what was signed for it.
fn with_path(name: &'static str, sent: &str, signed: &str) -> Case {
    let mut case = made(name, |made| {
        made.set("(request-target)", &format!("post {signed}"));
    });
    case.request.target = sent.into();
    case
}

/// A mistake that shows on another value: what arrived, and what was signed.
fn with_field(name: &'static str, field: &str, sent: &str, signed: &str) -> Case {
    let lower = field.to_lowercase();
    let mut case = made(name, |made| made.set(&lower, signed));
    let fields = &mut case.request.headers;
    fields.retain(|(known, _)| known != field);
    fields.push((field.into(), sent.into()));
    case
}

/// A mistake that needs one more field.
fn with_twin(name: &'static str, twin: &str, value: &str, line: &str, signed: &str) -> Case {
    let mut case = made(name, |made| made.set(line, signed));
    case.request.headers.push((twin.into(), value.into()));
    case
}

fn with_body(name: &'static str, body: impl Into<Vec<u8>>) -> Case {
    let body = body.into();
    made(name, |made| made.body.clone_from(&body))
}

fn of_lines() -> Vec<Case> {
    let order = |name, places: &'static [usize]| made(name, move |made| made.order(places));
    vec![
        made("crlf-line-ends", |made| made.line_end = "\r\n"),
        made("cr-line-ends", |made| made.line_end = "\r"),
        made("no-line-ends", |made| made.line_end = ""),
        made("escaped-line-ends", |made| made.line_end = "\\n"),
        made("no-last-newline", |made| made.last_end = false),
        made("no-space-after-colon", |made| made.colon = ":"),
        made("space-before-colon", |made| made.colon = " : "),
        made("equals-signs", |made| made.colon = "="),
        made("values-only", |made| made.names(|_| String::new())),
        made("names-only", |made| {
            made.lines.iter_mut().for_each(|line| line.1.clear());
        }),
        made("names-not-lowercased", |made| {
            made.names(|name| {
                if name.starts_with('(') {
                    name.into()
                } else {
                    title(name)
                }
            });
        }),
        made("names-title-case", |made| made.names(title)),
        made("names-uppercase", |made| made.names(str::to_uppercase)),
        made("no-target-name", |made| made.lines[0].0.clear()),
        made("target-name-without-parentheses", |made| {
            made.lines[0].0 = "request-target".into();
        }),
        order("order-sorted", &[0, 4, 3, 5, 1, 2]),
        order("order-reversed", &[5, 4, 3, 2, 1, 0]),
        order("order-as-sent", &[0, 5, 1, 2, 3, 4]),
        order("date-first", &[5, 0, 1, 2, 3, 4]),
        order("target-last", &[1, 2, 3, 4, 5, 0]),
        order("target-and-date-only", &[0, 5]),
        order("component-omitted-4", &[0, 1, 2, 4, 5]),
        order("content-length-omitted", &[0, 1, 2, 3, 5]),
    ]
}

fn of_target() -> Vec<Case> {
    let path = |name, signed| with_path(name, "/svc//Dax%c3%A9/End?page=2", signed);
    vec![
        path("full-target", "/svc//Dax%c3%A9/End?page=2"),
        path(
            "https-url",
            "https://Dax.Amido.se/svc//Dax%c3%A9/End?page=2",
        ),
        path("http-url", "http://Dax.Amido.se/svc//Dax%c3%A9/End?page=2"),
        path(
            "https-url-with-port",
            "https://Dax.Amido.se:443/svc//Dax%c3%A9/End?page=2",
        ),
        path(
            "http-url-with-port",
            "http://Dax.Amido.se:80/svc//Dax%c3%A9/End?page=2",
        ),
        path(
            "https-url-without-query",
            "https://Dax.Amido.se/svc//Dax%c3%A9/End",
        ),
        path(
            "http-url-without-query",
            "http://Dax.Amido.se/svc//Dax%c3%A9/End",
        ),
        path("host-and-path", "Dax.Amido.se/svc//Dax%c3%A9/End"),
        path("host-and-target", "Dax.Amido.se/svc//Dax%c3%A9/End?page=2"),
        path("target-with-version", "/svc//Dax%c3%A9/End HTTP/1.1"),
        path("lowercase-path", "/svc//dax%c3%a9/end"),
        path("path-decoded", "/svc//Daxé/End"),
        path("path-encoded-twice", "/svc//Dax%25c3%25A9/End"),
        path("path-escapes-lowercase", "/svc//Dax%c3%a9/End"),
        path("path-escapes-uppercase", "/svc//Dax%C3%A9/End"),
        path("slashes-collapsed", "/svc/Dax%c3%A9/End"),
        path("slash-doubled", "//svc//Dax%c3%A9/End"),
        path("no-first-slash", "svc//Dax%c3%A9/End"),
        path("slash-added", "/svc//Dax%c3%A9/End/"),
        with_path("slash-dropped", "/svc/End/?a=1", "/svc/End"),
        with_path("path-without-start-1", "/svc/v2/End", "/v2/End"),
        with_path("path-without-start-2", "/svc/v2/End", "/End"),
        with_path("path-with-prefix-1", "/v2/End", "/api/v2/End"),
        with_path("path-with-prefix-3", "/End", "/api/v2.0/End"),
        with_twin(
            "path-with-forwarded-prefix",
            "X-Forwarded-Prefix",
            "/own",
            "(request-target)",
            "post /own/svc//Dax%c3%A9/End",
        ),
        with_twin(
            "target-twin-1",
            "X-Original-URI",
            "/own/End?a=1",
            "(request-target)",
            "post /own/End?a=1",
        ),
        made("method-not-lowercased", |made| {
            made.set("(request-target)", "Post /svc//Dax%c3%A9/End");
        }),
        made("method-uppercase", |made| {
            made.set("(request-target)", "POST /svc//Dax%c3%A9/End");
        }),
        made("method-omitted", |made| {
            made.set("(request-target)", "/svc//Dax%c3%A9/End");
        }),
    ]
}

fn of_dates() -> Vec<Case> {
    let date = |name, signed: &'static str| made(name, move |made| made.set("date", signed));
    vec![
        date("date-utc-seconds", "2020-05-17T12:44:30Z"),
        date("date-utc-fraction", "2020-05-17T12:44:30.5000000Z"),
        date("date-rfc1123", "Sun, 17 May 2020 12:44:30 GMT"),
        date("date-plus-zero", "2020-05-17T12:44:30.5+00:00"),
        date("date-zone-z", "2020-05-17T12:44:30.5Z"),
        date("date-without-zone", "2020-05-17T14:44:30.5"),
        date("date-zone-hours-1", "2020-05-17T13:44:30.5+01:00"),
        date("date-zone-hours-3", "2020-05-17T15:44:30.5+03:00"),
        date("date-with-space", "2020-05-17 14:44:30.5+02:00"),
        date("date-unix-seconds", "1589719470"),
        date("date-unix-milliseconds", "1589719470500"),
        date("date-without-fraction", "2020-05-17T14:44:30+02:00"),
        date("date-fraction-3", "2020-05-17T14:44:30.500+02:00"),
        date("date-fraction-7", "2020-05-17T14:44:30.5000000+02:00"),
        with_field(
            "date-plus-zero",
            "Date",
            "2020-05-17T12:44:30Z",
            "2020-05-17T12:44:30+00:00",
        ),
        with_twin(
            "field-twin-1",
            "X-Date",
            "2020-05-17T12:44:29.1Z",
            "date",
            "2020-05-17T12:44:29.1Z",
        ),
        with_twin(
            "field-twin-2",
            "X-Original-Date",
            "2020-05-17T12:44:29.1Z",
            "date",
            "2020-05-17T12:44:29.1Z",
        ),
    ]
}

fn of_fields() -> Vec<Case> {
    let x_a = |name, signed: &'static str| made(name, move |made| made.set("x-a", signed));
    vec![
        with_field("host-port-443", "Host", "dax.se", "dax.se:443"),
        with_field("host-port-80", "Host", "dax.se", "dax.se:80"),
        with_field("host-without-port", "Host", "dax.se:443", "dax.se"),
        with_field("host-without-port", "Host", "[::1]:443", "[::1]"),
        with_field("host-lowercase", "Host", "Dax.se", "dax.se"),
        with_twin(
            "host-twin-1",
            "X-Forwarded-Host",
            "own.se",
            "host",
            "own.se",
        ),
        with_twin("host-twin-2", "X-Original-Host", "own.se", "host", "own.se"),
        with_field(
            "charset-removed",
            "Content-Type",
            "text/x ; charset=utf-8",
            "text/x",
        ),
        with_field(
            "charset-added",
            "Content-Type",
            "text/x",
            "text/x; charset=utf-8",
        ),
        with_field(
            "charset-added-without-space",
            "Content-Type",
            "text/x",
            "text/x;charset=utf-8",
        ),
        with_field(
            "charset-added-uppercase",
            "Content-Type",
            "text/x",
            "text/x; charset=UTF-8",
        ),
        x_a("joined-with-space", "one, two, Åsa"),
        x_a("first-instance-only", "one, two"),
        x_a("last-instance-only", "Åsa"),
        x_a("values-not-trimmed", " one, two,Åsa"),
        x_a("list-without-spaces", "one,two,Åsa"),
        with_field("list-with-spaces", "X-A", "one,two", "one, two"),
        made("blank-behind-values", |made| {
            made.lines.iter_mut().for_each(|line| line.1.push(' '));
        }),
        made("blank-behind-value-1", |made| {
            made.set("(request-target)", "post /svc//Dax%c3%A9/End ");
        }),
        x_a("blank-behind-value-3", "one, two,Åsa "),
        made("blank-behind-value-6", |made| {
            made.set("date", "2020-05-17T14:44:30.5+02:00 ");
        }),
        made("instances-on-lines", |made| {
            made.set("x-a", "one, two");
            made.lines.insert(3, ("x-a".into(), "Åsa".into()));
        }),
        made("values-lowercase", |made| {
            made.set("host", "dax.amido.se");
            made.set("date", "2020-05-17t14:44:30.5+02:00");
        }),
        Case {
            string: {
                let string = Made::right().string();
                let head = string.len() - BODY.len();
                [latin1(&string[..head]), BODY.into()].concat()
            },
            ..made("values-latin1", |_| ())
        },
        made("content-length-zero", |made| {
            made.set("content-length", "0");
        }),
        made("content-length-in-characters", |made| {
            made.set("content-length", "15");
        }),
    ]
}

fn of_bodies() -> Vec<Case> {
    let hash = Sha256::digest(BODY);
    let base64 = BASE64_STANDARD.encode(hash);
    let hex = lowercase_hex(&hash);
    let mut cases = vec![
        with_body("body-left-out", ""),
        with_body("body-with-newline", format!("{BODY}\n")),
        with_body("body-with-crlf", format!("{BODY}\r\n")),
        with_body("body-without-last-newline", BODY.trim_end()),
        with_body("body-lf-only", BODY.replace('\r', "")),
        with_body("body-crlf-only", BODY.replace("x\n", "x\r\n")),
        with_body("body-trimmed", BODY.trim()),
        with_body("empty-line-before-body", format!("\n{BODY}")),
        with_body("body-byte-order-mark", format!("\u{FEFF}{BODY}")),
        with_body("body-utf16-le", utf16(BODY.as_bytes())),
        with_body(
            "body-utf16-le-mark",
            [b"\xFF\xFE".to_vec(), utf16(BODY.as_bytes())].concat(),
        ),
        with_body("body-utf16-be", utf16_be(BODY.as_bytes())),
        with_body("body-latin1", latin1(BODY.as_bytes())),
        with_body("body-base64", BASE64_STANDARD.encode(BODY)),
        with_body("other-body-1", "first"),
        with_body("other-body-2", "second"),
        with_body("body-digest", format!("SHA-256={base64}")),
        with_body("body-digest-line", format!("digest: SHA-256={base64}\n")),
        with_body(
            "body-digest-line-unended",
            format!("digest: SHA-256={base64}"),
        ),
        with_body("body-content-digest", format!("sha-256=:{base64}:")),
        with_body("body-digest-hex", hex),
        with_body("body-digest-base64", base64),
        with_body("body-digest-bytes", hash.to_vec()),
    ];
    let mut field = with_body("digest-field-for-body-4", "Q2hlY2s=");
    field
        .request
        .headers
        .push(("Content-MD5".into(), b"Q2hlY2s=".to_vec()));
    cases.push(field);
    let mut empty = made("body-empty-object", |made| {
        made.set("content-length", "0");
        made.body = b"{}".to_vec();
    });
    empty.request.body.clear();
    empty.request.headers[5].1 = b"0".to_vec();
    cases.push(empty);
    let whole = Made::right().string();
    for (name, string) in [
        ("string-utf16-le", utf16(&whole)),
        (
            "string-utf16-le-mark",
            [b"\xFF\xFE".to_vec(), utf16(&whole)].concat(),
        ),
        ("string-utf16-be", utf16_be(&whole)),
        ("string-latin1", latin1(&whole)),
        (
            "string-byte-order-mark",
            ["\u{FEFF}".as_bytes(), &whole].concat(),
        ),
        ("string-lowercase", whole.to_ascii_lowercase()),
    ] {
        let request = request();
        cases.push(Case {
            name,
            request,
            string,
        });
    }
    cases
}

/// Mistakes that show with another list only: its order, or what it lacks.
fn of_lists() -> Vec<(&'static str, Case)> {
    let order = |name, places: &'static [usize]| made(name, move |made| made.order(places));
    vec![
        (
            "x-a (request-target) date host",
            order("date-second", &[0, 5, 2, 1]),
        ),
        ("host date (request-target)", order("date-last", &[1, 0, 5])),
        (
            "host (request-target) date",
            order("target-first", &[0, 1, 5]),
        ),
        (
            "(request-target) date x-a",
            order("default-list", &[0, 1, 3, 4, 5]),
        ),
        (
            "(request-target) date",
            order("content-length-last", &[0, 5, 4]),
        ),
        (
            "(request-target) date",
            order("content-length-before-date", &[0, 4, 5]),
        ),
    ]
}

/// All of the string's deviations, by the name without a number; those that have a test of their own
/// elsewhere aside.
fn names() -> BTreeSet<&'static str> {
    let of_signature = [
        Part::Hash,
        Part::ByteOrder,
        Part::Padding,
        Part::Content,
        Part::DigestText,
        Part::Missing,
    ];
    Variation::single()
        .flat_map(|variation| variation.deviations().collect::<Vec<_>>())
        .filter(|deviation| !of_signature.contains(&deviation.part()))
        .map(daxsign_core::Deviation::name)
        .filter(|name| *name != "content-length-of-signed-body")
        .collect()
}

#[test]
fn each_mistake_of_a_string_is_found_under_its_name() {
    let mut found = BTreeSet::new();
    let mut count = 0;
    let listed = [
        of_lines(),
        of_target(),
        of_dates(),
        of_fields(),
        of_bodies(),
    ];
    let listed = listed.into_iter().flatten().map(|case| (LIST, case));
    for (list, case) in listed.chain(of_lists()) {
        let profile = Profile::ALL[count % 2];
        let signature = sign(&case.string, profile);
        let told = mistake(explained(case.request, list, &signature, BUDGET));
        assert_eq!(told, (case.name.to_owned(), profile));
        let variation = Variation::parse(case.name).unwrap();
        found.extend(variation.deviations().map(daxsign_core::Deviation::name));
        count += 1;
    }
    assert_eq!(found, names());
    assert_eq!(count, 132);
}

/// RSA's private operation, and nothing else.
fn raw(block: &[u8]) -> Vec<u8> {
    let key = key();
    let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
    let (n, d) = (
        number(&key.n().to_be_bytes()),
        number(&key.d().to_be_bytes()),
    );
    fixed(&number(block).modpow(&d, &n))
}

fn fixed(number: &BigUint) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; 256 - bytes.len()], bytes].concat()
}

/// `00 type padding 00 content`.
fn padded(kind: u8, padding: u8, content: &[u8]) -> Vec<u8> {
    let padding = vec![padding; 256 - 3 - content.len()];
    raw(&[&[0, kind], padding.as_slice(), &[0], content].concat())
}

const INFO_SHA256: &[u8] =
    b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
const INFO_SHA1: &[u8] = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
const INFO_MD5: &[u8] = b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10";
const INFO_NO_NULL: &[u8] = b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20";

/// Signatures that were made wrongly, of one string.
#[expect(clippy::too_many_lines, reason = "a table")]
fn of_signature(string: &[u8]) -> Vec<(&'static str, Profile, Vec<u8>)> {
    use Profile::{Documented, VendorSdk};
    let openssl = OpenSsl::default();
    openssl.write("string", string);
    openssl.write("key.der", key_file("rsa2048.pkcs8.der"));
    let digest = |name: &str| openssl.run(&format!("dgst -{name} -binary string"));
    let pss = |options: &str| {
        openssl.run(&format!(
            "dgst -sigopt rsa_padding_mode:pss {options} -keyform DER -sign key.der string"
        ))
    };
    let (sha1, md5) = (digest("sha1"), digest("md5"));
    let sha256 = Sha256::digest(string);
    let prefixed = |prefix: &[u8], hash: &[u8]| [prefix, hash].concat();
    let info = prefixed(INFO_SHA256, &sha256);
    let reversed: Vec<u8> = sign(string, Documented).into_iter().rev().collect();
    let short = b"\x6b".to_vec();
    let x931 = [
        short,
        vec![0xBB; 256 - 36],
        vec![0xBA],
        sha256.to_vec(),
        vec![0x34, 0xCC],
    ]
    .concat();
    let no_info = "no-digest-info";
    let again = |bytes: &[u8]| sign(bytes, Documented);
    vec![
        (
            "pss-padding",
            Documented,
            pss("-sha256 -sigopt rsa_pss_saltlen:32"),
        ),
        (
            "pss-padding",
            Documented,
            pss("-sha256 -sigopt rsa_pss_saltlen:0"),
        ),
        (
            "pss-padding",
            Documented,
            pss("-sha256 -sigopt rsa_pss_saltlen:max"),
        ),
        (
            "signed-with-sha1+pss-padding",
            Documented,
            pss("-sha1 -sigopt rsa_pss_saltlen:20"),
        ),
        (
            "signed-with-sha512+pss-padding",
            Documented,
            pss("-sha512 -sigopt rsa_pss_saltlen:64"),
        ),
        ("x931-padding", Documented, raw(&x931)),
        ("signature-reversed", Documented, reversed),
        ("padding-of-encryption", Documented, padded(2, 0x5A, &info)),
        (
            "padding-of-encryption+no-digest-info",
            Documented,
            padded(2, 0x5A, &sha256),
        ),
        ("no-padding", Documented, raw(&info)),
        ("no-padding+no-digest-info", Documented, raw(&sha256)),
        (
            "no-padding+no-digest-info",
            VendorSdk,
            raw(&Sha256::digest(sha256)),
        ),
        (no_info, Documented, padded(1, 0xFF, &sha256)),
        (
            "digest-info-twice",
            Documented,
            padded(1, 0xFF, &prefixed(INFO_SHA256, &info)),
        ),
        (
            "digest-info-without-null",
            Documented,
            padded(1, 0xFF, &prefixed(INFO_NO_NULL, &sha256)),
        ),
        (
            "digest-info-of-another-hash",
            Documented,
            padded(1, 0xFF, &prefixed(INFO_SHA1, &sha256)),
        ),
        (
            "hexadecimal-digest",
            Documented,
            padded(1, 0xFF, lowercase_hex(&sha256).as_bytes()),
        ),
        (
            "hexadecimal-digest",
            Documented,
            padded(
                1,
                0xFF,
                &prefixed(INFO_SHA256, lowercase_hex(&sha256).as_bytes()),
            ),
        ),
        (
            "base64-digest",
            Documented,
            padded(1, 0xFF, BASE64_STANDARD.encode(sha256).as_bytes()),
        ),
        (
            "signed-with-sha1",
            Documented,
            padded(1, 0xFF, &prefixed(INFO_SHA1, &sha1)),
        ),
        (
            "signed-with-md5",
            Documented,
            padded(1, 0xFF, &prefixed(INFO_MD5, &md5)),
        ),
        (
            "signed-with-md5-sha1+no-digest-info",
            Documented,
            padded(1, 0xFF, &prefixed(&md5, &sha1)),
        ),
        (
            "signed-with-sha384",
            Documented,
            key()
                .sign(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(string))
                .unwrap(),
        ),
        (
            "signed-with-sha512",
            VendorSdk,
            key()
                .sign(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(sha256))
                .unwrap(),
        ),
        ("sha1-before-sha256", VendorSdk, again(&sha1)),
        (
            "sha1-hexadecimal-before-sha256",
            VendorSdk,
            again(lowercase_hex(&sha1).as_bytes()),
        ),
        (
            "sha384-before-sha256",
            VendorSdk,
            again(&Sha384::digest(string)),
        ),
        (
            "sha512-before-sha256",
            VendorSdk,
            again(&Sha512::digest(string)),
        ),
        ("hashed-three-times", VendorSdk, sign(&sha256, VendorSdk)),
        (
            "hexadecimal-hashed",
            VendorSdk,
            again(lowercase_hex(&sha256).as_bytes()),
        ),
        (
            "hexadecimal-capitals-hashed",
            VendorSdk,
            again(lowercase_hex(&sha256).to_uppercase().as_bytes()),
        ),
        (
            "base64-hashed",
            VendorSdk,
            again(BASE64_STANDARD.encode(sha256).as_bytes()),
        ),
    ]
}

/// The way a signature was made and a mistake in its string are told together.
#[test]
fn signatures_made_wrongly_are_opened_and_the_search_goes_on() {
    let right = Made::right().string();
    let crlf = Made {
        line_end: "\r\n",
        ..Made::right()
    };
    let mut count = 0;
    for (string, mistakes) in [(right, ""), (crlf.string(), "crlf-line-ends+")] {
        for (name, profile, signature) in of_signature(&string) {
            let told = mistake(explained(request(), LIST, &signature, BUDGET));
            assert_eq!(told, (format!("{mistakes}{name}"), profile));
            count += 1;
        }
    }
    assert_eq!(count, 2 * 32);
    // The string itself, in both paddings that it fits.
    let mut short = request();
    short.headers.retain(|(name, _)| name == "Date");
    let string = b"(request-target): post /svc//Dax%c3%A9/End\ndate: 2020-05-17T14:44:30.5+02:00\n";
    let string = [string.as_slice(), BODY.as_bytes()].concat();
    for (name, signature) in [
        ("not-hashed", padded(1, 0xFF, &string)),
        ("not-hashed+padding-of-encryption", padded(2, 0x5A, &string)),
        ("not-hashed+no-padding", raw(&string)),
    ] {
        let told = explained(short.clone(), "(request-target) date", &signature, BUDGET);
        assert_eq!(mistake(told), (name.to_owned(), Profile::Documented));
    }
}

/// Only what is shown is said where no string fits.
#[test]
fn of_unknown_strings_only_what_is_shown_is_said() {
    let mut shown = 0;
    for (name, _, signature) in of_signature(b"something else") {
        let told = explained(request(), LIST, &signature, 1 << 16)
            .finding
            .unwrap();
        let without_string = ["hashed", "before", "pss", "encryption+no"];
        match told {
            Finding::WrongEncoding { variation } => {
                assert_eq!(name_of(variation), name);
                shown += 1;
            }
            Finding::OtherHash { .. } | Finding::Unexplained { .. } => {}
            other => {
                assert_eq!(other, Finding::WrongKey, "{name}");
                assert!(
                    without_string.iter().any(|part| name.contains(part)),
                    "{name}"
                );
            }
        }
    }
    assert!(shown >= 13, "{shown}");
    // A length alone does not tell a hash: only that nothing is around it.
    for (len, name) in [
        (20, "no-padding+no-digest-info"),
        (32, "no-padding+no-digest-info"),
    ] {
        let told = explained(request(), LIST, &raw(&vec![0x5A; len]), 1 << 16);
        let Some(Finding::WrongEncoding { variation }) = told.finding else {
            panic!("{told:?}");
        };
        assert_eq!(name_of(variation), name);
    }
    // Encrypted with the public key; and a signature of another key: nothing shows which.
    let n = BigUint::from_bytes_be(&key().n().to_be_bytes());
    let mut block = vec![0xFF; 255];
    block[..1].copy_from_slice(&[1]);
    block[203..]
        .copy_from_slice(&[&[0], INFO_SHA256, &Sha256::digest(Made::right().string())].concat());
    let encrypted = fixed(&BigUint::from_bytes_be(&block).modpow(&BigUint::from(65_537_u32), &n));
    let told = explained(request(), LIST, &encrypted, BUDGET);
    assert_eq!(told.finding, Some(Finding::WrongKey));
}

/// Whatever stands in place of one byte of the block, verifiers refuse it; so must this.
#[test]
fn no_other_block_is_said_to_verify() {
    let hash = Sha256::digest(Made::right().string());
    let content = [INFO_SHA256, &hash].concat();
    let verifies = |content: &[u8]| {
        let told = explained(request(), LIST, &padded(1, 0xFF, content), 1 << 16);
        matches!(told.finding, Some(Finding::Verifies { .. }))
    };
    assert!(verifies(&content));
    for place in 0..content.len() {
        for change in [0x01, 0x10, 0x80, 0xFF] {
            let mut changed = content.clone();
            changed[place] ^= change;
            assert!(!verifies(&changed), "{place} {change}");
        }
    }
    // Lengths as of another hash, or in a longer form.
    for prefix in [&INFO_SHA256[..INFO_SHA256.len() - 1], &[0x30]] {
        assert!(!verifies(&[prefix, &[0x81], INFO_SHA256, &hash].concat()));
    }
}

/// A string that was padded as it is, and is not the rules' own, is no hash.
#[test]
fn an_unhashed_string_is_called_so_where_no_mistake_gives_it() {
    let string = b"(request-target): get /nowhere\ndate: never\n";
    let told = explained(request(), LIST, &padded(1, 0xFF, string), BUDGET);
    let Some(Finding::WrongEncoding { variation }) = told.finding else {
        panic!("{told:?}");
    };
    assert_eq!(name_of(variation), "not-hashed");
}

/// Three mistakes in three different parts, of all kinds of parts.
#[test]
fn three_mistakes_at_once_are_found() {
    let mut made = Made::right();
    made.line_end = "\r\n";
    made.set("(request-target)", "POST /svc//Dax%c3%A9/End?page=2");
    made.set("date", "2020-05-17T12:44:30Z");
    made.names(title);
    made.lines[0].0 = "(request-target)".into();
    made.body = Vec::new();
    let base = Made::right;
    let mut cases = Vec::new();
    let names = [
        "crlf-line-ends",
        "body-left-out",
        "full-target",
        "date-utc-seconds",
        "names-not-lowercased",
    ];
    for (first, one) in names.iter().enumerate() {
        for (second, two) in names.iter().enumerate().skip(first + 1) {
            for three in names.iter().skip(second + 1) {
                let chosen = [*one, *two, *three];
                let mut mixed = base();
                for name in chosen {
                    match name {
                        "crlf-line-ends" => mixed.line_end = made.line_end,
                        "body-left-out" => mixed.body.clear(),
                        "full-target" => {
                            mixed.set("(request-target)", "post /svc//Dax%c3%A9/End?page=2");
                        }
                        "date-utc-seconds" => {
                            let date = mixed.lines.last_mut().unwrap();
                            date.1.clone_from(&made.lines[5].1);
                        }
                        _ => {
                            for (line, named) in mixed.lines.iter_mut().zip(&made.lines) {
                                line.0.clone_from(&named.0);
                            }
                        }
                    }
                }
                cases.push((chosen.join("+"), mixed.string()));
            }
        }
    }
    assert_eq!(cases.len(), 10);
    for (name, string) in cases {
        let told = explained(request(), LIST, &sign(&string, Profile::VendorSdk), BUDGET);
        assert_eq!(mistake(told), (name, Profile::VendorSdk));
    }
}

/// A request that breaks a rule is refused, and its signature is opened all the same.
#[test]
fn requests_that_break_a_rule_are_explained() {
    let right = Made::right().string();
    let mut lost = request();
    lost.headers.retain(|(name, _)| name != "Content-Length");
    let mut dated = request();
    dated.headers[0].1 = b"Sun, 17 May 2020 12:44:30 GMT".to_vec();
    let mut in_seconds = Made::right();
    in_seconds.set("date", "2020-05-17T12:44:30Z");
    let mut cut = request();
    cut.body = b"second".to_vec();
    let mut packed = Made::right();
    packed.body = b"second".to_vec();
    packed.set("content-length", "6");
    let mut gzip = request();
    gzip.body = b"\x1f\x8b\x08packed".to_vec();
    let mut gone = request();
    gone.headers.retain(|(name, _)| name != "Content-Type");
    let mut less = Made::right();
    less.order(&[0, 1, 2, 4, 5]);
    let cases = [
        (
            lost,
            right.clone(),
            "missing-header",
            Some("content-length-of-signed-body"),
        ),
        (
            dated,
            in_seconds.string(),
            "invalid-date",
            Some("date-utc-seconds"),
        ),
        (
            cut.clone(),
            Made {
                body: cut.body,
                ..Made::right()
            }
            .string(),
            "content-length-mismatch",
            None,
        ),
        (
            gzip,
            packed.string(),
            "content-length-mismatch",
            Some("content-length-of-signed-body+other-body-2"),
        ),
        (
            gone,
            less.string(),
            "missing-header",
            Some("missing-fields-omitted"),
        ),
    ];
    for (request, string, refusal, name) in cases {
        let told = explained(request, LIST, &sign(&string, Profile::Documented), BUDGET);
        assert_eq!(told.refusal.map(|error| error.name()), Some(refusal));
        match name {
            Some(name) => assert_eq!(mistake(told).0, name),
            None => assert!(
                matches!(told.finding, Some(Finding::Verifies { .. })),
                "{told:?}"
            ),
        }
    }
}

/// What a search takes is bounded by its budget, whatever the request is; and it says what it left out.
#[test]
fn a_search_keeps_its_budget_and_says_what_it_left_out() {
    let signature = sign(b"something else", Profile::Documented);
    let mut large = request();
    large.body = vec![b'x'; 4 << 20];
    large.headers[5].1 = large.body.len().to_string().into_bytes();
    let told = explained(large.clone(), LIST, &signature, 16 << 20).searched;
    assert!(told.bytes <= (16 << 20) + (5 << 20), "{told:?}");
    assert!(told.too_large && !told.complete, "{told:?}");
    // What needs no body is tried all the same, to three mistakes.
    let mut made = Made::right();
    made.set("content-length", &large.body.len().to_string());
    made.set("date", "2020-05-17T12:44:30Z");
    made.line_end = "\r\n";
    made.body.clear();
    let signature = sign(&made.string(), Profile::Documented);
    let told = mistake(explained(large, LIST, &signature, 16 << 20));
    assert_eq!(told.0, "crlf-line-ends+body-left-out+date-utc-seconds");
    let small = explained(request(), LIST, &sign(b"no", Profile::Documented), BUDGET);
    assert!(
        small.searched.complete && small.searched.deepest >= 3,
        "{small:?}"
    );
}

/// The bytes that a sender logged are proved, however they were signed.
#[test]
fn logged_bytes_are_proved() {
    let string = b"what the sender logged".to_vec();
    let mut count = 0;
    for (name, profile, signature) in of_signature(&string) {
        let base64 = BASE64_STANDARD.encode(&signature);
        let field = format!(
            "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{LIST}\" signature=\"{base64}\""
        );
        let request = request().with_header("Signature", field);
        let fields = request.fields();
        let key = public_key();
        let covers = |bytes: &[u8]| {
            let write = |sink: &mut dyn Sink| bytes.chunks(7).for_each(|piece| sink.write(piece));
            Explainer::new(&key).covers(&request.borrow(&fields), &write)
        };
        let covered = covers(&string).unwrap().expect(name);
        assert_eq!(
            (name_of(covered.variation), covered.profile),
            (name.into(), profile)
        );
        assert_eq!(covers(b"something else"), Ok(None));
        count += 1;
    }
    assert_eq!(count, 32);
}
