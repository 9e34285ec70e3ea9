//! Requests that somebody else made, passed on: what goes out byte for byte, what is this side's, and which
//! answers are for whom. Signatures are verified by OpenSSL, over strings written out here.

use std::collections::BTreeSet;

use base64::prelude::{BASE64_STANDARD, Engine};
use daxsign_client::{
    Answers, ErrorKind, ForwardedRequest, List, Method, OutgoingRequest, Settings,
};
use daxsign_core::Profile;
use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::dax_play::{Player, settings};
use daxsign_tests::openssl::OpenSsl;
use sha2::{Digest, Sha256};

fn request(method: Method, target: &str, fields: &[(&str, &str)], body: &str) -> ForwardedRequest {
    let fields = fields.iter();
    ForwardedRequest {
        method,
        target: target.into(),
        fields: fields
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect(),
        body: body.into(),
        timeout: None,
    }
}

fn get() -> ForwardedRequest {
    request(Method::Get, "/api/v2.0/contracts", &[], "")
}

/// The one request that a call sends.
fn sent(settings: Settings, request: ForwardedRequest) -> OutgoingRequest {
    let mut played = Player::new(settings).pass_on(request, &["200"]);
    assert_eq!(played.sent.len(), 1);
    played.sent.remove(0)
}

fn openssl_accepts(request: &OutgoingRequest, string: &str, profile: Profile) -> bool {
    let value = request.field("signature").expect("a signature");
    let (_, rest) = value.split_once(" signature=\"").expect("its parameter");
    let signature = BASE64_STANDARD
        .decode(rest.trim_end_matches('"'))
        .expect("base64");
    let hash = Sha256::digest(string.as_bytes());
    let message = match profile {
        Profile::Documented => string.as_bytes(),
        Profile::VendorSdk => &hash[..],
    };
    OpenSsl::default().verifies(&key_path("rsa2048.spki.pem"), message, &signature)
}

#[test]
fn target_fields_and_body_go_out_byte_for_byte() {
    let targets = [
        "/api/v2.0/contracts",
        "/",
        "//",
        "/a/../b/./c//d",
        "/a%2Fb%2fc%20d?x=%2F&y=+&z",
        "/a;b=c,d'(e)!*~$:@?a?b/c",
        "/x?",
        "/{partner}/\"q\"|",
    ];
    let body = "{ \"Context\" :\t\"\u{e5}\"}\r\n";
    let fields = [("accept", "*/*"), ("x-a", " b  c"), ("x-a", "d")];
    for target in targets {
        let sent = sent(settings(), request(Method::Put, target, &fields, body));
        assert_eq!(sent.address.target, target);
        assert_eq!(sent.body, body.as_bytes());
        let headers = sent.headers.iter();
        let lines: Vec<_> = headers
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let expected = [
            "Host: dax.test",
            "Authorization: Bearer token-1",
            "accept: */*",
            "x-a:  b  c",
            "x-a: d",
            "Content-Type: application/json; charset=utf-8",
            "Content-Length: 21",
            "Date: 2025-12-08T13:51:50.2437457Z",
        ];
        assert_eq!(lines[..8], expected);
        assert_eq!(lines.len(), 9, "and the signature");
        let path = target.split('?').next().expect("a path");
        let string =
            format!("(request-target): put {path}\ndate: 2025-12-08T13:51:50.2437457Z\n{body}");
        assert!(
            openssl_accepts(&sent, &string, Profile::VendorSdk),
            "{target}"
        );
    }
    assert_eq!(targets.len(), 8);
}

#[test]
fn what_the_api_wants_is_added_and_nothing_else() {
    let bare = sent(settings(), get());
    assert_eq!(bare.body, b"{}");
    assert_eq!(bare.field("user-agent"), None);
    let json = "application/json;charset=UTF-8; x=y";
    let fields = [("Content-Type", json), ("User-Agent", "mine")];
    let own = sent(settings(), request(Method::Delete, "/a", &fields, "{}"));
    assert_eq!(own.field("content-type"), Some(json));
    assert_eq!(own.field("user-agent"), Some("mine"));
    // The type of no body is none; that of a body which the API does not take is told.
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let none = sent(settings(), request(Method::Post, "/a", &form, ""));
    assert_eq!(none.field("content-type"), bare.field("content-type"));
    let played = Player::new(settings()).pass_on(request(Method::Post, "/a", &form, "{}"), &[]);
    let error = played.outcome.expect_err("a form").to_string();
    assert!(error.contains("application/json"), "{error}");
}

