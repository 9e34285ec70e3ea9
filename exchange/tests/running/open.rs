//! What the record has open when an exchange starts.

use daxsign_exchange::message::Message;
use daxsign_exchange::record::*;

use crate::made::*;

#[test]
fn what_may_have_left_is_unknown_and_what_did_not_is_sent() {
    let world = World::new();
    let mut store = world.store();
    let batch = [
        world.accepted(id(1), &world.request(TARGET, None), true),
        world.accepted(id(2), &world.request("/api/v2.0/cards", None), false),
    ];
    for result in store.commit(&batch).unwrap() {
        result.unwrap();
    }
    drop(store);
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let passed_on = next(&receiver);
    let message = Message::read(&passed_on).unwrap();
    assert_eq!(message.once("X-Correlation-Id"), Ok(&*id(2).to_string()));
    becomes(|| run.outcome(id(1)).unwrap().ending == Some(Ending::Unknown));
    receiver
        .answer(world.answer(&passed_on, &world.b.key))
        .unwrap();
    becomes(|| run.outcome(id(2)).unwrap().ending == Some(Ending::Answered));
    assert_eq!(receiver.try_next(), None, "X-ONCE");
    run.end();
}

#[test]
fn a_receiver_that_is_away_gets_its_message_once_it_is_there_or_it_expires() {
    let world = World::new();
    let run = world.start();
    let first = run.ask(id(1), &world.request(TARGET, None).bytes);
    becomes(|| run.outcome(id(1)).is_some());
    world.pass(DEADLINE, &run);
    assert_eq!(told(&first).status, 504);
    assert!(!run.outcome(id(1)).unwrap().may_have_left);
    let second = run.ask(id(2), &world.request(TARGET, None).bytes);
    becomes(|| run.outcome(id(2)).is_some());
    let receiver = run.wire.attach(b(), 10);
    let passed_on = next(&receiver);
    receiver
        .answer(world.answer(&passed_on, &world.b.key))
        .unwrap();
    assert_eq!(told(&second).status, 201);
    run.end();
}

#[test]
fn stopping_takes_nothing_more_and_waits_for_what_was_accepted() {
    let world = World::new();
    let run = world.start();
    let receiver = run.wire.attach(b(), 10);
    let first = run.ask(id(1), &world.request(TARGET, None).bytes);
    let passed_on = next(&receiver);
    let (inlet, wire) = (run.running.inlet(), run.wire.clone());
    let answer = world.answer(&passed_on, &world.b.key);
    let stopping = std::thread::spawn(move || run.running.stop());
    // It waits.
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(!stopping.is_finished());
    receiver.answer(answer).unwrap();
    stopping.join().unwrap().unwrap();
    assert_eq!(told(&first).status, 201);
    drop((inlet, wire));
    let store = world.store();
    assert_eq!(store.fsck().unwrap().findings, []);
    assert!(store.answer(id(1)).unwrap().is_some());
}

#[test]
fn a_record_that_fails_for_good_ends_it_and_says_why() {
    let world = World::new();
    let run = world.start();
    assert_eq!(run.running.failure(), None);
    let file = world.folder.path().join(RECORD_FILE);
    let other = rusqlite::Connection::open(file).unwrap();
    other.execute_batch("DROP TABLE exchange").unwrap();
    let first = run.ask(id(1), &world.request(TARGET, None).bytes);
    becomes(|| run.running.failure().is_some());
    let why = run.running.failure();
    assert_eq!(run.running.stop().err(), why);
    // Its sender asks for the outcome later.
    assert!(first.try_recv().is_err());
}
