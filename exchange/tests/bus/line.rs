//! A party's line: against a running exchange, and against one by hand that does what it should not.

use std::time::{Duration, Instant};

use daxsign_exchange::doors::bus::NotAMember;
use daxsign_exchange::receiving::Reply;
use daxsign_exchange::receiving::line::{Line, LineSettings};

use crate::by_hand::*;
use crate::made::*;
use crate::world::*;

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        content_type: "application/json".into(),
        body: body.into(),
    }
}

fn becomes_connected(line: &Line) {
    becomes(|| line.state().connected_since.is_some());
}

fn next(line: &Line) -> daxsign_exchange::receiving::line::Request {
    line.next_within(PATIENCE).expect("a request")
}

const A_MOMENT: Duration = Duration::from_millis(150);

#[test]
fn a_line_answers_a_running_exchange_and_comes_back_when_it_may() {
    let hall = Hall::new();
    let line = line(&hall.world, hall.port, &hall.b, &hall.live, line_settings());
    for number in 1..=10 {
        let asked = hall
            .world
            .request(&format!("/api/v2.0/cards/{number}"), None);
        let answer = hall.run.ask(id(number), &asked.bytes);
        let mut request = next(&line);
        assert_eq!((request.correlation(), request.sender()), (id(number), a()));
        assert_eq!(
            (request.method(), request.body()),
            ("POST", BODY.as_bytes())
        );
        assert_eq!(request.deadline(), at(DEADLINE));
        assert!(
            request.answer(reply(204, "")).is_err(),
            "204 has no body to sign"
        );
        request.answer(reply(201, ANSWER)).unwrap();
        let told = told(&answer);
        assert_eq!((told.status, &*told.body), (201, ANSWER.as_bytes()));
    }
    // Its certificate no longer counts, and then does again.
    hall.registered
        .set(&hall.b.certificate, Err(NotAMember::DoesNotCount));
    becomes(|| line.state().trouble.is_some_and(|why| why.contains("401")));
    let trouble = line.state().trouble.unwrap();
    assert!(trouble.contains("does not count"), "{trouble}");
    let asked = hall.world.request(TARGET, None);
    let answer = hall.run.ask(id(11), &asked.bytes);
    hall.registered.set(&hall.b.certificate, Ok(b()));
    next(&line).answer(reply(200, ANSWER)).unwrap();
    assert_eq!(told(&answer).status, 200);
    assert!(line.state().connections >= 2);
    assert_eq!(line.state().refused, 0);
    line.end();
    assert!(line.next().is_none());
    becomes(|| hall.run.wire.find(&b()).is_none());
    hall.end();
}

/// X-ONCE on the party's side: it is acted on once, and each delivery gets an answer that names it.
#[test]
fn what_comes_again_is_answered_again_and_acted_on_once() {
    let exchange = Listening::new();
    let line = exchange.line(line_settings());
    let mut visit = exchange.visit();
    let key = &exchange.world.exchange.key;
    let first = sent(key, b(), 1, at(0), 10);
    let again = sent(key, b(), 1, at(1), 10);
    visit.send(&first.bytes);
    let mut request = next(&line);
    // While it is being acted on, and after it.
    visit.send(&again.bytes);
    assert!(line.next_within(A_MOMENT).is_none(), "not handed out twice");
    request.answer(reply(201, ANSWER)).unwrap();
    let expected = (201, ANSWER.to_owned());
    assert_eq!(visit.answer(&exchange.world, &first, 1), expected);
    assert_eq!(visit.answer(&exchange.world, &again, 1), expected);
    request.answer(reply(500, "another")).unwrap();
    drop(request);
    let third = sent(key, b(), 1, at(2), 10);
    visit.send(&third.bytes);
    assert_eq!(visit.answer(&exchange.world, &third, 1), expected);
    assert!(line.next_within(A_MOMENT).is_none());
    assert_eq!(line.state().refused, 0);
}

#[test]
fn what_does_not_verify_is_not_handed_out() {
    let exchange = Listening::new();
    let line = exchange.line(line_settings());
    let mut visit = exchange.visit();
    let key = &exchange.world.exchange.key;
    let mut tampered = sent(key, b(), 3, at(0), 10).bytes;
    *tampered.last_mut().unwrap() ^= 1;
    let cases = [
        (
            "by another's key",
            sent(&exchange.world.a.key, b(), 1, at(0), 10).bytes,
        ),
        ("for another", sent(key, c(), 2, at(0), 10).bytes),
        ("tampered", tampered),
        (
            "its deadline has passed",
            sent(key, b(), 4, at(-20), -10).bytes,
        ),
        ("no message", b"hello".to_vec()),
    ];
    for (number, (name, bytes)) in (1..).zip(&cases) {
        visit.send(bytes);
        becomes(|| line.state().refused == number);
        assert!(line.state().last_refusal.is_some(), "{name}");
    }
    let good = sent(key, b(), 9, at(0), 10);
    visit.send(&good.bytes);
    let mut request = next(&line);
    assert_eq!(request.correlation(), id(9), "and nothing before it");
    request.answer(reply(200, "{}")).unwrap();
    assert_eq!(visit.answer(&exchange.world, &good, 9).0, 200);
}

