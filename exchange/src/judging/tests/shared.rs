//! What the registry's thread promises.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use daxsign_core::Timestamp;
use uuid::Uuid;

use super::super::{NotShared, SharedRegistry};
use crate::correlation::CorrelationId;
use crate::record::{Cause, Failure};
use crate::registry::tests::made::{A_KEY, a, at, certificate, now, offer, parties, sign, terms};
use crate::registry::{
    Change, Clause, Counting, Pending, Period, Quota, Registry, RegistryProblem, RegistryStore,
    Signed, SqliteRegistry, State, StoreProblem, Unconfirmed,
};
use crate::running::Clock;

/// Nothing takes longer on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(30);

fn noon() -> Clock {
    Arc::new(now)
}

fn open(folder: &Path) -> Arc<SharedRegistry> {
    let shared = SharedRegistry::open(folder, noon()).expect("a registry");
    for change in parties() {
        shared.change(change, None).expect("a change");
    }
    shared
}

fn add_certificate() -> Change {
    Change::AddCertificate {
        party: a(),
        der: certificate(a(), A_KEY, 2, "2030-01-01T00:00:00Z"),
    }
}

fn message() -> Signed {
    Signed {
        message: b"POST /exchange/v1/contracts HTTP/1.1\r\n\r\n{}".to_vec(),
        signature: b"realm=\"dax\"".to_vec(),
        thumbprint: [3; 32],
    }
}

/// Something becomes so; it takes a second at most where nothing else runs.
#[track_caller]
fn becomes(so: impl Fn() -> bool) {
    let since = Instant::now();
    while !so() {
        assert!(since.elapsed() < PATIENCE, "it never became so");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_change_that_returned_is_seen_by_all_and_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let shared = open(folder.path());
    let before = shared.snapshot();
    let changed = shared.change(add_certificate(), None).expect("added");
    assert_eq!(changed.version, 5);
    let counting = |registry: &Registry| registry.counting(a(), now()).count();
    assert_eq!(counting(&shared.confirmed().expect("fresh")), 1);
    assert_eq!(counting(&before), 0, "a snapshot stays as it is");
    let thumbprint = shared
        .snapshot()
        .counting(a(), now())
        .next()
        .expect("one")
        .thumbprint;
    shared
        .change(Change::Revoke { thumbprint }, None)
        .expect("revoked");
    assert_eq!(counting(&shared.confirmed().expect("fresh")), 0);
    let again = shared.change(Change::Revoke { thumbprint }, None);
    assert_eq!(again, Err(StoreProblem::Registry(RegistryProblem::Revoked)));
    drop(shared);
    let shared = SharedRegistry::open(folder.path(), noon()).expect("the registry");
    assert_eq!(shared.snapshot().version(), 6);
}

#[test]
fn one_process_has_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let shared = open(folder.path());
    let second = SharedRegistry::open(folder.path(), noon());
    assert!(matches!(second, Err(NotShared::InUse)));
    drop(shared);
    assert!(SharedRegistry::open(folder.path(), noon()).is_ok());
}

#[test]
fn what_somebody_else_wrote_is_seen_and_told_within_a_second() {
    let folder = tempfile::tempdir().expect("a folder");
    let shared = open(folder.path());
    let (sender, seen) = mpsc::channel();
    shared.on_change(move |registry| {
        let _ = sender.send(registry.version());
    });
    let mut other = SqliteRegistry::open(folder.path()).expect("the same file");
    let id = CorrelationId::from(Uuid::from_u128(1));
    other
        .change(&add_certificate(), None, id, now())
        .expect("added");
    assert_eq!(seen.recv_timeout(PATIENCE), Ok(5));
    assert_eq!(shared.snapshot().counting(a(), now()).count(), 1);
}

