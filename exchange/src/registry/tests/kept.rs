//! The registry in its file.

use uuid::Uuid;

use super::made::{A_KEY, a, at, certificate, credential, now, offer, parties, sign, terms};
use crate::correlation::CorrelationId;
use crate::record::NoteKind;
use crate::registry::{
    Change, Clause, Counting, Period, Quota, REGISTRY_FILE, RegistryProblem, RegistryStore, Signed,
    SqliteRegistry, StoreProblem,
};

fn id(number: u128) -> CorrelationId {
    Uuid::from_u128(number).into()
}

fn with_parties(folder: &std::path::Path) -> SqliteRegistry {
    let mut store = SqliteRegistry::open(folder).expect("a store");
    for (change, number) in parties().iter().zip(1..) {
        store
            .change(change, None, id(number), now())
            .expect("a change");
    }
    store
}

fn message() -> Signed {
    Signed {
        message: b"POST /exchange/v1/contracts HTTP/1.1\r\n\r\n{}".to_vec(),
        signature: b"realm=\"dax\"".to_vec(),
        thumbprint: [3; 32],
    }
}

#[test]
fn what_was_changed_is_there_after_opening_again_and_for_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = with_parties(folder.path());
    let mut other = SqliteRegistry::open(folder.path()).expect("a second store");
    let der = certificate(a(), A_KEY, 2, "2030-01-01T00:00:00Z");
    let add = Change::AddCertificate { party: a(), der };
    assert_eq!(store.change(&add, None, id(10), now()), Ok(5));
    assert_eq!(other.registry().version(), 4);
    assert_eq!(other.confirm(), Ok(5));
    assert_eq!(other.registry().counting(a(), now()).count(), 1);
    // Refused by a store that had not read it yet, too.
    let known = store.change(&parties()[0], None, id(11), now());
    assert_eq!(
        known,
        Err(StoreProblem::Registry(RegistryProblem::Known("partner")))
    );
    drop((store, other));
    let store = SqliteRegistry::open(folder.path()).expect("the store");
    assert_eq!(store.registry().version(), 5);
}

#[test]
fn the_record_is_told_of_each_change_until_it_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = with_parties(folder.path());
    assert_eq!(store.pending(), Ok(vec![]));
    let offer = offer(terms(vec![Clause::allowing("*")]));
    let unsigned = store.change(&offer, None, id(10), now());
    assert_eq!(
        unsigned,
        Err(StoreProblem::Registry(RegistryProblem::Unsigned))
    );
    store
        .change(&offer, Some(&message()), id(10), now())
        .expect("offered");
    store
        .change(&sign(), Some(&message()), id(11), now())
        .expect("signed");
    drop(store);
    let mut store = SqliteRegistry::open(folder.path()).expect("the store");
    let pending = store.pending().expect("two");
    let [offered, signed] = pending.as_slice() else {
        panic!("{pending:?}");
    };
    assert_eq!((offered.version, signed.version), (5, 6));
    assert_eq!(offered.note.kind, NoteKind::Contract);
    assert_eq!(offered.note.correlation, id(10));
    assert_eq!(offered.note.sender, Some(a()));
    assert_eq!(offered.note.thumbprint, Some([3; 32]));
    assert_eq!(offered.note.content.message, message().message);
    assert_eq!(signed.note.contract.expect("a contract").version, 2);
    assert_eq!(signed.note.content.check(), Ok(()));
    store.noted(5).expect("noted");
    assert_eq!(store.pending().expect("one"), pending[1..]);
}

#[test]
fn quotas_are_decided_for_all_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut one = SqliteRegistry::open(folder.path()).expect("a store");
    let mut two = SqliteRegistry::open(folder.path()).expect("a store");
    let contract = Uuid::from_u128(7);
    let quota = |period, max| Quota { period, max };
    let quotas = [quota(Period::Minute, 2), quota(Period::Day, 3)];
    let counting = Counting {
        contract,
        quotas: &quotas,
    };
    assert_eq!(one.take(&[counting], now()), Ok(vec![true]));
    assert_eq!(two.take(&[counting], now()), Ok(vec![true]));
    assert_eq!(one.take(&[counting], now()), Ok(vec![false]));
    let next = at("2026-03-01T12:01:00Z");
    assert_eq!(two.take(&[counting], next), Ok(vec![true]));
    assert_eq!(two.take(&[counting], next), Ok(vec![false]));
    let day = Period::Day.begin(next);
    assert_eq!(one.counted(contract, Period::Day, day), Ok(3));
    assert_eq!(
        one.counted(contract, Period::Minute, Period::Minute.begin(next)),
        Ok(1)
    );
    assert_eq!(one.counted(Uuid::from_u128(8), Period::Day, day), Ok(0));
    // Of those that are counted together each sees those before it.
    let tomorrow = at("2026-03-02T12:01:00Z");
    let taken = one.take(&[counting; 3], tomorrow);
    assert_eq!(taken, Ok(vec![true, true, false]));
}

#[test]
fn a_hash_that_was_replaced_is_gone_from_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = with_parties(folder.path());
    let remove = Change::RemoveCredential {
        name: "anna".into(),
    };
    store
        .change(&credential("anna", a(), 100), None, id(10), now())
        .expect("set");
    store.change(&remove, None, id(11), now()).expect("removed");
    drop(store);
    let file = std::fs::read(folder.path().join(REGISTRY_FILE)).expect("the file");
    let salt = super::made::HASH
        .split('$')
        .nth(4)
        .expect("a salt")
        .as_bytes();
    assert!(!file.windows(salt.len()).any(|part| part == salt));
    let store = SqliteRegistry::open(folder.path()).expect("the store");
    assert_eq!(store.registry().version(), 6);
    assert!(store.registry().credential("anna").is_none());
}
