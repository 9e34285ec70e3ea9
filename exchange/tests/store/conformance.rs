//! What every store does, rule by rule.

use daxsign_exchange::record::*;

use crate::made::*;
use crate::model::Memory;
use crate::sqlite::Sqlite;

/// Where a store of one kind lies. Opening it again is what a crash comes to: what was committed is there.
pub(crate) trait Place: Default {
    type Store: Store;
    fn open(&self) -> Self::Store;
}

macro_rules! conformance {
    ($($case:ident)*) => {
        mod sqlite_does {
            use super::*;
            $(#[test] fn $case() { super::$case::<Sqlite>(); })*
        }
        mod the_model_does {
            use super::*;
            $(#[test] fn $case() { super::$case::<Memory>(); })*
        }
    };
}

conformance! {
    a_request_is_accepted_once
    a_replay_names_the_first
    another_target_of_a_get_is_no_replay
    a_refusal_uses_its_replay_key_up
    what_was_signed_before_the_dropped_hours_is_refused
    an_answer_ends_it_and_is_kept
    an_answer_to_what_was_never_sent_is_none
    the_first_of_answer_and_expiry_decides
    a_late_answer_is_one_more_leaf_and_no_result
    nothing_expires_before_its_deadline
    what_changes_something_starts_once
    what_reads_starts_again
    a_request_can_start_as_it_is_accepted
    nothing_starts_behind_the_deadline
    an_answer_that_does_not_verify_ends_it
    what_may_have_left_is_given_up
    an_operator_requeues_what_did_not_leave
    a_retry_gets_the_same_answer
    a_retry_of_another_request_is_refused
    a_retry_is_told_what_became_of_the_first
    an_idempotency_key_is_forgotten_after_a_day
    a_request_to_several_is_taken_in_once_and_kept_with_what_came_of_each
    a_key_for_retries_is_of_one_request_to_one_or_to_several
    the_outcome_is_for_its_sender_only
    the_outcome_by_signing_string_is_that_of_the_accepted_one
    open_rows_come_in_the_order_of_acceptance
    all_of_a_batch_see_those_before_them
    after_a_crash_what_was_committed_is_there
    erasing_takes_the_messages_and_leaves_the_outcome
    nothing_in_work_is_erased
    credentials_are_never_kept
    what_is_too_long_is_not_kept
    an_id_is_used_once
    a_batch_is_bounded
}

fn a_request_is_accepted_once<P: Place>() {
    let mut store = P::default().open();
    assert_eq!(one(&mut store, accept(request(1, 0))), Ok(Done::Leaf(1)));
    let row = store.row(id(1)).unwrap().unwrap();
    assert_eq!(
        (row.sender, row.receiver, row.standing.deadline),
        (party(1), party(2), at(10))
    );
    assert_eq!(
        (
            row.standing.ending,
            row.standing.may_have_left,
            row.standing.late
        ),
        (None, false, false)
    );
    assert_eq!(store.request(id(1)).unwrap(), Some(content("request 1")));
    assert_eq!(store.answer(id(1)).unwrap(), None);
}

fn a_replay_names_the_first<P: Place>() {
    let place = P::default();
    let mut store = place.open();
    one(&mut store, accept(request(1, 0))).unwrap();
    let again = Accept {
        replay: Some(key(1, 0)),
        ..request(2, 0)
    };
    assert_eq!(
        one(&mut store, accept(again.clone())),
        Err(Rejected::Replayed(id(1)))
    );
    drop(store);
    let mut store = place.open();
    assert_eq!(
        one(&mut store, accept(again)),
        Err(Rejected::Replayed(id(1)))
    );
    assert_eq!(store.row(id(2)).unwrap(), None);
}

fn another_target_of_a_get_is_no_replay<P: Place>() {
    let mut store = P::default().open();
    let get =
        |target: &str| ReplayKey::new(party(1).instance, &[1; 32], Some(target.as_bytes()), at(0));
    for (number, target, expected) in [
        (1, "/cards?limit=1", Ok(Done::Leaf(1))),
        (2, "/cards?limit=2", Ok(Done::Leaf(2))),
        (3, "/cards?limit=1", Err(Rejected::Replayed(id(1)))),
    ] {
        let request = Accept {
            replay: Some(get(target)),
            ..request(number, 0)
        };
        assert_eq!(one(&mut store, accept(request)), expected);
    }
}

fn a_refusal_uses_its_replay_key_up<P: Place>() {
    let mut store = P::default().open();
    assert_eq!(one(&mut store, refuse(refusal(1, 0))), Ok(Done::Leaf(1)));
    let again = Accept {
        replay: Some(key(1, 0)),
        ..request(2, 0)
    };
    assert_eq!(
        one(&mut store, accept(again)),
        Err(Rejected::Replayed(id(1)))
    );
    assert_eq!(
        store.row(id(1)).unwrap(),
        None,
        "what was refused is not relayed"
    );
    assert_eq!(
        one(&mut store, answer(1, 1)),
        Err(Rejected::Decided(Ending::Refused))
    );
    let outcome = store
        .outcome(party(1).instance, Asked::Correlation(id(1)))
        .unwrap()
        .unwrap();
    assert_eq!(outcome.ending, Some(Ending::Refused));
}

fn what_was_signed_before_the_dropped_hours_is_refused<P: Place>() {
    const HOUR: i64 = 3600;
    let place = P::default();
    let mut store = place.open();
    one(&mut store, accept(request(1, 0))).unwrap();
    one(&mut store, accept(request(2, 2 * HOUR))).unwrap();
    store.tidy(at(HOUR), at(3 * HOUR)).unwrap();
    let replay = |number, of, signed| {
        accept(Accept {
            replay: Some(key(of, signed)),
            ..request(number, 3 * HOUR)
        })
    };
    assert_eq!(one(&mut store, replay(3, 1, 0)), Err(Rejected::TooOld));
    assert_eq!(
        one(&mut store, replay(3, 2, 2 * HOUR)),
        Err(Rejected::Replayed(id(2)))
    );
    // Whole hours: what was signed in the hour of the limit is still recognised.
    one(&mut store, replay(4, 4, HOUR)).unwrap();
    // Going back is not possible.
    store.tidy(at(-100 * HOUR), at(3 * HOUR)).unwrap();
    drop(store);
    assert_eq!(
        one(&mut place.open(), replay(3, 1, 0)),
        Err(Rejected::TooOld)
    );
}

fn an_answer_ends_it_and_is_kept<P: Place>() {
    let place = P::default();
    let mut store = place.open();
    for (operation, expected) in [
        (accept(request(1, 0)), Ok(Done::Leaf(1))),
        (start(1, 0), Ok(Done::Started(1))),
        (sent(1, 1), Ok(Done::Noted)),
        (answer(1, 1), Ok(Done::Leaf(2))),
        (answer(1, 1), Err(Rejected::Decided(Ending::Answered))),
        (expire(1, 20), Err(Rejected::Decided(Ending::Answered))),
        (give_up(1, 20), Err(Rejected::Decided(Ending::Answered))),
        (start(1, 2), Err(Rejected::Decided(Ending::Answered))),
        (requeue(1, 30), Err(Rejected::Decided(Ending::Answered))),
    ] {
        assert_eq!(one(&mut store, operation), expected);
    }
    drop(store);
    let store = place.open();
    assert_eq!(store.answer(id(1)).unwrap(), Some(content("answer to 1")));
    assert_eq!(
        store.row(id(1)).unwrap().unwrap().standing.ending,
        Some(Ending::Answered)
    );
    assert_eq!(store.open_rows(None, 10).unwrap(), []);
}

fn an_answer_to_what_was_never_sent_is_none<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, accept(request(1, 0))).unwrap();
    assert_eq!(one(&mut store, answer(1, 1)), Err(Rejected::NotSent));
    assert_eq!(one(&mut store, answer(2, 1)), Err(Rejected::NotThere));
}

