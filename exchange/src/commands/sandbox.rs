//! `sandbox [DIR]`.

use std::io::Read as _;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use daxsign_exchange::alliera::Event;
use daxsign_exchange::sandbox::{Console, Member, Sandbox, SandboxSettings, system_clock};
use daxsign_hosting::Stop;

use crate::commands::arguments::SandboxCommand;
use crate::commands::failure::Failure;
use crate::commands::output;
use crate::commands::serve::{asked_to_end, log_at};

/// How often it is looked whether it can go on.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Runs the command: until the process is asked to end, its input ends, or the record fails.
pub(super) fn run(command: &SandboxCommand) -> Result<(), Failure> {
    let mut settings = SandboxSettings::default();
    settings.folder.clone_from(&command.folder);
    settings.reset = command.reset;
    settings.seed = command.seed;
    settings.card_owners = command.card_owners;
    settings.client_certificates = command.mtls;
    settings.rest_listen.clone_from(&command.rest);
    settings.management_listen.clone_from(&command.management);
    log_at("warn")?;
    // Before anything is there that has to be ended well.
    let (runtime, stop) = asked_to_end()?;
    let clock = system_clock().map_err(Failure::of)?;
    let sandbox = Sandbox::run(&settings, clock, &console()).map_err(Failure::of)?;
    output::note(&first_steps(&sandbox));
    output::write(&format!("{}\n", sandbox.ready_line()))?;
    if command.until_input_ends {
        end_with_input(&stop)?;
    }
    if let Some(failure) = runtime.block_on(wait(&stop, &sandbox)) {
        output::labelled("ending", &failure.to_string());
    }
    sandbox.stop().map_err(Failure::of)
}

/// Until the process is asked to end; or why it has to.
async fn wait(stop: &Stop, sandbox: &Sandbox) -> Option<daxsign_exchange::sandbox::Failed> {
    loop {
        let asked = pin!(stop.stopped());
        if tokio::time::timeout(LOOK_EVERY, asked).await.is_ok() {
            return None;
        }
        if let Some(failure) = sandbox.failure() {
            return Some(failure);
        }
    }
}

fn end_with_input(stop: &Stop) -> Result<(), Failure> {
    let stop = stop.clone();
    let read = move || {
        let mut input = std::io::stdin().lock();
        let mut some = [0; 1024];
        // What cannot be read has ended, too.
        while input.read(&mut some).is_ok_and(|read| read > 0) {}
        stop.stop();
    };
    let thread = std::thread::Builder::new().spawn(read);
    thread.map(drop).map_err(Failure::of)
}

/// What happens in the Allieras.
fn console() -> Console {
    Arc::new(|member: &Member, event: &Event| {
        output::labelled(member.name(), &event.to_string());
    })
}

fn first_steps(sandbox: &Sandbox) -> String {
    let stays = if sandbox.is_temporary() {
        "It is gone when this ends (Ctrl-C). `daxsign-exchange sandbox DIR` keeps one."
    } else {
        "It stays: the next start has the same ports, keys and data. Ctrl-C ends it."
    };
    format!(
        "A sandbox of DAX: {}, operators at {}\n{stays}\n{}{}\n\
         C#, Node, C++, Rust, and tests of your own: docs/sandbox.md; all ids and files: {}\n",
        sandbox.base(),
        sandbox.management(),
        path_of_programs(),
        sandbox.first_steps(),
        sandbox
            .folder()
            .join(daxsign_exchange::sandbox::DETAILS_FILE)
            .display(),
    )
}

/// How the shell finds the programs, where it does not yet.
fn path_of_programs() -> String {
    let own = std::env::current_exe().ok();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let [tool, exchange] = ["daxsign", "daxsign-exchange"]
        .map(|name| format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let is_found =
        |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let Some(beside) = own.as_deref().and_then(Path::parent) else {
        return String::new();
    };
    if is_found(&tool) && is_found(&exchange) {
        return String::new();
    }
    let profile = if beside.ends_with("release") {
        " --release"
    } else {
        ""
    };
    let build = if is_found(&tool) || beside.join(&tool).is_file() {
        String::new()
    } else {
        format!("  cargo build --locked{profile} -p daxsign-cli\n")
    };
    format!(
        "\nThe programs are not on the path of your shell yet. In the project's folder:\n{build}  export PATH=\"{}:$PATH\"\n",
        beside.display()
    )
}
