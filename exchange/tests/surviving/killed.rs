//! Lives of an exchange, each ended by SIGKILL; what was seen in them is compared with the record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use daxsign_exchange::message::Message;
use daxsign_exchange::operating::{Folder, log_key};
use daxsign_exchange::record::{
    Asked, Ending, Kind, Leaf, Outcome, RECORD_FILE, SqliteStore, Store,
};

use crate::child;
use crate::load::Life;
use crate::notes::{Answered, Delivery, Notes, Wish, answer_to};
use crate::town::{Exchange, PATIENCE, Town, a};

/// How many lives, where another number than the usual one is wanted.
pub(crate) const ROUNDS: &str = "DAXSIGN_TEST_ROUNDS";
const USUAL_ROUNDS: u32 = 20;
/// In seconds: what B does not answer ends then.
pub(crate) const DEADLINE: u32 = 3;

/// Instants that are not the same in each run.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn of_now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Self(u64::from(since.subsec_nanos()) | 1)
    }

    /// Less than `end`, in steps of a microsecond (xorshift64).
    pub(crate) fn below(&mut self, end: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_micros(self.0 % u64::try_from(end.as_micros()).unwrap())
    }
}

/// X-DURABLE, X-ONCE.
#[test]
fn what_was_seen_is_on_record_whenever_the_exchange_is_killed() {
    let rounds = std::env::var(ROUNDS).map_or(USUAL_ROUNDS, |rounds| rounds.parse().expect(ROUNDS));
    let place = tempfile::tempdir().unwrap();
    let town = Town::found(place.path(), DEADLINE);
    let notes = Mutex::new(Notes::default());
    let (mut chance, mut ended) = (Chance::of_now(), 0);
    for round in 0..rounds {
        let seen = {
            let notes = notes.lock().unwrap();
            (notes.delivered.len(), notes.answered.len())
        };
        live(&town, &notes, round, &mut chance);
        let (notes, store) = (notes.lock().unwrap(), record(&town));
        assert_eq!(store.fsck().unwrap().findings, [], "round {round}");
        for delivery in &notes.delivered[seen.0..] {
            is_on_record(&store, &notes, delivery);
        }
        for answered in &notes.answered[seen.1..] {
            is_on_record_as_told(&store, &notes, answered);
        }
        nothing_came_twice(&notes);
        ended += 1;
    }
    assert_eq!(ended, rounds);
    Exchange::start(town.path()).running.stop().unwrap();
    everything_ended(&town, &notes.lock().unwrap(), rounds);
}

/// That of an exchange that does not run.
pub(crate) fn record(town: &Town) -> SqliteStore {
    let key = log_key(&Folder::new(town.path())).unwrap();
    SqliteStore::open(town.path(), key).unwrap()
}

fn live(town: &Town, notes: &Mutex<Notes>, round: u32, chance: &mut Chance) {
    let (mut child, socket) = child::spawn(town);
    let (serves, ready) = channel();
    std::thread::scope(|scope| {
        scope.spawn(move || Life::live(town, notes, socket, &serves));
        // Each fourth life may end while it begins.
        if round % 4 != 3 {
            ready.recv_timeout(PATIENCE).expect("it serves");
        }
        std::thread::sleep(chance.below(Duration::from_millis(200)));
        // SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
    });
}

/// What a receiver saw has its event 1, with what was sent.
pub(crate) fn is_on_record(store: &SqliteStore, notes: &Notes, delivery: &Delivery) {
    let Delivery {
        number,
        correlation,
    } = *delivery;
    let row = store.row(correlation).unwrap();
    let row = row.unwrap_or_else(|| panic!("{number} came to B, and is not on record"));
    assert!(row.standing.may_have_left, "{number} came to B");
    let request = store
        .request(correlation)
        .unwrap()
        .expect("with its message");
    let sent = notes.asked[&number]
        .iter()
        .any(|one| one.bytes == request.message);
    assert!(sent, "{number} is on record as it was sent");
}