fn the_first_of_answer_and_expiry_decides<P: Place>() {
    let mut store = P::default().open();
    for number in [1, 2] {
        one(&mut store, accept(request(number, 0))).unwrap();
        one(&mut store, start(number, 0)).unwrap();
    }
    let both = |first, second| [first, second];
    let results = store.commit(&both(answer(1, 10), expire(1, 10))).unwrap();
    assert_eq!(
        results,
        [Ok(Done::Leaf(3)), Err(Rejected::Decided(Ending::Answered))]
    );
    let results = store.commit(&both(expire(2, 10), answer(2, 10))).unwrap();
    assert_eq!(results, [Ok(Done::Leaf(4)), Ok(Done::Late(5))]);
    assert_eq!(
        store.answer(id(2)).unwrap(),
        None,
        "a late answer is no result"
    );
}

fn a_late_answer_is_one_more_leaf_and_no_result<P: Place>() {
    let mut store = P::default().open();
    for (operation, expected) in [
        (accept(request(1, 0)), Ok(Done::Leaf(1))),
        (start(1, 0), Ok(Done::Started(1))),
        (expire(1, 10), Ok(Done::Leaf(2))),
        (
            refuse_answer(1, 11),
            Err(Rejected::Decided(Ending::Expired)),
        ),
        (answer(1, 11), Ok(Done::Late(3))),
        (answer(1, 12), Err(Rejected::LateBefore)),
        (requeue(1, 30), Err(Rejected::LateBefore)),
    ] {
        assert_eq!(one(&mut store, operation), expected);
    }
    let row = store.row(id(1)).unwrap().unwrap();
    assert_eq!(
        (row.standing.ending, row.standing.late),
        (Some(Ending::Expired), true)
    );
}

