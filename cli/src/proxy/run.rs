//! Runs the sidecar until it is told to stop.

use std::sync::Arc;

use daxsign_proxy::{Access, Limits};
use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;
use crate::proxy::arguments::ProxyCommand;
use crate::proxy::operating::Operating;
use crate::proxy::{check, forward, upstream, verify};
use crate::secret_file;

/// Threads for what blocks: names of hosts, and keys in devices.
const BLOCKING_THREADS: usize = 16;

/// Runs `daxsign proxy`.
pub(crate) fn run(command: ProxyCommand) -> Result<(), Failure> {
    // First of all: what systemd hands over has numbers that anything else could take.
    let operating = Operating::begin(&command)?;
    let (limits, command) = (limits(&command), Arc::new(command));
    if command.verifying.verify && command.check {
        return runtime()?.block_on(verify::check(&command));
    }
    if command.verifying.verify {
        return runtime()?.block_on(verify::serve(command, limits, operating));
    }
    let access = access(&command)?;
    let sender = upstream::open(&command)?;
    if command.check {
        return runtime()?.block_on(check::run(&command, &sender));
    }
    runtime()?.block_on(forward::serve(command, limits, access, sender, operating))
}

/// One thread for all connections: what takes long, signing, has threads of its own.
fn runtime() -> Result<Runtime, Failure> {
    let mut runtime = Builder::new_current_thread();
    runtime.enable_all().max_blocking_threads(BLOCKING_THREADS);
    let runtime = runtime.build();
    runtime.map_err(|error| Failure::Unusable(format!("the proxy cannot start: {error}")))
}

fn access(command: &ProxyCommand) -> Result<Access, Failure> {
    let mut access = Access::default();
    if let Some(file) = &command.secret_file {
        let secret = secret_file::first_line(file)?;
        if secret.is_empty() {
            let why = "--secret-file: the file's first line is empty: a secret is not";
            return Err(Failure::Unusable(why.to_owned()));
        }
        access = access.secret(secret.as_bytes());
    }
    let hosts = command.allow_host.iter();
    let access = hosts.fold(access, |access, name| access.host(name));
    let origins = command.allow_origin.iter();
    Ok(origins.fold(access, |access, origin| access.origin(origin)))
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
