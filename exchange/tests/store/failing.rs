//! Disks that are full, slow to free, or not to be written: refused with the reason, nothing lost.

use std::process::{Command, Output};

use daxsign_exchange::record::*;
use rusqlite::Connection;

use crate::conformance::Place;
use crate::made::*;
use crate::sqlite::{Sqlite, open};

/// Where a test that runs as a child finds its record.
const FOLDER: &str = "DAXSIGN_TEST_RECORD";

/// Many requests of 8 KB; the failure that ends them, and how many were taken before.
fn fill(store: &mut SqliteStore) -> (u8, Failure) {
    for number in 10..=255 {
        let content = content(&"x".repeat(8000));
        if let Err(failure) = store.commit(&[accept(Accept {
            content,
            ..request(number, 0)
        })]) {
            return (number - 10, failure);
        }
    }
    panic!("it was never full");
}

#[test]
fn a_full_record_refuses_and_goes_on_once_there_is_room() {
    let place = Sqlite::default();
    let mut store = place.open();
    one(&mut store, refuse(refusal(1, 0))).unwrap();
    store.limit_size(600_000).unwrap();
    let (taken, failure) = fill(&mut store);
    assert!(taken > 20, "{taken}");
    assert_eq!((failure.cause, failure.is_fatal()), (Cause::Full, false));
    // A batch is refused whole: also what would have had room.
    let large = Accept {
        content: content(&"x".repeat(100_000)),
        ..request(3, 0)
    };
    let batch = [refuse(refusal(2, 0)), accept(large)];
    assert_eq!(store.commit(&batch).unwrap_err().cause, Cause::Full);
    assert_eq!(store.request(id(2)).unwrap(), None);
    assert!(store.fsck().unwrap().is_sound());
    store.limit_size(6_000_000).unwrap();
    let results = store.commit(&batch).unwrap();
    assert_eq!(
        results,
        [
            Ok(Done::Leaf(u64::from(taken) + 2)),
            Ok(Done::Leaf(u64::from(taken) + 3))
        ]
    );
    drop(store);
    let checked = place.open().fsck().unwrap();
    assert_eq!(
        (checked.leaves, checked.findings),
        (u64::from(taken) + 4, Vec::new())
    );
}

/// Runs a test of this program as a child under `wrapper`, with its record in `folder`.
fn child(
    wrapper: &[&str],
    program: &std::path::Path,
    test: &str,
    folder: &std::path::Path,
) -> Output {
    let mut words = wrapper.iter();
    Command::new(words.next().unwrap())
        .args(words)
        .arg(program)
        .args([
            &format!("failing::{test}"),
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, folder)
        .output()
        .unwrap()
}

#[track_caller]
fn passed(output: &Output) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
#[cfg(unix)]
fn a_disk_that_takes_no_more_ends_the_store_and_loses_nothing() {
    let place = Sqlite::default();
    drop(place.open());
    // In units of 512 bytes or 1 KB: a file may not grow beyond one megabyte or two.
    let limited = [
        "sh",
        "-c",
        "trap '' XFSZ; ulimit -f 2048; exec \"$@\"",
        "sh",
    ];
    let program = std::env::current_exe().unwrap();
    passed(&child(
        &limited,
        &program,
        "child_fills_its_disk",
        place.0.path(),
    ));
    let taken: u64 = std::fs::read_to_string(place.0.path().join("taken"))
        .unwrap()
        .parse()
        .unwrap();
    let store = place.open();
    let checked = store.fsck().unwrap();
    assert_eq!(checked.findings, []);
    assert!(
        checked.leaves > taken,
        "what was confirmed is there: {} of {taken}",
        checked.leaves
    );
    assert!(taken > 10, "{taken}");
}

#[test]
fn child_fills_its_disk() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    let mut store = open(&folder).unwrap();
    let (taken, failure) = fill(&mut store);
    assert!(
        matches!(failure.cause, Cause::Full | Cause::Disk | Cause::Unwritten),
        "{failure:?}"
    );
    std::fs::write(folder.join("taken"), taken.to_string()).unwrap();
    let after = store.commit(&[refuse(refusal(1, 0))]);
    if failure.is_fatal() {
        assert_eq!(after, Err(failure));
    }
}

