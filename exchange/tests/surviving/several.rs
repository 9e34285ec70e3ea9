//! Lives of an exchange in which A asks two receivers at once, each ended by SIGKILL; what all three saw is compared with the record.

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use daxsign_exchange::message::{AnswerRead, Asked as Paired, Message, MessageName};
use daxsign_exchange::record::{Asked, Ending, Fanned, SqliteStore, Store as _};
use daxsign_exchange::{CorrelationId, Party};
use serde_json::json;
use uuid::Uuid;

use crate::child::Role;
use crate::killed::{Chance, DEADLINE, ROUNDS, events_stand_once, record};
use crate::link::{Frame, Heard, Sending, receive};
use crate::serving::serve;
use crate::town::{Ask, Exchange, PATIENCE, Signed, Town, a, b, c, now};

const SERVING: Role = Role {
    test: "several::child_serves_two_until_it_is_killed",
    folder: "DAXSIGN_TEST_SEVERAL",
};
const USUAL_ROUNDS: u32 = 8;
/// Requests that wait for their answer.
const AT_ONCE: usize = 8;
/// Requests of earlier lives that are sent again.
const AGAIN: usize = 12;

/// What is asked for, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// Changes something.
    Change,
    /// The same, with a key for retries.
    Keyed,
    Read,
    /// Changes something; C does not answer.
    Half,
}

impl Wish {
    const fn of(number: u32) -> Self {
        match number % 4 {
            0 => Self::Change,
            1 => Self::Keyed,
            2 => Self::Read,
            _ => Self::Half,
        }
    }
}

/// A receiver got its part.
#[derive(Clone, Copy, Debug)]
struct Delivery {
    number: u32,
    receiver: Party,
    correlation: CorrelationId,
}

/// A was told, signed by the exchange.
#[derive(Debug)]
struct Answered {
    number: u32,
    status: u16,
    body: Vec<u8>,
}

#[derive(Default)]
struct Notes {
    /// All that was sent of a number: retries have other bytes.
    asked: BTreeMap<u32, Vec<Signed>>,
    delivered: Vec<Delivery>,
    answered: Vec<Answered>,
}

/// X-FANOUT, X-DURABLE, X-ONCE.
#[test]
fn what_several_receivers_saw_is_on_record_whenever_the_exchange_is_killed() {
    let rounds = std::env::var(ROUNDS).map_or(USUAL_ROUNDS, |rounds| rounds.parse().expect(ROUNDS));
    let place = tempfile::tempdir().unwrap();
    let town = Town::found_with_two(place.path(), DEADLINE);
    let (notes, mut chance) = (Mutex::new(Notes::default()), Chance::of_now());
    for round in 0..rounds {
        live(&town, &notes, chance.below(Duration::from_millis(300)));
        let (notes, store) = (notes.lock().unwrap(), record(&town));
        assert_eq!(store.fsck().unwrap().findings, [], "round {round}");
        for delivery in &notes.delivered {
            is_on_record(&store, &notes, delivery);
        }
        for told in &notes.answered {
            is_on_record_as_told(&store, &notes, told);
        }
        nothing_came_twice(&notes);
    }
    Exchange::start(town.path()).running.stop().unwrap();
    everything_ended(&town, &notes.into_inner().unwrap(), rounds);
}

#[test]
fn child_serves_two_until_it_is_killed() {
    if let Some((folder, socket)) = SERVING.played() {
        serve(&Exchange::start(&folder), &[b(), c()], socket);
    }
}

fn live(town: &Town, notes: &Mutex<Notes>, life: Duration) {
    let (mut child, socket) = SERVING.spawn(town);
    let (serves, ready) = channel();
    thread::scope(|scope| {
        scope.spawn(move || take_part(town, notes, socket, &serves));
        ready.recv_timeout(PATIENCE).expect("it serves");
        thread::sleep(life);
        // SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
    });
}

/// All three, until the other end is gone.
fn take_part(town: &Town, notes: &Mutex<Notes>, mut socket: UnixStream, serves: &Sender<()>) {
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
                    for _ in 0..AT_ONCE {
                        room.send(()).unwrap();
                    }
                    scope.spawn(move || ask(town, notes, &free, sending));
                }
                Frame::Message(party, bytes) => came(town, notes, (party, &bytes), &sending),
                Frame::Told(heard) => {
                    hear(town, notes, &heard);
                    // A sends nothing more once the socket is gone.
                    let _ = room.send(());
                }
                Frame::Request(..) | Frame::Answer(..) => panic!("not for the parties"),
            }
        }
        drop(room);
    });
}

