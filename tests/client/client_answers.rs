//! What comes back: all that stands around the data, what errors tell and never show, and answers
//! that are signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daxsign_client::api::{DeleteCard, ListCards};
use daxsign_client::protocol::call::{Call, Step};
use daxsign_client::{
    Answers, ApiRequest, CallOptions, Error, ErrorKind, Instance, Method, Response, Sent, Settings,
    Uuid,
};
use daxsign_tests::cases::key_path;
use daxsign_tests::dax_play::{PASSWORD, Player, answer, settings};
use daxsign_tests::openssl::OpenSsl;
use serde_json::Value;

const ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

fn get() -> ApiRequest {
    ApiRequest::new(Method::Get, "/contracts")
}

fn played(line: &str) -> Result<Response<Value>, Error> {
    let outcome = Player::new(settings()).play(&get(), &[line]).outcome;
    outcome.and_then(daxsign_client::protocol::call::Answered::into_value)
}

#[test]
fn what_stands_around_the_data() {
    let head = format!(
        "200 | X-Correlation-Id: {ID} | X-Dax-Context: ctx | X-Dax-Response-Time-ms: 12.5 | api-supported-versions: 1.0, 2.0 \
         | X-Rate-Limit-Limit: 7d | X-Rate-Limit-Remaining: 9998 | X-Rate-Limit-Reset: 2025-12-15T00:00:00.0000000Z \
         | X-Dax-CertificateThumbprint: AB12 | X-Dax-CertificateExpiresAtUtc: 2026-01-01T00:00:00Z"
    );
    let body = "{\"apiVersion\":\"1.0\",\"correlationId\":\"other\",\"statusCode\":200,\"message\":null,\
                \"paging\":{\"totalCount\":-1,\"offset\":100,\"limit\":25},\"data\":{\"x\":1,\"messages\":[\"m\"]},\"new\":true}";
    let response = played(&format!("{head} = {body}")).unwrap();
    assert_eq!(response.data, serde_json::json!({"x": 1}));
    assert_eq!(response.correlation_id.as_deref(), Some(ID));
    assert_eq!(response.context.as_deref(), Some("ctx"));
    assert_eq!(
        response.response_time,
        Some(std::time::Duration::from_micros(12_500))
    );
    assert_eq!(response.server_versions, ["1.0", "2.0"]);
    assert_eq!(response.api_version.as_deref(), Some("1.0"));
    let limit = response.rate_limit.as_ref().unwrap();
    assert_eq!(
        (limit.window.as_deref(), limit.remaining),
        (Some("7d"), Some(9_998))
    );
    assert_eq!(
        limit.reset.as_ref().unwrap().timestamp().unwrap().seconds(),
        1_765_756_800
    );
    let certificate = response.certificate.as_ref().unwrap();
    assert_eq!(certificate.thumbprint.as_deref(), Some("AB12"));
    let now = daxsign_tests::dax_play::start();
    assert!(certificate.expires_within(24, now) && !certificate.expires_within(23, now));
    let paging = response.paging.unwrap();
    assert_eq!(
        (paging.total, paging.offset, paging.limit),
        (None, Some(100), Some(25))
    );
    assert_eq!(response.messages, ["m"]);
    assert_eq!(response.unknown["new"], true);
    assert!(!response.verified);
    assert!(!format!("{response:?}").contains("\"x\""));
}

#[test]
fn bodies_of_every_shape() {
    let data = |line: &str| played(line).unwrap().data;
    // No envelope: the object itself; data that is null, or there is none.
    assert_eq!(
        data("200 = {\"cards\":[]}"),
        serde_json::json!({"cards": []})
    );
    assert_eq!(data("200 = {\"data\":null}"), Value::Null);
    assert_eq!(data("204 = "), Value::Null);
    assert_eq!(data("200 = [1]"), serde_json::json!([1]));
    // In data instead of around it.
    let inside = played("200 = {\"data\":{\"correlationId\":\"c\",\"context\":\"k\",\"message\":\"m\",\"paging\":{\"totalCount\":3}}}").unwrap();
    assert_eq!(inside.correlation_id.as_deref(), Some("c"));
    assert_eq!(
        (inside.context.as_deref(), inside.message.as_deref()),
        (Some("k"), Some("m"))
    );
    assert_eq!(inside.paging.unwrap().total, Some(3));
    // Text instead of JSON is no result; it is kept.
    let text = played("200 = <html>proxy</html>").unwrap_err();
    assert_eq!(text.kind(), ErrorKind::Unexpected);
    assert_eq!(text.body(), Some(&b"<html>proxy</html>"[..]));
}

