//! What senders are told.

use std::io::{Read as _, Write as _};
use std::sync::atomic::Ordering;

use daxsign_core::{PrivateKey, Timestamp};
use daxsign_exchange::message::{
    AnswerRead, Asked, Message, MessageName, Refusal, answer_from_http,
};
use daxsign_exchange::registry::Change;

use crate::made::*;

fn exchange_key() -> PrivateKey {
    key("../generated2048")
}

/// Whether the exchange's signature holds.
pub(crate) fn holds(answer: &Answer, target: &str) -> bool {
    read(answer, target, now()).is_ok_and(|read| read.0 == answer.status)
}

fn verified(answer: &Answer, target: &str, now: Timestamp) -> (u16, Vec<u8>) {
    read(answer, target, now).expect("it holds")
}

/// As a sender verifies it: with nothing but what HTTP gave, and the hash of what it signed.
fn read(answer: &Answer, target: &str, now: Timestamp) -> Result<(u16, Vec<u8>), Refusal> {
    let length = answer.field("content-length").expect("a length");
    let fields = answer
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    let message = answer_from_http(answer.status, target, &fields, &answer.body, length)
        .expect("a signed answer");
    let name: MessageName = answer.field("x-dax-request").unwrap().parse().unwrap();
    let asked = Asked {
        name,
        target,
        correlation: None,
    };
    let key = exchange_key();
    let read = AnswerRead::verify(&message, &[key.public_key()], &asked, now)?;
    Ok((read.status, read.body.to_vec()))
}

#[test]
fn a_signed_request_goes_through_and_its_answer_verifies_in_the_head_of_the_response() {
    let place = Place::plain(settings());
    let request = place.signed("POST", &cards(), CARD);
    let answer = place.send(&request);
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(verified(&answer, &cards(), now()), (201, ANSWER.into()));
    for name in [
        "x-dax-response-time-ms",
        "x-dax-certificatethumbprint",
        "x-dax-certificateexpiresatutc",
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ] {
        assert!(answer.field(name).is_some(), "{name}: {answer:?}");
    }
    assert_eq!(answer.field("api-supported-versions"), Some("2.0"));
    assert_eq!(answer.field("x-dax-context"), Some("moving in"));
    let correlation = answer.field("x-correlation-id").unwrap();
    // B got method, target and body byte for byte, under the same id, and no token.
    let got = place.receiver.got.lock().unwrap().clone();
    assert_eq!(got.len(), 1);
    let message = Message::read(&got[0]).unwrap();
    assert_eq!(
        (message.method, message.body),
        (&b"POST"[..], CARD.as_bytes())
    );
    assert_eq!(message.target, cards().as_bytes());
    assert_eq!(message.once("X-Correlation-Id"), Ok(correlation));
    let text = String::from_utf8_lossy(&got[0]).to_lowercase();
    assert!(!text.contains("authorization") && !text.contains("bearer"));
    // Again the same bytes: a replay, which is told with a signature.
    let again = place.send(&request);
    assert_eq!((again.status, &*again.problem()), (409, "replayed"));
    assert_eq!(verified(&again, &cards(), now()).0, 409);
    assert_eq!(place.received(), 1);
}

#[test]
fn what_is_refused_before_its_signature_held_is_told_without_one() {
    let place = Place::plain(settings());
    let good = String::from_utf8(place.signed("POST", &cards(), CARD)).unwrap();
    let cases = [
        (
            good.replace("moving in", "moving on"),
            401,
            "signature-mismatch",
        ),
        (good.replace("Bearer ", "Bearer x"), 401, "invalid-token"),
        (
            good.replace("Authorization", "X-Other"),
            401,
            "invalid-token",
        ),
        (
            good.replace("application/json", "text/plain"),
            400,
            "invalid-content-type",
        ),
        (good.replace("POST /", "ANSWER /"), 400, "invalid-method"),
    ];
    let count = cases.len();
    for (request, status, name) in cases {
        let answer = place.send(request.as_bytes());
        assert_eq!(
            (answer.status, &*answer.problem()),
            (status, name),
            "{answer:?}"
        );
        assert_eq!(answer.field("signature"), None);
        assert_eq!(answer.field("x-dax-date"), None);
        let id = answer.field("x-correlation-id").expect("an id");
        assert_eq!(answer.json()["correlationId"], id);
        assert_eq!(answer.json()["statusCode"], status);
        assert!(answer.field("x-dax-response-time-ms").is_some());
        assert_eq!(answer.field("api-supported-versions"), Some("2.0"));
        assert_eq!(answer.field("www-authenticate").is_some(), status == 401);
    }
    assert_eq!(count, 5);
    assert_eq!(place.received(), 0);
}