#[test]
fn quotas_are_counted_and_the_one_that_is_used_up_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let shared = open(folder.path());
    let quotas = [(Period::Minute, 9), (Period::Day, 2)].map(|(period, max)| Quota { period, max });
    let take = || {
        let (sender, told) = mpsc::channel();
        let told_of = move |taken| sender.send(taken).expect("who asked waits");
        shared.take(Uuid::from_u128(7), quotas.to_vec(), Box::new(told_of));
        told.recv_timeout(PATIENCE).expect("an answer")
    };
    assert_eq!(take(), Ok(None));
    assert_eq!(take(), Ok(None));
    assert_eq!(take(), Ok(Some((quotas[1], 2))));
    // Many at once, with changes between them, each of which is made.
    let (sender, told) = mpsc::channel();
    for number in 0..200_u128 {
        let told_of = sender.clone();
        let told_of = move |taken| told_of.send(taken).expect("who asked waits");
        let contract = Uuid::from_u128(100 + number % 2);
        shared.take(contract, quotas.to_vec(), Box::new(told_of));
        if number % 50 == 0 {
            let add = Change::AddPartner {
                partner: Uuid::from_u128(1000 + number),
                name: "partner".into(),
            };
            shared.apply(add, None, Box::new(|made| assert!(made.is_ok())));
        }
    }
    drop(sender);
    let counted = told.iter().filter(|taken| *taken == Ok(None)).count();
    assert_eq!(counted, 4, "two of each contract");
    becomes(|| shared.snapshot().version() == 8);
}

#[test]
fn a_contract_whose_period_is_over_expires() {
    let folder = tempfile::tempdir().expect("a folder");
    let late = Arc::new(AtomicBool::new(false));
    let is_late = Arc::clone(&late);
    let clock: Clock = Arc::new(move || {
        let later = is_late.load(Ordering::SeqCst);
        if later {
            at("2027-02-01T00:00:00Z")
        } else {
            now()
        }
    });
    let shared = SharedRegistry::open(folder.path(), clock).expect("a registry");
    let agree = [offer(terms(vec![Clause::allowing("*")])), sign()];
    for change in parties().into_iter().chain(agree) {
        shared.change(change, Some(message())).expect("a change");
    }
    let state = || {
        shared
            .snapshot()
            .contract(Uuid::from_u128(7))
            .map(|one| one.state)
    };
    assert_eq!(state(), Some(State::Signed));
    late.store(true, Ordering::SeqCst);
    becomes(|| state() == Some(State::Expired));
}

/// A registry that cannot be read any more from some moment on.
struct Failing {
    store: SqliteRegistry,
    fails: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
}

impl RegistryStore for Failing {
    fn registry(&self) -> &Registry {
        self.store.registry()
    }

    fn change(
        &mut self,
        change: &Change,
        signed: Option<&Signed>,
        correlation: CorrelationId,
        at: Timestamp,
    ) -> Result<u64, StoreProblem> {
        self.store.change(change, signed, correlation, at)
    }

    fn confirm(&mut self) -> Result<u64, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.fails.load(Ordering::SeqCst) {
            return Err(Failure::new(Cause::Busy, "test"));
        }
        self.store.confirm()
    }

    fn pending(&self) -> Result<Vec<Pending>, Failure> {
        self.store.pending()
    }

    fn noted(&mut self, version: u64) -> Result<(), Failure> {
        self.store.noted(version)
    }

    fn take(&mut self, all: &[Counting<'_>], at: Timestamp) -> Result<Vec<bool>, Failure> {
        self.store.take(all, at)
    }

    fn counted(&self, contract: Uuid, period: Period, begin: i64) -> Result<u64, Failure> {
        self.store.counted(contract, period, begin)
    }
}

#[test]
fn what_cannot_be_confirmed_for_a_second_is_not_judged_by() {
    let folder = tempfile::tempdir().expect("a folder");
    let (fails, asked) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let store = Failing {
        store: SqliteRegistry::open(folder.path()).expect("a store"),
        fails: Arc::clone(&fails),
        asked: Arc::clone(&asked),
    };
    let shared = SharedRegistry::start(store, noon()).expect("a registry");
    assert!(shared.confirmed().is_ok());
    becomes(|| asked.load(Ordering::SeqCst) >= 3);
    assert!(shared.confirmed().is_ok());
    fails.store(true, Ordering::SeqCst);
    becomes(|| shared.confirmed().is_err());
    assert_eq!(shared.confirmed().err(), Some(Unconfirmed));
    fails.store(false, Ordering::SeqCst);
    becomes(|| shared.confirmed().is_ok());
}
