//! Messages made, read, changed and refused; what is signed is checked with OpenSSL.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{Error, PrivateKey, PublicKey, Timestamp};
use uuid::Uuid;

use super::{
    Answer, AnswerRead, Asked, Forward, ForwardRead, Message, MessageName, Refusal, Signed, Unfit,
    answer_from_http, answer_to_http,
};
use crate::correlation::CorrelationId;
use crate::party::Party;

fn keys() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/keys")
}

fn private(name: &str) -> PrivateKey {
    let file = keys().join(format!("{name}.pkcs8.pem"));
    PrivateKey::from_bytes(&std::fs::read(file).expect("a key")).expect("a private key")
}

/// The exchange's key, and a party's.
pub(crate) fn exchange() -> PrivateKey {
    private("rsa3072")
}

pub(crate) fn party_key() -> PrivateKey {
    private("rsa2048")
}

pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").expect("a time")
}

pub(crate) fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix(now().seconds() + seconds, 0).expect("a time")
}

pub(crate) fn party(number: u128) -> Party {
    Party {
        partner: Uuid::from_u128(0xA0 + number),
        instance: Uuid::from_u128(0xB0 + number),
    }
}

fn correlation() -> CorrelationId {
    CorrelationId::from_bytes([0x11; 16])
}

pub(crate) fn forward() -> Forward<'static> {
    Forward {
        correlation: correlation(),
        sender: party(1),
        receiver: party(2),
        contract: Uuid::from_u128(0xC0),
        deadline: later(10),
        method: "POST",
        target: "/api/v2.0/cards?limit=5",
        content_type: "application/json; charset=utf-8",
        body: br#"{"a": 1}"#,
    }
}

pub(crate) fn forwarded() -> Signed<'static> {
    let unsigned = forward().dated(now()).expect("fit");
    unsigned.sign(&exchange()).expect("signed")
}

fn answer() -> Answer<'static> {
    Answer {
        correlation: correlation(),
        request: forwarded().name(),
        target: "/api/v2.0/cards?limit=5",
        status: 201,
        content_type: "application/json",
        body: b"{}",
    }
}

pub(crate) fn answered(key: &PrivateKey) -> Signed<'static> {
    let unsigned = answer().dated(later(1)).expect("fit");
    unsigned.sign(key).expect("signed")
}

pub(crate) fn asked() -> Asked<'static> {
    Asked {
        name: forwarded().name(),
        target: "/api/v2.0/cards?limit=5",
        correlation: Some(correlation()),
    }
}

fn receive(bytes: &[u8], key: &PublicKey, time: Timestamp) -> Result<(), Refusal> {
    let message = Message::read(bytes)?;
    ForwardRead::verify(&message, &[key], &party(2), time).map(|_| ())
}

fn take_answer(bytes: &[u8], key: &PublicKey, asked: &Asked<'_>) -> Result<(), Refusal> {
    let message = Message::read(bytes)?;
    AnswerRead::verify(&message, &[key], asked, later(2)).map(|_| ())
}

/// What OpenSSL says of a signature over a string.
fn openssl_verifies(key: &str, string: &[u8], signed: &Signed<'_>) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let field = &signed.fields().last().expect("a signature").1;
    let base64 = field.rsplit('"').nth(1).expect("a signature");
    let signature = BASE64_STANDARD.decode(base64).expect("base64");
    let (data, sig) = (folder.path().join("data"), folder.path().join("sig"));
    std::fs::write(&data, string).expect("written");
    std::fs::write(&sig, signature).expect("written");
    let status = Command::new("openssl")
        .args(["dgst", "-sha256", "-verify"])
        .arg(keys().join(format!("{key}.spki.pem")))
        .arg("-signature")
        .args([&sig, &data])
        .output()
        .expect("openssl");
    status.status.success()
}

#[test]
fn what_the_exchange_sends_is_signed_as_the_rule_says() {
    let signed = forwarded();
    let string = "(request-target): post /api/v2.0/cards?limit=5\n\
        x-correlation-id: 11111111-1111-1111-1111-111111111111\n\
        x-dax-sender: 00000000-0000-0000-0000-0000000000a1/00000000-0000-0000-0000-0000000000b1\n\
        x-dax-receiver: 00000000-0000-0000-0000-0000000000a2/00000000-0000-0000-0000-0000000000b2\n\
        x-dax-contract: 00000000-0000-0000-0000-0000000000c0\n\
        x-dax-deadline: 2026-03-01T12:00:10.0000000Z\n\
        content-type: application/json; charset=utf-8\n\
        content-length: 8\n\
        date: 2026-03-01T12:00:00.0000000Z\n\
        {\"a\": 1}";
    assert!(openssl_verifies("rsa3072", string.as_bytes(), &signed));
    assert!(!openssl_verifies(
        "rsa3072",
        &string.as_bytes()[1..],
        &signed
    ));
}

