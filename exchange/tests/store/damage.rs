//! Whoever changes the record's file is found out.

use daxsign_exchange::CorrelationId;
use daxsign_exchange::record::*;
use rusqlite::Connection;

use crate::conformance::Place;
use crate::made::*;
use crate::sqlite::{Sqlite, log_key, open};

/// A record with a few exchanges and two checkpoints.
fn written() -> Sqlite {
    let place = Sqlite::default();
    let mut store = place.open();
    write(&mut store, 1..6);
    store.erase(id(5)).unwrap();
    place
}

fn write(store: &mut SqliteStore, numbers: std::ops::Range<u8>) {
    for number in numbers {
        one(store, accept(request(number, 0))).unwrap();
        one(store, start(number, 0)).unwrap();
        one(store, answer(number, 1)).unwrap();
        if number % 2 == 0 {
            store.checkpoint(at(i64::from(number))).unwrap();
        }
    }
}

#[test]
fn a_whole_record_is_found_sound() {
    let checked = written().open().fsck().unwrap();
    assert_eq!(
        (checked.leaves, checked.contents, checked.erased),
        (11, 8, 2)
    );
    assert_eq!((checked.checkpoints, checked.findings), (2, Vec::new()));
}

/// Whether these findings are those of a change.
type Expected = fn(&[Finding]) -> bool;

#[test]
fn each_change_is_found() {
    let cases: [(&str, Expected); 14] = [
        (
            "UPDATE event SET bytes = zeroblob(100) WHERE leaf = 3",
            |found| found.contains(&Finding::Leaf(3)),
        ),
        // A time, a party: what stands in a leaf.
        (
            "UPDATE event SET bytes = CAST(substr(bytes, 1, 60) || x'ff' || substr(bytes, 62) AS BLOB) WHERE leaf = 4",
            |found| found.contains(&Finding::Node(4)) && found.contains(&Finding::Root),
        ),
        (
            "DELETE FROM exchange; DELETE FROM event WHERE leaf = 10",
            |found| found.contains(&Finding::Root),
        ),
        (
            "PRAGMA foreign_keys=OFF; DELETE FROM event WHERE leaf = 2",
            |found| found.contains(&Finding::Gap(3)),
        ),
        (
            "UPDATE node SET hash = zeroblob(32) WHERE position = 2",
            |found| !found.is_empty(),
        ),
        ("UPDATE head SET root = zeroblob(32)", |found| {
            found == [Finding::Root]
        }),
        ("UPDATE head SET size = 10", |found| {
            found.contains(&Finding::Root)
        }),
        (
            "UPDATE event SET sealed = (SELECT sealed FROM event WHERE leaf = 1) WHERE leaf = 3",
            |found| found == [Finding::Content(3)],
        ),
        (
            "UPDATE checkpoint SET note = (SELECT max(note) FROM checkpoint)",
            |found| matches!(found, [Finding::Checkpoint(_)]),
        ),
        // How exchanges stand: another ending, one that there was not, another receiver, nothing.
        ("UPDATE exchange SET ending = 2 WHERE leaf = 1", |found| {
            found == [Finding::Row(2)]
        }),
        (
            "UPDATE exchange SET ending = NULL, ended = NULL, open = 1 WHERE leaf = 1",
            |found| found == [Finding::Row(2)],
        ),
        ("UPDATE exchange SET ended = 4 WHERE leaf = 1", |found| {
            found == [Finding::Row(1), Finding::Row(2)]
        }),
        (
            "UPDATE exchange SET receiver = sender WHERE leaf = 1",
            |found| found == [Finding::Row(1)],
        ),
        ("DELETE FROM exchange WHERE leaf = 1", |found| {
            found == [Finding::Row(1), Finding::Row(2)]
        }),
    ];
    for (sql, expected) in cases {
        let place = written();
        let connection = Connection::open(place.0.path().join(RECORD_FILE)).unwrap();
        connection.execute_batch("PRAGMA foreign_keys=OFF").unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        let checked = place.open().fsck();
        let found = match checked {
            Ok(checked) => checked.findings,
            Err(failure) => panic!("{sql}: {failure}"),
        };
        assert!(expected(&found), "{sql}: {found:?}");
    }
}