fn nothing_expires_before_its_deadline<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, accept(request(1, 0))).unwrap();
    assert_eq!(one(&mut store, expire(1, 9)), Err(Rejected::NotDue));
    assert_eq!(one(&mut store, expire(1, 10)), Ok(Done::Leaf(2)));
    assert_eq!(one(&mut store, expire(2, 10)), Err(Rejected::NotThere));
}

fn what_changes_something_starts_once<P: Place>() {
    let place = P::default();
    let mut store = place.open();
    one(&mut store, accept(request(1, 0))).unwrap();
    assert_eq!(one(&mut store, start(1, 0)), Ok(Done::Started(1)));
    drop(store);
    let mut store = place.open();
    assert!(store.row(id(1)).unwrap().unwrap().standing.may_have_left);
    assert_eq!(one(&mut store, start(1, 1)), Err(Rejected::Spent));
}

fn what_reads_starts_again<P: Place>() {
    let mut store = P::default().open();
    let reads = Accept {
        delivery: Delivery::Repeatable,
        ..request(1, 0)
    };
    one(&mut store, accept(reads)).unwrap();
    for attempt in 1..=MAX_ATTEMPTS {
        assert_eq!(one(&mut store, start(1, 1)), Ok(Done::Started(attempt)));
        assert_eq!(one(&mut store, sent(1, attempt)), Ok(Done::Noted));
    }
    assert_eq!(one(&mut store, start(1, 1)), Err(Rejected::TooOften));
    for attempt in [0, MAX_ATTEMPTS + 1] {
        let unfit = Err(Rejected::Unfit(Unfit::Attempt(attempt)));
        assert_eq!(one(&mut store, sent(1, attempt)), unfit);
    }
}

fn a_request_can_start_as_it_is_accepted<P: Place>() {
    let mut store = P::default().open();
    let starts = Accept {
        starts: true,
        ..request(1, 0)
    };
    one(&mut store, accept(starts)).unwrap();
    assert!(store.row(id(1)).unwrap().unwrap().standing.may_have_left);
    assert_eq!(one(&mut store, start(1, 0)), Err(Rejected::Spent));
    assert_eq!(one(&mut store, answer(1, 1)), Ok(Done::Leaf(2)));
}

fn nothing_starts_behind_the_deadline<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, accept(request(1, 0))).unwrap();
    assert_eq!(one(&mut store, start(1, 10)), Err(Rejected::Overdue));
    let overdue = Accept {
        deadline: at(5),
        ..request(2, 5)
    };
    assert_eq!(one(&mut store, accept(overdue)), Err(Rejected::Overdue));
    assert_eq!(one(&mut store, start(3, 10)), Err(Rejected::NotThere));
}

fn an_answer_that_does_not_verify_ends_it<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, accept(request(1, 0))).unwrap();
    one(&mut store, start(1, 0)).unwrap();
    assert_eq!(one(&mut store, refuse_answer(1, 1)), Ok(Done::Leaf(2)));
    assert_eq!(
        one(&mut store, answer(1, 1)),
        Err(Rejected::Decided(Ending::Refused))
    );
    assert_eq!(store.answer(id(1)).unwrap(), None);
    assert_eq!(
        store.row(id(1)).unwrap().unwrap().standing.ending,
        Some(Ending::Refused)
    );
}

