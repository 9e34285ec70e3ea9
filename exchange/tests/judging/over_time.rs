//! What depends on time, and on what happened before: deadlines, retries, quotas.

use daxsign_exchange::message::{ForwardRead, Message, Refusal};
use daxsign_exchange::receiving::{Arrival, Inbox};
use daxsign_exchange::record::*;
use daxsign_exchange::registry::Terms;
use daxsign_exchange::relay::{NotRequeued, REQUEUE_SECONDS};

use crate::made::*;

#[test]
fn a_contracts_deadline_ends_it_and_nobody_takes_its_message_afterwards() {
    let world = World::new();
    let run = world.start();
    run.register();
    run.agree(&Terms {
        deadline_seconds: 2,
        ..terms(vec![allowing("*")])
    });
    let receiver = run.wire.attach(b(), 10);
    let (id, answer) = run.ask(&run.good()).expect("it comes in");
    let passed_on = next(&receiver);
    let late = run.answer(&passed_on, &key_of(b()));
    run.pass(2);
    assert_eq!(heard(&answer).summary(), (504, "expired", true));
    let message = Message::read(&passed_on).unwrap();
    let exchange = exchange_key();
    let read = ForwardRead::verify(&message, &[exchange.public_key()], &b(), world.now());
    assert_eq!(read.err(), Some(Refusal::Deadline));
    receiver.answer(late).unwrap();
    becomes(|| run.outcome(id).unwrap().late);
    assert_eq!(run.outcome(id).unwrap().ending, Some(Ending::Expired));
    run.end();
}

#[test]
fn a_key_for_retries_stands_for_one_request() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let retry = || Ask {
        idempotency: Some("key-1"),
        ..run.good()
    };
    let (first, answer) = run.ask(&retry()).expect("it comes in");
    let passed_on = next(&receiver);
    run.pass(1);
    let early = run.hear(&retry());
    assert_eq!(early.summary(), (409, "in-work", true));
    assert!(early.body.to_string().contains(&first.to_string()));
    receiver
        .answer(run.answer(&passed_on, &key_of(b())))
        .unwrap();
    assert_eq!(heard(&answer).status, 201);
    run.pass(1);
    let again = run.hear(&retry());
    assert_eq!((again.status, again.signed), (201, true));
    assert_eq!(again.body["data"]["id"], 1);
    run.pass(1);
    let other = Ask {
        target: at_b("cards?onBehalfOf=x"),
        ..retry()
    };
    assert_eq!(run.hear(&other).status, 400, "schema comes before");
    let mut other = retry();
    other.body = other.body.replace("card\"", "other\"");
    assert_eq!(
        run.hear(&other).summary(),
        (409, "idempotency-key-reused", true)
    );
    // Another instance's key is another key.
    run.pass(1);
    let erased = run.running.ask(move |store| store.erase(first).unwrap());
    assert_eq!(erased, Some(true));
    assert_eq!(run.hear(&retry()).summary(), (410, "erased", true));
    assert_eq!(receiver.try_next(), None);
    run.end();
}

#[test]
fn a_retry_of_what_nobody_knows_is_told_so() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let ask = Ask {
        idempotency: Some("key-1"),
        ..run.good()
    };
    let receiver = run.wire.attach(b(), 10);
    let (id, answer) = run.ask(&ask).expect("it comes in");
    next(&receiver);
    // The connection ends, and no answer can come.
    run.running
        .inlet()
        .report(daxsign_exchange::running::Report::Cut {
            correlation: id,
            attempt: 1,
            answer_can_come: false,
        });
    assert_eq!(heard(&answer).summary(), (504, "outcome-unknown", true));
    assert_eq!(run.outcome(id).unwrap().ending, Some(Ending::Unknown));
    run.pass(1);
    let retry = Ask {
        date: world.now(),
        ..ask
    };
    let told = run.hear(&retry);
    assert_eq!(told.summary(), (504, "outcome-unknown", true));
    assert!(told.body.to_string().contains(&id.to_string()));
    run.end();
}

