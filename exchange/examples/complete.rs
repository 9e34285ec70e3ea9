//! Complete exchanges between two parties, and what they cost: for `benches/exchange`.
//!
//! The exchange is a process of its own, which this program starts again as; it judges, signs and records as
//! `daxsign-exchange serve` does. Both parties are here and speak to it over a UNIX socket, so that neither HTTP nor TLS is in the
//! figures; then through its doors, so that both are. Each request is signed when it is sent, each message verified where it comes:
//! all thirteen steps, but that A takes what comes over HTTPS as it is.

#[cfg(unix)]
#[path = "complete/https.rs"]
mod https;
#[cfg(unix)]
#[path = "../tests/surviving/link.rs"]
mod link;
#[cfg(unix)]
#[path = "../tests/surviving/serving.rs"]
mod serving;
#[cfg(unix)]
#[path = "../tests/surviving/town.rs"]
#[expect(dead_code, reason = "tests have callbacks too")]
mod town;
#[cfg(unix)]
#[path = "../tests/surviving/turn.rs"]
mod turn;

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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, Instant};

    use daxsign_core::{Digest, Kernel, PrivateKey};
    use daxsign_exchange::record::{KEYS_FILE, RECORD_FILE};
    use daxsign_exchange::signing::{Key, NotSigned};

    use crate::https;
    use crate::link::{Frame, Sending, receive};
    use crate::serving::serve;
    use crate::town::{Exchange, Town};
    use crate::turn::{exchange_key, pass, signing_time, spent};

    /// Tells the exchange's process from the parties'.
    const SERVE: &str = "--serve";
    const SERVE_HTTPS: &str = "--serve-https";
    /// Connections that lie idle.
    const IDLE: usize = 1000;
    /// The longest that B may take.
    const DEADLINE: u32 = 60;
    /// Exchanges before it is measured.
    const WARM: usize = 50;

    pub(super) fn main() {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        match arguments.as_slice() {
            [word, folder, kernel] if word == SERVE => serve_and_count(folder.as_ref(), kernel),
            [word, folder] if word == SERVE_HTTPS => https::serve(folder.as_ref()),
            [word, minutes] if word == "--minutes" => flat(minutes.parse().expect("a number")),
            [single, saturated, at_once, kernel @ ..] if kernel.len() < 2 => {
                let [single, saturated, at_once] =
                    [single, saturated, at_once].map(|text| text.parse().expect("a number"));
                let kernel = kernel.first().map(String::as_str);
                measure((single, saturated, at_once), kernel);
            }
            _ => panic!(
                "usage: complete EXCHANGES-ONE-BY-ONE EXCHANGES-AT-SATURATION AT-ONCE [KERNEL] | --minutes MINUTES"
            ),
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

        fn is_quick(&self) -> bool {
            self.key.is_quick()
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

    /// A key that works with the kernel of that name.
    fn with_kernel(mut key: PrivateKey, name: &str) -> PrivateKey {
        let kernel = Kernel::ALL.into_iter().find(|kernel| kernel.name() == name);
        let kernel = kernel.expect("the name of a kernel");
        assert!(key.use_kernel(kernel), "this machine cannot run {name}");
        key
    }

    fn serve_and_count(folder: &Path, kernel: &str) {
        let (signed, together) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let counting = |key| Counting {
            key: with_kernel(key, kernel),
            signed: Arc::clone(&signed),
            together: Arc::clone(&together),
        };
        let exchange = Exchange::start_with(folder, |store| store, counting);
        let socket = stdin().as_fd().try_clone_to_owned().unwrap();
        serve(&exchange, &[crate::town::b()], UnixStream::from(socket));
        exchange.running.stop().unwrap();
        println!(
            "{} {}",
            signed.load(Ordering::Relaxed),
            together.load(Ordering::Relaxed)
        );
    }

    /// With a kernel of its own, where one is named, the exchange signs; that cannot be told to one that serves, so its doors
    /// are left out then.
    fn measure((single, saturated, at_once): (usize, usize, usize), forced: Option<&str>) {
        let place = tempfile::tempdir().unwrap();
        let town = Town::found(place.path(), DEADLINE);
        let kernel = forced.unwrap_or(Kernel::best().name());
        let signing = signing_time(&with_kernel(exchange_key(&town), kernel));
        line(
            "one signature of the exchange",
            signing.as_secs_f64() * 1e3,
            "ms",
        );
        let turn = |name: &str, count, at_once| {
            let size = files(&town);
            let turn = Turn::run(&town, kernel, (count, at_once));
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
        if forced.is_none() {
            over_https(&town, signing, (single, saturated, at_once));
        }
    }

    fn over_https(
        town: &Town,
        signing: Duration,
        (single, saturated, at_once): (usize, usize, usize),
    ) {
        let doors = https::Doors::open(town, SERVE_HTTPS);
        for (name, count, at_once) in [
            ("HTTPS, one by one".to_owned(), single, 1),
            (format!("HTTPS, {at_once} at once"), saturated, at_once),
        ] {
            doors.pass(WARM.max(at_once), at_once);
            let (before, begun) = (spent(&doors.child), Instant::now());
            let times = doors.pass(count, at_once);
            let took = begun.elapsed();
            tell(
                &name,
                &times,
                took,
                &since(spent(&doors.child), &before),
                signing,
            );
        }
        line(
            "HTTPS: memory",
            number(memory(&doors.child, "VmRSS:")) / 1024.0,
            "MB",
        );
        let idle = doors.idle(IDLE);
        line(
            &format!("HTTPS: memory with {} more connections", idle.len()),
            number(memory(&doors.child, "VmRSS:")) / 1024.0,
            "MB",
        );
        drop(idle);
        doors.close();
    }

    /// What it takes of memory while it works for so many minutes.
    fn flat(minutes: u32) {
        let place = tempfile::tempdir().unwrap();
        let town = Town::found(place.path(), DEADLINE);
        let doors = https::Doors::open(&town, SERVE_HTTPS);
        let begun = Instant::now();
        for minute in 1..=minutes {
            let mut count = 0;
            while begun.elapsed() < Duration::from_mins(minute.into()) {
                count += doors.pass(1000, 16).len();
            }
            let name = format!("minute {minute}: memory after {count} exchanges");
            line(&name, number(memory(&doors.child, "VmRSS:")) / 1024.0, "MB");
        }
        doors.close();
    }

    /// What was spent between.
    fn since(
        mut now: BTreeMap<String, f64>,
        before: &BTreeMap<String, f64>,
    ) -> BTreeMap<String, f64> {
        for (name, seconds) in &mut now {
            *seconds -= before.get(name).copied().unwrap_or_default();
        }
        now
    }

    /// How long exchanges took, and what was spent on them for what.
    fn tell(
        name: &str,
        times: &[Duration],
        took: Duration,
        spent: &BTreeMap<String, f64>,
        signing: Duration,
    ) {
        let count = number(times.len());
        let told =
            |what: &str, value: f64, unit: &str| line(&format!("{name}: {what}"), value, unit);
        let mut times = times.to_vec();
        times.sort();
        let at = |percent: usize| {
            times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3
        };
        told("exchanges per second", count / took.as_secs_f64(), "/s");
        told("p50", at(50), "ms");
        told("p99", at(99), "ms");
        let all: f64 = spent.values().sum::<f64>() / count * 1e3;
        told("CPU of exchange and store per exchange", all, "ms");
        // What the relay signs itself is on its own thread.
        let relay: &[&str] = &["daxsign-sign", "daxsign-relay"];
        for (threads, what) in [
            (relay, "signing, verifying, deciding, relaying"),
            (&["daxsign-record"], "store"),
            (&["daxsign-door"], "HTTP, TLS, WebSocket"),
        ] {
            let seconds = threads.iter().filter_map(|thread| spent.get(*thread));
            let seconds: Option<f64> = seconds.copied().reduce(|all, one| all + one);
            if let Some(seconds) = seconds {
                told(&format!("of it {what}"), seconds / count * 1e3, "ms");
            }
        }
        told(
            "CPU per exchange in signatures of this run",
            all / 1e3 / signing.as_secs_f64(),
            "",
        );
    }

    /// Counts of a run are small.
    fn number<N: TryInto<u32>>(count: N) -> f64 {
        count.try_into().map_or(f64::INFINITY, f64::from)
    }

    fn line(name: &str, value: f64, unit: &str) {
        println!("{name:<64} {value:>10.3} {unit}");
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

    impl Turn {
        fn run(town: &Town, kernel: &str, (count, at_once): (usize, usize)) -> Self {
            let (mut child, mut socket) = spawn(town.path(), kernel);
            let Some(Frame::Serves) = receive(&mut socket) else {
                panic!("it does not serve")
            };
            let sending = Sending::new(socket.try_clone().unwrap());
            let (_, warm_bytes) = pass(town, (&sending, &mut socket), WARM, at_once);
            let (before, begun) = (spent(&child), Instant::now());
            let (times, message_bytes) = pass(town, (&sending, &mut socket), count, at_once);
            let took = begun.elapsed();
            let spent = since(spent(&child), &before);
            let memory_kb = memory(&child, "VmHWM:");
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
                spent,
                memory_kb,
                message_bytes: message_bytes + warm_bytes,
                signed: counted.next().unwrap(),
                together: counted.next().unwrap(),
            }
        }

        fn tell(&self, name: &str, signing: Duration) {
            tell(name, &self.times, self.took, &self.spent, signing);
            let told =
                |what: &str, value: f64, unit: &str| line(&format!("{name}: {what}"), value, unit);
            told(
                "share of signatures made together",
                number(self.together) / number(self.signed) * 100.0,
                "%",
            );
            told("memory", number(self.memory_kb) / 1024.0, "MB");
        }
    }

    fn spawn(folder: &Path, kernel: &str) -> (Child, UnixStream) {
        let (ours, its) = UnixStream::pair().unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .arg(SERVE)
            .arg(folder)
            .arg(kernel)
            .stdin(Stdio::from(OwnedFd::from(its)))
            .stdout(Stdio::piped())
            .spawn();
        (child.unwrap(), ours)
    }

    fn memory(child: &Child, field: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        line.unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .parse()
            .unwrap()
    }
}