fn what_may_have_left_is_given_up<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, accept(request(1, 0))).unwrap();
    assert_eq!(one(&mut store, give_up(1, 1)), Err(Rejected::NotSent));
    one(&mut store, start(1, 0)).unwrap();
    assert_eq!(one(&mut store, give_up(1, 1)), Ok(Done::Leaf(2)));
    assert_eq!(one(&mut store, requeue(1, 30)), Err(Rejected::Spent));
    assert_eq!(one(&mut store, answer(1, 2)), Ok(Done::Late(3)));
    assert_eq!(
        store.row(id(1)).unwrap().unwrap().standing.ending,
        Some(Ending::Unknown)
    );
}

fn an_operator_requeues_what_did_not_leave<P: Place>() {
    let mut store = P::default().open();
    for (operation, expected) in [
        (accept(request(1, 0)), Ok(Done::Leaf(1))),
        (requeue(1, 30), Err(Rejected::InWork)),
        (expire(1, 10), Ok(Done::Leaf(2))),
        (requeue(1, 30), Ok(Done::Noted)),
        (requeue(1, 40), Err(Rejected::InWork)),
        (expire(1, 29), Err(Rejected::NotDue)),
        (start(1, 29), Ok(Done::Started(1))),
        (start(1, 29), Err(Rejected::Spent)),
        (answer(1, 29), Ok(Done::Late(3))),
        (expire(1, 30), Err(Rejected::Decided(Ending::Expired))),
        (accept(request(2, 0)), Ok(Done::Leaf(4))),
        (expire(2, 10), Ok(Done::Leaf(5))),
        (requeue(2, 30), Ok(Done::Noted)),
        (expire(2, 30), Ok(Done::Noted)),
        (start(2, 29), Err(Rejected::Decided(Ending::Expired))),
    ] {
        let text = format!("{operation:?}");
        assert_eq!(one(&mut store, operation), expected, "{text}");
    }
    let row = store.row(id(1)).unwrap().unwrap();
    assert_eq!(
        (
            row.standing.ending,
            row.standing.requeued,
            row.standing.late
        ),
        (Some(Ending::Expired), true, true)
    );
}

/// A request with a key for retries, whose replay key is another each time.
fn with_key(number: u8, seconds: i64, body: &str) -> Operation {
    let idempotency = Some(retry_key("order-1", body));
    accept(Accept {
        idempotency,
        ..request(number, seconds)
    })
}

fn a_retry_gets_the_same_answer<P: Place>() {
    let place = P::default();
    let mut store = place.open();
    one(&mut store, with_key(1, 0, "a")).unwrap();
    one(&mut store, start(1, 0)).unwrap();
    one(&mut store, answer(1, 1)).unwrap();
    drop(store);
    let mut store = place.open();
    let repeat = one(&mut store, with_key(2, 60, "a"));
    assert_eq!(repeat, Err(Rejected::Repeat(Repeat::Answered(id(1)))));
    // The retry's own bytes are used up.
    let again = Accept {
        replay: Some(key(2, 60)),
        ..request(3, 61)
    };
    assert_eq!(
        one(&mut store, accept(again)),
        Err(Rejected::Replayed(id(2)))
    );
    // It is another instance's key otherwise.
    let other =
        IdempotencyKey::new(party(3).instance, "order-1", [b"GET", b"/", b"", b""]).unwrap();
    let other = Accept {
        idempotency: Some(other),
        sender: party(3),
        ..request(4, 61)
    };
    assert_eq!(one(&mut store, accept(other)), Ok(Done::Leaf(3)));
}

fn a_retry_of_another_request_is_refused<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, with_key(1, 0, "a")).unwrap();
    let different = Err(Rejected::Repeat(Repeat::Different(id(1))));
    assert_eq!(one(&mut store, with_key(2, 1, "b")), different);
}

