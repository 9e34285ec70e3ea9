//! Runs the sidecar until it is told to stop.

use std::sync::Arc;

use daxsign_proxy::{Access, Limits, Listener, Server, Stop, Upstream};
use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;
use crate::output;
use crate::proxy::arguments::ProxyCommand;
use crate::proxy::upstream::{self, Sender};
use crate::secret_file;

/// Threads for what blocks: names of hosts, and keys in devices.
const BLOCKING_THREADS: usize = 16;

/// Runs `daxsign proxy`.
pub(crate) fn run(command: &ProxyCommand) -> Result<(), Failure> {
    let access = access(command)?;
    let sender = upstream::open(command)?;
    runtime()?.block_on(serve(command, access, sender))
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

async fn serve(command: &ProxyCommand, access: Access, sender: Sender) -> Result<(), Failure> {
    let listeners = listen(command).await?;
    let watch = upstream::explaining(command.explain, sender.way);
    let upstream = Arc::new(Upstream::new(sender.client, watch));
    let stop = Stop::new();
    let server = Server::new(access, limits(command), upstream, stop.clone());
    for listener in &listeners {
        output::write(format!("listening on {}\n", listener.address()).as_bytes())?;
    }
    stop.with_the_process().map_err(|error| {
        Failure::Unusable(format!("the operating system gives no signals: {error}"))
    })?;
    let left = server.serve(listeners).await;
    if left > 0 {
        let text = format!("{left} connections were still open after --drain, and were cut");
        output::labelled("note", &text);
    }
    Ok(())
}

async fn listen(command: &ProxyCommand) -> Result<Vec<Listener>, Failure> {
    let mut listeners = Vec::new();
    for address in &command.listen {
        if !address.is_local() && !command.unsafe_listen {
            return Err(Failure::Unusable(format!(
                "--listen {address}: other machines get there, and whoever does calls with your key: \
                 listen on 127.0.0.1 or a UNIX socket, or say --unsafe-listen"
            )));
        }
        let listener = Listener::bind(address)
            .await
            .map_err(|error| Failure::Unusable(format!("cannot listen on {address}: {error}")))?;
        listeners.push(listener);
    }
    Ok(listeners)
}