/// A request to several receivers, 11, with a key for retries: of its children 1 was answered, 2 expired; 3 was never accepted. And one that
/// a process did not end, 12, with child 4, which was refused.
fn fanned() -> Sqlite {
    let place = Sqlite::default();
    let mut store = place.open();
    let several = |number: u8, replay: i64, children: &[u8]| {
        Operation::Fan(Box::new(Fan {
            children: children.iter().map(|one| (id(*one), party(2))).collect(),
            idempotency: Some(retry_key(&format!("key-{number}"), "{}")),
            ..fan(number, key(number, replay), 0)
        }))
    };
    let child = |number: u8| {
        accept(Accept {
            parent: Some(id(11)),
            request: [11; 32],
            replay: None,
            ..request(number, 0)
        })
    };
    one(&mut store, several(11, 0, &[1, 2, 3])).unwrap();
    one(&mut store, child(1)).unwrap();
    one(&mut store, child(2)).unwrap();
    one(&mut store, start(1, 0)).unwrap();
    let mut answered = answer_of(1, 1);
    answered.content.statement = b"status 200".to_vec();
    one(&mut store, Operation::Answer(Box::new(answered))).unwrap();
    one(&mut store, expire(2, 10)).unwrap();
    let statuses = [(1, 200), (2, 504), (3, 503)];
    let end = FanEnd {
        correlation: id(11),
        statuses: statuses.map(|(child, status)| (id(child), status)).to_vec(),
    };
    one(&mut store, Operation::FanEnd(end)).unwrap();
    one(&mut store, several(12, 1, &[4])).unwrap();
    let refused = Refuse {
        request: [12; 32],
        replay: None,
        ..refusal(4, 1)
    };
    one(&mut store, refuse(refused)).unwrap();
    place
}

/// Each damage, what is found, and in which words.
const DAMAGED_FANS: [(&str, FanFault, &str); 15] = [
    (
        "DELETE FROM fan WHERE id = ?1",
        FanFault::NotThere,
        "and it is not on record",
    ),
    (
        "DELETE FROM fan_child WHERE fan <> ?1",
        FanFault::Childless,
        "it has no exchange with any receiver",
    ),
    (
        "DELETE FROM fan_child WHERE fan = ?1 AND status = 504",
        FanFault::NotNamed(2),
        "leaf 2 says that its exchange is of it, and it names no such exchange",
    ),
    (
        "UPDATE fan_child SET fan = (SELECT id FROM fan WHERE id <> ?1) WHERE status = 200",
        FanFault::Parent(CorrelationId::from_bytes([1; 16])),
        "01010101-0101-0101-0101-010101010101 says that it is of another request, or of none",
    ),
    (
        "UPDATE fan SET sender = zeroblob(32) WHERE id = ?1",
        FanFault::Sender(CorrelationId::from_bytes([1; 16])),
        "its sender is not who the leaf of its exchange",
    ),
    (
        "UPDATE fan_child SET receiver = zeroblob(32) WHERE fan = ?1 AND status = 504",
        FanFault::Receiver(CorrelationId::from_bytes([2; 16])),
        "the receiver of its exchange 02020202",
    ),
    (
        "UPDATE fan SET request = zeroblob(32) WHERE id = ?1",
        FanFault::Request(CorrelationId::from_bytes([1; 16])),
        "was begun with other bytes",
    ),
    // One that was answered, one that expired, and one that nobody ever asked.
    (
        "UPDATE fan_child SET status = 404 WHERE fan = ?1 AND status = 200",
        FanFault::Status(CorrelationId::from_bytes([1; 16])),
        "told of its exchange 01010101",
    ),
    (
        "UPDATE fan_child SET status = 201 WHERE fan = ?1 AND status = 504",
        FanFault::Status(CorrelationId::from_bytes([2; 16])),
        "is not how that one ended",
    ),
    (
        "UPDATE fan_child SET status = 200 WHERE fan = ?1 AND status = 503",
        FanFault::Status(CorrelationId::from_bytes([3; 16])),
        "told of its exchange 03030303",
    ),
    (
        "UPDATE fan_child SET status = NULL WHERE fan = ?1 AND status = 503",
        FanFault::Statuses,
        "of some of its exchanges alone",
    ),
    (
        "UPDATE fan SET open = 1 WHERE id = ?1",
        FanFault::Statuses,
        "before all had ended",
    ),
    (
        "UPDATE fan_key SET instance = zeroblob(16) WHERE fan = ?1",
        FanFault::Key,
        "its key for retries is another sender's",
    ),
    (
        "UPDATE fan_key SET at = at + 1 WHERE fan = ?1",
        FanFault::Key,
        "or of another time",
    ),
    (
        "UPDATE fan_key SET fan = zeroblob(16) WHERE fan = ?1",
        FanFault::NotThere,
        "keys are said to be of it",
    ),
];

#[test]
fn each_change_to_a_request_to_several_receivers_is_found_and_named() {
    let whole = fanned().open().fsck().unwrap();
    assert_eq!((whole.leaves, whole.findings), (6, Vec::new()));
    for (sql, fault, words) in DAMAGED_FANS {
        let place = fanned();
        let connection = Connection::open(place.0.path().join(RECORD_FILE)).unwrap();
        connection.execute_batch("PRAGMA foreign_keys=OFF").unwrap();
        let changed = connection.execute(sql, [&[11_u8; 16]]).unwrap();
        assert!(changed > 0, "{sql}");
        drop(connection);
        // As it lies there: an exchange that starts closes what is open.
        let store = SqliteStore::open(place.0.path(), log_key()).unwrap();
        let found = store.fsck().unwrap().findings;
        let fits = |one: &&Finding| matches!(one, Finding::Fan(_, other) if *other == fault);
        let fitting = found.iter().find(fits);
        let told = fitting.unwrap_or_else(|| panic!("{sql}: {found:?}"));
        assert!(told.to_string().contains(words), "{told}");
        let of_fans = |one: &Finding| matches!(one, Finding::Fan(..));
        assert!(found.iter().all(of_fans), "{sql}: {found:?}");
    }
}

