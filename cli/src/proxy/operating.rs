//! What is the same in both directions: sockets, the log, operators, systemd, and the end.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use daxsign_proxy::access_log::AccessLog;
use daxsign_proxy::admin::{Admin, AskChecks, AskFacts, Check};
use daxsign_proxy::metrics::Metrics;
use daxsign_proxy::observing::Observer;
use daxsign_proxy::watch::{self, Reason};
use daxsign_proxy::{Address, Listener, Server, Stop};

use crate::failure::Failure;
use crate::output;
use crate::proxy::arguments::ProxyCommand;
use crate::proxy::operating_arguments::Admin as AdminPlace;
use crate::proxy::service_manager::{Handed, Manager};

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
        let (mut listeners, handed_admin) = handed.listeners()?;
        if listeners.is_empty() {
            listeners = listen(command).await?;
        }
        let admin = match (handed_admin, &command.operating.admin) {
            (Some(listener), _) => Some(listener),
            (None, AdminPlace::Off) => None,
            (None, AdminPlace::At(address)) => {
                check_local(address, "--admin", command.unsafe_listen)?;
                Some(bind(address, command.socket_mode).await?)
            }
        };
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
        stop.with_the_process().map_err(|error| {
            Failure::Unusable(format!("the operating system gives no signals: {error}"))
        })?;
        manager.ready();
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
    /// What is bad is refused, told and counted, and the old goes on.
    pub(crate) fn keep_up<R>(&self, files: Vec<PathBuf>, reload: R) -> Result<(), Failure>
    where
        R: Fn() -> Result<Vec<PathBuf>, Failure> + Send + Sync + 'static,
    {
        let (observer, manager) = (Arc::clone(&self.observer), Arc::clone(&self.manager));
        let (problem, reload) = (self.problem.clone(), Arc::new(reload));
        let failed = |error| Failure::Unusable(format!("files cannot be watched: {error}"));
        let mut files = files;
        let mut reasons = watch::start(files.clone(), watch::INTERVAL).map_err(failed)?;
        tokio::spawn(async move {
            while let Some(reason) = reasons.recv().await {
                manager.reloading();
                if reason == Reason::Signal {
                    observer.log().reopen();
                }
                let reload = Arc::clone(&reload);
                let reloaded = tokio::task::spawn_blocking(move || reload()).await;
                let bad = match reloaded {
                    Ok(Ok(named)) => {
                        if named != files
                            && let Ok(others) = watch::start(named.clone(), watch::INTERVAL)
                        {
                            (reasons, files) = (others, named);
                        }
                        None
                    }
                    Ok(Err(failure)) => Some(failure.text()),
                    Err(_) => Some("reading them ended without a word".to_owned()),
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

async fn listen(command: &ProxyCommand) -> Result<Vec<Listener>, Failure> {
    let mut listeners = Vec::new();
    for address in &command.listen {
        check_local(address, "--listen", command.unsafe_listen)?;
        listeners.push(bind(address, command.socket_mode).await?);
    }
    Ok(listeners)
}

async fn bind(address: &Address, socket_mode: u32) -> Result<Listener, Failure> {
    let listener = Listener::bind(address, socket_mode).await;
    listener.map_err(|error| Failure::Unusable(format!("cannot listen on {address}: {error}")))
}

/// Beyond this machine nothing is listened on unasked.
fn check_local(address: &Address, option: &str, unsafe_listen: bool) -> Result<(), Failure> {
    if address.is_local() || unsafe_listen {
        return Ok(());
    }
    Err(Failure::Unusable(format!(
        "{option} {address}: other machines get there, and whoever does calls with your key: \
         listen on 127.0.0.1 or a UNIX socket, or say --unsafe-listen"
    )))
}