fn a_retry_is_told_what_became_of_the_first<P: Place>() {
    let mut store = P::default().open();
    let repeat = |repeat| Err(Rejected::Repeat(repeat));
    one(&mut store, with_key(1, 0, "a")).unwrap();
    assert_eq!(
        one(&mut store, with_key(2, 1, "a")),
        repeat(Repeat::InWork(id(1)))
    );
    one(&mut store, start(1, 1)).unwrap();
    one(&mut store, give_up(1, 2)).unwrap();
    assert_eq!(
        one(&mut store, with_key(3, 3, "a")),
        repeat(Repeat::Unknown(id(1)))
    );

    let mut store = P::default().open();
    one(&mut store, with_key(1, 0, "a")).unwrap();
    one(&mut store, expire(1, 10)).unwrap();
    assert_eq!(
        one(&mut store, with_key(2, 11, "a")),
        repeat(Repeat::Expired(id(1)))
    );
    one(&mut store, requeue(1, 30)).unwrap();
    assert_eq!(
        one(&mut store, with_key(3, 12, "a")),
        repeat(Repeat::InWork(id(1)))
    );

    let mut store = P::default().open();
    one(&mut store, with_key(1, 0, "a")).unwrap();
    one(&mut store, start(1, 1)).unwrap();
    one(&mut store, refuse_answer(1, 2)).unwrap();
    assert_eq!(
        one(&mut store, with_key(2, 3, "a")),
        repeat(Repeat::Refused(id(1)))
    );

    let mut store = P::default().open();
    one(&mut store, with_key(1, 0, "a")).unwrap();
    one(&mut store, start(1, 1)).unwrap();
    one(&mut store, answer(1, 2)).unwrap();
    assert_eq!(store.erase(id(1)), Ok(true));
    assert_eq!(
        one(&mut store, with_key(2, 3, "a")),
        repeat(Repeat::Erased(id(1)))
    );
}

fn an_idempotency_key_is_forgotten_after_a_day<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, with_key(1, 0, "a")).unwrap();
    one(&mut store, expire(1, 10)).unwrap();
    let day = IDEMPOTENCY_SECONDS;
    let known = one(&mut store, with_key(2, day - 1, "a"));
    assert_eq!(known, Err(Rejected::Repeat(Repeat::Expired(id(1)))));
    assert_eq!(one(&mut store, with_key(3, day, "b")), Ok(Done::Leaf(3)));
    let known = one(&mut store, with_key(4, day + 1, "b"));
    assert_eq!(known, Err(Rejected::Repeat(Repeat::InWork(id(3)))));
    store.tidy(at(0), at(2 * day)).unwrap();
    assert_eq!(
        one(&mut store, with_key(5, day + 1, "c")),
        Ok(Done::Leaf(4))
    );
}

/// One request to two receivers, of which the first answers; the second was never accepted.
fn a_request_to_several_is_taken_in_once_and_kept_with_what_came_of_each<P: Place>() {
    let place = P::default();
    let mut store = place.open();
    let taken_in = |replay| Operation::Fan(Box::new(fan(1, key(replay, 0), 0)));
    let found = |store: &P::Store, asked| store.fan(party(1).instance, asked).unwrap();
    assert_eq!(one(&mut store, taken_in(1)), Ok(Done::Noted));
    assert_eq!(one(&mut store, taken_in(1)), Err(Rejected::Replayed(id(1))));
    assert_eq!(one(&mut store, taken_in(2)), Err(Rejected::Taken));
    let child = Accept {
        parent: Some(id(1)),
        replay: None,
        starts: true,
        ..request(2, 0)
    };
    one(&mut store, accept(child)).unwrap();
    let asked = Asked::Correlation(id(1));
    let fanned = found(&store, asked).expect("on record");
    assert_eq!((fanned.correlation, fanned.open), (id(1), true));
    let children = fanned.children.iter();
    let children: Vec<_> = children
        .map(|one| (one.correlation, one.receiver))
        .collect();
    assert_eq!(children, fan_children(1));
    assert_eq!(found(&store, Asked::Request([1; 32])), Some(fanned));
    assert_eq!(store.fan(party(2).instance, asked).unwrap(), None);
    drop(store);

    // Whoever waited for all of them is gone; the child that was accepted has not ended.
    let mut store = place.open();
    assert!(found(&store, asked).unwrap().open);
    one(&mut store, answer(2, 1)).unwrap();
    let fanned = found(&store, asked).unwrap();
    assert!(!fanned.open);
    let outcome = fanned.children[0].outcome.expect("it was accepted");
    assert_eq!(outcome.ending, Some(Ending::Answered));
    assert_eq!(
        (fanned.children[1].outcome, fanned.children[1].status),
        (None, None)
    );
    let statuses = vec![(id(2), 201), (id(3), 503), (id(4), 200)];
    let end = |number| {
        Operation::FanEnd(FanEnd {
            correlation: id(number),
            statuses: statuses.clone(),
        })
    };
    assert_eq!(one(&mut store, end(1)), Ok(Done::Noted));
    assert_eq!(one(&mut store, end(5)), Err(Rejected::NotThere));
    let fanned = found(&store, asked).unwrap();
    let statuses: Vec<_> = fanned.children.iter().map(|one| one.status).collect();
    assert_eq!(statuses, [Some(201), Some(503)]);
}