fn signed(town: &Town, number: u32) -> Signed {
    let boxes = "/api/v2.0/deliveries/packageboxes";
    let (method, target) = match Wish::of(number) {
        Wish::Read => ("GET", boxes.to_owned()),
        Wish::Change | Wish::Keyed | Wish::Half => {
            let id = Uuid::from_u128(number.into());
            ("POST", format!("{boxes}/{id}/reserve"))
        }
    };
    let ask = Ask {
        method,
        rest: String::new(),
        body: json!({"context": number.to_string()}).to_string(),
        idempotency: (Wish::of(number) == Wish::Keyed).then(|| format!("key-{number}")),
    };
    town.sign_to(target, &ask)
}

/// What A was told nothing of once more, then new ones, until the socket is gone.
fn ask(town: &Town, notes: &Mutex<Notes>, free: &Receiver<()>, sending: &Sending) {
    let (mut open, next) = {
        let notes = notes.lock().unwrap();
        let told = |number: &u32| notes.answered.iter().any(|one| one.number == *number);
        let open: Vec<u32> = notes
            .asked
            .keys()
            .copied()
            .filter(|one| !told(one))
            .collect();
        let next = notes.asked.last_key_value().map_or(0, |(last, _)| last + 1);
        (open, next)
    };
    let send = |number: u32, signed: Signed, is_new: bool| {
        let bytes = signed.bytes.clone();
        if is_new {
            // Noted first: it may arrive.
            let mut notes = notes.lock().unwrap();
            notes.asked.entry(number).or_default().push(signed);
        }
        sending.send(&Frame::Request(number, bytes))
    };
    for number in open.split_off(open.len().saturating_sub(AGAIN)) {
        let first = notes.lock().unwrap().asked[&number][0].clone();
        let is_keyed = Wish::of(number) == Wish::Keyed;
        let alive = send(number, first, false);
        if !alive || (is_keyed && !send(number, signed(town, number), true)) {
            return;
        }
    }
    for number in next.. {
        // Nobody waits for what C does not answer.
        if Wish::of(number) != Wish::Half && free.recv().is_err() {
            return;
        }
        if !send(number, signed(town, number), true) {
            return;
        }
    }
}

/// B, or C.
fn came(town: &Town, notes: &Mutex<Notes>, (party, bytes): (Party, &[u8]), sending: &Sending) {
    let message = Message::read(bytes).unwrap();
    let came = town.came_to(party, &message);
    let body: serde_json::Value = serde_json::from_slice(came.body).unwrap();
    let number: u32 = body["context"].as_str().unwrap().parse().unwrap();
    notes.lock().unwrap().delivered.push(Delivery {
        number,
        receiver: party,
        correlation: came.correlation,
    });
    if Wish::of(number) != Wish::Half || party == b() {
        let answer = json!({"data": {"reservationId": number.to_string()}}).to_string();
        let answer = town.answer_of(party, &came, answer);
        // It may be gone.
        sending.send(&Frame::Answer(party, answer));
    }
}

/// A is told.
fn hear(town: &Town, notes: &Mutex<Notes>, heard: &Heard) {
    if !heard.signed {
        let text = String::from_utf8_lossy(&heard.bytes);
        return assert_eq!(heard.status, 503, "{text}");
    }
    let message = Message::read(&heard.bytes).unwrap();
    let name: MessageName = AnswerRead::claims(&message).unwrap();
    let mut notes = notes.lock().unwrap();
    let mut sent = notes.asked[&heard.number].iter();
    let sent = sent.find(|one| one.name == name).expect("A asked so");
    let paired = Paired {
        name,
        target: &sent.target,
        correlation: Some(heard.correlation),
    };
    let read = AnswerRead::verify(&message, &[town.exchange()], &paired, now()).unwrap();
    notes.answered.push(Answered {
        number: heard.number,
        status: read.status,
        body: read.body.to_vec(),
    });
}

/// What stands on record of all that was sent under a number: one request to several at most, whose exchanges are one with each of both.
fn fan(store: &SqliteStore, notes: &Notes, number: u32) -> Option<Fanned> {
    let sent = notes.asked[&number].iter();
    let mut found: Vec<Fanned> = sent
        .filter_map(|one| {
            let asked = Asked::Request(one.name.0);
            store.fan(a().instance, asked).unwrap()
        })
        .collect();
    assert!(found.len() <= 1, "{number} was taken in twice: {found:?}");
    let fanned = found.pop()?;
    let mut receivers: Vec<Party> = fanned.children.iter().map(|one| one.receiver).collect();
    receivers.sort_unstable();
    assert_eq!(receivers, [b(), c()], "{number}");
    Some(fanned)
}

