//! The first and the last instant of everything that has a time: each is decided, and so on both sides of it.

use std::sync::atomic::Ordering;

use daxsign_core::{DEFAULT_WINDOW, Timestamp};
use daxsign_exchange::record::Ending;
use daxsign_exchange::registry::Terms;

use crate::made::*;

/// So many nanoseconds away.
fn near(time: Timestamp, nanoseconds: i64) -> Timestamp {
    let whole = i64::from(time.nanoseconds()) + nanoseconds;
    let (seconds, rest) = (
        whole.div_euclid(1_000_000_000),
        whole.rem_euclid(1_000_000_000),
    );
    Timestamp::from_unix(time.seconds() + seconds, u32::try_from(rest).unwrap()).unwrap()
}

/// V-FRESH: both ends belong to the window.
#[test]
fn a_date_at_either_end_of_its_window_is_fresh_and_a_microsecond_further_is_not() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    run.pass(1_000);
    let window = i64::from(DEFAULT_WINDOW);
    let asks = |seconds: i64, nanoseconds: i64| Ask {
        date: near(at(1_000 + seconds), nanoseconds),
        ..run.good()
    };
    let (oldest, newest) = (asks(-window, 0), asks(window, 0));
    assert_eq!(run.complete(&receiver, &oldest).status, 201);
    assert_eq!(run.complete(&receiver, &newest).status, 201);
    for ask in [&oldest, &newest] {
        assert_eq!(run.hear(ask).summary(), (409, "replayed", true));
    }
    assert_eq!(
        run.hear(&asks(-window, -1_000)).summary(),
        (401, "stale-date", false)
    );
    assert_eq!(
        run.hear(&asks(window, 1_000)).summary(),
        (401, "future-date", false)
    );
    // A second later the oldest is stale, also for who would repeat it.
    run.pass(1);
    assert_eq!(run.hear(&oldest).summary(), (401, "stale-date", false));
    // The newest is a replay as long as its date is fresh.
    run.pass(2 * window - 1);
    assert_eq!(run.hear(&newest).summary(), (409, "replayed", true));
    run.pass(1);
    assert_eq!(run.hear(&newest).summary(), (401, "stale-date", false));
    run.end();
}

/// X-TOKEN: 900 s, and not the one after.
#[test]
fn a_token_holds_until_the_second_at_which_it_ends() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let token = run
        .entrance
        .tokens()
        .issue(credential(a()), a(), at(0), [1; 16]);
    let bearer = format!("Bearer {token}");
    let party = |seconds: i64| {
        let entered = run
            .entrance
            .by_token([bearer.as_bytes()].into_iter(), at(seconds));
        entered.map(|entered| entered.party).ok()
    };
    assert_eq!(party(0), Some(a()));
    assert_eq!(party(899), Some(a()));
    assert_eq!(party(900), None);
    run.end();
}

/// X-CONTRACT: its first instant belongs to it, its end does not.
#[test]
fn a_contract_has_effect_from_its_first_instant_on_and_not_at_its_end() {
    let world = World::new();
    let run = world.start();
    run.register();
    run.agree(&Terms {
        from: at(100),
        until: at(200),
        ..terms(vec![allowing("*")])
    });
    let receiver = run.wire.attach(b(), 10);
    run.pass(99);
    assert_eq!(run.hear(&run.good()).summary(), (403, "not-allowed", true));
    run.pass(1);
    assert_eq!(run.complete(&receiver, &run.good()).status, 201);
    run.pass(99);
    assert_eq!(run.complete(&receiver, &run.good()).status, 201);
    run.pass(1);
    assert_eq!(run.hear(&run.good()).summary(), (403, "not-allowed", true));
    assert_eq!(receiver.try_next(), None);
    run.end();
}

/// X-LATE: what comes at the deadline comes too late.
#[test]
fn an_answer_that_comes_at_the_deadline_is_late_and_a_second_before_is_not() {
    let world = World::new();
    let run = world.agreed(vec![allowing("*")]);
    let receiver = run.wire.attach(b(), 10);
    for (seconds, status, ending) in [(9, 201, Ending::Answered), (10, 504, Ending::Expired)] {
        let (id, answer) = run.ask(&run.good()).expect("it comes in");
        let passed_on = next(&receiver);
        let signed = run.answer(&passed_on, &key_of(b()));
        // Nobody is told that time has passed but by what comes.
        world.seconds.fetch_add(seconds, Ordering::SeqCst);
        receiver.answer(signed).unwrap();
        assert_eq!(heard(&answer).status, status, "after {seconds} s");
        becomes(|| run.outcome(id).unwrap().late == (ending == Ending::Expired));
        assert_eq!(run.outcome(id).unwrap().ending, Some(ending));
        run.pass(1);
    }
    run.end();
}

/// RFC 5280 4.1.2.5: the last second belongs to a certificate.
#[test]
fn a_certificate_signs_in_its_last_second_and_not_in_the_next() {
    const LAST: i64 = 30 * 86_400;
    let world = World::new();
    let run = world.start();
    run.register();
    run.agree(&Terms {
        until: at(2 * LAST),
        ..terms(vec![allowing("*")])
    });
    let receiver = run.wire.attach(b(), 10);
    run.pass(LAST);
    assert_eq!(run.complete(&receiver, &run.good()).status, 201);
    run.pass(1);
    assert_eq!(
        run.hear(&run.good()).summary(),
        (401, "no-certificate", false)
    );
    run.end();
}