fn a_key_for_retries_is_of_one_request_to_one_or_to_several<P: Place>() {
    let mut store = P::default().open();
    let several = |number: u8, body: &str, at| {
        Operation::Fan(Box::new(Fan {
            idempotency: Some(retry_key("a", body)),
            ..fan(number, key(number, at), at)
        }))
    };
    let single = |number: u8, retry: &str, at| {
        accept(Accept {
            idempotency: Some(retry_key(retry, "x")),
            ..request(number, at)
        })
    };
    let known = |repeat| Err(Rejected::Repeat(repeat));
    one(&mut store, several(1, "y", 0)).unwrap();
    assert_eq!(
        one(&mut store, several(10, "y", 1)),
        known(Repeat::InWork(id(1)))
    );
    assert_eq!(
        one(&mut store, several(11, "z", 1)),
        known(Repeat::Different(id(1)))
    );
    assert_eq!(
        one(&mut store, single(12, "a", 1)),
        known(Repeat::Different(id(1)))
    );
    let end = FanEnd {
        correlation: id(1),
        statuses: Vec::new(),
    };
    one(&mut store, Operation::FanEnd(end)).unwrap();
    assert_eq!(
        one(&mut store, several(13, "y", 2)),
        known(Repeat::Several(id(1)))
    );
    // The other way round.
    one(&mut store, single(14, "b", 2)).unwrap();
    let other = Operation::Fan(Box::new(Fan {
        idempotency: Some(retry_key("b", "y")),
        ..fan(15, key(15, 2), 2)
    }));
    assert_eq!(one(&mut store, other), known(Repeat::Different(id(14))));
    // A day later it is forgotten.
    let day = IDEMPOTENCY_SECONDS;
    store.tidy(at(day - 1000), at(day)).unwrap();
    one(&mut store, several(16, "y", day)).unwrap();
}

fn the_outcome_is_for_its_sender_only<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, accept(request(1, 0))).unwrap();
    for asked in [Asked::Correlation(id(1)), Asked::Request([1; 32])] {
        let outcome = store.outcome(party(1).instance, asked).unwrap().unwrap();
        assert_eq!(
            (outcome.correlation, outcome.at, outcome.ending),
            (id(1), at(0), None)
        );
        assert_eq!((outcome.may_have_left, outcome.erased), (false, false));
        assert_eq!(store.outcome(party(2).instance, asked), Ok(None));
    }
    for asked in [Asked::Correlation(id(2)), Asked::Request([2; 32])] {
        assert_eq!(store.outcome(party(1).instance, asked), Ok(None));
    }
    one(&mut store, start(1, 0)).unwrap();
    one(&mut store, expire(1, 10)).unwrap();
    one(&mut store, answer(1, 11)).unwrap();
    let outcome = store
        .outcome(party(1).instance, Asked::Correlation(id(1)))
        .unwrap()
        .unwrap();
    assert_eq!(
        (outcome.ending, outcome.late, outcome.may_have_left),
        (Some(Ending::Expired), true, true)
    );
}

fn the_outcome_by_signing_string_is_that_of_the_accepted_one<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, accept(request(1, 0))).unwrap();
    // The same bytes again: refused as a replay, an event of its own.
    let replayed = Refuse {
        replay: None,
        request: [1; 32],
        ..refusal(2, 1)
    };
    one(&mut store, refuse(replayed)).unwrap();
    let outcome = store
        .outcome(party(1).instance, Asked::Request([1; 32]))
        .unwrap()
        .unwrap();
    assert_eq!(outcome.correlation, id(1));
}