#[test]
fn an_answer_is_signed_as_the_rule_says() {
    let signed = answered(&party_key());
    let string = format!(
        "(request-target): answer /api/v2.0/cards?limit=5\n\
        x-correlation-id: 11111111-1111-1111-1111-111111111111\n\
        x-dax-request: {}\n\
        x-dax-status: 201\n\
        content-type: application/json\n\
        content-length: 2\n\
        date: 2026-03-01T12:00:01.0000000Z\n\
        {{}}",
        forwarded().name()
    );
    assert!(openssl_verifies("rsa2048", string.as_bytes(), &signed));
}

#[test]
fn what_was_sent_is_read_again() {
    let bytes = forwarded().to_bytes();
    let message = Message::read(&bytes).expect("a message");
    let (exchange, another) = (exchange(), party_key());
    let keys = [another.public_key(), exchange.public_key()];
    let read = ForwardRead::verify(&message, &keys, &party(2), later(9)).expect("verified");
    let sent = forward();
    assert_eq!(read.correlation, sent.correlation);
    assert_eq!((read.sender, read.contract), (sent.sender, sent.contract));
    assert_eq!((read.deadline, read.date), (sent.deadline, now()));
    assert_eq!(read.name, forwarded().name());
    assert_eq!(read.method, sent.method);
    assert_eq!((read.target, read.body), (sent.target, sent.body));
    assert_eq!(read.content_type, sent.content_type);
}

#[test]
fn an_answer_is_read_again_and_paired() {
    let bytes = answered(&party_key()).to_bytes();
    let message = Message::read(&bytes).expect("a message");
    let key = party_key();
    let read = AnswerRead::verify(&message, &[key.public_key()], &asked(), later(2));
    let read = read.expect("verified");
    assert_eq!((read.status, read.key, read.body), (201, 0, &b"{}"[..]));
    assert_eq!(read.correlation, correlation());
}

/// Each byte of a message, changed: no reading of it is taken for what was sent.
#[test]
fn a_message_that_was_changed_is_refused() {
    let (exchange, bytes) = (exchange(), forwarded().to_bytes());
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x01;
        let taken = receive(&changed, exchange.public_key(), now());
        assert!(taken.is_err(), "byte {place} changed");
    }
}

#[test]
fn a_message_is_for_its_receiver_until_its_deadline() {
    let exchange = exchange();
    let bytes = forwarded().to_bytes();
    let key = exchange.public_key();
    assert_eq!(receive(&bytes, key, later(9)), Ok(()));
    assert_eq!(receive(&bytes, key, later(10)), Err(Refusal::Deadline));
    let (message, party_two) = (Message::read(&bytes).expect("a message"), party(2));
    let for_another = ForwardRead::verify(&message, &[key], &party(3), now());
    assert_eq!(for_another.err(), Some(Refusal::Receiver));
    let party = party_key();
    let wrong_key = receive(&bytes, party.public_key(), now());
    assert!(matches!(wrong_key, Err(Refusal::Signature(_))));
    assert!(receive(&bytes, &PublicKey::empty(), now()).is_err());
    let none = ForwardRead::verify(&message, &[], &party_two, now());
    assert_eq!(none.err(), Some(Refusal::NotAsked));
}

#[test]
fn another_list_is_refused() {
    let exchange = exchange();
    // An answer's signature on what claims to be a request, and the other way round.
    let text = String::from_utf8(answered(&exchange).to_bytes()).expect("text");
    let as_request = text.replacen("ANSWER ", "POST ", 1);
    let refused = receive(as_request.as_bytes(), exchange.public_key(), now());
    assert_eq!(refused, Err(Refusal::List));
    let text = String::from_utf8(forwarded().to_bytes()).expect("text");
    let request_line = text.replacen("POST ", "ANSWER ", 1);
    let name = format!("\r\nX-Dax-Request: {}\r\nDate", forwarded().name());
    let as_answer = request_line.replacen("\r\nDate", &name, 1);
    let refused = take_answer(as_answer.as_bytes(), exchange.public_key(), &asked());
    assert_eq!(refused, Err(Refusal::List));
    // A list without its last but one name, with the signature that a shorter list would have.
    let shorter = text.replacen(" content-length date\"", " date\"", 1);
    let refused = receive(shorter.as_bytes(), exchange.public_key(), now());
    assert_eq!(refused, Err(Refusal::List));
    let stripped = text.split("Signature: ").next().expect("a head").to_owned() + "\r\n{\"a\": 1}";
    let refused = receive(stripped.as_bytes(), exchange.public_key(), now());
    assert!(matches!(
        refused,
        Err(Refusal::Signature(Error::MissingHeader { .. }))
    ));
}

#[test]
fn an_answer_belongs_to_one_request() {
    let key = party_key();
    let bytes = answered(&key).to_bytes();
    let key = key.public_key();
    let another = Asked {
        name: MessageName([7; 32]),
        ..asked()
    };
    assert_eq!(take_answer(&bytes, key, &another), Err(Refusal::NotAsked));
    let another = Asked {
        target: "/api/v2.0/cards",
        ..asked()
    };
    let refused = take_answer(&bytes, key, &another);
    assert_eq!(refused, Err(Refusal::Belonging { name: "the target" }));
    let another = Asked {
        correlation: Some(CorrelationId::from_bytes([0x22; 16])),
        ..asked()
    };
    let refused = take_answer(&bytes, key, &another);
    assert!(matches!(refused, Err(Refusal::Belonging { .. })));
    let exchange = exchange();
    let refused = take_answer(&bytes, exchange.public_key(), &asked());
    assert!(matches!(refused, Err(Refusal::Signature(_))));
}