/// Whether an answer arrived is not known when a connection breaks: it is sent again, until the deadline.
#[test]
fn answers_are_sent_again_over_the_next_connection() {
    let exchange = Listening::new();
    let line = exchange.line(line_settings());
    let mut visit = exchange.visit();
    let key = &exchange.world.exchange.key;
    let (first, second) = (sent(key, b(), 1, at(0), 10), sent(key, b(), 2, at(0), 100));
    visit.send(&first.bytes);
    next(&line).answer(reply(201, "1")).unwrap();
    assert_eq!(visit.answer(&exchange.world, &first, 1).0, 201);
    visit.send(&second.bytes);
    let mut request = next(&line);
    drop(visit);
    becomes(|| line.state().connected_since.is_none());
    // Answered while nobody is there.
    request.answer(reply(202, "2")).unwrap();
    let mut visit = exchange.visit();
    assert_eq!(
        visit.answer(&exchange.world, &first, 1),
        (201, "1".to_owned())
    );
    assert_eq!(
        visit.answer(&exchange.world, &second, 2),
        (202, "2".to_owned())
    );
    drop(visit);
    exchange.world.pass_alone(50);
    let mut visit = exchange.visit();
    assert_eq!(
        visit.answer(&exchange.world, &second, 2),
        (202, "2".to_owned())
    );
    assert_eq!(visit.next_within(A_MOMENT), None);
}

#[test]
fn what_has_no_room_is_answered_with_503() {
    let exchange = Listening::new();
    let line = exchange.line(LineSettings {
        waiting: 1,
        ..line_settings()
    });
    let mut visit = exchange.visit();
    let key = &exchange.world.exchange.key;
    let all: Vec<_> = (1..=3)
        .map(|number| sent(key, b(), number, at(0), 10))
        .collect();
    for request in &all {
        visit.send(&request.bytes);
    }
    assert_eq!(visit.answer(&exchange.world, &all[1], 2).0, 503);
    assert_eq!(visit.answer(&exchange.world, &all[2], 3).0, 503);
    next(&line).answer(reply(200, "{}")).unwrap();
    assert_eq!(visit.answer(&exchange.world, &all[0], 1).0, 200);
    // It was not taken then, so it is now.
    visit.send(&all[1].bytes);
    assert_eq!(next(&line).correlation(), id(2));
}

/// The exchange is not trusted with more than it needs either.
#[test]
fn an_exchange_that_breaks_the_rules_is_left() {
    let exchange = Listening::new();
    let line = exchange.line(LineSettings {
        max_message: 10_000,
        dead_after: Duration::from_millis(500),
        ..line_settings()
    });
    let cases = [
        ("text", 1003_u16, frame(0x80 | TEXT, b"hello", None)),
        ("masked", 1002, masked(BINARY, b"hello")),
        ("too long", 1009, frame(0x80 | BINARY, &[0; 10_001], None)),
        ("silent", 4003, Vec::new()),
    ];
    for (name, code, bytes) in &cases {
        let mut visit = exchange.visit();
        becomes_connected(&line);
        visit.write(bytes);
        let since = Instant::now();
        let mut closed = None;
        // Pings are not answered by who is silent.
        while closed.is_none() && since.elapsed() < PATIENCE {
            closed = visit.close_frame();
        }
        let closed = closed.expect("a close");
        assert_eq!(
            closed.payload[..2],
            code.to_be_bytes(),
            "{name}: {closed:?}"
        );
    }
    exchange.refuse("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 12\r\n\r\nthis is full");
    becomes(|| line.state().trouble.is_some_and(|why| why.contains("503")));
}

/// Who is told that the same instance connected elsewhere does not throw that out at once.
#[test]
fn who_was_replaced_waits_long() {
    let exchange = Listening::new();
    let line = exchange.line(LineSettings {
        longest_pause: Duration::from_secs(2),
        ..line_settings()
    });
    let mut visit = exchange.visit();
    becomes_connected(&line);
    let since = Instant::now();
    visit.write(&frame(0x80 | CLOSE, &4001_u16.to_be_bytes(), None));
    drop(visit);
    let _again = exchange.visit();
    assert!(
        since.elapsed() >= Duration::from_secs(1),
        "{:?}",
        since.elapsed()
    );
    drop(line);
}
