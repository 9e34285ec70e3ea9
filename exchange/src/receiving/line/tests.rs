//! Pauses between attempts; and what is remembered of what was answered.

use std::time::Duration;

use super::backoff::Backoff;
use super::desk::{Came, Desk, NoRoom};
use super::settings::LineSettings;
use crate::correlation::CorrelationId;
use crate::message::tests::{exchange, forward, later, now, party};
use crate::message::{ForwardRead, Message};
use crate::receiving::Reply;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);

#[test]
fn pauses_grow_and_are_never_longer_than_may_be() {
    let mut backoff = Backoff::new(FIRST, LONGEST);
    let mut most = FIRST;
    for random in [0, u64::MAX, 7, 1 << 40, 12_345, 99, 3, 5, 8, 13] {
        let pause = backoff.pause(random);
        assert!(pause >= most / 2 && pause <= most, "{pause:?} of {most:?}");
        most = (most * 2).min(LONGEST);
    }
    assert_eq!(most, LONGEST);
}

#[test]
fn chance_spreads_them() {
    let pauses: std::collections::BTreeSet<_> = (0..1000)
        .map(|random| Backoff::new(FIRST, LONGEST).pause(random * 104_729))
        .collect();
    assert!(pauses.len() > 900, "{}", pauses.len());
    let (first, last) = (*pauses.first().unwrap(), *pauses.last().unwrap());
    assert!(last > first + FIRST * 4 / 10, "{first:?} to {last:?}");
}

/// One that lived for a while starts from the beginning; one that was thrown out at once does not.
#[test]
fn only_a_connection_that_lived_starts_from_the_beginning() {
    let mut backoff = Backoff::new(FIRST, LONGEST);
    for _ in 0..5 {
        let _ = backoff.pause(0);
        backoff.lived(Duration::from_secs(1));
    }
    assert!(backoff.pause(0) > FIRST);
    backoff.lived(Duration::from_secs(10));
    assert_eq!(backoff.pause(0), FIRST / 2);
    assert!(backoff.long_pause(0) >= LONGEST / 2);
}

/// With a request of A as B reads it.
fn with_read(test: impl FnOnce(&ForwardRead<'_>)) {
    let exchange = exchange();
    let sent = forward().dated(now()).expect("in time");
    let bytes = sent.sign(&exchange).expect("signed").to_bytes();
    let message = Message::read(&bytes).expect("a message");
    let keys = [exchange.public_key()];
    let read = ForwardRead::verify(&message, &keys, &party(2), now());
    test(&read.expect("verified"));
}

/// A day's pages would take all memory.
#[test]
fn what_only_reads_is_read_again_and_what_changes_something_is_not() {
    with_read(|read| {
        for (method, acts) in [("GET", 2), ("POST", 1)] {
            let desk = Desk::new(&LineSettings::default());
            let read = ForwardRead { method, ..*read };
            let mut acted = 0;
            for _ in 0..2 {
                let came = desk.came(&read, now());
                if let Some(owned) = desk.next(Some(Duration::ZERO)) {
                    assert!(matches!(came, Came::Taken), "{method}");
                    // While it is acted on, what comes again waits for the same answer.
                    assert!(matches!(desk.came(&read, now()), Came::Taken));
                    assert!(desk.next(Some(Duration::ZERO)).is_none());
                    let reply = Reply {
                        status: 200,
                        content_type: "application/json".into(),
                        body: b"{}".to_vec(),
                    };
                    assert_eq!(desk.answered(&owned, &reply).len(), 2, "{method}");
                    acted += 1;
                } else {
                    assert!(matches!(came, Came::Answer(..)), "{method}");
                }
            }
            assert_eq!(acted, acts, "{method}");
        }
    });
}

/// Each of them would be acted on twice if it was forgotten.
#[test]
fn who_remembers_as_many_as_may_be_takes_no_more_and_says_so() {
    with_read(|read| {
        let desk = Desk::new(&LineSettings {
            remembered: 50,
            remembered_bytes: 30_000,
            ..LineSettings::default()
        });
        let reply = Reply {
            status: 200,
            content_type: "application/json".into(),
            body: vec![b' '; 984],
        };
        let came_as = |method: &str, number: u128, len: usize| {
            let correlation = CorrelationId::from_bytes(number.to_be_bytes());
            let came = desk.came(
                &ForwardRead {
                    correlation,
                    method,
                    ..*read
                },
                now(),
            );
            if let Some(owned) = desk.next(Some(Duration::ZERO)) {
                let body = reply.body[..len].to_vec();
                desk.answered(
                    &owned,
                    &Reply {
                        body,
                        ..reply.clone()
                    },
                );
            }
            came
        };
        let came = |number, len| came_as("POST", number, len);
        // 1000 bytes each, with the content type; then short ones.
        let taken = (0..100).filter(|number| matches!(came(*number, 984), Came::Taken));
        assert_eq!(taken.count(), 30);
        assert!(matches!(came(100, 0), Came::Busy(_, NoRoom::Remembered)));
        assert!(matches!(came(0, 0), Came::Answer(..)));
        // What only reads is not remembered, and needs no such room.
        assert!(matches!(came_as("GET", 101, 984), Came::Taken));
        let state = desk.state();
        assert_eq!((state.remembered, state.turned_away), (30, 71));
    });
}

/// So many pages may be sent before their deadlines.
#[test]
fn of_answers_that_were_sent_not_more_than_some_megabytes_are_kept() {
    const LEN: usize = 100_000;
    let desk = Desk::new(&LineSettings::default());
    let all = |behind: u64| {
        let mut numbers = vec![behind];
        while let Some((number, bytes)) = desk.answer_behind(numbers[numbers.len() - 1], now()) {
            assert_eq!(bytes.len(), LEN);
            numbers.push(number);
        }
        numbers.len() - 1
    };
    for _ in 0..200 {
        desk.signed(later(60), vec![0; LEN]);
    }
    // What was not sent yet is kept, however much it is.
    assert_eq!(all(0), 200);
    // Over the next connection.
    assert_eq!(all(0), (4 << 20) / LEN);
}
