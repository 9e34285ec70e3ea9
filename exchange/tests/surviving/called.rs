//! Lives of an exchange that delivers callbacks, each ended by SIGKILL; what their receivers saw is compared with the record.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use daxsign_core::Timestamp;
use daxsign_exchange::record::{Leaf, RECORD_FILE, Store as _};
use daxsign_exchange::running::Incoming;
use daxsign_exchange::{CorrelationId, Party};
use rusqlite::Connection;
use serde_json::json;

use crate::child::Role;
use crate::hooks::{Hooks, Seen, number_of, settings};
use crate::killed::{Chance, ROUNDS, record};
use crate::link::{Frame, Heard, Sending, receive};
use crate::town::{Exchange, PATIENCE, Town, a, b, c, clock, now};

const CALLING: Role = Role {
    test: "called::child_calls_until_it_is_killed",
    folder: "DAXSIGN_TEST_CALLING",
};
const USUAL_ROUNDS: u32 = 8;
/// How many are told and have not come to C, so that no more wait than may.
const AHEAD: usize = 24;

/// A delivery as it stands on record.
#[derive(Debug)]
struct Row {
    receiver: Party,
    /// `None` for what has not ended.
    ending: Option<u8>,
    number: u32,
}

const DELIVERED: Option<u8> = Some(0);
const UNKNOWN: Option<u8> = Some(3);

/// X-DURABLE, X-ONCE, of callbacks.
#[test]
fn what_receivers_of_callbacks_saw_is_on_record_whenever_the_exchange_is_killed() {
    let rounds = std::env::var(ROUNDS).map_or(USUAL_ROUNDS, |rounds| rounds.parse().expect(ROUNDS));
    let place = tempfile::tempdir().unwrap();
    let hooks = Hooks::listen();
    let town = Town::found_with_callbacks(place.path(), |party| hooks.url(party));
    hooks.show(town.path());
    let (told, mut chance) = (Mutex::new(Told::default()), Chance::of_now());
    for round in 0..rounds {
        live(
            &town,
            &hooks,
            &told,
            chance.below(Duration::from_millis(400)),
        );
        // What its connections still brought is noted.
        assert_eq!(record(&town).fsck().unwrap().findings, [], "round {round}");
        is_on_record(&town, &hooks.seen(), round);
    }
    let told = told.into_inner().unwrap().taken_in;
    deliver_the_rest(&town);
    everything_arrived(&town, &hooks.seen(), &told);
    let unknown = rows(&town)
        .values()
        .filter(|row| row.ending == UNKNOWN)
        .count();
    eprintln!(
        "{rounds} rounds: {} events taken in, {} callbacks seen, {unknown} unknown",
        told.len(),
        hooks.seen().len()
    );
    assert!(told.len() > 5, "{}", told.len());
}

/// What B told.
#[derive(Default)]
struct Told {
    next: u32,
    /// It was told that it is taken in.
    taken_in: BTreeSet<u32>,
}

/// One life, in which B tells as fast as its callbacks arrive.
fn live(town: &Town, hooks: &Hooks, told: &Mutex<Told>, life: Duration) {
    let (mut child, socket) = CALLING.spawn(town);
    let (serves, ready) = channel();
    thread::scope(|scope| {
        scope.spawn(move || tell(town, hooks, told, socket, &serves));
        ready.recv_timeout(PATIENCE).expect("it serves");
        thread::sleep(life);
        // SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
    });
}

fn tell(
    town: &Town,
    hooks: &Hooks,
    told: &Mutex<Told>,
    mut socket: UnixStream,
    serves: &Sender<()>,
) {
    let sending = Sending::new(socket.try_clone().unwrap());
    let (room, free) = channel();
    thread::scope(|scope| {
        let mut free = Some(free);
        while let Some(frame) = receive(&mut socket) {
            match frame {
                Frame::Serves => {
                    // Who waited for it may be gone.
                    let _ = serves.send(());
                    let (free, sending) = (free.take().expect("it says so once"), &sending);
                    room.send(()).unwrap();
                    scope.spawn(move || {
                        while free.recv().is_ok() && tell_next(town, hooks, told, sending) {}
                    });
                }
                Frame::Told(heard) => {
                    if heard.signed && heard.status == 200 {
                        told.lock().unwrap().taken_in.insert(heard.number);
                    }
                    let _ = room.send(());
                }
                _ => panic!("not for B"),
            }
        }
        drop(room);
    });
}

/// False where the other end is gone.
fn tell_next(town: &Town, hooks: &Hooks, told: &Mutex<Told>, sending: &Sending) -> bool {
    let since = Instant::now();
    let arrived = || {
        let seen = hooks.seen();
        let of_c = seen.iter().filter(|one| one.receiver == c());
        of_c.map(|one| one.number).collect::<BTreeSet<_>>().len()
    };
    // A life ends sooner.
    while told.lock().unwrap().taken_in.len() >= arrived() + AHEAD
        && since.elapsed() < Duration::from_millis(500)
    {
        thread::sleep(Duration::from_millis(2));
    }
    let number = {
        let mut told = told.lock().unwrap();
        told.next += 1;
        told.next
    };
    let body = json!({"domain": "Delivery", "eventType": "Created", "data": {"number": number}});
    let signed = town.event(&body.to_string());
    sending.send(&Frame::Request(number, signed.bytes))
}

