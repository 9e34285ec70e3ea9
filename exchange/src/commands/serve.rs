//! `serve DIR`.

use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use daxsign_core::Timestamp;
use daxsign_exchange::operating::{Ended, Folder, Part, Serving, Settings};
use daxsign_exchange::running::Clock;
use daxsign_hosting::Stop;
#[cfg(unix)]
use daxsign_hosting::systemd::{Notifier, OwnEnvironment, State};
use tokio::runtime::Runtime;

use crate::commands::clock;
use crate::commands::failure::Failure;
use crate::commands::output;

/// How often it is looked at whether it can go on.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Runs the command: until the process is asked to end, or the record fails.
pub(super) fn run(folder: &Path) -> Result<(), Failure> {
    let settings = Settings::read(folder).map_err(Failure::of)?;
    let first = clock::now().map_err(Failure::of)?;
    log_at(&settings.log_level)?;
    // Before anything is there that has to be ended well.
    let (runtime, stop) = asked_to_end()?;
    let serving = Serving::start(folder, &settings, system_clock(first)).map_err(Failure::of)?;
    #[cfg(unix)]
    let systemd = Notifier::from_environment(&OwnEnvironment);
    let text = format!(
        "parties at {}, operators at {}",
        serving.rest(),
        serving.management()
    );
    output::labelled("serving", &text);
    if let Some(text) = without_list(&Folder::new(folder)) {
        output::labelled("note", &text);
    }
    #[cfg(unix)]
    systemd.tell(State::Ready);
    let failure = runtime.block_on(wait(&stop, &serving));
    #[cfg(unix)]
    systemd.tell(State::Stopping);
    if let Some(failure) = failure {
        output::labelled("ending", &failure.to_string());
    } else {
        output::labelled(
            "ending",
            "nothing more is taken in; what is in work has its time",
        );
    }
    match serving.stop().map_err(Failure::of)? {
        Ended::Whole => output::labelled("ended", "all that was accepted had its end"),
        Ended::InWork => {
            let text =
                "time was over; what was in work is on disk, and the next start goes on with it";
            output::labelled("ended", text);
        }
    }
    Ok(())
}

/// That nobody hears of what the authority revokes, where that is so.
fn without_list(folder: &Folder) -> Option<String> {
    let list = folder.file(Part::AuthorityList);
    let is_missing = list.symlink_metadata().is_err();
    is_missing.then(|| {
        format!(
            "{} is not there: what the authority revokes counts until `certificate revoke` says so here; put its list there, and it is read at once",
            list.display()
        )
    })
}

/// From now on the process ends when it is asked to by [`wait`] alone.
pub(super) fn asked_to_end() -> Result<(Runtime, Stop), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::of)?;
    let stop = Stop::new();
    let within = runtime.enter();
    stop.with_the_process().map_err(Failure::of)?;
    drop(within);
    Ok((runtime, stop))
}

/// Until the process is asked to end; or why it has to.
async fn wait(stop: &Stop, serving: &Serving) -> Option<daxsign_exchange::record::Failure> {
    loop {
        let asked = pin!(stop.stopped());
        if tokio::time::timeout(LOOK_EVERY, asked).await.is_ok() {
            return None;
        }
        if let Some(failure) = serving.failure() {
            return Some(failure);
        }
    }
}

/// A line each, on standard error: systemd keeps them.
pub(super) fn log_at(level: &str) -> Result<(), Failure> {
    let level: tracing::Level = level.parse().map_err(Failure::of)?;
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .finish();
    tracing::subscriber::set_global_default(subscriber).map_err(Failure::of)
}

/// The system's; where that fails, the last time that it told.
pub(super) fn system_clock(first: Timestamp) -> Clock {
    let last = Mutex::new(first);
    Arc::new(move || {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = clock::now().unwrap_or(*last);
        *last
    })
}