#[test]
fn a_key_that_makes_it_once_is_signed_where_all_is() {
    let mut documented = settings();
    documented.signing = daxsign_client::Signing::documented();
    let fields = [("x-dax-idempotency-key", "once-1")];
    let sent = sent(documented, request(Method::Post, "/a?b", &fields, "{}"));
    let string = "(request-target): post /a\nhost: dax.test\ncontent-type: application/json; \
                  charset=utf-8\ncontent-length: 2\nx-dax-idempotency-key: once-1\ndate: \
                  2025-12-08T13:51:50.2437457Z\n{}";
    assert!(openssl_accepts(&sent, string, Profile::Documented));
}

#[test]
fn what_is_no_target_is_refused_and_nothing_is_sent() {
    let long = format!("/{}", "a".repeat(8_000));
    let targets = [
        "",
        "a",
        "http://other/",
        "*",
        "/a#b",
        "/a b",
        "/\u{e5}",
        "/a\r\nX: y",
        &long,
    ];
    for target in targets {
        let played = Player::new(settings()).pass_on(request(Method::Get, target, &[], ""), &[]);
        let error = played.outcome.expect_err(target);
        assert_eq!(error.kind(), ErrorKind::Invalid, "{target}");
        assert!(played.sent.is_empty() && played.tokens.is_empty());
    }
    assert_eq!(targets.len(), 9);
}

/// Its name, the method, what comes back, the steps, and the status that is passed on; 0 for an error.
type Row = (
    &'static str,
    Method,
    &'static [&'static str],
    &'static [&'static str],
    u16,
);

const ROWS: [Row; 22] = [
    ("an answer", Method::Get, &["200"], &["pass"], 200),
    ("no body", Method::Post, &["204 = "], &["pass"], 204),
    ("refused", Method::Post, &["400 = no"], &["pass"], 400),
    ("not there", Method::Get, &["404 = <html>"], &["pass"], 404),
    ("a conflict", Method::Put, &["409"], &["pass"], 409),
    (
        "a limit is the client's",
        Method::Get,
        &["429 | Retry-After: 1"],
        &["pass"],
        429,
    ),
    ("a failure", Method::Get, &["500"], &["pass"], 500),
    (
        "overload is the client's",
        Method::Get,
        &["503 | Retry-After: 1"],
        &["pass"],
        503,
    ),
    (
        "see other is no redirect here",
        Method::Post,
        &["303 | Location: /b"],
        &["pass"],
        303,
    ),
    ("not modified", Method::Get, &["304 = "], &["pass"], 304),
    (
        "an envelope is not read",
        Method::Get,
        &["200 = {\"statusCode\":401}"],
        &["pass"],
        200,
    ),
    (
        "moved",
        Method::Get,
        &["301 | Location: /b", "200"],
        &["redirect", "pass"],
        200,
    ),
    (
        "moved with its body",
        Method::Post,
        &["302 | Location: /b", "201"],
        &["redirect", "pass"],
        201,
    ),
    (
        "from one to the next",
        Method::Patch,
        &[
            "307 | Location: /b",
            "308 | Location: https://other.test/c",
            "200",
        ],
        &["redirect", "redirect", "pass"],
        200,
    ),
    ("nowhere", Method::Get, &["307"], &[], 0),
    (
        "to plain http",
        Method::Get,
        &["307 | Location: http://dax.test/"],
        &[],
        0,
    ),
    (
        "a token that is gone",
        Method::Post,
        &["401", "201"],
        &["refresh", "pass"],
        201,
    ),
    (
        "gone twice is the client's",
        Method::Get,
        &["401", "401 = why"],
        &["refresh", "pass"],
        401,
    ),
    (
        "no connection",
        Method::Post,
        &["refused", "201"],
        &["retry", "pass"],
        201,
    ),
    (
        "never one",
        Method::Get,
        &["refused", "refused", "refused"],
        &["retry", "retry"],
        0,
    ),
    ("cut, perhaps done", Method::Post, &["cut"], &[], 0),
    ("cut, though it reads", Method::Get, &["cut"], &[], 0),
];

