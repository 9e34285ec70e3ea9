//! All interleavings of small worlds, each world once.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::world::{Budget, Fault, Planned, World};
use crate::record::Delivery::{self, Once, Repeatable};

const fn planned(sender: u8, receiver: u8, delivery: Delivery) -> Planned {
    Planned {
        sender,
        receiver,
        delivery,
        copies: 1,
    }
}

/// Every world that can be reached, once; how many there were. Panics where a rule is broken.
fn explore(start: &World) -> usize {
    let mut seen = HashSet::from([start.fingerprint()]);
    let mut left = vec![start.clone()];
    while let Some(world) = left.pop() {
        assert!(seen.len() < 300_000, "too large a world");
        world.clone().settle();
        for choice in world.choices() {
            let mut next = world.clone();
            next.choose(choice);
            if seen.insert(next.fingerprint()) {
                left.push(next);
            }
        }
    }
    seen.len()
}

/// A world that is gone through.
struct Small {
    name: &'static str,
    planned: Vec<Planned>,
    budget: Budget,
}

/// What goes wrong in all of them: one crash, and time for what waits to expire.
const USUAL: Budget = Budget {
    ticks: 1,
    crashes: 1,
    ..Budget::NONE
};

/// One request, with everything that can go wrong with one.
fn alone(delivery: Delivery) -> Vec<Small> {
    let planned = vec![planned(1, 2, delivery)];
    let world = |name, budget| Small {
        name,
        planned: planned.clone(),
        budget,
    };
    vec![
        world(
            "crashes and cuts",
            Budget {
                crashes: 2,
                cuts: 2,
                ..USUAL
            },
        ),
        world(
            "a receiver that comes and goes",
            Budget {
                departures: 1,
                unsent: 1,
                losses: 1,
                ..USUAL
            },
        ),
        world(
            "answers that are doubled and wrong",
            Budget {
                doubled_answers: 1,
                bad_answers: 1,
                cuts: 1,
                ..USUAL
            },
        ),
        world(
            "an operator",
            Budget {
                ticks: 2,
                requeues: 2,
                losses: 1,
                ..USUAL
            },
        ),
        world(
            "another process",
            Budget {
                elsewhere: 1,
                requeues: 1,
                doubled_answers: 1,
                ..USUAL
            },
        ),
        world(
            "a store that fails, a sender that leaves",
            Budget {
                failed_commits: 1,
                senders_gone: 1,
                cuts: 1,
                ..USUAL
            },
        ),
    ]
}

/// Two of one pair, and two with the same bytes.
fn together() -> Vec<Small> {
    let pair = |first, second| vec![planned(1, 2, first), planned(1, 2, second)];
    let budget = Budget { unsent: 1, ..USUAL };
    let mut worlds = Vec::new();
    for (name, planned) in [
        ("two commands of one pair", pair(Once, Once)),
        ("a command before a reading one", pair(Once, Repeatable)),
    ] {
        worlds.push(Small {
            name,
            planned,
            budget,
        });
    }
    let twice = Planned {
        copies: 2,
        ..planned(1, 2, Once)
    };
    worlds.push(Small {
        name: "the same bytes twice",
        planned: vec![twice],
        budget: Budget {
            failed_commits: 1,
            ..USUAL
        },
    });
    worlds
}

fn worlds() -> Vec<Small> {
    [alone(Once), alone(Repeatable), together()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn the_rules_hold_in_every_interleaving() {
    let mut states = 0;
    for small in worlds() {
        let start = World::new(&small.planned, small.budget, Fault::None);
        let count = explore(&start);
        assert!(count > 2_000, "{}: only {count}", small.name);
        states += count;
    }
    assert!(states > 200_000, "only {states}");
}

/// Each planted mistake is found, and told by the rule that it breaks.
#[test]
fn what_is_planted_is_found() {
    for (fault, rule) in [
        (Fault::SendsBeforeA, "X-DURABLE"),
        (Fault::SendsBeforeTheMark, "X-ONCE"),
        (Fault::ReturnsBeforeB, "X-DURABLE"),
        (Fault::TellsExpiryEarly, "X-DURABLE"),
        // What the row says was never sent, no answer is expected to.
        (Fault::ForgetsTheMark, "X-LATE"),
        (Fault::RepeatsWhatChanges, "X-DURABLE"),
        (Fault::ForgetsDeadlines, "X-LATE"),
        (Fault::ResumesBackwards, "X-ORDER"),
        (Fault::HasNoCompareAndSet, "X-LATE"),
        (Fault::ExpiresWhatMayHaveArrived, "X-DURABLE"),
        (Fault::LosesWhatWaits, "X-DURABLE"),
    ] {
        let found = worlds().iter().find_map(|small| {
            let start = World::new(&small.planned, small.budget, fault);
            catch_unwind(AssertUnwindSafe(|| explore(&start))).err()
        });
        let found = found.unwrap_or_else(|| panic!("{fault:?} is not found"));
        let said = found.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| found.downcast_ref::<&str>().copied());
        let said = said.unwrap_or_default();
        assert!(said.contains(rule), "{fault:?} is found as {said}");
    }
}
