//! Complete exchanges.

use daxsign_exchange::doors::bus::BusSettings;
use daxsign_exchange::message::Message;
use daxsign_exchange::record::{Ending, Store};

use crate::made::*;
use crate::world::*;

#[test]
fn a_request_goes_over_the_bus_and_its_answer_comes_back() {
    let hall = Hall::new();
    let mut b_side = hall.connect();
    let asked = hall.world.request(TARGET, None);
    let answer = hall.run.ask(id(1), &asked.bytes);
    let passed_on = b_side.message();
    assert!(passed_on.ends_with(BODY.as_bytes()));
    b_side.write(&masked(
        BINARY,
        &hall.world.answer(&passed_on, &hall.world.b.key),
    ));
    let told = told(&answer);
    assert_eq!((told.status, &*told.body), (201, ANSWER.as_bytes()));

    let connected = hall.run.wire.find(&b()).expect("connected");
    assert_eq!(
        (connected.sent, connected.received, connected.waiting),
        (1, 1, 0)
    );
    assert_eq!(
        (connected.since, connected.last_message),
        (at(0), Some(at(0)))
    );
    assert_eq!(hall.run.wire.connected(), [connected]);
    hall.end();
}

/// X-ORDER: on one connection they arrive in the order of A.
#[test]
fn messages_arrive_in_the_order_of_their_record() {
    let hall = Hall::new();
    let mut b_side = hall.connect();
    let answers: Vec<_> = (1..=40)
        .map(|number| {
            let asked = hall
                .world
                .request(&format!("/api/v2.0/cards/{number}"), None);
            hall.run.ask(id(number), &asked.bytes)
        })
        .collect();
    for number in 1..=40 {
        let passed_on = b_side.message();
        let message = Message::read(&passed_on).unwrap();
        assert_eq!(
            message.once("X-Correlation-Id"),
            Ok(&*id(number).to_string())
        );
        b_side.write(&masked(
            BINARY,
            &hall.world.answer(&passed_on, &hall.world.b.key),
        ));
    }
    for answer in &answers {
        assert_eq!(told(answer).status, 201);
    }
    hall.end();
}

/// An answer in fragments, with a ping between them, is one answer (RFC 6455 5.4).
#[test]
fn an_answer_in_fragments_is_whole() {
    let hall = Hall::new();
    let mut b_side = hall.connect();
    let asked = hall.world.request(TARGET, None);
    let answer = hall.run.ask(id(1), &asked.bytes);
    let bytes = hall.world.answer(&b_side.message(), &hall.world.b.key);
    let (first, second) = bytes.split_at(100);
    let mask = Some([1, 2, 3, 4]);
    b_side.write(&frame(BINARY, first, mask));
    b_side.write(&masked(PING, b"between"));
    b_side.write(&frame(0x80, second, mask));
    let pong = b_side.next().expect("a frame");
    assert_eq!((pong.opcode, &*pong.payload), (PONG, &b"between"[..]));
    assert_eq!(told(&answer).status, 201);
    hall.end();
}

/// What waits while nobody is connected is sent when somebody is.
#[test]
fn what_waits_is_sent_on_connecting() {
    let hall = Hall::new();
    let asked = hall.world.request(TARGET, None);
    let answer = hall.run.ask(id(1), &asked.bytes);
    becomes(|| {
        hall.run
            .running
            .ask(|store| store.row(id(1)).unwrap().is_some())
            .unwrap()
    });
    let mut b_side = hall.connect();
    let passed_on = b_side.message();
    b_side.write(&masked(
        BINARY,
        &hall.world.answer(&passed_on, &hall.world.b.key),
    ));
    assert_eq!(told(&answer).status, 201);
    assert_eq!(
        hall.run.outcome(id(1)).unwrap().ending,
        Some(Ending::Answered)
    );
    hall.end();
}

/// A wire with room for one message loses none and sends none twice.
#[test]
fn with_little_room_everything_arrives_once() {
    let hall = Hall::with(BusSettings {
        room: 1,
        ..settings()
    });
    let mut b_side = hall.connect();
    let answers: Vec<_> = (1..=20)
        .map(|number| {
            let asked = hall
                .world
                .request(&format!("/api/v2.0/cards/{number}"), None);
            hall.run.ask(id(number), &asked.bytes)
        })
        .collect();
    for _ in 1..=20 {
        let passed_on = b_side.message();
        b_side.write(&masked(
            BINARY,
            &hall.world.answer(&passed_on, &hall.world.b.key),
        ));
    }
    for answer in &answers {
        assert_eq!(told(answer).status, 201);
    }
    assert_eq!(hall.run.wire.find(&b()).unwrap().sent, 20);
    hall.end();
}
