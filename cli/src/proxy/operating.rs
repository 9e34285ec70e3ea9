//! What is the same in both directions: sockets, the log, operators, systemd, and the end.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use daxsign_hosting::health::Check;
use daxsign_hosting::listening::Listener;
use daxsign_hosting::{Address, Stop};
use daxsign_proxy::Server;
use daxsign_proxy::access_log::AccessLog;
use daxsign_proxy::admin::{Admin, AskChecks, AskFacts};
use daxsign_proxy::metrics::Metrics;
use daxsign_proxy::observing::Observer;
use daxsign_proxy::watch::{self, Reason};
use tokio::sync::mpsc::Receiver;

use crate::failure::Failure;
use crate::output;
use crate::proxy::arguments::ProxyCommand;
use crate::proxy::operating_arguments::Admin as AdminPlace;
use crate::proxy::service_manager::{Handed, Manager};

/// How often it is looked at whether connections could be accepted, and how long nothing more is told of that.
const ACCEPT_LOOK: Duration = Duration::from_secs(5);
const ACCEPT_QUIET: Duration = Duration::from_secs(55);

/// Sockets that were handed over, and whom to tell.
pub(crate) struct Operating {
    pub(crate) stop: Stop,
    pub(crate) observer: Arc<Observer>,
    /// Why the last reload was refused, if it was.
    pub(crate) problem: Problem,
    handed: Handed,
    manager: Arc<Manager>,
}

/// Why the last reload was refused, if it was.
#[derive(Clone, Default)]
pub(crate) struct Problem(Arc<Mutex<Option<String>>>);

impl Problem {
    pub(crate) fn text(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, problem: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = problem;
    }
}

impl Operating {
    /// Takes what the service manager hands over, and opens the log.
    pub(crate) fn begin(command: &ProxyCommand) -> Result<Self, Failure> {
        let handed = Handed::take()?;
        let log = AccessLog::start(command.operating.access_log.clone())
            .map_err(|error| Failure::Unusable(format!("--access-log: {error}")))?;
        Ok(Self {
            stop: Stop::new(),
            observer: Arc::new(Observer::new(Metrics::new(), log)),
            problem: Problem::default(),
            handed,
            manager: Arc::new(Manager::from_environment()),
        })
    }

    /// Serves until it is told to stop. `listeners` are those of the command line, which those that were handed over
    /// replace.
    pub(crate) async fn serve(
        self,
        command: &ProxyCommand,
        server: Arc<Server>,
        facts: AskFacts,
        checks: AskChecks,
    ) -> Result<(), Failure> {
        let Self {
            stop,
            observer,
            handed,
            manager,
            ..
        } = self;
        // Before anybody is told that it listens: whoever hears that may ask it to end.
        stop.with_the_process().map_err(|error| {
            Failure::Unusable(format!("the operating system gives no signals: {error}"))
        })?;
        let (listeners, admin) = places(command, handed).await?;
        let draining = with_draining(checks, stop.clone());
        for listener in &listeners {
            output::write(format!("listening on {}\n", listener.address()).as_bytes())?;
        }
        if let Some(listener) = admin {
            output::write(format!("admin on {}\n", listener.address()).as_bytes())?;
            // It answers until the process ends: that requests are drained is worth asking for too.
            let admin = Server::telling(Admin::new(observer, facts, draining), Stop::new());
            tokio::spawn(async move { admin.serve(vec![listener]).await });
        }
        manager.ready();
        tokio::spawn(tell_accept_failures(Arc::clone(&server)));
        tokio::spawn(Arc::clone(&manager).live());
        let (stopped, told) = (stop.clone(), Arc::clone(&manager));
        tokio::spawn(async move {
            stopped.stopped().await;
            told.stopping();
        });
        let left = server.serve(listeners).await;
        if left > 0 {
            let text = format!("{left} connections were still open after --drain, and were cut");
            output::labelled("note", &text);
        }
        Ok(())
    }

    /// Reads everything again, with `reload`, whenever one of the files that it names changes, and after SIGHUP.
    ///
    /// What is bad is refused, told and counted, and the old goes on; then the files count that are `named` now: one of
    /// them may be put right, or come later.
    pub(crate) fn keep_up<R, N>(
        &self,
        files: Vec<PathBuf>,
        named: N,
        reload: R,
    ) -> Result<(), Failure>
    where
        R: Fn() -> Result<Vec<PathBuf>, Failure> + Send + Sync + 'static,
        N: Fn() -> Option<Vec<PathBuf>> + Send + Sync + 'static,
    {
        let (observer, manager) = (Arc::clone(&self.observer), Arc::clone(&self.manager));
        let problem = self.problem.clone();
        let failed = |error| Failure::Unusable(format!("files cannot be watched: {error}"));
        let mut files = files;
        let mut reasons = watch::start(files.clone(), watch::INTERVAL).map_err(failed)?;
        let read = Arc::new(move || match reload() {
            Ok(files) => (Some(files), None),
            Err(failure) => (named(), Some(failure.text())),
        });
        tokio::spawn(async move {
            while let Some(reason) = reasons.recv().await {
                manager.reloading();
                if reason == Reason::Signal {
                    observer.log().reopen();
                }
                let bad = loop {
                    let (bad, others) = read_again(&read, &mut files, &mut reasons).await;
                    // What changed between reading and watching other files, no watcher tells; nor SIGHUP, which
                    // went to the watcher before.
                    if !others {
                        break bad;
                    }
                };
                tell(&reason, bad.as_deref());
                observer.metrics().reloaded(bad.is_none());
                problem.set(bad);
                manager.ready();
            }
        });
        Ok(())
    }
}

