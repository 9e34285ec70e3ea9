//! Larger worlds, at random: more requests, pairs and mishaps than all interleavings can have.

use proptest::prelude::*;

use super::world::{Budget, Fault, Planned, World};
use crate::record::Delivery::{Once, Repeatable};

/// Two senders, two receivers, six requests, one of them sent twice.
fn planned() -> Vec<Planned> {
    let all = [
        (1, 3, Once, 1),
        (1, 3, Repeatable, 1),
        (1, 3, Once, 2),
        (2, 3, Once, 1),
        (1, 4, Repeatable, 1),
        (2, 4, Once, 1),
    ];
    all.map(|(sender, receiver, delivery, copies)| Planned {
        sender,
        receiver,
        delivery,
        copies,
    })
    .to_vec()
}

const BUDGET: Budget = Budget {
    ticks: 4,
    crashes: 3,
    failed_commits: 2,
    departures: 2,
    unsent: 4,
    cuts: 3,
    losses: 2,
    bad_answers: 1,
    doubled_answers: 2,
    requeues: 2,
    elsewhere: 1,
    senders_gone: 1,
};

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_hold_in_larger_worlds(picks in prop::collection::vec(any::<u16>(), 0..250)) {
        let mut world = World::new(&planned(), BUDGET, Fault::None);
        for pick in picks {
            let choices = world.choices();
            if choices.is_empty() {
                break;
            }
            world.choose(choices[usize::from(pick) % choices.len()]);
        }
        world.settle();
    }
}