/// Each is signed by A, whom a contract gives B's cards and nothing else.
#[test]
fn no_way_of_writing_a_request_leads_around_the_contract() {
    let place = Place::plain(settings());
    let token = place.token();
    let (cards, folders) = (cards(), cards().replace("/cards", "/folders"));
    let (partner, instance) = (b().partner.to_string(), b().instance.to_string());
    let (other, own) = (c().instance.to_string(), a().instance.to_string());
    let targets = [
        (folders, 403),
        (cards.replace(&instance, &other), 403),
        (cards.replace(&instance, &own), 403),
        (cards.replace("/cards", "/cards/../folders"), 404),
        (cards.replace("/cards", "/cards/%2e%2e/folders"), 404),
        (cards.replace("/cards", "/cards%2f..%2ffolders"), 404),
        (cards.replace("/cards", "//folders"), 404),
        (cards.replace("/cards", "/Folders"), 404),
        (cards.replace("/cards", "/folders;cards"), 404),
        (cards.replace("/cards", "/folders/"), 404),
        (cards.replace("/partners", "%2Fpartners"), 404),
        (cards.replace("/api/", "/API/"), 404),
        (cards.replace(&partner, &partner.to_uppercase()), 404),
    ];
    let count = targets.len();
    for (target, status) in &targets {
        let more = "Connection: close\r\nX-HTTP-Method-Override: GET\r\nX-Original-URL: /\r\n";
        let body = r#"{"context":"a"}"#;
        let request = signed_request(&token, "DELETE", target, body, more);
        let deleted = place.send(&request).status;
        assert!([403, 404].contains(&deleted), "DELETE {target}: {deleted}");
        let answer = place.send(&signed_request(&token, "GET", target, body, more));
        assert_eq!(answer.status, *status, "{target}: {answer:?}");
        assert!(answer.field("signature").is_some(), "{target}");
    }
    assert_eq!(count, 13);
    assert_eq!(place.received(), 0);
}

#[test]
fn one_connection_serves_one_request_after_another() {
    let place = Place::plain(settings());
    let (token, mut stream) = (place.token(), place.connect());
    let mut ids = Vec::new();
    for number in 0..3 {
        let target = format!("{}?offset={number}&limit=1", cards());
        // The query is not signed: without another date it would be a replay.
        std::thread::sleep(std::time::Duration::from_millis(2));
        let request = signed_request(&token, "GET", &target, r#"{"context":"a"}"#, "");
        stream.write_all(&request).unwrap();
        let mut read = Vec::new();
        while Answer::read(&read).body != ANSWER.as_bytes() {
            let mut piece = [0; 4096];
            let count = stream.read(&mut piece).unwrap();
            assert!(count > 0, "{}", String::from_utf8_lossy(&read));
            read.extend_from_slice(&piece[..count]);
        }
        let answer = Answer::read(&read);
        assert_eq!(answer.status, 201);
        ids.push(answer.field("x-correlation-id").unwrap().to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn a_revoked_certificate_ends_a_connection_that_is_open() {
    let place = Place::plain(settings());
    let token = place.token();
    let request = || signed_request(&token, "POST", &cards(), CARD, "Connection: close\r\n");
    assert_eq!(place.send(&request()).status, 201);
    let registry = place.registry.snapshot();
    let found = registry.counting(a(), now()).next().unwrap().thumbprint;
    let revoke = Change::Revoke { thumbprint: found };
    place.registry.change(revoke, None).unwrap();
    let answer = place.send(&request());
    assert_eq!((answer.status, &*answer.problem()), (401, "no-certificate"));
}

#[test]
fn a_sender_that_goes_away_is_counted_and_its_request_runs_on() {
    let place = Place::plain(settings());
    place.receiver.silent.store(true, Ordering::SeqCst);
    let request = place.signed("POST", &cards(), CARD);
    let mut stream = place.connect();
    stream.write_all(&request).unwrap();
    becomes(|| place.received() == 1);
    drop(stream);
    let counters = place.door.as_ref().unwrap().counters();
    becomes(|| counters.gone.load(Ordering::SeqCst) == 1);
    becomes(|| counters.in_work.load(Ordering::SeqCst) == 0);
}
