//! Whatever comes in whatever order, SQLite says what the model says.

use daxsign_exchange::record::*;
use proptest::prelude::*;

use crate::conformance::Place;
use crate::made::*;
use crate::model::Memory;
use crate::sqlite::Sqlite;

#[derive(Clone, Debug)]
enum Step {
    Batch(Vec<Operation>),
    Erase(u8),
    Tidy(i64, i64),
    /// What a crash comes to.
    Reopen,
}

const IDS: std::ops::Range<u8> = 1..7;
const TIMES: std::ops::Range<i64> = 0..40;

/// A key for retries, and the body that it is for.
fn retrying() -> impl Strategy<Value = Option<(String, String)>> {
    proptest::option::of(("[ab]", "[xy]"))
}

fn accepting() -> impl Strategy<Value = Operation> {
    let retry = retrying();
    (
        IDS,
        TIMES,
        IDS,
        retry,
        any::<bool>(),
        any::<bool>(),
        -20_000..200_000_i64,
    )
        .prop_map(|(number, time, replay, retry, repeatable, starts, far)| {
            // Now and then on another day, so that keys are forgotten.
            let time = if far > 190_000 { far } else { time };
            let delivery = if repeatable {
                Delivery::Repeatable
            } else {
                Delivery::Once
            };
            accept(Accept {
                replay: Some(key(replay, if far < 0 { far } else { time })),
                idempotency: retry.map(|(key, body)| retry_key(&key, &body)),
                delivery,
                starts,
                ..request(number, time)
            })
        })
}

fn operation() -> impl Strategy<Value = Operation> {
    let at = || (IDS, TIMES);
    prop_oneof![
        4 => accepting(),
        3 => at().prop_map(|(id, time)| start(id, time)),
        3 => at().prop_map(|(id, time)| answer(id, time)),
        1 => at().prop_map(|(id, time)| refuse_answer(id, time)),
        2 => at().prop_map(|(id, time)| expire(id, time)),
        1 => at().prop_map(|(id, time)| give_up(id, time)),
        1 => at().prop_map(|(id, time)| requeue(id, time)),
        1 => (IDS, 0..3_u32).prop_map(|(id, attempt)| sent(id, attempt)),
        1 => (at(), IDS).prop_map(|((id, time), replay)| {
            refuse(Refuse { replay: Some(key(replay, time)), ..refusal(id, time) })
        }),
        1 => (at(), IDS).prop_map(|((number, time), replay)| {
            let (correlation, replay) = (id(number), key(replay, time));
            Operation::Use(Use { correlation, replay })
        }),
        1 => (at(), IDS, retrying()).prop_map(|((number, time), replay, retry)| {
            Operation::Fan(Box::new(Fan {
                idempotency: retry.map(|(key, body)| retry_key(&key, &body)),
                ..fan(number, key(replay, time), time)
            }))
        }),
        1 => (IDS, 200..504_u16).prop_map(|(number, status)| {
            let statuses = fan_children(number).map(|(child, _)| (child, status)).to_vec();
            Operation::FanEnd(FanEnd { correlation: id(number), statuses })
        }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => prop::collection::vec(operation(), 0..5).prop_map(Step::Batch),
        2 => IDS.prop_map(Step::Erase),
        1 => (-30_000..10_000_i64, 0..200_000_i64).prop_map(|(before, now)| Step::Tidy(before, now)),
        1 => Just(Step::Reopen),
    ]
}

/// All that can be read of the exchanges, as lines.
fn read(store: &impl Store) -> Vec<String> {
    let mut lines = vec![format!("{:?}", store.open_rows(None, 100).unwrap())];
    let message = |content: Option<Content>| content.map(|content| content.message);
    for number in IDS {
        lines.push(format!("{:?}", store.row(id(number)).unwrap()));
        lines.push(format!("{:?}", message(store.request(id(number)).unwrap())));
        lines.push(format!("{:?}", message(store.answer(id(number)).unwrap())));
        for asked in [Asked::Correlation(id(number)), Asked::Request([number; 32])] {
            lines.push(format!(
                "{:?}",
                store.outcome(party(1).instance, asked).unwrap()
            ));
            lines.push(format!(
                "{:?}",
                store.fan(party(1).instance, asked).unwrap()
            ));
        }
    }
    lines
}

fn agree(steps: Vec<Step>) {
    let (sqlite_place, model_place) = (Sqlite::default(), Memory::default());
    let (mut sqlite, mut model) = (sqlite_place.open(), model_place.open());
    for step in steps {
        match &step {
            Step::Batch(batch) => assert_eq!(sqlite.commit(batch), model.commit(batch), "{step:?}"),
            Step::Erase(number) => assert_eq!(
                sqlite.erase(id(*number)),
                model.erase(id(*number)),
                "{step:?}"
            ),
            Step::Tidy(before, now) => {
                assert_eq!(
                    sqlite.tidy(at(*before), at(*now)),
                    model.tidy(at(*before), at(*now))
                );
            }
            Step::Reopen => {
                drop(sqlite);
                sqlite = sqlite_place.open();
                model = model_place.open();
            }
        }
        assert_eq!(read(&sqlite), read(&model), "after {step:?}");
    }
    let checked = sqlite.fsck().unwrap();
    // Requests to several receivers are made up here beside the exchanges that they name.
    let mut findings = checked.findings.iter();
    let is_sound = findings.all(|one| matches!(one, Finding::Fan(..)));
    assert!(is_sound, "{checked:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn sqlite_does_what_the_model_does(steps in prop::collection::vec(step(), 1..40)) {
        agree(steps);
    }
}
