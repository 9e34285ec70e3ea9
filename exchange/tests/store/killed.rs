//! A process that is killed while it writes: what it was told to be on disk is there, and the log is whole
//! (X-DURABLE).

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use daxsign_exchange::CorrelationId;
use daxsign_exchange::record::*;

use crate::conformance::Place;
use crate::made::*;
use crate::sqlite::{Sqlite, open};

const FOLDER: &str = "DAXSIGN_TEST_KILLED";
const ROUNDS: u64 = 6;
/// What is confirmed before it is killed.
const WRITTEN: usize = 4;

fn numbered(number: u32) -> CorrelationId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    CorrelationId::from_bytes(bytes)
}

/// One exchange as a batch of its own steps, behind a request that stays open.
fn batch(number: u32) -> Vec<Operation> {
    let mut hash = [0; 32];
    hash[..4].copy_from_slice(&number.to_be_bytes());
    let accepted = Accept {
        correlation: numbered(number),
        replay: Some(ReplayKey::new(party(1).instance, &hash, None, at(0))),
        starts: true,
        ..request(1, 0)
    };
    let answered = Answer {
        correlation: numbered(number),
        ..answer_of(1, 1)
    };
    match number % 3 {
        0 => vec![accept(accepted)],
        _ => vec![accept(accepted), Operation::Answer(Box::new(answered))],
    }
}

/// Writes until it is killed, and says after each commit which it was.
#[test]
fn child_writes_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let mut store = open(folder.as_ref()).unwrap();
    let from = u32::try_from(store.size().unwrap()).unwrap() * 10;
    for number in from.. {
        assert!(
            store
                .commit(&batch(number))
                .unwrap()
                .iter()
                .all(Result::is_ok)
        );
        println!("committed {number}");
        if number % 50 == 0 {
            store.checkpoint(at(i64::from(number))).unwrap();
        }
    }
}

#[test]
fn a_killed_process_loses_nothing_that_was_confirmed() {
    let place = Sqlite::default();
    drop(place.open());
    let mut confirmed = Vec::new();
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "killed::child_writes_until_it_is_killed",
                "--exact",
                "--nocapture",
            ])
            .env(FOLDER, place.0.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        // The last line may be cut.
        let mut said = output.lines().map_while(Result::ok).filter_map(|line| {
            let (_, number) = line.split_once("committed ")?;
            number.parse::<u32>().ok()
        });
        // Once it writes, however slowly, it is killed some milliseconds later.
        confirmed.extend(said.by_ref().take(WRITTEN));
        std::thread::sleep(Duration::from_millis(7 * round + 3));
        child.kill().unwrap();
        // What stood in the pipe was confirmed too.
        for number in said {
            if confirmed.last().is_some_and(|last| last + 1 == number) {
                confirmed.push(number);
            }
        }
        child.wait().unwrap();
        let store = place.open();
        let checked = store.fsck().unwrap();
        assert_eq!(checked.findings, [], "round {round}");
        for number in &confirmed {
            let row = store.row(numbered(*number)).unwrap();
            let ending = row
                .unwrap_or_else(|| panic!("{number} of round {round} is lost"))
                .standing
                .ending;
            assert_eq!(ending.is_some(), number % 3 != 0, "a batch is there whole");
            assert!(
                store.request(numbered(*number)).unwrap().is_some(),
                "with its key"
            );
        }
    }
    assert!(confirmed.len() > 20, "{}", confirmed.len());
}