/// What a receiver saw has its event 1, with what was sent, as part of the request that names it.
fn is_on_record(store: &SqliteStore, notes: &Notes, delivery: &Delivery) {
    let Delivery {
        number,
        receiver,
        correlation,
    } = *delivery;
    let row = store.row(correlation).unwrap();
    let row = row.unwrap_or_else(|| panic!("{delivery:?} is not on record"));
    assert_eq!((row.sender, row.receiver), (a(), receiver), "{delivery:?}");
    assert!(row.standing.may_have_left, "{delivery:?}");
    let request = store.request(correlation).unwrap().expect("its message");
    let mut sent = notes.asked[&number].iter();
    assert!(sent.any(|one| one.bytes == request.message), "{delivery:?}");
    let fanned = fan(store, notes, number).expect("on record");
    let mut children = fanned.children.iter();
    let is_it = children.any(|one| (one.correlation, one.receiver) == (correlation, receiver));
    assert!(is_it, "{delivery:?}: {fanned:?}");
}

/// What A was told of each is what is on record of it.
fn is_on_record_as_told(store: &SqliteStore, notes: &Notes, told: &Answered) {
    let text = String::from_utf8_lossy(&told.body);
    let fanned = fan(store, notes, told.number);
    let answered = |fanned: &Fanned| {
        let children = fanned.children.iter();
        let ended = |one: &daxsign_exchange::record::Child| one.outcome.and_then(|one| one.ending);
        let answered = children.filter(|one| ended(one) == Some(Ending::Answered));
        answered
            .map(|one| format!("{}: 201 from {}", one.correlation, one.receiver))
            .collect::<Vec<_>>()
    };
    match told.status {
        201 => {
            let fanned = fanned.expect("on record");
            assert!(!fanned.open, "{fanned:?}");
            let lines = answered(&fanned);
            assert!(!lines.is_empty(), "{text}: {fanned:?}");
            assert_eq!(text.matches(": 201 from ").count(), lines.len(), "{text}");
            assert!(
                lines.iter().all(|line| text.contains(line)),
                "{text}: {lines:?}"
            );
        }
        // What was sent again: replayed, or its key is in work.
        409 => assert!(fanned.is_some(), "{text}"),
        503 | 504 => {
            let lines = fanned.as_ref().map(answered).unwrap_or_default();
            assert_eq!(lines, [""; 0], "{text}");
        }
        status => panic!("{status}: {text}"),
    }
}

/// What changes something came to each once at most, whatever A sent again; what reads came in one exchange.
fn nothing_came_twice(notes: &Notes) {
    let mut came: BTreeMap<(u32, Party), Vec<CorrelationId>> = BTreeMap::new();
    for one in &notes.delivered {
        let of_it = came.entry((one.number, one.receiver)).or_default();
        of_it.push(one.correlation);
    }
    for ((number, receiver), ids) in came {
        let is_one = ids.iter().all(|id| *id == ids[0]);
        assert!(is_one, "{number} came to {receiver} in two exchanges");
        let may_again = Wish::of(number) == Wish::Read;
        assert!(
            may_again || ids.len() == 1,
            "{number} came to {receiver} again"
        );
    }
}

fn everything_ended(town: &Town, notes: &Notes, rounds: u32) {
    let store = record(town);
    assert_eq!(store.fsck().unwrap().findings, []);
    assert_eq!(store.open_rows(None, 1).unwrap(), []);
    let (mut taken_in, mut cut, mut never) = (0, 0, 0);
    for number in notes.asked.keys() {
        let Some(fanned) = fan(&store, notes, *number) else {
            continue;
        };
        assert!(!fanned.open, "{fanned:?}");
        taken_in += 1;
        cut += u32::from(fanned.children.iter().any(|one| one.status.is_none()));
        for child in &fanned.children {
            match child.outcome {
                Some(outcome) => assert!(outcome.ending.is_some(), "{fanned:?}"),
                None => never += 1,
            }
        }
    }
    for delivery in &notes.delivered {
        is_on_record(&store, notes, delivery);
    }
    events_stand_once(town);
    eprintln!(
        "{rounds} lives: {} requests to two sent, {taken_in} taken in, {cut} cut off, {never} of their exchanges never begun; {} came \
         to receivers, A was told {} times",
        notes.asked.len(),
        notes.delivered.len(),
        notes.answered.len(),
    );
    assert!(cut > 0, "no life ended amid one");
    assert!(notes.delivered.len() > usize::try_from(rounds).unwrap());
    assert!(notes.answered.iter().any(|one| one.status == 201));
}
