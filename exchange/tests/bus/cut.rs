//! Connections that end at each moment: what may have arrived is not sent twice (X-ONCE), what has not is sent later.

use std::time::Duration;

use daxsign_exchange::message::Message;
use daxsign_exchange::record::{Ending, Store};

use crate::made::*;
use crate::world::*;

fn repeatable(number: u8) -> String {
    format!("{REPEATABLE}/{number}")
}

fn correlation(passed_on: &[u8]) -> String {
    let message = Message::read(passed_on).unwrap();
    message.once("X-Correlation-Id").unwrap().to_owned()
}

impl Hall {
    /// A asks, and its row is on disk.
    fn asks(
        &self,
        number: u8,
        target: &str,
    ) -> std::sync::mpsc::Receiver<daxsign_exchange::running::Told> {
        let answer = self
            .run
            .ask(id(number), &self.world.request(target, None).bytes);
        becomes(|| {
            let row = self
                .run
                .running
                .ask(move |store| store.row(id(number)).unwrap());
            row.unwrap().is_some()
        });
        answer
    }

    fn becomes_away(&self) {
        becomes(|| self.run.wire.find(&b()).is_none());
    }

    fn answers(&self, client: &mut Client) -> String {
        let passed_on = client.message();
        client.write(&masked(
            BINARY,
            &self.world.answer(&passed_on, &self.world.b.key),
        ));
        correlation(&passed_on)
    }
}

#[test]
fn cut_before_the_frame_it_is_sent_over_the_next_connection() {
    let hall = Hall::new();
    hall.connect().cut();
    hall.becomes_away();
    let answer = hall.asks(1, TARGET);
    let mut again = hall.connect();
    assert_eq!(hall.answers(&mut again), id(1).to_string());
    assert_eq!(told(&answer).status, 201);
    hall.end();
}

/// The body is too large for what the systems on the way hold, so that part of the frame stays here.
fn large(
    hall: &Hall,
    number: u8,
    target: &str,
) -> std::sync::mpsc::Receiver<daxsign_exchange::running::Told> {
    let asked = hall.world.request_with(target, None, &"x".repeat(4 << 20));
    hall.run.ask(id(number), &asked.bytes)
}

#[test]
fn cut_amid_the_frame_what_may_go_once_is_not_sent_again() {
    let hall = Hall::new();
    let client = hall.connect();
    let answer = large(&hall, 1, TARGET);
    becomes(|| {
        hall.run
            .wire
            .find(&b())
            .is_some_and(|open| open.waiting == 1)
    });
    std::thread::sleep(Duration::from_millis(50));
    client.cut();
    hall.becomes_away();
    // Nothing says whether it arrived, so an answer may come until the deadline.
    assert!(answer.try_recv().is_err());
    // And is not sent again; what comes later is.
    let mut again = hall.connect();
    let later = hall.asks(2, "/api/v2.0/cards/2");
    assert_eq!(hall.answers(&mut again), id(2).to_string());
    assert_eq!(told(&later).status, 201);
    hall.world.pass(DEADLINE, &hall.run);
    assert_eq!(told(&answer).status, 504);
    assert_eq!(
        hall.run.outcome(id(1)).unwrap().ending,
        Some(Ending::Expired)
    );
    hall.end();
}

#[test]
fn cut_amid_the_frame_what_may_be_repeated_is_sent_again() {
    let hall = Hall::new();
    let client = hall.connect();
    let answer = large(&hall, 1, &repeatable(1));
    becomes(|| {
        hall.run
            .wire
            .find(&b())
            .is_some_and(|open| open.waiting == 1)
    });
    let second = hall.asks(2, &repeatable(2));
    std::thread::sleep(Duration::from_millis(50));
    client.cut();
    hall.becomes_away();
    let mut again = hall.connect();
    // X-ORDER: it keeps its place.
    assert_eq!(hall.answers(&mut again), id(1).to_string());
    assert_eq!(hall.answers(&mut again), id(2).to_string());
    assert_eq!(told(&answer).status, 201);
    assert_eq!(told(&second).status, 201);
    hall.end();
}

/// It arrived, so the answer may come over another connection; it is not sent again.
#[test]
fn cut_after_the_frame_the_answer_comes_over_the_next_connection() {
    let hall = Hall::new();
    let mut client = hall.connect();
    let answer = hall.asks(1, TARGET);
    let passed_on = client.message();
    becomes(|| hall.run.wire.find(&b()).is_some_and(|open| open.sent == 1));
    client.cut();
    hall.becomes_away();
    let mut again = hall.connect();
    let later = hall.asks(2, "/api/v2.0/cards/2");
    assert_eq!(
        hall.answers(&mut again),
        id(2).to_string(),
        "the first is not sent again"
    );
    again.write(&masked(
        BINARY,
        &hall.world.answer(&passed_on, &hall.world.b.key),
    ));
    assert_eq!(told(&answer).status, 201);
    assert_eq!(told(&later).status, 201);
    hall.end();
}

#[test]
fn cut_amid_an_answer_nothing_of_it_counts() {
    let hall = Hall::new();
    let mut client = hall.connect();
    let answer = hall.asks(1, TARGET);
    let passed_on = client.message();
    let whole = masked(BINARY, &hall.world.answer(&passed_on, &hall.world.b.key));
    client.write(&whole[..whole.len() - 1]);
    client.cut();
    hall.becomes_away();
    assert!(answer.try_recv().is_err(), "nobody is told anything");
    let mut again = hall.connect();
    again.write(&whole);
    assert_eq!(told(&answer).status, 201);
    hall.end();
}

/// X-ONCE over all of it: whatever is cut when, what may go once arrives whole once at most.
#[test]
fn whatever_is_cut_nothing_arrives_twice() {
    let hall = Hall::new();
    let mut seen = Vec::new();
    let mut answers = Vec::new();
    for number in 1..=12 {
        let mut client = hall.connect();
        let target = format!("/api/v2.0/cards/{number}");
        answers.push(
            hall.run
                .ask(id(number), &hall.world.request(&target, None).bytes),
        );
        match number % 3 {
            // At once; amid the way; after it has answered what came.
            0 => client.cut(),
            1 => {
                std::thread::sleep(Duration::from_micros(300 * u64::from(number)));
                client.cut();
            }
            _ => {
                seen.push(hall.answers(&mut client));
                client.cut();
            }
        }
        hall.becomes_away();
    }
    let mut last = hall.connect();
    let done = hall.asks(100, "/api/v2.0/cards/last");
    loop {
        let came = hall.answers(&mut last);
        let is_last = came == id(100).to_string();
        seen.push(came);
        if is_last {
            break;
        }
    }
    assert_eq!(told(&done).status, 201);
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count, "one arrived twice");
    hall.world.pass(DEADLINE, &hall.run);
    for answer in &answers {
        assert!([201, 504].contains(&told(answer).status));
    }
    hall.end();
}

/// The runtime of the connections ends: everything that was handed to it is reported all the same.
#[test]
fn where_the_door_ends_what_waits_is_kept() {
    let mut hall = Hall::new();
    let client = hall.connect();
    let first = large(&hall, 1, TARGET);
    becomes(|| {
        hall.run
            .wire
            .find(&b())
            .is_some_and(|open| open.waiting == 1)
    });
    hall.drop_connections();
    becomes(|| hall.run.wire.connected().is_empty());
    hall.world.pass(DEADLINE, &hall.run);
    assert_eq!(told(&first).status, 504);
    assert_eq!(
        hall.run.outcome(id(1)).unwrap().ending,
        Some(Ending::Expired)
    );
    drop(client);
    hall.end();
}
