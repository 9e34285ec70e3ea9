//! The way to DAX: signs and sends on.

use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use daxsign_client::asynchronous::Client;
use daxsign_client::protocol::tokens::TokenState;
use daxsign_client::{Answers, ErrorKind, Roots, Settings};
use daxsign_core::{CertificateFile, Timestamp};
use daxsign_hosting::health::Check;
use daxsign_proxy::metrics::Facts;
use daxsign_proxy::observing::Observer;
use daxsign_proxy::{Access, Door, Limits, Server, Told, Upstream};

use crate::clock;
use crate::failure::Failure;
use crate::output;
use crate::proxy::access;
use crate::proxy::arguments::ProxyCommand;
use crate::proxy::operating::{Operating, Problem};
use crate::proxy::upstream::{self, Explained, Sender};

/// Dates that lie further away are refused (V-FRESH), so no request is accepted with such a clock.
const MAX_SKEW: i64 = 300;
/// How long nothing is asked for after asking for a token failed.
const PAUSE: Duration = Duration::from_secs(5);

/// Serves until it is told to stop.
pub(crate) async fn serve(
    command: Arc<ProxyCommand>,
    limits: Limits,
    access: Access,
    sender: Sender,
    operating: Operating,
) -> Result<(), Failure> {
    let explained = Arc::new(AtomicU32::new(command.explain));
    let watch = upstream::explaining(Arc::clone(&explained), sender.way);
    let upstream = Arc::new(Upstream::new(sender.client, watch));
    let (stop, observer) = (operating.stop.clone(), Arc::clone(&operating.observer));
    let door = Arc::new(Door::new(access));
    let server = Server::new(
        Arc::clone(&door),
        limits,
        Arc::clone(&upstream),
        stop,
        observer,
    );
    let server = Arc::new(server);
    keep_up(
        &operating,
        &command,
        (&upstream, door),
        sender.files,
        explained,
    )?;
    let (sending, noting) = (Arc::clone(&upstream), Arc::clone(&operating.observer));
    let loaded = Arc::clone(&server);
    let facts = move || facts(&loaded, &sending.client(), noting.told());
    let (observer, problem) = (Arc::clone(&operating.observer), operating.problem.clone());
    let checks = move || checks(&upstream.client(), &observer, &problem);
    operating
        .serve(&command, server, Box::new(facts), Box::new(checks))
        .await
}

/// Takes new keys, certificates, passwords and settings.
fn keep_up(
    operating: &Operating,
    command: &Arc<ProxyCommand>,
    (upstream, door): (&Arc<Upstream>, Arc<Door>),
    files: Vec<PathBuf>,
    explained: Explained,
) -> Result<(), Failure> {
    let (command, upstream) = (Arc::clone(command), Arc::clone(upstream));
    let runtime = tokio::runtime::Handle::current();
    let asking = Mutex::new(tokio::spawn(first_token(upstream.client())).abort_handle());
    let named = Arc::clone(&command);
    let named = move || upstream::named(&named);
    operating.keep_up(files, named, move || {
        let access = access::read(&command)?;
        let before = upstream.client();
        let sender = upstream::open_again(&command, &before)?;
        tell_dropped(
            before.session().settings(),
            sender.client.session().settings(),
        );
        door.replace(access);
        let client = sender.client.clone();
        let watch = upstream::explaining(Arc::clone(&explained), sender.way);
        upstream.replace(sender.client, watch);
        // The one before may still ask, for a client that is gone.
        let asks = runtime.spawn(first_token(client)).abort_handle();
        let mut asking = asking.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *asking, asks).abort();
        Ok(sender.files)
    })
}