#[test]
fn messages_are_found_wherever_they_stand() {
    let rows: [(&str, &[&str]); 7] = [
        (
            "400 = {\"statusCode\":400,\"message\":\"a\",\"messages\":[\"b\",\"a\"]}",
            &["a", "b"],
        ),
        ("400 = {\"data\":{\"messages\":[\"b\"]}}", &["b"]),
        (
            "400 = {\"type\":\"t\",\"title\":\"Bad\",\"status\":400,\"detail\":\"why\"}",
            &["Bad", "why"],
        ),
        (
            "400 = {\"title\":\"Bad\",\"errors\":{\"name\":[\"missing\",\"short\"]}}",
            &["Bad", "name: missing", "name: short"],
        ),
        (
            "400 = {\"error\":\"invalid\",\"error_description\":\"why\"}",
            &["invalid", "why"],
        ),
        ("400 = plain text", &["plain text"]),
        ("400 = ", &[]),
    ];
    for (line, messages) in rows {
        assert_eq!(played(line).unwrap_err().messages(), messages, "{line}");
    }
}

/// Half a million of them take no longer than they are long.
#[test]
fn of_many_messages_the_first_are_kept() {
    let messages: Vec<_> = (0..500_000).map(|number| format!("\"{number}\"")).collect();
    let body = format!(
        "400 = {{\"messages\":[{}],\"data\":null}}",
        messages.join(",")
    );
    let error = played(&body).unwrap_err();
    assert_eq!(error.messages().len(), 32);
    assert_eq!(error.messages()[31], "31");
}