fn open_rows_come_in_the_order_of_acceptance<P: Place>() {
    let place = P::default();
    let mut store = place.open();
    for number in [5, 3, 9, 1] {
        one(&mut store, accept(request(number, 0))).unwrap();
    }
    one(&mut store, start(3, 0)).unwrap();
    one(&mut store, answer(3, 1)).unwrap();
    one(&mut store, refuse(refusal(4, 1))).unwrap();
    drop(store);
    let store = place.open();
    let rows = store.open_rows(None, 2).unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.correlation).collect();
    assert_eq!(ids, [id(5), id(9)]);
    let rows = store.open_rows(Some(rows[1].leaf), 10).unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.correlation).collect();
    assert_eq!(ids, [id(1)]);
}

fn all_of_a_batch_see_those_before_them<P: Place>() {
    let mut store = P::default().open();
    let again = Accept {
        replay: Some(key(1, 0)),
        ..request(2, 0)
    };
    let batch = [
        accept(request(1, 0)),
        accept(again),
        start(1, 0),
        start(1, 0),
        answer(1, 1),
        expire(1, 20),
        refuse(refusal(3, 1)),
    ];
    let results = store.commit(&batch).unwrap();
    let expected = [
        Ok(Done::Leaf(1)),
        Err(Rejected::Replayed(id(1))),
        Ok(Done::Started(1)),
        Err(Rejected::Spent),
        Ok(Done::Leaf(2)),
        Err(Rejected::Decided(Ending::Answered)),
        Ok(Done::Leaf(3)),
    ];
    assert_eq!(results, expected);
    assert_eq!(store.answer(id(1)).unwrap(), Some(content("answer to 1")));
    assert_eq!(store.commit(&[]), Ok(Vec::new()));
}

/// For every point of an exchange: what was committed is there, and says what may be done (X-DURABLE, X-ONCE).
fn after_a_crash_what_was_committed_is_there<P: Place>() {
    let steps = [accept(request(1, 0)), start(1, 0), sent(1, 1), answer(1, 1)];
    for committed in 0..=steps.len() {
        let place = P::default();
        let mut store = place.open();
        for step in &steps[..committed] {
            one(&mut store, step.clone()).unwrap();
        }
        drop(store);
        let mut store = place.open();
        let row = store.row(id(1)).unwrap();
        assert_eq!(row.is_some(), committed >= 1);
        assert_eq!(
            row.is_some_and(|row| row.standing.may_have_left),
            committed >= 2
        );
        assert_eq!(
            row.and_then(|row| row.standing.ending).is_some(),
            committed >= 4
        );
        let sends_again = one(&mut store, start(1, 1)).is_ok();
        assert_eq!(
            sends_again,
            committed == 1,
            "only what is known to be unsent is sent"
        );
    }
}

fn erasing_takes_the_messages_and_leaves_the_outcome<P: Place>() {
    let place = P::default();
    let mut store = place.open();
    one(&mut store, accept(request(1, 0))).unwrap();
    one(&mut store, start(1, 0)).unwrap();
    one(&mut store, sent(1, 1)).unwrap();
    one(&mut store, answer(1, 1)).unwrap();
    assert_eq!(store.erase(id(1)), Ok(true));
    assert_eq!(store.erase(id(1)), Ok(false));
    assert_eq!(store.erase(id(2)), Ok(false));
    drop(store);
    let mut store = place.open();
    assert_eq!(
        (store.request(id(1)).unwrap(), store.answer(id(1)).unwrap()),
        (None, None)
    );
    let outcome = store
        .outcome(party(1).instance, Asked::Correlation(id(1)))
        .unwrap()
        .unwrap();
    assert_eq!(
        (outcome.ending, outcome.erased),
        (Some(Ending::Answered), true)
    );
    assert_eq!(one(&mut store, sent(1, 2)), Err(Rejected::Erased));
}

fn nothing_in_work_is_erased<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, accept(request(1, 0))).unwrap();
    assert_eq!(store.erase(id(1)), Err(EraseProblem::InWork));
    one(&mut store, expire(1, 10)).unwrap();
    one(&mut store, requeue(1, 30)).unwrap();
    assert_eq!(store.erase(id(1)), Err(EraseProblem::InWork));
    one(&mut store, expire(1, 30)).unwrap();
    assert_eq!(store.erase(id(1)), Ok(true));
    assert_eq!(one(&mut store, requeue(1, 60)), Err(Rejected::Erased));
    one(&mut store, refuse(refusal(2, 1))).unwrap();
    assert_eq!(store.erase(id(2)), Ok(true));
}

