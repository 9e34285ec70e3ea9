//! Runs the sidecar until it is told to stop.

use std::sync::Arc;

use daxsign_hosting::open_files;
use daxsign_proxy::Limits;
use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;
use crate::output;
use crate::proxy::arguments::ProxyCommand;
use crate::proxy::operating::{Operating, check_places};
use crate::proxy::{access, check, forward, upstream, verify};

/// Threads for what blocks: names of hosts, and keys in devices.
const BLOCKING_THREADS: usize = 16;

/// Runs `daxsign proxy`.
pub(crate) fn run(command: ProxyCommand) -> Result<(), Failure> {
    if command.check {
        return check(&command);
    }
    // First of all: what systemd hands over has numbers that anything else could take.
    let operating = Operating::begin(&command)?;
    let (limits, command) = (limits(&command), Arc::new(command));
    raise_open_files(&limits);
    if command.verifying.verify {
        return runtime()?.block_on(verify::serve(command, limits, operating));
    }
    let access = access::read(&command)?;
    let sender = upstream::open(&command)?;
    runtime()?.block_on(forward::serve(command, limits, access, sender, operating))
}

/// `--check`: listens nowhere, and opens no log.
fn check(command: &ProxyCommand) -> Result<(), Failure> {
    check_places(command)?;
    if command.verifying.verify {
        return runtime()?.block_on(verify::check(command));
    }
    access::read(command)?;
    let sender = upstream::open(command)?;
    runtime()?.block_on(check::run(command, &sender))
}

/// As many files as connections may need.
fn raise_open_files(limits: &Limits) {
    let wanted = u64::try_from(limits.open_files()).unwrap_or(u64::MAX);
    if let Some(now) = open_files::raise(wanted).filter(|now| *now < wanted) {
        let text = format!(
            "this process may open {now} files, and {wanted} are wanted: fewer connections are taken (ulimit -n, \
             LimitNOFILE=)"
        );
        output::labelled("note", &text);
    }
}

/// One thread for all connections: what takes long, signing, has threads of its own.
fn runtime() -> Result<Runtime, Failure> {
    let mut runtime = Builder::new_current_thread();
    runtime.enable_all().max_blocking_threads(BLOCKING_THREADS);
    let runtime = runtime.build();
    runtime.map_err(|error| Failure::Unusable(format!("the proxy cannot start: {error}")))
}

fn limits(command: &ProxyCommand) -> Limits {
    Limits {
        max_body: command.max_body,
        max_requests: command.max_requests,
        queue: command.queue,
        timeout: command.timeout,
        drain: command.drain,
    }
}