#[test]
fn the_query_of_a_redirect_is_not_told() {
    for location in [
        "http://dax.test/token?password=s3cret",
        "https://u:s3cret@dax.test/b",
        "https://u:a?s3cret@dax.test/b",
    ] {
        let error = played(&format!("302 | Location: {location}")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected, "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

/// Nobody signed where it leads.
#[test]
fn where_answers_must_be_signed_no_redirect_is_followed() {
    for status in [301, 302, 307, 308] {
        let answers = [format!("{status} | Location: /b"), "200".to_owned()];
        let answers = answers.each_ref().map(String::as_str);
        let mut player = Player::new(pinned(true));
        let followed = player.play(&get(), &answers);
        assert_eq!(followed.sent.len(), 1, "{status}");
        let error = followed.outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected, "{error}");
        assert!(error.to_string().contains("not signed"), "{error}");
        let next = player.play(&get(), &["404"]);
        assert_ne!(next.sent[0].address.target, "/b", "{status} is remembered");
    }
    let mut player = Player::new(pinned(false));
    let followed = player.play(&get(), &["307 | Location: /b", "200"]);
    assert_eq!(followed.sent.len(), 2);
}

#[test]
fn an_error_tells_what_support_asks_for_and_no_secret() {
    let line = format!(
        "404 | X-Correlation-Id: {ID} | Date: Mon, 08 Dec 2025 13:49:50 GMT = \
         {{\"message\":\"no such card\",\"data\":{{\"pinCode\":\"4711\"}}}}"
    );
    let error = played(&line).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "error[not-found]: GET /api/v2.0/contracts: status 404: not found; \"no such card\"; \
             this clock is 120 s ahead of the server's; sent 2025-12-08T13:51:50.2437457Z; correlation id {ID}"
        )
    );
    assert_eq!(
        (error.status(), error.correlation_id(), error.sent()),
        (Some(404), Some(ID), Sent::Answered)
    );
    assert_eq!(error.clock_skew(), Some(120));
    assert!(
        error
            .body()
            .unwrap()
            .windows(4)
            .any(|bytes| bytes == b"4711")
    );

    let mut player = Player::new(settings());
    let whole = player.play(&get(), &["200 = {\"data\":\"4711\"}"]);
    let before = format!("{error:?} {:?} {whole:?}", player.session);
    let response = whole.outcome.unwrap().into_value().unwrap();
    let shown = format!("{before} {response:?}");
    for secret in ["4711", PASSWORD, "token-1", "Bearer"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn what_was_sent_is_told() {
    let outcome = |what, line| {
        let request = ApiRequest::new(what, "/contracts");
        Player::new(settings())
            .play(&request, &[line])
            .outcome
            .unwrap_err()
    };
    let unsent = outcome(Method::Post, "refused");
    assert_eq!(unsent.sent(), Sent::Nothing);
    assert!(unsent.to_string().contains("nothing was sent"), "{unsent}");
    let unknown = outcome(Method::Post, "cut");
    assert_eq!(unknown.sent(), Sent::Maybe);
    assert!(
        unknown
            .to_string()
            .contains("whether it was done is not known"),
        "{unknown}"
    );
}

#[test]
fn a_field_that_is_wrong_is_named_with_its_place() {
    let target = Instance {
        partner: Uuid::from_u128(1),
        instance: Uuid::from_u128(2),
    };
    let list = |body: &str| {
        let request = daxsign_client::api::Operation::request(&ListCards::new(target)).unwrap();
        let outcome = Player::new(settings())
            .play(&request, &[&format!("200 = {body}")])
            .outcome;
        outcome.unwrap().into_response::<ListCards>()
    };
    let cards = format!("[{{\"cardId\":\"{ID}\",\"codes\":[{{\"number\":5}}]}}]");
    let error = list(&format!("{{\"data\":{{\"cards\":{cards}}}}}")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("cards.0.codes.0.number: a number instead of text"),
        "{error}"
    );
    assert!(list("{\"data\":{}}").unwrap().data.is_empty());
    assert!(list("{\"data\":{\"cards\":null}}").unwrap().data.is_empty());
    assert!(list("{\"data\":null}").unwrap().data.is_empty());
    // A list that is not found is not an empty one.
    let error = list("{\"data\":{\"badges\":[]}}").unwrap_err();
    assert!(
        error.to_string().contains("cards: null instead of a list"),
        "{error}"
    );
    let other_case = format!("{{\"Cards\":[{{\"CardId\":\"{ID}\",\"Name\":\"n\"}}]}}");
    let cards = list(&format!("{{\"data\":{other_case}}}")).unwrap().data;
    assert_eq!(cards[0].name.as_deref(), Some("n"));
    let nothing = Player::new(settings())
        .play(&get(), &["200 = {\"data\":{\"left\":1}}"])
        .outcome
        .unwrap();
    assert_eq!(
        nothing.into_response::<DeleteCard>().unwrap().unknown["left"],
        1
    );
}

// Signed answers (X-ANSWER).

const TARGET: &str = "/api/v2.0/contracts?limit=1";
const LIST: &str =
    "(request-target) x-correlation-id x-dax-request x-dax-status content-type content-length date";

/// What an exchange signs, and what of it is then changed.
struct Signed {
    target: &'static str,
    status: u16,
    asked: String,
    date: &'static str,
    list: &'static str,
    body: &'static str,
}

impl Signed {
    fn good(asked: String) -> Self {
        Self {
            target: TARGET,
            status: 200,
            asked,
            date: "2025-12-08T13:51:52Z",
            list: LIST,
            body: "{\"data\":{}}",
        }
    }

    /// The answer as a line, signed by OpenSSL with the key in `file`.
    fn line(&self, file: &str) -> String {
        let Self {
            target,
            status,
            asked,
            date,
            list,
            body,
        } = self;
        let length = body.len();
        let value = |name: &str| match name {
            "(request-target)" => format!("answer {target}"),
            "x-correlation-id" => ID.to_owned(),
            "x-dax-request" => asked.clone(),
            "x-dax-status" => status.to_string(),
            "content-type" => "application/json; charset=utf-8".to_owned(),
            "content-length" => length.to_string(),
            _ => (*date).to_owned(),
        };
        let line = |name| format!("{name}: {}\n", value(name));
        let lines: Vec<_> = list.split(' ').map(line).collect();
        let string = lines.concat() + body;
        let signature = OpenSsl::default().sign(&key_path(file), string.as_bytes());
        let signature = STANDARD.encode(signature);
        format!(
            "200 | X-Correlation-Id: {ID} | X-Dax-Request: {asked} | X-Dax-Status: {status} \
             | Content-Type: application/json; charset=utf-8 | Content-Length: {length} | X-Dax-Date: {date} \
             | Date: Mon, 08 Dec 2025 13:51:52 GMT \
             | Signature: realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\"{signature}\" = {body}"
        )
    }
}

const EXCHANGE: &str = "rsa3072.pkcs8.pem";

fn pinned(require: bool) -> Settings {
    let file = std::fs::read(key_path("rsa3072.spki.pem")).unwrap();
    let key = Answers::pinned(&file).unwrap();
    let mut settings = settings();
    settings.answers = if require {
        Answers::RequireSigned(key)
    } else {
        Answers::VerifyIfSigned(key)
    };
    settings
}

/// The base64 SHA-256 of the signing string of a request that goes out first in a session.
fn asked() -> String {
    asked_at("2025-12-08T13:51:50.2437457Z")
}

/// The same of one with this date.
fn asked_at(date: &str) -> String {
    let string = format!("(request-target): get /api/v2.0/contracts\ndate: {date}\n{{}}");
    let openssl = OpenSsl::default();
    openssl.write("string", string);
    STANDARD.encode(openssl.run("dgst -sha256 -binary string"))
}

fn judged(settings: Settings, line: &str) -> Result<bool, Error> {
    let request = get().query("limit", "1");
    let outcome = Player::new(settings).play(&request, &[line]).outcome;
    outcome.map(|answered| answered.verified)
}

#[test]
fn a_signed_answer_is_verified_and_paired() {
    let good = Signed::good(asked()).line(EXCHANGE);
    assert!(judged(pinned(true), &good).unwrap());
    assert!(judged(pinned(false), &good).unwrap());
    assert!(!judged(settings(), &good).unwrap());
    // Unsigned: taken only where that is allowed.
    assert!(!judged(pinned(false), "200").unwrap());
    let unsigned = judged(pinned(true), "200").unwrap_err();
    assert_eq!(unsigned.kind(), ErrorKind::AnswerRefused);
    // A refusal that is not signed is no result either, but for what comes before signatures.
    assert_eq!(
        judged(pinned(true), "404").unwrap_err().kind(),
        ErrorKind::AnswerRefused
    );
    assert_eq!(
        judged(pinned(true), "429 | Retry-After: 999")
            .unwrap_err()
            .kind(),
        ErrorKind::RateLimited
    );
}

#[test]
fn a_signed_answer_that_is_not_right_is_refused() {
    let good = || Signed::good(asked());
    let other = STANDARD.encode([7; 32]);
    let changed = |from: &str, to: &str| good().line(EXCHANGE).replacen(from, to, 1);
    let rows = [
        ("another key", good().line("rsa2048.pkcs8.pem"), "signature"),
        (
            "another request",
            Signed {
                asked: other.clone(),
                ..good()
            }
            .line(EXCHANGE),
            "another request",
        ),
        (
            "another target",
            Signed {
                target: "/api/v2.0/contracts",
                ..good()
            }
            .line(EXCHANGE),
            "signature",
        ),
        (
            "another status",
            Signed {
                status: 201,
                ..good()
            }
            .line(EXCHANGE),
            "status",
        ),
        (
            "an old one",
            Signed {
                date: "2025-12-08T13:40:00Z",
                ..good()
            }
            .line(EXCHANGE),
            "signature",
        ),
        (
            "less is signed",
            Signed {
                list: "(request-target) content-length date",
                ..good()
            }
            .line(EXCHANGE),
            "another list",
        ),
        (
            "a changed body",
            changed("{\"data\":{}}", "{\"data\":[]}"),
            "signature",
        ),
        (
            "a changed id",
            changed(ID, "01234567-89ab-cdef-0123-456789abcdee"),
            "signature",
        ),
        (
            "a field twice",
            changed("| Content-Length", "| X-Dax-Status: 200 | Content-Length"),
            "x-dax-status twice",
        ),
        (
            "a field lost",
            changed(&format!("| X-Dax-Request: {}", asked()), ""),
            "lacks x-dax-request",
        ),
    ];
    let count = rows.len();
    for (name, line, why) in rows {
        for require in [true, false] {
            let error = judged(pinned(require), &line).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AnswerRefused, "{name}: {error}");
            assert!(error.to_string().contains(why), "{name}: {error}");
        }
    }
    assert_eq!(count, 10);
}

#[test]
fn of_requests_sent_again_the_last_is_the_one_that_is_answered() {
    let elsewhere = format!("307 | Location: {TARGET}");
    for before in ["401", "cut", &elsewhere] {
        let judged = |asked| {
            let answers = [before, &*Signed::good(asked).line(EXCHANGE)];
            let played = Player::new(pinned(false)).play(&get().query("limit", "1"), &answers);
            played.outcome.map(|answered| answered.verified)
        };
        assert!(judged(asked_at("2025-12-08T13:51:50.2437458Z")).unwrap());
        let error = judged(asked()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AnswerRefused, "{before}: {error}");
        assert!(error.to_string().contains("another request"), "{error}");
    }
}

#[test]
fn the_certificate_of_an_exchange_can_be_pinned() {
    assert!(Answers::pinned(b"nothing").is_err());
    let openssl = OpenSsl::default();
    let key = key_path("rsa2048.pkcs8.pem");
    let key = key.display();
    openssl.run(&format!(
        "req -x509 -new -key {key} -subj /CN=exchange -days 1 -out certificate"
    ));
    assert!(Answers::pinned(&openssl.read("certificate")).is_ok());
}

#[test]
fn a_cancelled_call_sends_nothing_more() {
    let player = Player::new(settings());
    let options = CallOptions {
        cancel: Some(daxsign_client::Cancel::default()),
        ..CallOptions::default()
    };
    let mut call = Call::new(&player.session, &get(), &options, player.now()).unwrap();
    options.cancel.unwrap().cancel();
    let error = call
        .request(&player.session, None, player.now())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let Err(failure) = answer("cut") else {
        panic!("an answer")
    };
    match call.failed(&player.session, &failure, player.now()) {
        Step::Failed(error) => assert_eq!(error.kind(), ErrorKind::Cancelled),
        step => panic!("{step:?}"),
    }
}
