//! Complete exchanges between two parties, and what they cost: for `benches/exchange`.
//!
//! The exchange is a process of its own, which this program starts again as; it judges, signs and records as
//! `daxsign-exchange serve` does. Both parties are here and speak to it over a UNIX socket, so that neither HTTP nor TLS is in the
//! figures. Each request is signed when it is sent, each message verified where it comes: all thirteen steps.

#[cfg(unix)]
#[path = "../tests/surviving/link.rs"]
mod link;
#[cfg(unix)]
#[path = "../tests/surviving/serving.rs"]
mod serving;
#[cfg(unix)]
#[path = "../tests/surviving/town.rs"]
mod town;

#[cfg(unix)]
fn main() {
    measured::main();
}

#[cfg(not(unix))]
fn main() {
    eprintln!("needs UNIX sockets");
}

#[cfg(unix)]
mod measured {
    use std::collections::BTreeMap;
    use std::fs;
    use std::io::{Read as _, stdin};
    use std::net::Shutdown;
    use std::os::fd::{AsFd as _, OwnedFd};
    use std::os::unix::net::UnixStream;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::mpsc::channel;
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, Instant};

    use daxsign_core::{Digest, PrivateKey, Sha256};
    use daxsign_exchange::message::{AnswerRead, Asked, Message};
    use daxsign_exchange::record::{KEYS_FILE, RECORD_FILE};
    use daxsign_exchange::signing::{Key, NotSigned};
    use serde_json::json;
    use uuid::Uuid;

    use crate::link::{Frame, Sending, receive};
    use crate::serving::serve;
    use crate::town::{Ask, Exchange, Signed, Town, now};

    /// Tells the exchange's process from the parties'.
    const SERVE: &str = "--serve";
    /// The longest that B may take.
    const DEADLINE: u32 = 60;
    /// Exchanges before it is measured.
    const WARM: usize = 50;

    pub(super) fn main() {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        match arguments.as_slice() {
            [word, folder] if word == SERVE => serve_and_count(folder.as_ref()),
            [single, saturated, at_once] => {
                let [single, saturated, at_once] =
                    [single, saturated, at_once].map(|text| text.parse().expect("a number"));
                measure(single, saturated, at_once);
            }
            _ => panic!("usage: complete EXCHANGES-ONE-BY-ONE EXCHANGES-AT-SATURATION AT-ONCE"),
        }
    }

    /// A key that counts.
    struct Counting {
        key: PrivateKey,
        signed: Arc<AtomicU64>,
        together: Arc<AtomicU64>,
    }

    impl Key for Counting {
        fn modulus_len(&self) -> usize {
            Key::modulus_len(&self.key)
        }

        fn together_from(&self) -> Option<usize> {
            self.key.together_from()
        }

        fn sign(&self, digests: &[Digest], signatures: &mut [u8]) -> Result<(), NotSigned> {
            let count = u64::try_from(digests.len()).unwrap_or(u64::MAX);
            self.signed.fetch_add(count, Ordering::Relaxed);
            if count > 1 {
                self.together.fetch_add(count, Ordering::Relaxed);
            }
            Key::sign(&self.key, digests, signatures)
        }
    }

    fn serve_and_count(folder: &Path) {
        let (signed, together) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let counting = |key| Counting {
            key,
            signed: Arc::clone(&signed),
            together: Arc::clone(&together),
        };
        let exchange = Exchange::start_with(folder, |store| store, counting);
        let socket = stdin().as_fd().try_clone_to_owned().unwrap();
        serve(&exchange, UnixStream::from(socket));
        exchange.running.stop().unwrap();
        println!(
            "{} {}",
            signed.load(Ordering::Relaxed),
            together.load(Ordering::Relaxed)
        );
    }

    fn measure(single: usize, saturated: usize, at_once: usize) {
        let place = tempfile::tempdir().unwrap();
        let town = Town::found(place.path(), DEADLINE);
        let signing = signing_time(&town);
        line(
            "one signature of the exchange",
            signing.as_secs_f64() * 1e3,
            "ms",
        );
        let turn = |name: &str, count, at_once| {
            let size = files(&town);
            let turn = Turn::run(&town, count, at_once);
            turn.tell(name, signing);
            let events = number(2 * (count + WARM));
            let beside = number((files(&town) - size).saturating_sub(turn.message_bytes));
            line(
                &format!("{name}: bytes of record per event beside the four messages"),
                beside / events,
                "",
            );
        };
        turn("one by one", single, 1);
        turn(&format!("{at_once} at once"), saturated, at_once);
    }

    /// Counts of a run are small.
    fn number<N: TryInto<u32>>(count: N) -> f64 {
        count.try_into().map_or(f64::INFINITY, f64::from)
    }

    fn line(name: &str, value: f64, unit: &str) {
        println!("{name:<64} {value:>10.3} {unit}");
    }

    /// The median of what a signature takes, one after the other.
    fn signing_time(town: &Town) -> Duration {
        let key = fs::read(town.path().join("exchange.key")).unwrap();
        let key = PrivateKey::from_bytes(&key).unwrap();
        let (digest, mut signature) = (
            Digest(Sha256::digest(b"measured")),
            vec![0; key.public_key().modulus_len()],
        );
        let mut times: Vec<Duration> = (0..201)
            .map(|_| {
                let begun = Instant::now();
                Key::sign(&key, &[digest], &mut signature).unwrap();
                begun.elapsed()
            })
            .collect();
        times.sort();
        times[100]
    }

    fn files(town: &Town) -> u64 {
        let size = |name: &&str| fs::metadata(town.path().join(name)).unwrap().len();
        [RECORD_FILE, KEYS_FILE].iter().map(size).sum()
    }

    /// What one turn came to.
    struct Turn {
        took: Duration,
        times: Vec<Duration>,
        /// Seconds of a processor, by the thread's name.
        spent: BTreeMap<String, f64>,
        memory_kb: u64,
        message_bytes: u64,
        signed: u64,
        together: u64,
    }

    struct Waiting {
        sent: Signed,
        since: Instant,
    }

    /// What A waits for, by its number.
    type Open = Mutex<BTreeMap<u32, Waiting>>;

    impl Turn {
        fn run(town: &Town, count: usize, at_once: usize) -> Self {
            let (mut child, mut socket) = spawn(town.path());
            let Some(Frame::Serves) = receive(&mut socket) else {
                panic!("it does not serve")
            };
            let sending = Sending::new(socket.try_clone().unwrap());
            let (_, warm_bytes) = pass(town, (&sending, &mut socket), WARM, at_once);
            let (before, begun) = (spent(&child), Instant::now());
            let (times, message_bytes) = pass(town, (&sending, &mut socket), count, at_once);
            let took = begun.elapsed();
            let mut spent_by = spent(&child);
            for (name, seconds) in &mut spent_by {
                *seconds -= before.get(name).copied().unwrap_or_default();
            }
            let memory_kb = memory(&child);
            socket.shutdown(Shutdown::Write).unwrap();
            let mut said = String::new();
            child
                .stdout
                .take()
                .unwrap()
                .read_to_string(&mut said)
                .unwrap();
            assert!(child.wait().unwrap().success());
            let mut counted = said
                .split_whitespace()
                .map(|number| number.parse().unwrap());
            Self {
                took,
                times,
                spent: spent_by,
                memory_kb,
                message_bytes: message_bytes + warm_bytes,
                signed: counted.next().unwrap(),
                together: counted.next().unwrap(),
            }
        }

        fn tell(&self, name: &str, signing: Duration) {
            let count = number(self.times.len());
            let told =
                |what: &str, value: f64, unit: &str| line(&format!("{name}: {what}"), value, unit);
            let mut times = self.times.clone();
            times.sort();
            let at = |percent: usize| {
                times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3
            };
            told(
                "exchanges per second",
                count / self.took.as_secs_f64(),
                "/s",
            );
            told("p50", at(50), "ms");
            told("p99", at(99), "ms");
            let all: f64 = self.spent.values().sum::<f64>() / count * 1e3;
            told("CPU of exchange and store per exchange", all, "ms");
            for (thread, what) in [
                ("daxsign-sign", "signing"),
                ("daxsign-relay", "verifying, deciding, relaying"),
                ("daxsign-record", "store"),
            ] {
                let part = self.spent.get(thread).copied().unwrap_or_default() / count * 1e3;
                told(&format!("of it {what}"), part, "ms");
            }
            told(
                "CPU per exchange in signatures of this run",
                all / 1e3 / signing.as_secs_f64(),
                "",
            );
            told(
                "share of signatures made together",
                number(self.together) / number(self.signed) * 100.0,
                "%",
            );
            told("memory", number(self.memory_kb) / 1024.0, "MB");
        }
    }

    fn spawn(folder: &Path) -> (Child, UnixStream) {
        let (ours, its) = UnixStream::pair().unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .arg(SERVE)
            .arg(folder)
            .stdin(Stdio::from(OwnedFd::from(its)))
            .stdout(Stdio::piped())
            .spawn();
        (child.unwrap(), ours)
    }

    /// So many exchanges: how long each took, and the bytes of their messages.
    fn pass(
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
                    Frame::Message(bytes) => {
                        let message = Message::read(&bytes).unwrap();
                        let answer = town
                            .answer(&town.came(&message), json!({"data": {"id": 1}}).to_string());
                        message_bytes += answer.len() + head_len(&bytes, &message);
                        assert!(sending.send(&Frame::Answer(answer)));
                    }
                    Frame::Told(heard) => {
                        let waited = open.lock().unwrap().remove(&heard.number).expect("asked");
                        let message = Message::read(&heard.bytes).unwrap();
                        let asked = Asked {
                            name: waited.sent.name,
                            target: &waited.sent.target,
                            correlation: Some(heard.correlation),
                        };
                        let read = AnswerRead::verify(&message, &[town.exchange()], &asked, now())
                            .unwrap();
                        assert_eq!(read.status, 201);
                        times.push(waited.since.elapsed());
                        message_bytes += waited.sent.bytes.len() + head_len(&heard.bytes, &message);
                        // The last ones free what nobody waits for.
                        let _ = room.send(());
                    }
                    Frame::Serves | Frame::Request(..) | Frame::Answer(_) => {
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

    fn card(number: u32) -> Ask {
        let owner = Uuid::from_u128(number.into()).to_string();
        let body = json!({"context": "moving in", "name": "card", "ownerId": owner, "codes": []});
        Ask {
            method: "POST",
            rest: "cards".into(),
            body: body.to_string(),
            idempotency: None,
        }
    }

    /// Seconds of a processor so far, by the thread's name.
    fn spent(child: &Child) -> BTreeMap<String, f64> {
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

    fn memory(child: &Child) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .parse()
            .unwrap()
    }
}