#[test]
fn reserved_methods_are_none_of_a_request() {
    for method in ["ANSWER", "answer"] {
        let forward = Forward {
            method,
            ..forward()
        };
        assert_eq!(forward.dated(now()).err(), Some(Unfit::Method));
    }
    let exchange = exchange();
    let bytes = answered(&exchange).to_bytes();
    let refused = receive(&bytes, exchange.public_key(), later(1));
    assert_eq!(refused, Err(Refusal::Method));
    let refused = take_answer(&forwarded().to_bytes(), exchange.public_key(), &asked());
    assert_eq!(refused, Err(Refusal::Method));
}

#[test]
fn what_cannot_be_sent_is_not_made() {
    assert_eq!(forward().dated(later(10)).err(), Some(Unfit::Deadline));
    for content_type in ["", "a\r\nX: y", "a\r\n b"] {
        let forward = Forward {
            content_type,
            ..forward()
        };
        let name = "Content-Type";
        assert_eq!(forward.dated(now()).err(), Some(Unfit::Field { name }));
    }
    for status in [0, 100, 199, 204, 304, 600] {
        let answer = Answer { status, ..answer() };
        assert_eq!(answer.dated(now()).err(), Some(Unfit::Status));
    }
    let forward = Forward {
        target: "no path",
        ..forward()
    };
    assert!(matches!(forward.dated(now()), Err(Unfit::Rule(_))));
}

#[test]
fn what_two_readers_could_take_differently_is_no_message() {
    let good = String::from_utf8(forwarded().to_bytes()).expect("text");
    assert!(Message::read(good.as_bytes()).is_ok());
    let changed = |from: &str, to: &str| good.replacen(from, to, 1);
    for (name, text) in [
        ("LF for CRLF", good.replace("\r\n", "\n")),
        ("one LF", changed("\r\nX-Dax-Sender", "\nX-Dax-Sender")),
        (
            "a spaced colon",
            changed("Content-Length:", "Content-Length :"),
        ),
        (
            "two lengths",
            changed("\r\nDate", "\r\nContent-Length: 8\r\nDate"),
        ),
        ("a longer body", format!("{good}x")),
        ("a shorter body", good[..good.len() - 1].to_owned()),
        ("a signed length", changed("Length: 8", "Length: +8")),
        ("no length", changed("Content-Length: 8\r\n", "")),
        (
            "chunks",
            changed("\r\nDate", "\r\nTransfer-Encoding: chunked\r\nDate"),
        ),
        ("a space in the target", changed("?limit", " ?limit")),
        (
            "no end",
            good.split("\r\n\r\n").next().expect("a head").to_owned(),
        ),
        ("an empty line first", format!("\r\n{good}")),
        ("HTTP/2", changed("HTTP/1.1", "HTTP/2")),
    ] {
        let refused = Message::read(text.as_bytes());
        assert!(matches!(refused, Err(Refusal::Unreadable(_))), "{name}");
    }
}

/// A field twice is joined when it is signed, so it must stand there once.
#[test]
fn a_field_twice_is_refused() {
    let (exchange, good) = (exchange(), forwarded().to_bytes());
    let good = String::from_utf8(good).expect("text");
    let receiver = party(2).to_string();
    let twice = good.replacen(
        "\r\nDate",
        &format!("\r\nX-Dax-Receiver: {receiver}\r\nDate"),
        1,
    );
    assert!(receive(twice.as_bytes(), exchange.public_key(), now()).is_err());
}

#[test]
fn an_answer_goes_through_a_response_and_back() {
    let signed = answered(&exchange());
    let fields: Vec<(&str, &str)> = answer_to_http(&signed).collect();
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let expected = [
        "X-Correlation-Id",
        "X-Dax-Request",
        "X-Dax-Status",
        "Content-Type",
        "X-Dax-Date",
        "Signature",
    ];
    assert_eq!(names, expected);
    let exchange = exchange();
    let read = |status, fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(name, value)| (*name, value.as_bytes()));
        let message = answer_from_http(status, asked().target, &fields, signed.body(), "2")?;
        AnswerRead::verify(&message, &[exchange.public_key()], &asked(), later(2)).map(|_| ())
    };
    assert_eq!(read(201, &fields), Ok(()));
    assert!(matches!(read(200, &fields), Err(Refusal::Belonging { .. })));
    for place in 0..fields.len() {
        let mut without = fields.clone();
        without.remove(place);
        assert!(matches!(read(201, &without), Err(Refusal::Field { .. })));
        let mut twice = fields.clone();
        twice.push(fields[place]);
        assert!(matches!(read(201, &twice), Err(Refusal::Field { .. })));
    }
}