/// What a record loses by it whose end is taken away as if it had never been: leaves, hashes, rows, the head.
#[test]
fn an_end_that_was_cut_off_is_found_by_the_checkpoint_that_was_signed_of_it() {
    let place = Sqlite::default();
    let mut store = place.open();
    write(&mut store, 1..4);
    let connection = Connection::open(place.0.path().join(RECORD_FILE)).unwrap();
    let root = connection.query_row("SELECT root FROM head", [], |row| row.get(0));
    let root: [u8; HASH_LEN] = root.unwrap();
    write(&mut store, 4..6);
    drop(store);
    connection
        .execute_batch(
            "PRAGMA foreign_keys=OFF; DELETE FROM exchange WHERE leaf >= 7; DELETE FROM event WHERE leaf >= 7",
        )
        .unwrap();
    let head = "UPDATE head SET size = 7, root = ?1";
    connection.execute(head, [&root[..]]).unwrap();
    drop(connection);
    // Everything else fits, and the log could go on from there.
    let checked = place.open().fsck().unwrap();
    assert_eq!(checked.findings, [Finding::Cut(9)]);
    assert_eq!((checked.leaves, checked.checkpoints), (7, 1));
}

#[test]
fn keys_that_are_missing_are_not_taken_for_erased_ones() {
    let place = written();
    let keys = Connection::open(place.0.path().join(KEYS_FILE)).unwrap();
    keys.execute_batch("DELETE FROM secret WHERE leaf = 1")
        .unwrap();
    let store = place.open();
    let checked = store.fsck().unwrap();
    assert_eq!(checked.findings, [Finding::Key(1), Finding::Key(2)]);
    assert_eq!(store.request(id(1)).unwrap_err().cause, Cause::Damaged);
}

#[test]
fn a_log_that_was_changed_is_not_continued() {
    for sql in [
        "UPDATE head SET root = zeroblob(32)",
        "UPDATE head SET size = 7",
        "DELETE FROM node WHERE position > 5",
    ] {
        let place = written();
        Connection::open(place.0.path().join(RECORD_FILE))
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        let mut store = place.open();
        let failure = store.commit(&[accept(request(9, 0))]).unwrap_err();
        assert_eq!(
            (failure.cause, failure.is_fatal()),
            (Cause::Damaged, true),
            "{sql}"
        );
        // What failed so takes nothing more.
        assert_eq!(store.commit(&[]), Err(failure));
    }
}

#[test]
fn another_logs_files_are_not_taken() {
    let place = written();
    let other = LogKey::from_seed("exchange.test/record", &[4; SEED_LEN]).unwrap();
    let refused = SqliteStore::open(place.0.path(), other).err().unwrap();
    assert_eq!(refused.cause, Cause::Foreign);

    let second = Sqlite::default();
    let other = LogKey::from_seed("other.test/record", &[4; SEED_LEN]).unwrap();
    let key = daxsign_core::PrivateKey::from_bytes(crate::sqlite::EXCHANGE_KEY).unwrap();
    let birth = Birth::new(&other, &key, [6; 32], at(-1)).unwrap();
    drop(SqliteStore::create(second.0.path(), other, &birth).unwrap());
    std::fs::copy(
        second.0.path().join(KEYS_FILE),
        place.0.path().join(KEYS_FILE),
    )
    .unwrap();
    let refused = SqliteStore::open(place.0.path(), log_key()).err().unwrap();
    assert_eq!(refused.cause, Cause::Foreign);

    let empty = Sqlite::default();
    assert!(
        SqliteStore::open(empty.0.path(), log_key()).is_err(),
        "opening makes nothing"
    );
    assert_eq!(std::fs::read_dir(empty.0.path()).unwrap().count(), 0);
}

#[test]
fn files_of_other_programs_and_newer_versions_are_refused() {
    for sql in ["PRAGMA user_version = 4", "PRAGMA application_id = 1"] {
        let place = written();
        Connection::open(place.0.path().join(RECORD_FILE))
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        assert_eq!(
            open(place.0.path()).err().unwrap().cause,
            Cause::Foreign,
            "{sql}"
        );
    }
    let place = Sqlite::default();
    std::fs::write(place.0.path().join(RECORD_FILE), [b'x'; 5000]).unwrap();
    assert_eq!(open(place.0.path()).err().unwrap().cause, Cause::Foreign);
}