/// Tells what protects less than before: it may be meant so, or a file may have been cut.
fn tell_dropped(before: &Settings, now: &Settings) {
    let asks = |settings: &Settings| match settings.answers {
        Answers::Any => 0,
        Answers::VerifyIfSigned(_) => 1,
        Answers::RequireSigned(_) => 2,
    };
    let own = |settings: &Settings| settings.client_certificate.is_some();
    let roots = |settings: &Settings| !matches!(settings.roots, Roots::Platform);
    for (dropped, what) in [
        (
            asks(now) < asks(before),
            "answers need be signed less than before (exchange_certificate, require_signed_answers)",
        ),
        (
            own(before) && !own(now),
            "no certificate is shown any more (client_certificate)",
        ),
        (
            roots(before) && !roots(now),
            "only authorities of the operating system are trusted (ca)",
        ),
    ] {
        if dropped {
            output::labelled("warning", &format!("the settings changed: {what}"));
        }
    }
}

/// Asks for a token until there is one, so that the first request does not wait and operators know. A password that is
/// refused is not tried again: that locks accounts.
async fn first_token(client: Client) {
    while let Err(error) = client.log_in().await {
        output::labelled("warning", &format!("no token yet: {}", error.text()));
        if [ErrorKind::Unauthorised, ErrorKind::Invalid].contains(&error.kind()) {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What is known now, for metrics.
fn facts(server: &Server, client: &Client, told: Told) -> Facts {
    let load = server.load();
    let mut certificates = Vec::new();
    if let Some(end) = own_end(client) {
        certificates.push(("tls".to_owned(), end));
    }
    if let Some(end) = told.certificate_end {
        certificates.push(("signing".to_owned(), end));
    }
    let token = match client.token_state() {
        Ok(TokenState::Held(left)) => Some(left.as_secs_f64()),
        _ => None,
    };
    let skew = told.clock_skew.and_then(|skew| i32::try_from(skew).ok());
    Facts {
        work: (load.in_work, load.queued),
        connections: load.connections,
        accept_failures: load.accept_failures,
        certificates,
        rate_limit_remaining: told.rate_limit_remaining,
        clock_skew: skew.map(f64::from),
        token_seconds: token,
        now: clock::now().ok(),
        ..Facts::default()
    }
}

/// When the certificate ends that this side shows.
fn own_end(client: &Client) -> Option<Timestamp> {
    let own = client.session().settings().client_certificate.as_ref()?;
    CertificateFile::from_bytes(&own.chain)
        .ok()
        .map(|read| read.not_after())
}

/// Whether requests can be answered.
fn checks(client: &Client, observer: &Observer, problem: &Problem) -> Vec<Check> {
    let told = observer.told();
    vec![token(client), clock_check(told), key(client, told, problem)]
}

fn token(client: &Client) -> Check {
    let (good, detail) = match client.token_state() {
        Ok(TokenState::Held(left)) if left.is_zero() => {
            (true, "ended; the next request fetches another".to_owned())
        }
        Ok(TokenState::Held(left)) => (true, format!("for another {} s", left.as_secs())),
        Ok(TokenState::Failed(error)) | Err(error) => (false, error.text().clone()),
        Ok(TokenState::Unknown) => (false, "none was fetched yet".to_owned()),
    };
    Check {
        name: "token",
        good,
        detail,
    }
}

fn clock_check(told: Told) -> Check {
    let (good, detail) = match told.clock_skew {
        Some(skew) => (
            (-MAX_SKEW..=MAX_SKEW).contains(&skew),
            format!("the upstream's clock is {skew} s ahead of this machine's"),
        ),
        None => (true, "the upstream has told no time yet".to_owned()),
    };
    Check {
        name: "clock",
        good,
        detail,
    }
}

fn key(client: &Client, told: Told, problem: &Problem) -> Check {
    let now = clock::now().ok();
    let ended = |end: Option<Timestamp>| now.zip(end).is_some_and(|(now, end)| now > end);
    let (good, detail) = if ended(told.certificate_end) {
        (
            false,
            "the certificate of the signing key has expired".to_owned(),
        )
    } else if ended(own_end(client)) {
        (false, "the certificate for TLS has expired".to_owned())
    } else if let Some(problem) = problem.text() {
        (
            true,
            format!("the one before goes on, since the new is refused: {problem}"),
        )
    } else {
        (true, "loaded".to_owned())
    };
    Check {
        name: "key",
        good,
        detail,
    }
}