#[test]
fn requests_of_a_period_are_counted_in_the_store_by_utc() {
    let world = World::new();
    let quota = || {
        vec![
            allowing("cards.write"),
            clause("RequestsClause", "MaxRequestsPerMinute", "2"),
            clause("RequestsClause", "MaxRequestsPerHour", "3"),
        ]
    };
    let run = world.agreed(quota());
    let receiver = run.wire.attach(b(), 10);
    let first = run.good();
    assert_eq!(run.complete(&receiver, &first).status, 201);
    // Who saw it uses nothing up by it.
    for _ in 0..3 {
        assert_eq!(run.hear(&first).summary(), (409, "replayed", true));
    }
    run.pass(1);
    assert_eq!(run.complete(&receiver, &run.good()).status, 201);
    run.pass(1);
    let third = run.hear(&run.good());
    assert_eq!(third.summary(), (403, "not-allowed", true));
    let why = "RequestsClause/MaxRequestsPerMinute/2, found 3";
    assert!(third.body.to_string().contains(why), "{}", third.body);
    let said = run.evidence(third.id);
    assert!(said.contains(why), "{said}");
    assert_eq!(run.outcome(third.id).unwrap().ending, Some(Ending::Refused));
    run.end();
    drop(receiver);

    // It is counted on disk; the next minute is another, the hour is not.
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    run.pass(1);
    assert_eq!(run.hear(&run.good()).summary(), (403, "not-allowed", true));
    run.pass(57);
    assert_eq!(run.complete(&receiver, &run.good()).status, 201);
    run.pass(1);
    let hour = run.hear(&run.good());
    assert!(
        hour.body
            .to_string()
            .contains("MaxRequestsPerHour/3, found 4"),
        "{}",
        hour.body
    );
    run.end();
}

#[test]
fn an_operator_asks_again_for_what_may_be_sent_twice_as_long_as_its_receiver_remembers() {
    let mut world = World::new();
    world.deduplicates = true;
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    let mut inbox = Inbox::new(10, Inbox::KEEP_SECONDS);
    let (id, answer) = run.ask(&run.good()).expect("it comes in");
    let first = next(&receiver);
    assert_eq!(inbox.arrived(id, at(10), at(0)), Ok(Arrival::First));
    run.pass(10);
    assert_eq!(heard(&answer).status, 504);
    assert_eq!(
        run.requeue(run.fresh_id(), 30),
        Err(NotRequeued::NeverAccepted)
    );
    let day = i64::from(REQUEUE_SECONDS);
    assert_eq!(run.requeue(id, day), Err(NotRequeued::TooLate));
    run.pass(day - 20);
    assert_eq!(run.requeue(id, day - 1), Ok(()));
    let second = next(&receiver);
    let correlation = |bytes: &[u8]| {
        let message = Message::read(bytes).unwrap();
        message.once("X-Correlation-Id").unwrap().to_owned()
    };
    assert_eq!(correlation(&first), correlation(&second));
    let arrival = inbox.arrived(id, at(day - 1), world.now());
    assert_eq!(arrival, Ok(Arrival::InWork), "it is not acted on twice");
    receiver.answer(run.answer(&second, &key_of(b()))).unwrap();
    becomes(|| run.outcome(id).unwrap().late);
    assert_eq!(run.outcome(id).unwrap().ending, Some(Ending::Expired));
    assert_eq!(run.requeue(id, day - 1), Err(NotRequeued::Answered));
    run.end();
}

#[test]
fn what_may_have_arrived_is_not_asked_for_again_and_what_did_not_leave_is() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let (away, answer) = run.ask(&run.good()).expect("it comes in");
    becomes(|| run.outcome(away).is_some());
    run.pass(10);
    assert_eq!(heard(&answer).status, 504);
    let receiver = run.wire.attach(b(), 10);
    let (sent, answer) = run.ask(&run.good()).expect("it comes in");
    next(&receiver);
    run.pass(10);
    assert_eq!(heard(&answer).status, 504);
    assert_eq!(run.requeue(sent, 40), Err(NotRequeued::MayHaveArrived));
    // Nobody has seen it, so nobody can have forgotten it.
    run.pass(2 * 86_400);
    assert_eq!(run.requeue(away, 3 * 86_400), Ok(()));
    let passed_on = next(&receiver);
    receiver
        .answer(run.answer(&passed_on, &key_of(b())))
        .unwrap();
    becomes(|| run.outcome(away).unwrap().late);
    // Nobody answers it a second time, and it ends with its deadline.
    assert_eq!(receiver.try_next(), None);
    run.end();
}