/// What a sender was told has its event 2, with what was told.
pub(crate) fn is_on_record_as_told(store: &SqliteStore, notes: &Notes, told: &Answered) {
    let text = String::from_utf8_lossy(&told.body);
    let outcomes = outcomes(store, notes, told.number);
    let endings: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.ending)
        .collect();
    match told.status {
        201 => {
            assert_eq!(told.body, answer_to(told.number).as_bytes());
            let mut answered = outcomes
                .iter()
                .filter(|one| one.ending == Some(Ending::Answered));
            let first = answered
                .next()
                .unwrap_or_else(|| panic!("{} is not on record as answered", told.number));
            let kept = store
                .answer(first.correlation)
                .unwrap()
                .expect("with its message");
            assert_eq!(Message::read(&kept.message).unwrap().body, told.body);
            let came = |one: &&Delivery| one.correlation == first.correlation;
            assert!(
                notes.delivered.iter().any(|one| came(&one)),
                "B answered what came"
            );
        }
        403 => {
            assert_eq!(Wish::of(told.number), Wish::Forbidden, "{text}");
            let asked = Asked::Request(told.request.0);
            let outcome = store
                .outcome(a().instance, asked)
                .unwrap()
                .expect("on record");
            assert_eq!(outcome.ending, Some(Ending::Refused));
        }
        // What was sent again: replayed, or its key is in work.
        409 => assert!(!outcomes.is_empty(), "{text}"),
        504 => assert!(
            endings
                .iter()
                .any(|one| [Ending::Unknown, Ending::Expired].contains(one)),
            "{text}"
        ),
        503 => {}
        status => panic!("{status}: {text}"),
    }
}

/// What became of all that was sent under a number.
fn outcomes(store: &SqliteStore, notes: &Notes, number: u32) -> Vec<Outcome> {
    let sent = notes.asked[&number].iter();
    let found = sent.map(|one| {
        store
            .outcome(a().instance, Asked::Request(one.name.0))
            .unwrap()
    });
    found.flatten().collect()
}

/// What changes something came to B once at most, whatever A sent again; what reads came in one exchange.
fn nothing_came_twice(notes: &Notes) {
    let mut came: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for delivery in &notes.delivered {
        came.entry(delivery.number)
            .or_default()
            .push(delivery.correlation);
    }
    for (number, ids) in came {
        if Wish::of(number).changes() {
            assert_eq!(ids.len(), 1, "{number} came to B more than once");
        }
        assert!(
            ids.iter().all(|id| *id == ids[0]),
            "{number} came to B in two exchanges"
        );
    }
}

fn everything_ended(town: &Town, notes: &Notes, rounds: u32) {
    let store = record(town);
    assert_eq!(store.fsck().unwrap().findings, []);
    assert_eq!(store.open_rows(None, 1).unwrap(), []);
    nothing_came_twice(notes);
    let mut endings: BTreeMap<Ending, u32> = BTreeMap::new();
    for number in notes.asked.keys() {
        for outcome in outcomes(&store, notes, *number) {
            *endings
                .entry(outcome.ending.expect("it ended"))
                .or_default() += 1;
        }
    }
    for delivery in &notes.delivered {
        is_on_record(&store, notes, delivery);
    }
    events_stand_once(town);
    eprintln!(
        "{rounds} lives: {} requests sent, {} came to B, A was told {} times and sent away {} times; {endings:?}",
        notes.asked.len(),
        notes.delivered.len(),
        notes.answered.len(),
        notes.sent_away
    );
    let ended_as: BTreeSet<_> = endings.keys().copied().collect();
    let all = [
        Ending::Answered,
        Ending::Refused,
        Ending::Expired,
        Ending::Unknown,
    ];
    assert_eq!(ended_as, BTreeSet::from(all), "{endings:?}");
    assert!(notes.delivered.len() > usize::try_from(rounds).unwrap());
}

/// Each exchange is recorded once, and ended once.
pub(crate) fn events_stand_once(town: &Town) {
    let record = rusqlite::Connection::open(town.path().join(RECORD_FILE)).unwrap();
    let mut select = record.prepare("SELECT bytes FROM event").unwrap();
    let leaves = select
        .query_map([], |row| row.get::<_, Vec<u8>>(0))
        .unwrap();
    let mut counts: BTreeMap<_, (u32, u32)> = BTreeMap::new();
    for leaf in leaves {
        let leaf = Leaf::from_bytes(&leaf.unwrap()).unwrap();
        let (begun, ended) = counts.entry(leaf.correlation).or_default();
        match leaf.kind {
            Kind::Request => *begun += 1,
            Kind::Answer | Kind::Refused | Kind::Expired | Kind::Unknown => *ended += 1,
            Kind::LogKey
            | Kind::Late
            | Kind::Certificate
            | Kind::Revocation
            | Kind::Contract
            | Kind::Callbacks
            | Kind::Callback
            | Kind::Delivered => {}
        }
    }
    for (id, (begun, ended)) in counts {
        assert!(
            begun <= 1 && ended <= 1,
            "{id}: {begun} begun, {ended} ended"
        );
        assert!(begun == 0 || ended == 1, "{id} has no end");
    }
}
