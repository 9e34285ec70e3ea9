//! A kept answer that cannot be read: whoever asks for it with a key for retries is told to come again, and not that it is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use daxsign_exchange::CorrelationId;
use daxsign_exchange::message::Message;
use daxsign_exchange::record::{Cause, Failure};
use daxsign_exchange::running::{Incoming, Told};

use crate::killed::{DEADLINE, record};
use crate::notes::{answer_to, ask};
use crate::passing::Passing;
use crate::town::{Exchange, PATIENCE, Town, a, b};

/// With a key for retries.
const KEYED: u32 = 2;

/// A asks, each time with bytes of their own.
fn asked(town: &Town, exchange: &Exchange<Passing>) -> mpsc::Receiver<Told> {
    let (told, answer) = mpsc::channel();
    let incoming = Incoming {
        correlation: CorrelationId::fresh().unwrap(),
        sender: a(),
        bytes: town.sign(&ask(KEYED)).bytes,
        reply: Box::new(move |answer| {
            // Where the process ends nobody may wait any more.
            let _ = told.send(answer);
        }),
    };
    exchange.running.inlet().request(incoming).unwrap();
    answer
}

fn told(answer: &mpsc::Receiver<Told>) -> Told {
    answer.recv_timeout(PATIENCE).expect("A is told")
}

fn started(town: &Town, cause: Cause) -> (Exchange<Passing>, Arc<AtomicBool>) {
    let now = Arc::new(AtomicBool::new(false));
    // Its answers cannot be read for a time.
    let is_now = Arc::clone(&now);
    let unread = move || {
        let detail = "it cannot be read".to_owned();
        let is_now = is_now.load(Ordering::SeqCst);
        is_now.then_some(Failure { cause, detail })
    };
    let around = |store| Passing {
        store,
        before: Box::new(|| {}),
        unread: Box::new(unread),
    };
    let exchange = Exchange::start_with(town.path(), around, |key| key);
    (exchange, now)
}

#[test]
fn a_kept_answer_that_cannot_be_read_is_asked_for_again_and_not_said_to_be_erased() {
    let place = tempfile::tempdir().unwrap();
    let town = Town::found(place.path(), DEADLINE);
    come_again(&town);
    end_with_it(&town);
    assert_eq!(record(&town).fsck().unwrap().findings, []);
}

fn come_again(town: &Town) {
    let (exchange, unread) = started(town, Cause::Busy);
    let receiver = exchange.wire.attach(b(), 10);
    let first = asked(town, &exchange);
    let passed_on = receiver.next().expect("it comes to B");
    let message = Message::read(&passed_on).unwrap();
    let answer = town.answer(&town.came(&message), answer_to(KEYED));
    receiver.answer(answer).unwrap();
    assert_eq!(told(&first).status, 201);
    unread.store(true, Ordering::SeqCst);
    let later = told(&asked(town, &exchange));
    let text = String::from_utf8_lossy(&later.body);
    assert_eq!(later.status, 503, "{text}");
    assert!(text.contains("error[not-recorded]"), "{text}");
    unread.store(false, Ordering::SeqCst);
    let again = told(&asked(town, &exchange));
    assert_eq!(
        (again.status, again.body),
        (201, answer_to(KEYED).into_bytes())
    );
    assert!(receiver.try_next().is_none(), "it came once");
    exchange.running.stop().unwrap();
}

/// Where it can be read at no later time either.
fn end_with_it(town: &Town) {
    let (exchange, unread) = started(town, Cause::Damaged);
    unread.store(true, Ordering::SeqCst);
    let never = asked(town, &exchange);
    let ended = exchange.running.stop().unwrap_err();
    assert_eq!(ended.cause, Cause::Damaged);
    assert!(never.recv_timeout(PATIENCE).is_err(), "A is told nothing");
}
