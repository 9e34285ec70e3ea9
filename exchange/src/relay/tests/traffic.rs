//! Several exchanges at once: bounds, lanes, deadlines.

use daxsign_core::Timestamp;
use uuid::Uuid;

use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::{Delivery, Ending, Standing};
use crate::relay::{Act, Again, Check, Event, Full, Limits, Misfit, Next, Pair, Traffic};

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix(second, 0).expect("a time")
}

fn id(number: u8) -> CorrelationId {
    CorrelationId::from_bytes([number; 16])
}

fn party(number: u8) -> Party {
    Party {
        partner: Uuid::nil(),
        instance: Uuid::from_u128(number.into()),
    }
}

fn pair(sender: u8, receiver: u8) -> Pair {
    Pair {
        receiver: party(receiver),
        sender: party(sender),
    }
}

fn traffic(in_work: usize, per_receiver: usize) -> Traffic {
    Traffic::new(Limits {
        in_work,
        per_receiver,
    })
}

/// Takes a request up to A; what A leads to.
fn accept(traffic: &mut Traffic, id: CorrelationId, pair: Pair) -> Vec<Act> {
    allow(traffic, id, pair);
    step(traffic, id, Event::Recorded)
}

fn allow(traffic: &mut Traffic, id: CorrelationId, pair: Pair) -> Vec<Act> {
    traffic.admit(id).expect("room");
    step(traffic, id, Event::Verified);
    step(traffic, id, Event::ContractFound);
    let acts = traffic.allow(id, pair, Delivery::Once, at(10), at(0));
    acts.expect("it is asked for")
}

fn step(traffic: &mut Traffic, id: CorrelationId, event: Event) -> Vec<Act> {
    traffic.step(id, event, at(1)).expect("it is asked for")
}

/// Which exchanges are to be sent, in this order.
fn sent(acts: &[Act]) -> Vec<CorrelationId> {
    let is_sending = |act: &&Act| matches!(act.next, Next::Send { .. });
    acts.iter().filter(is_sending).map(|act| act.id).collect()
}

#[test]
fn there_is_room_for_so_many_and_no_more() {
    let mut traffic = traffic(2, 10);
    assert!(traffic.admit(id(1)).is_ok());
    assert_eq!(traffic.admit(id(1)), Err(Full), "the same id");
    assert!(traffic.admit(id(2)).is_ok());
    assert_eq!(traffic.admit(id(3)), Err(Full));
    step(&mut traffic, id(1), Event::Refused(Check::Signature));
    step(&mut traffic, id(1), Event::Returned);
    assert!(traffic.admit(id(3)).is_ok(), "the first one has ended");
    assert_eq!(traffic.len(), 2);
}

#[test]
fn a_receiver_takes_so_many_and_others_are_free() {
    let mut traffic = traffic(10, 1);
    accept(&mut traffic, id(1), pair(1, 3));
    let acts = allow(&mut traffic, id(2), pair(2, 3));
    assert_eq!(acts[0].next, Next::TurnAway(Check::Load));
    let acts = allow(&mut traffic, id(3), pair(2, 4));
    assert_eq!(acts[0].next, Next::RecordRequest);
    traffic.tick(at(10));
    step(&mut traffic, id(1), Event::Recorded);
    step(&mut traffic, id(1), Event::Returned);
    let acts = allow(&mut traffic, id(4), pair(2, 3));
    assert_eq!(acts[0].next, Next::RecordRequest, "its depth is free again");
}

#[test]
fn what_is_allowed_names_its_pair() {
    let mut traffic = traffic(10, 10);
    traffic.admit(id(1)).expect("room");
    let terms = crate::relay::Terms {
        delivery: Delivery::Once,
        deadline: at(10),
        reachable: true,
    };
    let refused = traffic.step(id(1), Event::Allowed(terms), at(0));
    assert!(matches!(refused, Err(Misfit::Unexpected(_))));
    let unknown = traffic.step(id(2), Event::Tick, at(0));
    assert_eq!(unknown, Err(Misfit::NotInWork));
}

#[test]
fn a_lane_sends_one_after_the_other_and_lanes_do_not_wait_for_each_other() {
    let mut traffic = traffic(10, 10);
    for receiver in [3, 4] {
        traffic.reach(party(receiver), true, at(0));
    }
    assert_eq!(sent(&accept(&mut traffic, id(1), pair(1, 3))), [id(1)]);
    assert_eq!(sent(&accept(&mut traffic, id(2), pair(1, 3))), []);
    assert_eq!(sent(&accept(&mut traffic, id(3), pair(1, 3))), []);
    assert_eq!(sent(&accept(&mut traffic, id(4), pair(2, 3))), [id(4)]);
    assert_eq!(sent(&accept(&mut traffic, id(5), pair(1, 4))), [id(5)]);
    let acts = step(&mut traffic, id(1), Event::Sent { attempt: 1 });
    assert_eq!(sent(&acts), [id(2)]);
    // The third one's receiver goes away meanwhile: it waits, the second one first.
    let acts = step(&mut traffic, id(2), Event::Unsent { attempt: 1 });
    assert_eq!(sent(&acts), []);
    assert_eq!(sent(&traffic.reach(party(3), true, at(2))), [id(2)]);
}

#[test]
fn what_waits_expires_and_the_next_one_goes() {
    let mut traffic = traffic(10, 10);
    accept(&mut traffic, id(1), pair(1, 3));
    assert_eq!(traffic.next_due(), Some(at(10)));
    assert_eq!(traffic.tick(at(9)), []);
    let acts = traffic.tick(at(10));
    let expires = Next::RecordEnding(Ending::Expired);
    assert_eq!((acts[0].id, acts[0].next), (id(1), expires));
    assert_eq!(acts[0].row.map(|row| row.may_have_left), Some(false));
    assert_eq!(traffic.next_due(), None);
    assert_eq!(sent(&traffic.reach(party(3), true, at(10))), []);
}

/// What became of an attempt of an earlier life says nothing of a later one's.
#[test]
fn a_requeued_one_is_told_from_its_life_before() {
    let mut traffic = traffic(10, 10);
    let row = Standing {
        delivery: Delivery::Repeatable,
        deadline: at(10),
        may_have_left: true,
        ending: None,
        requeued: false,
        late: false,
    };
    traffic.resume(id(1), pair(1, 3), row, at(0));
    let acts = traffic.reach(party(3), true, at(0));
    assert_eq!(acts[0].next, Next::Send { attempt: 1 });
    traffic.tick(at(10));
    step(&mut traffic, id(1), Event::Recorded);
    assert!(traffic.is_empty());
    let ended = Standing {
        ending: Some(Ending::Expired),
        ..row
    };
    let asked = Again {
        accepted: at(0),
        deadline: at(20),
    };
    let requeued = traffic.requeue(id(1), pair(1, 3), ended, asked, at(11));
    assert_eq!(requeued.expect("may be repeated").len(), 1);
    let acts = traffic.step(id(1), Event::Recorded, at(11)).expect("asked");
    assert_eq!(acts[1].next, Next::Send { attempt: 2 });
    let stale = traffic.step(id(1), Event::Sent { attempt: 1 }, at(11));
    assert_eq!(stale, Ok(Vec::new()));
    let passage = traffic.passage(id(1)).expect("in work");
    assert_eq!(passage.next(), Next::Send { attempt: 2 });
}