fn credentials_are_never_kept<P: Place>() {
    let mut store = P::default().open();
    let heads = [
        "POST / HTTP/1.1\r\nAuthorization: Bearer x\r\n\r\n",
        "POST / HTTP/1.1\nauthorization : Bearer x\n\n",
        "POST / HTTP/1.1\r\nProxy-Authorization: Basic x\r\n\r\n",
        "POST / HTTP/1.1\r\nA: b\rAuthorization: x\r\n\r\n",
        "\r\n\r\nPOST / HTTP/1.1\r\nAuthorization: x\r\n\r\n",
        "POST / HTTP/1.1\r\nAUTHORIZATION",
    ];
    for head in heads {
        let content = Content {
            message: head.into(),
            ..content("")
        };
        let holds = Err(Rejected::Unfit(Unfit::Credentials));
        assert_eq!(
            one(
                &mut store,
                accept(Accept {
                    content: content.clone(),
                    ..request(1, 0)
                })
            ),
            holds,
            "{head:?}"
        );
        assert_eq!(
            one(
                &mut store,
                refuse(Refuse {
                    content,
                    ..refusal(1, 0)
                })
            ),
            holds,
            "{head:?}"
        );
    }
    let lists = r#"realm="dax" headers="(request-target) Authorization date" signature="AA==""#;
    let content = Content {
        signature: lists.into(),
        ..content("")
    };
    let listed = Err(Rejected::Unfit(Unfit::ListsCredentials));
    assert_eq!(
        one(
            &mut store,
            accept(Accept {
                content: content.clone(),
                ..request(1, 0)
            })
        ),
        listed
    );
    assert_eq!(store.row(id(1)).unwrap(), None);
    // In a body the word is no field.
    let message = b"POST / HTTP/1.1\r\n\r\n\nAuthorization: text".to_vec();
    let content = Content {
        message,
        ..crate::made::content("")
    };
    one(
        &mut store,
        accept(Accept {
            content,
            ..request(1, 0)
        }),
    )
    .unwrap();
}

fn what_is_too_long_is_not_kept<P: Place>() {
    let mut store = P::default().open();
    let long = MAX_STATEMENT_LEN + 1;
    let content = Content {
        statement: vec![b'x'; long],
        ..content("")
    };
    let unfit = Err(Rejected::Unfit(Unfit::LongStatement(long)));
    assert_eq!(
        one(
            &mut store,
            accept(Accept {
                content,
                ..request(1, 0)
            })
        ),
        unfit
    );
    let text = "x".repeat(MAX_IDEMPOTENCY_KEY_LEN + 1);
    for key in ["", "a b", "ä", &text] {
        let made = IdempotencyKey::new(party(1).instance, key, [b"", b"", b"", b""]);
        assert_eq!(made, Err(Unfit::IdempotencyKey), "{key:?}");
    }
}

fn an_id_is_used_once<P: Place>() {
    let mut store = P::default().open();
    one(&mut store, accept(request(1, 0))).unwrap();
    let again = |replay| Accept {
        replay: Some(key(replay, 0)),
        ..request(1, 0)
    };
    assert_eq!(one(&mut store, accept(again(2))), Err(Rejected::Taken));
    assert_eq!(
        one(
            &mut store,
            refuse(Refuse {
                replay: None,
                ..refusal(1, 0)
            })
        ),
        Err(Rejected::Taken)
    );
    // The replay key of what was not even looked at is not used up.
    one(
        &mut store,
        accept(Accept {
            replay: Some(key(2, 0)),
            ..request(2, 0)
        }),
    )
    .unwrap();
}

fn a_batch_is_bounded<P: Place>() {
    let mut store = P::default().open();
    let failure = store.commit(&vec![start(1, 0); MAX_BATCH + 1]).unwrap_err();
    assert_eq!((failure.cause, failure.is_fatal()), (Cause::TooMany, false));
    assert_eq!(
        store.commit(&vec![start(1, 0); MAX_BATCH]).unwrap().len(),
        MAX_BATCH
    );
}