#[test]
fn answers_pass_and_what_is_sent_again_is_signed_anew() {
    for (name, method, answers, steps, status) in ROWS {
        let asked = request(
            method,
            "/api/v2.0/contracts?a=b",
            &[("x-a", "b")],
            "{\"a\": 1}",
        );
        let played = Player::new(settings()).pass_on(asked, answers);
        let taken: Vec<_> = played.steps.iter().map(|(step, _)| *step).collect();
        assert_eq!(taken, steps, "{name}");
        assert_eq!(played.left, 0, "{name}");
        assert_eq!(played.sent.len(), answers.len(), "{name}");
        let found = match &played.outcome {
            Ok(answered) => answered.answer.status,
            Err(error) => {
                assert!(!error.to_string().contains("token-"), "{error}");
                0
            }
        };
        assert_eq!(found, status, "{name}");
        let dates: BTreeSet<_> = played.sent.iter().map(|request| request.date).collect();
        assert_eq!(
            dates.len(),
            played.sent.len(),
            "{name}: a date was used twice"
        );
        for request in &played.sent {
            assert_eq!(request.method, method, "{name}");
            assert_eq!(request.body, b"{\"a\": 1}", "{name}");
            let home = request.address.origin.host() == "dax.test";
            // A field of its own is for the server that it was sent to.
            assert_eq!(request.field("x-a"), home.then_some("b"), "{name}");
            assert_eq!(request.field("authorization").is_some(), home, "{name}");
        }
    }
}

/// Cookies and keys that a service sends are for the server of the settings.
#[test]
fn another_server_sees_no_more_than_it_needs() {
    let fields = [
        ("Cookie", "sid=1"),
        ("X-Api-Key", "k"),
        ("Accept", "application/json"),
        ("X-Dax-Idempotency-Key", "one"),
        ("x-correlation-id", "c"),
        ("X-Own", "o"),
    ];
    let names = |request: &OutgoingRequest| -> Vec<String> {
        let names = request.headers.iter();
        let names = names.map(|(name, _)| name.to_ascii_lowercase());
        names
            .filter(|name| fields.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)))
            .collect()
    };
    let few = ["accept", "x-dax-idempotency-key", "x-correlation-id"];
    let moved = "301 | Location: https://other.test/c";
    let mut stage = Player::new(settings());
    let asked = request(Method::Get, "/b", &fields, "");
    let played = stage.pass_on(asked.clone(), &["307 | Location: /c", moved, "200"]);
    assert_eq!(played.sent.len(), 3);
    assert_eq!(names(&played.sent[0]).len(), fields.len());
    assert_eq!(names(&played.sent[1]).len(), fields.len());
    assert_eq!(names(&played.sent[2]), few);
    // It is remembered where that moved to: the first request goes there.
    let again = stage.pass_on(request(Method::Get, "/c", &fields, ""), &["200"]);
    assert_eq!(
        again.sent[0].address.origin.to_string(),
        "https://other.test"
    );
    assert_eq!(names(&again.sent[0]), few);
    // What is signed must be there.
    let mut settings = settings();
    settings.signing.list = List::Names("(request-target) date x-own".into());
    let played = Player::new(settings).pass_on(asked, &[moved, "200"]);
    assert_eq!(names(&played.sent[1]).len(), few.len() + 1);
}

#[test]
fn where_answers_must_be_signed_none_passes_by_its_head() {
    let key = Answers::pinned(&key_file("rsa2048.spki.pem")).expect("a key");
    let mut strict = settings();
    strict.answers = Answers::RequireSigned(key);
    for (answer, status) in [("200", 200), ("404", 404), ("201 | Signature: x", 201)] {
        let played = Player::new(strict.clone()).pass_on(get(), &[answer]);
        assert!(played.steps.is_empty(), "{answer}");
        let error = played.outcome.expect_err(answer);
        assert_eq!(error.kind(), ErrorKind::AnswerRefused);
        assert_eq!(error.status(), Some(status));
    }
    // What comes before the request's own signature held is not signed.
    let played = Player::new(strict).pass_on(get(), &["503 = later"]);
    assert_eq!(played.outcome.expect("passed").answer.body, b"later");
}
