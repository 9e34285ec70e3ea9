//! What twenty ask for at the same moment, of which one may have it.

use std::collections::BTreeMap;
use std::sync::{Barrier, mpsc};

use daxsign_core::Timestamp;
use daxsign_exchange::running::Told;

use crate::made::*;

const AT_ONCE: u32 = 20;

/// Asks that differ in their dates come in by so many threads at one moment.
fn asked_at_once(run: &Run<'_>, ask: &Ask) -> Vec<mpsc::Receiver<Told>> {
    let (begin, seconds) = (
        Barrier::new(AT_ONCE.try_into().unwrap()),
        run.world.now().seconds(),
    );
    std::thread::scope(|scope| {
        let asking = (0..AT_ONCE).map(|number| {
            // A date is written to the microsecond.
            let date = Timestamp::from_unix(seconds, number * 1_000).unwrap();
            let (ask, begin) = (
                Ask {
                    date,
                    ..ask.clone()
                },
                &begin,
            );
            scope.spawn(move || {
                // The signature takes longest: it is made before.
                let (bytes, _) = ask.signed();
                let id = run.fresh_id();
                begin.wait();
                run.incoming(id, a(), bytes)
            })
        });
        let asking: Vec<_> = asking.collect();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// How many were told what.
fn told(all: &[mpsc::Receiver<Told>]) -> BTreeMap<(u16, String), u32> {
    let mut told = BTreeMap::new();
    for one in all {
        let heard = heard(one);
        assert!(heard.signed, "{heard:?}");
        *told.entry((heard.status, heard.name)).or_default() += 1;
    }
    told
}

#[test]
fn of_twenty_with_one_key_for_retries_one_is_sent_and_the_others_are_told_that_it_is_in_work() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 50);
    let keyed = Ask {
        idempotency: Some("one-key"),
        ..run.good()
    };
    let mut answers: Vec<_> = asked_at_once(&run, &keyed).into_iter().map(Some).collect();
    let passed_on = next(&receiver);
    // Those that were not sent are told at once, and one waits for B.
    let mut early = 0;
    becomes(|| {
        for answer in &mut answers {
            if let Some(told) = answer.as_ref().and_then(|one| one.try_recv().ok()) {
                let text = String::from_utf8(told.body).unwrap();
                assert!(text.contains("error[in-work]"), "{text}");
                assert_eq!(told.status, 409);
                early += 1;
                *answer = None;
            }
        }
        early == AT_ONCE - 1
    });
    receiver
        .answer(run.answer(&passed_on, &key_of(b())))
        .unwrap();
    let first: Vec<_> = answers.into_iter().flatten().collect();
    assert_eq!(told(&first), BTreeMap::from([((201, String::new()), 1)]));
    // From now on all are given the one answer.
    run.pass(1);
    for answer in asked_at_once(&run, &keyed) {
        let heard = heard(&answer);
        assert_eq!(heard.summary(), (201, "", true));
        assert_eq!(heard.body["data"]["id"], 1);
    }
    assert_eq!(receiver.try_next(), None, "it came once");
    run.end();
}

#[test]
fn of_twenty_for_whom_one_is_left_of_a_quota_one_is_sent() {
    let world = World::new();
    let run = world.agreed(vec![
        allowing("cards.write"),
        clause("RequestsClause", "MaxRequestsPerDay", "3"),
    ]);
    let receiver = run.wire.attach(b(), 50);
    for _ in 0..2 {
        assert_eq!(run.complete(&receiver, &run.good()).status, 201);
        run.pass(1);
    }
    let all = asked_at_once(&run, &run.good());
    let passed_on = next(&receiver);
    receiver
        .answer(run.answer(&passed_on, &key_of(b())))
        .unwrap();
    let refused = (403, "not-allowed".to_owned());
    let expected = BTreeMap::from([((201, String::new()), 1), (refused, AT_ONCE - 1)]);
    assert_eq!(told(&all), expected);
    assert_eq!(receiver.try_next(), None, "one came");
    run.end();
}