/// A user who owns nothing here; where the test runs as one already, that is enough.
#[cfg(unix)]
fn as_nobody() -> Vec<&'static str> {
    let id = Command::new("id").arg("-u").output().unwrap().stdout;
    if id.trim_ascii() == b"0" {
        vec![
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--",
        ]
    } else {
        vec!["env"]
    }
}

#[test]
#[cfg(unix)]
fn a_record_that_cannot_be_written_says_so() {
    use std::fs::{Permissions, copy, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let place = Sqlite::default();
    one(&mut place.open(), accept(request(1, 0))).unwrap();
    let folder = place.0.path();
    let program = folder.join("program");
    copy(std::env::current_exe().unwrap(), &program).unwrap();
    for (name, mode) in [
        ("program", 0o555),
        (RECORD_FILE, 0o444),
        (KEYS_FILE, 0o444),
        (".", 0o555),
    ] {
        set_permissions(folder.join(name), Permissions::from_mode(mode)).unwrap();
    }
    let output = child(&as_nobody(), &program, "child_cannot_write", folder);
    set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    passed(&output);
}

#[test]
fn child_cannot_write() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let refused =
        open(folder.as_ref()).and_then(|mut store| store.commit(&[accept(request(2, 0))]));
    let failure = refused.unwrap_err();
    assert_eq!(
        (failure.cause, failure.is_fatal()),
        (Cause::ReadOnly, false),
        "{failure:?}"
    );
}

#[test]
fn a_record_that_another_holds_is_busy_and_nothing_is_lost() {
    let place = Sqlite::default();
    let mut store = place.open();
    let other = Connection::open(place.0.path().join(RECORD_FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let failure = store.commit(&[accept(request(1, 0))]).unwrap_err();
    assert_eq!((failure.cause, failure.is_fatal()), (Cause::Busy, false));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(one(&mut store, accept(request(1, 0))), Ok(Done::Leaf(1)));
}

#[test]
fn keys_that_cannot_be_written_keep_the_record_from_being_written() {
    let place = Sqlite::default();
    let mut store = place.open();
    let other = Connection::open(place.0.path().join(KEYS_FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(
        store.commit(&[accept(request(1, 0))]).unwrap_err().cause,
        Cause::Busy
    );
    assert_eq!(store.row(id(1)).unwrap(), None);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(one(&mut store, accept(request(1, 0))), Ok(Done::Leaf(1)));
    assert!(store.fsck().unwrap().is_sound());
}

#[test]
fn two_that_write_make_one_log() {
    let place = Sqlite::default();
    let (mut first, mut second) = (place.open(), place.open());
    for (number, expected) in [(1, 1), (2, 2), (3, 3), (4, 4)] {
        let store = if number % 2 == 0 {
            &mut first
        } else {
            &mut second
        };
        assert_eq!(
            one(store, refuse(refusal(number, 0))),
            Ok(Done::Leaf(expected))
        );
    }
    assert_eq!(first.checkpoint(at(1)), second.checkpoint(at(1)));
    assert!(first.fsck().unwrap().is_sound());
}

#[test]
fn a_damaged_file_is_found_damaged() {
    let place = Sqlite::default();
    let mut store = place.open();
    for number in 1..100 {
        one(&mut store, accept(request(number, 0))).unwrap();
    }
    drop(store);
    let path = place.0.path().join(RECORD_FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    let third = bytes.len() / 3;
    bytes[third..].fill(0x5A);
    std::fs::write(&path, bytes).unwrap();
    let cause =
        match open(place.0.path()).and_then(|mut store| store.commit(&[accept(request(200, 0))])) {
            Ok(_) => panic!("it was continued"),
            Err(failure) => failure.cause,
        };
    assert_eq!((cause, cause.is_fatal()), (Cause::Damaged, true));
}
