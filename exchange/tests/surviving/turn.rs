//! Complete exchanges, so many at once, and what a process and a signature cost.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::net::UnixStream;
use std::process::Child;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use daxsign_core::{Digest, PrivateKey, Sha256};
use daxsign_exchange::message::{AnswerRead, Asked, Message};
use daxsign_exchange::signing::Key;
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;
use uuid::Uuid;

use crate::link::{Frame, Sending, receive};
use crate::town::{Ask, Signed, Town, now};

/// Signatures that are timed together, and how often: the fastest count, since what is slower was disturbed.
const SIGNATURES: u32 = 10;
const TIMES: u32 = 20;

struct Waiting {
    sent: Signed,
    since: Instant,
}

/// What A waits for, by its number.
type Open = Mutex<BTreeMap<u32, Waiting>>;

/// So many exchanges: how long each took, and the bytes of their messages.
pub(crate) fn pass(
    town: &Town,
    (sending, socket): (&Sending, &mut UnixStream),
    count: usize,
    at_once: usize,
) -> (Vec<Duration>, u64) {
    let open = Open::default();
    let (room, free) = channel();
    for _ in 0..at_once {
        room.send(()).unwrap();
    }
    std::thread::scope(|scope| {
        let waiting = &open;
        scope.spawn(move || {
            for number in 0..u32::try_from(count).unwrap() {
                free.recv().unwrap();
                let since = Instant::now();
                let sent = town.sign(&card(number));
                let bytes = sent.bytes.clone();
                waiting
                    .lock()
                    .unwrap()
                    .insert(number, Waiting { sent, since });
                assert!(sending.send(&Frame::Request(number, bytes)));
            }
        });
        let (mut times, mut message_bytes) = (Vec::new(), 0_usize);
        while times.len() < count {
            match receive(socket).expect("it lives") {
                Frame::Message(party, bytes) => {
                    let message = Message::read(&bytes).unwrap();
                    let answer =
                        town.answer(&town.came(&message), json!({"data": {"id": 1}}).to_string());
                    message_bytes += answer.len() + head_len(&bytes, &message);
                    assert!(sending.send(&Frame::Answer(party, answer)));
                }
                Frame::Told(heard) => {
                    let waited = open.lock().unwrap().remove(&heard.number).expect("asked");
                    let message = Message::read(&heard.bytes).unwrap();
                    let asked = Asked {
                        name: waited.sent.name,
                        target: &waited.sent.target,
                        correlation: Some(heard.correlation),
                    };
                    let read =
                        AnswerRead::verify(&message, &[town.exchange()], &asked, now()).unwrap();
                    assert_eq!(read.status, 201);
                    times.push(waited.since.elapsed());
                    message_bytes += waited.sent.bytes.len() + head_len(&heard.bytes, &message);
                    // The last ones free what nobody waits for.
                    let _ = room.send(());
                }
                Frame::Serves | Frame::Request(..) | Frame::Answer(..) => {
                    panic!("not for the parties")
                }
            }
        }
        (times, u64::try_from(message_bytes).unwrap())
    })
}

/// The bodies of what the exchange sends are those that it got, and are kept once.
fn head_len(bytes: &[u8], message: &Message<'_>) -> usize {
    bytes.len() - message.body.len()
}

pub(crate) fn card(number: u32) -> Ask {
    let owner = Uuid::from_u128(number.into()).to_string();
    let body = json!({"context": "moving in", "name": "card", "ownerId": owner, "codes": []});
    Ask {
        method: "POST",
        rest: "cards".into(),
        body: body.to_string(),
        idempotency: None,
    }
}

/// What the exchange signs with.
pub(crate) fn exchange_key(town: &Town) -> PrivateKey {
    let key = fs::read(town.path().join("exchange.key")).unwrap();
    PrivateKey::from_bytes(&key).unwrap()
}

/// What a signature costs of a processor, one after the other.
pub(crate) fn signing_time(key: &PrivateKey) -> Duration {
    let (digest, mut signature) = (
        Digest(Sha256::digest(b"measured")),
        vec![0; Key::modulus_len(key)],
    );
    let mut once = || {
        let begun = own_time();
        for _ in 0..SIGNATURES {
            Key::sign(key, &[digest], &mut signature).unwrap();
        }
        own_time().saturating_sub(begun) / SIGNATURES
    };
    (0..TIMES).map(|_| once()).min().unwrap()
}

/// What this thread had of a processor.
fn own_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// Seconds of a processor so far, by the thread's name.
pub(crate) fn spent(child: &Child) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for task in fs::read_dir(format!("/proc/{}/task", child.id())).expect("Linux") {
        let task = task.unwrap().path();
        let name = fs::read_to_string(task.join("comm")).unwrap_or_default();
        let times = fs::read_to_string(task.join("schedstat")).unwrap_or_default();
        let nanoseconds: f64 = times
            .split(' ')
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or_default();
        *all.entry(name.trim().to_owned()).or_default() += nanoseconds / 1e9;
    }
    all
}
