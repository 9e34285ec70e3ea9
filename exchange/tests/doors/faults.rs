//! Faults that were ordered, as whoever sends meets them.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use daxsign_exchange::Party;
use daxsign_exchange::faults::{Board, Kind, Order};
use daxsign_exchange::message::Message;
use uuid::Uuid;

use crate::made::*;

/// What a request gets that orders a fault for itself.
fn asked_with(place: &Place, order: &str) -> Answer {
    let more = format!("X-Dax-Sandbox-Fault: {order}\r\nConnection: close\r\n");
    place.send(&signed_request(
        &place.token(),
        "POST",
        &cards(),
        CARD,
        &more,
    ))
}

#[test]
fn a_fault_at_the_door_is_told_and_nothing_goes_on() {
    let (place, _) = Place::faulty();
    for (name, status, media_type, field) in [
        ("redirect-301", 301, "", "location"),
        ("redirect-302", 302, "", "location"),
        ("redirect-307", 307, "", "location"),
        ("token-expired", 401, "application/json", "content-type"),
        ("clock-off", 401, "application/json", "content-type"),
        (
            "certificate-revoked",
            401,
            "application/json",
            "content-type",
        ),
        ("rate-limit", 429, "application/json", "x-rate-limit-reset"),
        ("overloaded", 503, "application/json", "retry-after"),
        (
            "problem-details",
            500,
            "application/problem+json",
            "content-type",
        ),
        ("text", 500, "text/plain", "content-type"),
    ] {
        let answer = asked_with(&place, name);
        assert_eq!(answer.status, status, "{name}: {answer:?}");
        let is = answer.field("content-type").unwrap_or_default();
        assert!(is.starts_with(media_type), "{name}: {answer:?}");
        assert!(answer.field(field).is_some(), "{name}: {answer:?}");
        assert_eq!(answer.field("x-dax-sandbox-fault"), Some(name));
        assert_eq!(answer.field("signature"), None, "{name}");
    }
    let moved = asked_with(&place, "redirect-307");
    assert_eq!(moved.field("location"), Some(&*cards()));
    assert_eq!(place.received(), 0);
    // One that asks for nothing gets none, and no field.
    let good = place.send(&place.signed("POST", &cards(), CARD));
    assert_eq!(
        (good.status, good.field("x-dax-sandbox-fault")),
        (201, None)
    );
}

#[test]
fn a_connection_is_cut_before_the_work_or_behind_it() {
    let (place, board) = Place::faulty();
    for (name, received) in [("cut", 0), ("answer-lost", 1)] {
        let more = format!("X-Dax-Sandbox-Fault: {name}\r\n");
        let request = signed_request(&place.token(), "POST", &cards(), CARD, &more);
        let cut = place.send(&request);
        assert_eq!((cut.status, cut.body), (0, Vec::new()), "{name}");
        assert_eq!(place.received(), received, "{name}");
    }
    let done = board.done(9);
    let kinds: Vec<_> = done.iter().map(|done| done.kind.name()).collect();
    assert_eq!(kinds, ["cut", "answer-lost"]);
}

#[test]
fn what_the_receiver_gets_goes_wrong_as_it_was_ordered() {
    let (place, board) = Place::faulty();
    let answer = asked_with(&place, "duplicate");
    assert_eq!(answer.status, 201, "{answer:?}");
    let got = place.receiver.got.lock().unwrap().clone();
    assert_eq!(got.len(), 2);
    assert_eq!(got[0], got[1]);
    let id = answer.field("x-correlation-id").unwrap();
    let told = Message::read(&got[0]).unwrap();
    assert_eq!(told.once("X-Correlation-Id"), Ok(id));
    assert_eq!(board.done_to(id.parse().unwrap()).len(), 1);
    // A receiver that verifies does not take the other one.
    let order = Order {
        instance: Some(a().instance),
        operation: Some("create_card".to_owned()),
        ..Order::once(Kind::MessageSignature)
    };
    board.order(order).unwrap();
    let sent = place.signed("POST", &cards(), CARD);
    let mut stream = place.connect();
    std::io::Write::write_all(&mut stream, &sent).unwrap();
    let end = Instant::now() + Duration::from_secs(9);
    while place.receiver.refused.load(Ordering::SeqCst) == 0 {
        assert!(Instant::now() < end, "the receiver got nothing to refuse");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn an_answer_whose_signature_does_not_hold_is_otherwise_the_same() {
    let (place, _) = Place::faulty();
    let answer = asked_with(&place, "answer-signature");
    assert_eq!((answer.status, &*answer.body), (201, ANSWER.as_bytes()));
    assert!(!crate::answers::holds(&answer, &cards()));
    let good = place.send(&place.signed("POST", &cards(), CARD));
    assert!(crate::answers::holds(&good, &cards()));
}

#[test]
fn what_waits_waits_as_long_as_it_says() {
    let (place, _) = Place::faulty();
    for name in ["delay", "answer-late"] {
        let began = Instant::now();
        let answer = asked_with(&place, &format!("{name}; seconds=1"));
        assert_eq!(answer.status, 201, "{answer:?}");
        assert!(began.elapsed() >= Duration::from_secs(1), "{name}");
    }
}

#[test]
fn orders_are_for_whom_they_name() {
    let (place, board) = Place::faulty();
    let order = |instance: Uuid, operation: &str| Order {
        instance: Some(instance),
        operation: Some(operation.to_owned()),
        ..Order::once(Kind::Overloaded)
    };
    let others: Party = b();
    board.order(order(others.instance, "create_card")).unwrap();
    board.order(order(a().instance, "get_card_owner")).unwrap();
    let ask = || place.send(&place.signed("POST", &cards(), CARD)).status;
    assert_eq!(ask(), 201);
    board.order(order(a().instance, "create_card")).unwrap();
    assert_eq!((ask(), ask()), (503, 201));
    assert_eq!(board.orders().len(), 2);
}

#[test]
fn an_order_that_nobody_knows_is_refused_with_those_that_there_are() {
    let (place, board): (Place, std::sync::Arc<Board>) = Place::faulty();
    for order in ["nonsense", "delay; minutes=1", "delay; seconds=-1", ""] {
        let answer = asked_with(&place, order);
        assert_eq!(
            (answer.status, &*answer.problem()),
            (400, "invalid-request"),
            "{order}"
        );
    }
    assert_eq!(board.done(9), []);
}

#[test]
fn an_exchange_that_is_no_sandbox_has_none() {
    let place = Place::plain(settings());
    for name in ["overloaded", "nonsense", "cut"] {
        let answer = asked_with(&place, name);
        assert_eq!(
            (answer.status, answer.field("x-dax-sandbox-fault")),
            (201, None),
            "{name}"
        );
    }
}
