//! One party's days.

use daxsign_core::Timestamp;

use super::{Arrival, Full, Inbox, Questions, Reply};
use crate::correlation::CorrelationId;
use crate::message::tests::{
    answered, asked, exchange, forward, forwarded, later, now, party, party_key,
};
use crate::message::{AnswerRead, Asked, ForwardRead, Message, MessageName, Refusal};

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix(second, 0).expect("a time")
}

fn id(number: u8) -> CorrelationId {
    CorrelationId::from_bytes([number; 16])
}

fn reply(body: &str) -> Reply {
    Reply {
        status: 200,
        content_type: "application/json".into(),
        body: body.into(),
    }
}

#[test]
fn a_request_is_acted_on_once() {
    let mut inbox = Inbox::new(10, 60);
    assert_eq!(inbox.arrived(id(1), at(10), at(1)), Ok(Arrival::First));
    assert_eq!(inbox.arrived(id(1), at(10), at(2)), Ok(Arrival::InWork));
    inbox.answered(id(1), &reply("{}"));
    inbox.answered(id(1), &reply("another"));
    let again = Ok(Arrival::Again(reply("{}")));
    assert_eq!(inbox.arrived(id(1), at(10), at(3)), again);
    assert_eq!(inbox.arrived(id(2), at(10), at(3)), Ok(Arrival::First));
}

#[test]
fn no_request_is_forgotten_to_make_room() {
    let mut inbox = Inbox::new(1, 60);
    assert_eq!(inbox.arrived(id(1), at(10), at(1)), Ok(Arrival::First));
    assert_eq!(inbox.arrived(id(2), at(10), at(69)), Err(Full));
    assert_eq!(inbox.arrived(id(1), at(10), at(69)), Ok(Arrival::InWork));
    assert_eq!(inbox.arrived(id(2), at(10), at(70)), Ok(Arrival::First));
}

#[test]
fn no_more_bytes_of_replies_are_remembered_than_may_be() {
    let mut inbox = Inbox::new(10, 60).holding(100);
    let long = reply(&"x".repeat(60));
    for number in 1..=2 {
        assert_eq!(inbox.arrived(id(number), at(10), at(1)), Ok(Arrival::First));
        inbox.answered(id(number), &long);
        inbox.answered(id(number), &long);
    }
    assert_eq!((inbox.len(), inbox.bytes()), (2, 2 * (60 + 16)));
    assert_eq!(inbox.arrived(id(3), at(10), at(1)), Err(Full));
    // What is known is answered all the same.
    let again = Ok(Arrival::Again(long));
    assert_eq!(inbox.arrived(id(1), at(10), at(1)), again);
    inbox.forgotten(id(1));
    assert_eq!((inbox.len(), inbox.bytes()), (1, 76));
    assert_eq!(inbox.arrived(id(3), at(80), at(1)), Ok(Arrival::First));
    assert_eq!(inbox.arrived(id(4), at(80), at(70)), Ok(Arrival::First));
    assert_eq!((inbox.len(), inbox.bytes()), (2, 0));
}

#[test]
fn a_request_that_is_asked_for_again_is_kept_longer() {
    let mut inbox = Inbox::new(10, 60);
    assert_eq!(inbox.arrived(id(1), at(10), at(1)), Ok(Arrival::First));
    assert_eq!(inbox.arrived(id(1), at(60), at(50)), Ok(Arrival::InWork));
    assert_eq!(inbox.arrived(id(1), at(60), at(119)), Ok(Arrival::InWork));
    assert_eq!(inbox.arrived(id(1), at(130), at(120)), Ok(Arrival::First));
}

/// A request that comes twice is acted on once, and each delivery gets an answer of its own.
#[test]
fn a_repeated_request_gets_the_same_answer_signed_again() {
    let (exchange, key) = (exchange(), party_key());
    let mut inbox = Inbox::new(10, 60);
    let mut replies = Vec::new();
    for (seconds, acted) in [(0, true), (3, false)] {
        let sent = forward().dated(later(seconds)).expect("in time");
        let sent = sent.sign(&exchange).expect("signed");
        let bytes = sent.to_bytes();
        let message = Message::read(&bytes).expect("a message");
        let keys = [exchange.public_key()];
        let request = ForwardRead::verify(&message, &keys, &party(2), later(seconds));
        let request = request.expect("verified");
        let arrival = inbox.arrived(request.correlation, request.deadline, later(seconds));
        let reply = match arrival.expect("room") {
            Arrival::First => reply("{}"),
            Arrival::Again(reply) => reply,
            Arrival::InWork => panic!("it was answered"),
        };
        assert_eq!(inbox.reply(request.correlation).is_none(), acted);
        inbox.answered(request.correlation, &reply);
        let answer = reply.to(&request).dated(later(seconds)).expect("fit");
        let answer = answer.sign(&key).expect("signed").to_bytes();
        let answer = Message::read(&answer).expect("a message");
        let asked = Asked {
            name: sent.name(),
            ..asked()
        };
        let read = AnswerRead::verify(&answer, &[key.public_key()], &asked, later(seconds));
        replies.push((read.expect("paired").request, reply));
    }
    assert_ne!(replies[0].0, replies[1].0, "each names its delivery");
    assert_eq!(replies[0].1, replies[1].1);
    assert_eq!(now(), later(0));
}

#[test]
fn a_party_pairs_what_it_asked() {
    let exchange = exchange();
    let keys = [exchange.public_key()];
    let bytes = answered(&exchange).to_bytes();
    let message = Message::read(&bytes).expect("a message");
    let mut questions = Questions::new(1);
    let refused = questions.answered(&message, &keys, later(2));
    assert_eq!(refused, Err(Refusal::NotAsked));
    let name = forwarded().name();
    questions
        .ask(name, asked().target, later(10))
        .expect("room");
    assert!(questions.ask(MessageName([0; 32]), "/", later(10)).is_err());
    let party = party_key();
    let forged = answered(&party).to_bytes();
    let forged = Message::read(&forged).expect("a message");
    assert!(questions.answered(&forged, &keys, later(2)).is_err());
    assert_eq!(questions.len(), 1, "a forged answer takes nothing away");
    assert!(questions.answered(&message, &keys, later(2)).is_ok());
    let twice = questions.answered(&message, &keys, later(2));
    assert_eq!(twice, Err(Refusal::NotAsked));
    questions
        .ask(name, asked().target, later(10))
        .expect("room");
    assert_eq!(questions.expire(later(9)), []);
    assert_eq!(questions.expire(later(10)), [name]);
    assert!(questions.is_empty());
}
