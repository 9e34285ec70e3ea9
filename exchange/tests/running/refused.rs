//! What is refused: the sender is told, the receiver gets nothing, and the record says why.

use daxsign_core::Sha256;
use daxsign_exchange::message::{AnswerRead, Asked, Message, MessageName};
use daxsign_exchange::record::*;
use daxsign_exchange::running::Told;

use crate::made::*;

/// It is the exchange's own answer, signed, to the request of that name.
#[track_caller]
fn assert_signed(world: &World, told: &Told, name: MessageName, target: &str) {
    let message = told.message().expect("signed");
    let asked = Asked {
        name,
        target,
        correlation: Some(told.correlation),
    };
    let message = Message::read(&message).unwrap();
    let keys = [world.exchange.key.public_key()];
    let read = AnswerRead::verify(&message, &keys, &asked, world.now()).unwrap();
    assert_eq!(read.status, told.status);
    assert!(
        str::from_utf8(read.body)
            .unwrap()
            .contains(&told.correlation.to_string())
    );
}

#[test]
fn a_tampered_request_is_told_so_without_a_signature_and_is_not_on_record() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let asked = world.request(TARGET, None);
    let text = String::from_utf8(asked.bytes).unwrap();
    let tampered = text.replace("4711", "4712");
    assert_ne!(text, tampered);
    let told = told(&run.ask(id(1), tampered.as_bytes()));
    assert_eq!((told.status, told.head), (401, None));
    assert_eq!(run.outcome(id(1)), None);
    assert_eq!(receiver.try_next(), None);
    run.end();
}

#[test]
fn a_replayed_request_is_an_event_and_is_not_sent_on() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let asked = world.request(TARGET, None);
    let first = run.ask(id(1), &asked.bytes);
    let passed_on = next(&receiver);
    let again = told(&run.ask(id(2), &asked.bytes));
    assert_eq!(again.status, 409);
    assert_signed(&world, &again, asked.name, TARGET);
    assert_eq!(run.outcome(id(2)).unwrap().ending, Some(Ending::Refused));
    let sentences = world.evidence(&run, id(2)).join("\n");
    assert!(sentences.contains("its note: replayed"), "{sentences}");
    assert_eq!(receiver.try_next(), None);
    receiver
        .answer(world.answer(&passed_on, &world.b.key))
        .unwrap();
    assert_eq!(told(&first).status, 201);
    run.end();
}

#[test]
fn what_no_clause_allows_is_an_event_and_its_bytes_are_used_up() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let asked = world.request(FORBIDDEN, None);
    let refused = told(&run.ask(id(1), &asked.bytes));
    assert_eq!(refused.status, 403);
    assert_signed(&world, &refused, asked.name, FORBIDDEN);
    assert_eq!(run.outcome(id(1)).unwrap().ending, Some(Ending::Refused));
    let sentences = world.evidence(&run, id(1)).join("\n");
    assert!(
        sentences.contains("no clause of the contract allows it"),
        "{sentences}"
    );
    let again = told(&run.ask(id(2), &asked.bytes));
    assert_eq!(again.status, 409);
    assert_eq!(run.outcome(id(2)).unwrap().ending, Some(Ending::Refused));
    assert_eq!(receiver.try_next(), None);
    run.end();
}

#[test]
fn an_answer_signed_by_another_key_is_no_result_and_is_on_record() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let asked = world.request(TARGET, None);
    let answer = run.ask(id(1), &asked.bytes);
    let passed_on = next(&receiver);
    receiver
        .answer(world.answer(&passed_on, &world.a.key))
        .unwrap();
    let told = told(&answer);
    assert_eq!(told.status, 502);
    assert_signed(&world, &told, asked.name, TARGET);
    assert_eq!(run.outcome(id(1)).unwrap().ending, Some(Ending::Refused));
    let sentences = world.evidence(&run, id(1)).join("\n");
    assert!(
        sentences.contains("its note: the answer does not verify"),
        "{sentences}"
    );
    // What comes then changes nothing.
    receiver
        .answer(world.answer(&passed_on, &world.b.key))
        .unwrap();
    assert_eq!(run.outcome(id(1)).unwrap().ending, Some(Ending::Refused));
    run.end();
}

#[test]
fn what_answers_nothing_that_was_sent_ends_nothing() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let stranger = run.wire.attach(party(3), 10);
    let answer = run.ask(id(1), &world.request(TARGET, None).bytes);
    let passed_on = next(&receiver);
    let right = world.answer(&passed_on, &world.b.key);
    // From another party, B's own bytes; and an answer to another message.
    stranger.answer(right.clone()).unwrap();
    let name = MessageName(Sha256::digest(b"another")).to_string();
    let text = String::from_utf8(right.clone()).unwrap();
    let field = text
        .lines()
        .find(|line| line.starts_with("X-Dax-Request: "))
        .unwrap();
    let other = text.replace(field, &format!("X-Dax-Request: {name}"));
    receiver.answer(other.into_bytes()).unwrap();
    receiver.answer(b"ANSWER".to_vec()).unwrap();
    assert!(answer.try_recv().is_err());
    receiver.answer(right).unwrap();
    assert_eq!(told(&answer).status, 201);
    run.end();
}

#[test]
fn what_is_not_answered_in_time_expires_and_a_late_answer_is_one_more_leaf() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let asked = world.request(TARGET, None);
    let answer = run.ask(id(1), &asked.bytes);
    let passed_on = next(&receiver);
    let late = world.answer(&passed_on, &world.b.key);
    world.pass(DEADLINE, &run);
    let told = told(&answer);
    assert_eq!(told.status, 504);
    assert_signed(&world, &told, asked.name, TARGET);
    let outcome = run.outcome(id(1)).unwrap();
    assert_eq!(
        (outcome.ending, outcome.late),
        (Some(Ending::Expired), false)
    );
    receiver.answer(late.clone()).unwrap();
    becomes(|| run.outcome(id(1)).unwrap().late);
    receiver.answer(late).unwrap();
    let outcome = run.outcome(id(1)).unwrap();
    assert_eq!(outcome.ending, Some(Ending::Expired));
    run.end();
}
