//! What erasing leaves in the files: nothing that was said, and nothing to test a guess with (X-ERASE).

use daxsign_exchange::CorrelationId;
use daxsign_exchange::record::*;
use rusqlite::Connection;

use crate::made::*;

/// All files of the record, one behind the other.
fn files(world: &World) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        all.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    all
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn secrets(world: &World) -> Vec<(i64, Vec<u8>)> {
    let keys = Connection::open(world.folder.path().join(KEYS_FILE)).unwrap();
    let mut select = keys
        .prepare("SELECT leaf, secret FROM secret ORDER BY leaf")
        .unwrap();
    let rows = select
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

/// Many refusals, so that the keys fill several pages.
fn fill(world: &World, store: &mut SqliteStore, count: u16) -> Vec<CorrelationId> {
    let request = world.request();
    let ids: Vec<CorrelationId> = (0..count)
        .map(|number| {
            let mut bytes = [0x55; 16];
            bytes[..2].copy_from_slice(&number.to_le_bytes());
            CorrelationId::from_random(bytes)
        })
        .collect();
    for some in ids.chunks(100) {
        let batch: Vec<Operation> = some
            .iter()
            .map(|id| {
                Operation::Refuse(Box::new(Refuse {
                    correlation: *id,
                    at: at(0),
                    sender: party(1),
                    receiver: Some(party(2)),
                    contract: None,
                    thumbprint: [7; 32],
                    replay: None,
                    request: [1; 32],
                    content: request.content("no clause"),
                }))
            })
            .collect();
        assert!(store.commit(&batch).unwrap().iter().all(Result::is_ok));
    }
    ids
}

#[test]
fn messages_lie_encrypted_and_signatures_nowhere_else() {
    let world = World::new();
    let mut store = world.store();
    world.run(&mut store);
    drop(store);
    let all = files(&world);
    let request = world.request();
    for part in [
        b"4711".as_slice(),
        b"x-dax-request",
        &request.signature[..40],
        b"allowed by",
    ] {
        assert!(!holds(&all, part), "{:?}", String::from_utf8_lossy(part));
    }
    // Nor a hash that would confirm a guess.
    for hash in [
        &request.bytes[..],
        b"{\"pin\":\"4711\"}",
        &request.signature,
    ] {
        assert!(!holds(&all, &daxsign_core::Sha256::digest(hash)));
    }
}

#[test]
fn no_byte_of_an_erased_key_is_left_in_any_file() {
    const COUNT: u16 = 500;
    let world = World::new();
    let mut store = world.store();
    let ids = fill(&world, &mut store, COUNT);
    let mut before = secrets(&world);
    // Behind them stand those of leaves to come.
    before.truncate(usize::from(COUNT));
    assert_eq!(before.len(), usize::from(COUNT));
    let all = files(&world);
    assert!(
        before.iter().all(|(_, secret)| holds(&all, &secret[..32])),
        "this test reads the files right"
    );
    let (erased, kept): (Vec<_>, Vec<_>) = ids
        .iter()
        .zip(&before)
        .partition(|(_, (leaf, _))| leaf % 3 == 0);
    for (id, _) in &erased {
        assert_eq!(store.erase(**id), Ok(true));
    }
    let all = files(&world);
    for (_, (leaf, secret)) in &erased {
        for half in secret.chunks(16) {
            assert!(!holds(&all, half), "leaf {leaf}");
        }
    }
    for (id, (_, secret)) in &kept {
        assert!(holds(&all, secret));
        assert!(store.request(**id).unwrap().is_some());
    }
    let checked = store.fsck().unwrap();
    assert_eq!(
        (checked.erased, checked.contents),
        (erased.len() as u64, kept.len() as u64)
    );
    assert!(checked.is_sound());
    drop(store);
    assert_eq!(world.store().request(*erased[0].0), Ok(None));
}

/// The log is what it was: inclusion still verifies.
#[test]
fn leaves_stay_when_messages_go() {
    let world = World::new();
    let mut store = world.store();
    world.run(&mut store);
    let before = store.checkpoint(at(10)).unwrap();
    let expire = End {
        correlation: id(2),
        at: at(10),
        statement: Vec::new(),
    };
    store.commit(&[Operation::Expire(expire)]).unwrap()[0].unwrap();
    for number in [1, 2] {
        assert_eq!(store.erase(id(number)), Ok(true));
    }
    let after = store.checkpoint(at(11)).unwrap();
    let size = |note: &[u8]| Checkpoint::verify(note, log_key().verifier()).unwrap().size;
    let proof = store.consistency(size(&after), size(&before)).unwrap();
    assert_eq!(
        compare_checkpoints(&before, &after, log_key().verifier(), &proof),
        Ok(())
    );
    assert!(store.fsck().unwrap().is_sound());
}

/// The log's own first leaf, and what no exchange is.
#[test]
fn the_logs_beginning_is_not_erased() {
    let world = World::new();
    let mut store = world.store();
    assert_eq!(store.erase(CorrelationId::NIL), Ok(false));
    assert_eq!(store.request(CorrelationId::NIL), Ok(None));
    world.run(&mut store);
    assert!(verify_evidence(&world.evidence(&mut store, id(1)), &world.pins()).is_ok());
}

/// Old ones at once, a few in each question; what is in work and what contracts are about stays.
#[test]
fn what_is_older_than_it_may_be_is_erased_and_contracts_stay() {
    const COUNT: u16 = 25;
    let world = World::new();
    let mut store = world.store();
    world.run(&mut store);
    let ids = fill(&world, &mut store, COUNT);
    let size = store.size().unwrap();
    let before = secrets(&world);
    let old = |store: &mut SqliteStore, before, limit| {
        let (mut from, mut questions) = (0, 0);
        while let Some(next) = store
            .erase_over(&Over::before(before), from, limit)
            .unwrap()
        {
            assert!(next > from);
            from = next;
            questions += 1;
        }
        questions
    };
    // Everything began later.
    assert_eq!(old(&mut store, at(0), 10), 0);
    assert_eq!(secrets(&world), before);
    assert!(old(&mut store, at(1_000), 10) >= 2);
    let erased: Vec<CorrelationId> = ids.into_iter().chain([id(1)]).collect();
    for one in &erased {
        assert_eq!(store.request(*one), Ok(None), "{one}");
    }
    let all = files(&world);
    let contracts_and_work: Vec<i64> = secrets(&world)
        .into_iter()
        .filter(|(_, secret)| secret.iter().any(|byte| *byte != 0))
        .map(|(leaf, _)| leaf)
        .collect();
    for (leaf, secret) in &before {
        let stays = contracts_and_work.contains(leaf);
        assert_eq!(holds(&all, &secret[..32]), stays, "leaf {leaf}");
    }
    assert_eq!(before.len() - contracts_and_work.len(), erased.len());
    assert!(!contracts_and_work.is_empty());
    assert_eq!(store.size().unwrap(), size);
    assert!(store.fsck().unwrap().is_sound());
    // Again: nothing is left to do.
    old(&mut store, at(1_000), 10);
}

/// Each contract has its own time, longer or shorter than that of all others.
#[test]
fn what_is_said_under_a_contract_is_erased_after_its_own_time() {
    let world = World::new();
    let mut store = world.store();
    let request = world.request();
    let contract = |number: u8| uuid::Uuid::from_bytes([number; 16]);
    // One each second, under contracts 1 and 2, and under none that has a time.
    let batch: Vec<Operation> = (0..30_u8)
        .map(|number| {
            Operation::Refuse(Box::new(Refuse {
                correlation: id(number + 1),
                at: at(i64::from(number)),
                sender: party(1),
                receiver: Some(party(2)),
                contract: Some(ContractVersion {
                    id: contract(number % 3),
                    version: 2,
                }),
                thumbprint: [7; 32],
                replay: None,
                request: [1; 32],
                content: request.content("no clause"),
            }))
        })
        .collect();
    assert!(store.commit(&batch).unwrap().iter().all(Result::is_ok));
    let over = Over {
        before: at(15),
        of_contracts: [(contract(1), at(5)), (contract(2), at(25))].into(),
    };
    let mut from = Some(0);
    while let Some(next) = from {
        from = store.erase_over(&over, next, 4).unwrap();
    }
    for number in 0..30_u8 {
        let bound = [15, 5, 25][usize::from(number % 3)];
        let kept = store.request(id(number + 1)).unwrap().is_some();
        assert_eq!(kept, number >= bound, "{number}");
    }
    assert!(store.fsck().unwrap().is_sound());
}

/// By what stands in request or answer, in any case of its letters.
#[test]
fn who_is_named_is_found_and_erased() {
    let world = World::new();
    let mut store = world.store();
    world.run(&mut store);
    let others = fill(&world, &mut store, 5);
    let all = |store: &SqliteStore, what: &str, limit| {
        let (mut found, mut from) = (Vec::new(), Some(0));
        while let Some(next) = from {
            let some = store.mentioning(what, next, limit).unwrap();
            found.extend(some.found);
            from = some.next;
        }
        found
    };
    assert_eq!(all(&store, "nobody", 100), []);
    // The answer's body.
    let named = all(&store, "\"ID\":1", 2);
    assert_eq!(named, all(&store, "\"id\":1", 100));
    assert!(
        named.contains(&id(1)) && named.len() < 1 + others.len(),
        "{named:?}"
    );
    for one in &named {
        assert_eq!(store.erase(*one), Ok(true));
    }
    assert_eq!(all(&store, "\"id\":1", 100), []);
    assert!(store.fsck().unwrap().is_sound());
}