/// Which files count from now on, and why what they hold is refused, if it is.
type Read = (Option<Vec<PathBuf>>, Option<String>);

/// Reads everything again. Why it is refused, if it is, and whether other files are watched.
async fn read_again(
    read: &Arc<impl Fn() -> Read + Send + Sync + 'static>,
    files: &mut Vec<PathBuf>,
    reasons: &mut Receiver<Reason>,
) -> (Option<String>, bool) {
    let read = Arc::clone(read);
    let (named, bad) = tokio::task::spawn_blocking(move || read())
        .await
        .unwrap_or_else(|_| (None, Some("reading them ended without a word".to_owned())));
    let Some(named) = named.filter(|named| *named != *files) else {
        return (bad, false);
    };
    let Ok(others) = watch::start(named.clone(), watch::INTERVAL) else {
        return (bad, false);
    };
    (*reasons, *files) = (others, named);
    (bad, true)
}

/// Tells, at most once a minute, that connections cannot be accepted.
async fn tell_accept_failures(server: Arc<Server>) {
    let mut told = 0;
    loop {
        tokio::time::sleep(ACCEPT_LOOK).await;
        let failures = server.load().accept_failures;
        if failures == told {
            continue;
        }
        told = failures;
        let why = server.accept_problem().unwrap_or_default();
        let text = format!("connections could not be accepted, {failures} times so far: {why}");
        output::labelled("warning", &text);
        tokio::time::sleep(ACCEPT_QUIET).await;
    }
}

/// Tells of a reload.
fn tell(reason: &Reason, bad: Option<&str>) {
    let why = match reason {
        Reason::Signal => "SIGHUP".to_owned(),
        Reason::Files(files) => {
            let names: Vec<_> = files
                .iter()
                .map(|file| file.display().to_string())
                .collect();
            format!("{} changed", names.join(", "))
        }
    };
    match bad {
        None => output::labelled("note", &format!("{why}: everything was read again")),
        Some(bad) => {
            let text = format!("{why}: what is there now is refused, and the old goes on: {bad}");
            output::labelled("warning", &text);
        }
    }
}

/// The checks, and that requests are still taken.
fn with_draining(checks: AskChecks, stop: Stop) -> AskChecks {
    Box::new(move || {
        let stopped = stop.is_stopped();
        let detail = if stopped {
            "no more requests are taken"
        } else {
            "requests are taken"
        };
        let taking = Check {
            name: "taking",
            good: !stopped,
            detail: detail.to_owned(),
        };
        let mut all = vec![taking];
        all.extend(checks());
        all
    })
}

/// What listens: for clients, and for operators.
async fn places(
    command: &ProxyCommand,
    handed: Handed,
) -> Result<(Vec<Listener>, Option<Listener>), Failure> {
    let (mut listeners, mut admin) = handed.listeners()?;
    for listener in listeners.iter().chain(&admin) {
        check_local(listener.address(), "a socket of systemd's:", command)?;
    }
    check_places(command)?;
    if listeners.is_empty() {
        for address in &command.listen {
            listeners.push(bind(address, command.socket_mode).await?);
        }
    }
    if let (None, AdminPlace::At(address)) = (&admin, &command.operating.admin) {
        admin = Some(bind(address, command.socket_mode).await?);
    }
    Ok((listeners, admin))
}

/// Whether it may listen where the command line says.
pub(crate) fn check_places(command: &ProxyCommand) -> Result<(), Failure> {
    for address in &command.listen {
        check_local(address, "--listen", command)?;
    }
    match &command.operating.admin {
        AdminPlace::At(address) => check_local(address, "--admin", command),
        AdminPlace::Off => Ok(()),
    }
}

async fn bind(address: &Address, socket_mode: u32) -> Result<Listener, Failure> {
    let listener = Listener::bind(address, socket_mode).await;
    listener.map_err(|error| Failure::Unusable(format!("cannot listen on {address}: {error}")))
}

/// Beyond this machine nothing is listened on unasked.
fn check_local(address: &Address, option: &str, command: &ProxyCommand) -> Result<(), Failure> {
    if address.is_local() || command.unsafe_listen {
        return Ok(());
    }
    let danger = if command.verifying.verify {
        "nothing is encrypted"
    } else {
        "whoever does calls with your key"
    };
    Err(Failure::Unusable(format!(
        "{option} {address}: other machines get there, and {danger}: listen on 127.0.0.1 or a UNIX socket, or say \
         --unsafe-listen"
    )))
}
