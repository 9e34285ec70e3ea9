//! Complete exchanges.

use daxsign_exchange::message::{ForwardRead, Message};
use daxsign_exchange::receiving::Questions;
use daxsign_exchange::record::*;

use crate::made::*;

#[test]
fn a_request_goes_through_all_thirteen_steps_and_evidence_proves_it() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let asked = world.request(TARGET, None);
    let mut questions = Questions::new(10);
    questions.ask(asked.name, TARGET, at(DEADLINE)).unwrap();
    let answer = run.ask(id(1), &asked.bytes);

    // B verifies what came: byte for byte what A sent, in an envelope of the exchange.
    let passed_on = next(&receiver);
    let message = Message::read(&passed_on).unwrap();
    let exchange = [world.exchange.key.public_key()];
    let read = ForwardRead::verify(&message, &exchange, &b(), world.now()).unwrap();
    assert_eq!((read.correlation, read.sender), (id(1), a()));
    assert_eq!(
        (read.method, read.target, read.body),
        ("POST", TARGET, BODY.as_bytes())
    );
    assert_eq!(read.deadline, at(DEADLINE));
    let row = run.running.ask(|store| store.row(id(1)).unwrap().unwrap());
    assert!(row.unwrap().standing.may_have_left, "A is on disk before");
    receiver
        .answer(world.answer(&passed_on, &world.b.key))
        .unwrap();

    // A pairs what comes back with what it asked; it never knew the correlation id.
    let told = told(&answer);
    assert_eq!((told.correlation, told.status), (id(1), 201));
    assert_eq!(run.outcome(id(1)).unwrap().ending, Some(Ending::Answered));
    let returned = told.message().expect("signed");
    let message = Message::read(&returned).unwrap();
    let read = questions
        .answered(&message, &exchange, world.now())
        .unwrap();
    assert_eq!((read.correlation, read.status), (id(1), 201));
    assert_eq!(read.body, ANSWER.as_bytes());
    assert!(questions.is_empty());

    let (a, b) = (a().to_string(), b().to_string());
    let sentences = world.evidence(&run, id(1)).join("\n");
    for said in [
        format!("proved by signature: {a} signed POST /api/v2.0/cards"),
        format!("proved by signature: the exchange signed this request for {b}"),
        format!("proved by signature: {b} signed ANSWER {TARGET}"),
        "proved by signature: the exchange signed this answer, with the body as it came, for who had asked, with the status 201".into(),
        "its note: allowed by cards.write".into(),
    ] {
        assert!(sentences.contains(&said), "{said} is not said in {sentences}");
    }
    run.end();
}

#[test]
fn messages_of_one_pair_arrive_in_the_order_of_their_record() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 100);
    let answers: Vec<_> = (1..=20)
        .map(|number| {
            // Not in the query, which is not signed: those would be replays.
            let asked = world.request(&format!("/api/v2.0/cards/{number}"), None);
            run.ask(id(number), &asked.bytes)
        })
        .collect();
    let mut leaf = 0;
    for number in 1..=20 {
        let passed_on = next(&receiver);
        let message = Message::read(&passed_on).unwrap();
        assert_eq!(
            message.once("X-Correlation-Id"),
            Ok(&*id(number).to_string())
        );
        let row = run
            .running
            .ask(move |store| store.row(id(number)).unwrap().unwrap());
        let row = row.unwrap();
        assert!(row.leaf > leaf);
        leaf = row.leaf;
        receiver
            .answer(world.answer(&passed_on, &world.b.key))
            .unwrap();
    }
    for answer in &answers {
        assert_eq!(told(answer).status, 201);
    }
    run.end();
}

#[test]
fn a_retry_with_the_same_key_gets_the_same_answer_and_is_not_sent_on() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let first = run.ask(id(1), &world.request(TARGET, Some("key-1")).bytes);
    let passed_on = next(&receiver);
    world.pass(1, &run);
    let early = run.ask(id(2), &world.request(TARGET, Some("key-1")).bytes);
    let early = told(&early);
    assert_eq!(early.status, 409);
    let body = String::from_utf8(early.body).unwrap();
    assert!(body.contains(&id(1).to_string()), "{body}");
    receiver
        .answer(world.answer(&passed_on, &world.b.key))
        .unwrap();
    assert_eq!(told(&first).status, 201);
    world.pass(1, &run);
    let again = told(&run.ask(id(3), &world.request(TARGET, Some("key-1")).bytes));
    assert_eq!((again.status, &*again.body), (201, ANSWER.as_bytes()));
    assert!(again.head.is_some(), "signed");
    let other = told(&run.ask(
        id(4),
        &world.request("/api/v2.0/cards", Some("key-1")).bytes,
    ));
    assert_eq!(other.status, 409);
    assert_eq!(receiver.try_next(), None);
    run.end();
}
