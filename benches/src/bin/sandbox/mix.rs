//! Operations of many kinds, so many at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::office::{CARD_OWNERS, Kind, MIX, Office};
use super::process::{Process, Spent, since};
use super::sandbox::{Place, Sandbox, runtime};
use super::told::{line, number, percentile};

/// How long it runs before it is measured: connections, a token, what is read from disk for the first time.
const WARM: Duration = Duration::from_secs(1);

/// What runs on threads of that name in the sandbox's process.
const THREADS: [(&str, &str); 8] = [
    ("daxsign-door", "exchange: HTTP, TLS, WebSocket"),
    (
        "daxsign-relay",
        "exchange: verifying, deciding, relaying, signing where nothing else waits",
    ),
    ("daxsign-record", "exchange: record"),
    (
        "daxsign-sign",
        "other signing, of the exchange and of the stand-in",
    ),
    ("daxsign-line", "stand-in: its connection, verifying"),
    ("alliera", "stand-in: operations and their store"),
    ("daxsign-registry", "exchange: registry"),
    ("daxsign-house", "exchange: housekeeping"),
];

pub(crate) fn measure(place: &Place<'_>, seconds: u32, at_once: u32) {
    let sandbox = Sandbox::start(place, CARD_OWNERS);
    line("ready after", sandbox.took.as_secs_f64(), "s");
    let runtime = runtime();
    let office = Office::look(sandbox.client(), sandbox.target());
    let office = Arc::new(runtime.block_on(office));
    runtime.block_on(run(&office, WARM, at_once));
    let processes = [Process::own(), sandbox.process()];
    let (before, begun) = (processes.map(Process::spent), Instant::now());
    let all = runtime.block_on(run(&office, Duration::from_secs(seconds.into()), at_once));
    let took = begun.elapsed();
    let [client, exchange] = processes.map(Process::spent);
    tell(
        &all,
        took,
        [since(client, &before[0]), since(exchange, &before[1])],
    );
    line("client: peak of memory", processes[0].peak(), "MB");
    line(
        "exchange and stand-ins: peak of memory",
        processes[1].peak(),
        "MB",
    );
    drop((office, runtime));
    sandbox.end();
}

/// So many callers ask for so long: what, and how long each took.
async fn run(office: &Arc<Office>, time: Duration, at_once: u32) -> Vec<(Kind, Duration)> {
    let end = Instant::now() + time;
    let callers = (0..at_once).map(|caller| {
        let office = Arc::clone(office);
        tokio::spawn(async move {
            let mut times = Vec::new();
            let mut given = None;
            let mut turn = usize::try_from(caller).unwrap_or_default() * STRIDE;
            while Instant::now() < end {
                let kind = kind(turn, given.is_some());
                let begun = Instant::now();
                office.ask(kind, &mut given).await;
                times.push((kind, begun.elapsed()));
                turn += STRIDE;
            }
            if given.is_some() {
                office.ask(Kind::Revoke, &mut given).await;
            }
            times
        })
    });
    let callers: Vec<_> = callers.collect();
    let mut all = Vec::new();
    for caller in callers {
        all.extend(caller.await.expect("no panic"));
    }
    all
}

/// Steps through the mix so that the same does not come several times in a row: it has no divisor in common with twenty.
const STRIDE: usize = 7;

/// What comes at this turn. A grant is revoked before another one is given.
fn kind(turn: usize, given: bool) -> Kind {
    let all: usize = MIX.iter().map(|(_, _, share)| share).sum();
    let mut place = turn % all;
    let found = MIX.iter().find(|(_, _, share)| {
        let here = place < *share;
        place = place.saturating_sub(*share);
        here
    });
    match found.expect("one of them").0 {
        Kind::Grant | Kind::Revoke if given => Kind::Revoke,
        Kind::Grant | Kind::Revoke => Kind::Grant,
        other => other,
    }
}

fn tell(all: &[(Kind, Duration)], took: Duration, [client, exchange]: [Spent; 2]) {
    let count = number(all.len());
    let mut times: Vec<Duration> = all.iter().map(|(_, time)| *time).collect();
    times.sort();
    line("operations per second", count / took.as_secs_f64(), "/s");
    line("p50", percentile(&times, 50), "ms");
    line("p99", percentile(&times, 99), "ms");
    for (kind, name, _) in MIX {
        let of = all.iter().filter(|(found, _)| *found == kind);
        let mut times: Vec<Duration> = of.map(|(_, time)| *time).collect();
        times.sort();
        if !times.is_empty() {
            line(&format!("p50 of {name}"), percentile(&times, 50), "ms");
        }
    }
    let each = |spent: &Spent| spent.values().sum::<f64>() / count * 1e3;
    let (of_client, of_exchange) = (each(&client), each(&exchange));
    line("CPU of the client per operation", of_client, "ms");
    if let Some(seconds) = client.get("daxsign-sign") {
        line("  of it signing", seconds / count * 1e3, "ms");
    }
    line(
        "CPU of exchange and stand-in per operation",
        of_exchange,
        "ms",
    );
    for (thread, what) in THREADS {
        if let Some(seconds) = exchange.get(thread) {
            line(&format!("  of it {what}"), seconds / count * 1e3, "ms");
        }
    }
    line(
        "operations per second that two cores have time for",
        2e3 / (of_client + of_exchange),
        "/s",
    );
}