/// All deliveries, by their id.
fn rows(town: &Town) -> BTreeMap<CorrelationId, Row> {
    let (store, file) = (record(town), town.path().join(RECORD_FILE));
    let connection = Connection::open(file).unwrap();
    let mut select = connection
        .prepare(
            "SELECT bytes, ending FROM delivery JOIN exchange USING (leaf) JOIN event USING (leaf)",
        )
        .unwrap();
    let rows = select
        .query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))
        .unwrap();
    rows.map(|row| {
        let (bytes, ending) = row.unwrap();
        let leaf = Leaf::from_bytes(&bytes).unwrap();
        let message = store.request(leaf.correlation).unwrap();
        let message = message.expect("with its message").message;
        let body = message.windows(4).position(|four| four == b"\r\n\r\n");
        let row = Row {
            receiver: leaf.receiver.unwrap(),
            ending,
            number: number_of(&message[body.unwrap() + 4..]).unwrap(),
        };
        (leaf.correlation, row)
    })
    .collect()
}

/// What was seen has its row, for that receiver and event; A saw nothing twice, and nothing that is said to be known otherwise.
fn is_on_record(town: &Town, seen: &[Seen], round: u32) {
    let rows = rows(town);
    let mut of_a = BTreeSet::new();
    for one in seen {
        let row = rows.get(&one.correlation);
        let row = row.unwrap_or_else(|| panic!("round {round}: {one:?} is not on record"));
        assert_eq!((row.receiver, row.number), (one.receiver, one.number));
        assert!([None, DELIVERED, UNKNOWN].contains(&row.ending), "{row:?}");
        if one.receiver == a() {
            assert!(of_a.insert(one.correlation), "{one:?} came twice");
        }
    }
    let ids: BTreeSet<_> = seen.iter().map(|one| one.correlation).collect();
    for (id, row) in &rows {
        // What is said to have been delivered was.
        assert!(row.ending != DELIVERED || ids.contains(id), "{row:?}");
    }
}

/// The last life is not killed. Its clock is that of some hours later, when all attempts are due.
fn deliver_the_rest(town: &Town) {
    const HOURS: i64 = 5 * 3_600;
    let later = || Timestamp::from_unix(now().seconds() + HOURS, 0).unwrap();
    let settings = settings(town.path());
    let (exchange, callbacks) = Exchange::start_calling(town.path(), settings, Arc::new(later));
    let since = Instant::now();
    let open = || {
        let open = exchange
            .running
            .ask(|store| store.open_deliveries(0, 1_000));
        open.unwrap().unwrap().len()
    };
    while open() > 0 {
        assert!(since.elapsed() < PATIENCE, "{} do not end", open());
        thread::sleep(Duration::from_millis(20));
    }
    callbacks.stop();
    exchange.running.stop().unwrap();
}

/// Each event of which B was told that it is taken in has one delivery to each; C saw it, and A saw it, or it is unknown.
fn everything_arrived(town: &Town, seen: &[Seen], told: &BTreeSet<u32>) {
    is_on_record(town, seen, u32::MAX);
    let rows = rows(town);
    let came: BTreeSet<_> = seen.iter().map(|one| one.correlation).collect();
    for number in told {
        for receiver in [a(), c()] {
            let of_it = rows
                .iter()
                .filter(|(_, row)| (row.number, row.receiver) == (*number, receiver));
            let of_it: Vec<_> = of_it.collect();
            let [(id, row)] = of_it[..] else {
                panic!("{number}: {of_it:?}");
            };
            match row.ending {
                DELIVERED => assert!(came.contains(id), "{row:?}"),
                // C has what came before recognised, and gets it again.
                UNKNOWN if receiver == a() => {}
                _ => panic!("{row:?}"),
            }
        }
    }
    assert_eq!(record(town).fsck().unwrap().findings, []);
}

#[test]
fn child_calls_until_it_is_killed() {
    let Some((folder, mut socket)) = CALLING.played() else {
        return;
    };
    let (exchange, _callbacks) = Exchange::start_calling(&folder, settings(&folder), clock());
    let sending = Arc::new(Sending::new(socket.try_clone().unwrap()));
    sending.send(&Frame::Serves);
    while let Some(frame) = receive(&mut socket) {
        let Frame::Request(number, bytes) = frame else {
            panic!("not for the exchange");
        };
        let sending = Arc::clone(&sending);
        let incoming = Incoming {
            correlation: CorrelationId::fresh().unwrap(),
            sender: b(),
            bytes,
            reply: Box::new(move |told| {
                sending.send(&Frame::Told(Heard::new(number, told)));
            }),
        };
        exchange.running.inlet().request(incoming).unwrap();
    }
}
