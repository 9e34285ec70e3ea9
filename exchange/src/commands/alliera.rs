//! `alliera DIR`.

use core::fmt::Display;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use daxsign_client::asynchronous::Client;
use daxsign_exchange::alliera::{
    Alliera, Announcer, Announcing, Event, Happened, Installation, attend,
};
use daxsign_exchange::receiving::line::{Line, LineState};
use daxsign_exchange::running::Clock;
use daxsign_hosting::Stop;

use crate::commands::arguments::AllieraCommand;
use crate::commands::clock;
use crate::commands::failure::Failure;
use crate::commands::output;
use crate::commands::serve::{asked_to_end, system_clock};

/// How often it is looked whether it is connected.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Runs the command.
pub(super) fn run(folder: &Path, command: Option<&AllieraCommand>) -> Result<(), Failure> {
    let installation = Installation::read(folder).map_err(Failure::of)?;
    let clock = system_clock(clock::now().map_err(Failure::of)?);
    match command {
        None => answer(&installation, &clock),
        Some(command) => {
            let mut alliera = installation.open(&clock).map_err(Failure::of)?;
            operate(&mut alliera, command)
        }
    }
}

/// Answers until the process is asked to end.
fn answer(installation: &Installation, clock: &Clock) -> Result<(), Failure> {
    // Before anything is there that has to be ended well.
    let (runtime, stop) = asked_to_end()?;
    let line = installation.connect(Arc::clone(clock));
    let line = Arc::new(line.map_err(Failure::of)?);
    let alliera = installation.open(clock).map_err(Failure::of)?;
    let alliera = Arc::new(Mutex::new(alliera));
    let client = installation.client().map_err(Failure::of)?;
    let announcer = client.map(|client| announce(client, &line, &alliera));
    let announcer = announcer.transpose()?;
    let told = Box::new(|event: Event| output::labelled("console", &event.to_string()));
    let answering = attend(Arc::clone(&line), alliera, Arc::clone(clock), told);
    let answering = answering.map_err(Failure::of)?;
    let ended = runtime.block_on(watch(&stop, &line, installation));
    drop(announcer);
    line.end();
    // One that panicked has ended.
    let _ = answering.join();
    output::labelled("ended", "what was answered is in the store");
    ended
}

/// Tells the exchange what happens.
fn announce(
    client: Client,
    line: &Arc<Line>,
    alliera: &Arc<Mutex<Alliera>>,
) -> Result<Announcer, Failure> {
    let line = Arc::clone(line);
    let announcing = Announcing {
        client,
        alliera: Arc::clone(alliera),
        connected: Box::new(move || line.state().connected_since.is_some()),
        told: Box::new(|announced| output::labelled("console", &announced.to_string())),
    };
    announcing.start().map_err(Failure::of)
}

/// Tells when it is connected and when not, until the process is asked to end.
async fn watch(stop: &Stop, line: &Line, installation: &Installation) -> Result<(), Failure> {
    let mut before = LineState::default();
    let mut is_ready = false;
    loop {
        let state = line.state();
        if state.connected_since.is_some() && before.connections != state.connections {
            let text = format!(
                "{} is connected to {}",
                installation.name(),
                installation.exchange()
            );
            if is_ready {
                output::labelled("console", &text);
            } else {
                output::write(&format!("ready: {} ({text})\n", installation.party()))?;
                is_ready = true;
            }
        }
        if state.connected_since.is_none() && state.trouble != before.trouble {
            let trouble = state.trouble.as_deref().unwrap_or("not connected");
            let text = format!("{}: {trouble}; it is tried again", installation.exchange());
            output::labelled("console", &text);
        }
        if state.refused != before.refused {
            let refusal = state.last_refusal.as_deref().unwrap_or_default();
            output::labelled("console", &format!("a message was not taken: {refusal}"));
        }
        if state.turned_away != before.turned_away {
            let text = format!(
                "{} requests in all were answered with 503: as many wait or are remembered ({}) as may be",
                state.turned_away, state.remembered
            );
            output::labelled("console", &text);
        }
        before = state;
        let asked = pin!(stop.stopped());
        if tokio::time::timeout(LOOK_EVERY, asked).await.is_ok() {
            return Ok(());
        }
    }
}

/// What its operators do, whether it runs or not.
fn operate(alliera: &mut Alliera, command: &AllieraCommand) -> Result<(), Failure> {
    match command {
        AllieraCommand::Release {
            party,
            folder_id,
            package_box,
        } => {
            let found = match (folder_id, package_box) {
                (Some(folder), _) => alliera.release_folder(*party, *folder),
                (None, Some(id)) => alliera.release_box(*party, *id),
                (None, None) => alliera.release_everything(*party).map(|()| true),
            };
            if found.map_err(Failure::of)? {
                return Ok(());
            }
            Err(Failure::Refused("there is none with this id".to_owned()))
        }
        AllieraCommand::Withdraw { party } => alliera.withdraw(*party).map_err(Failure::of),
        AllieraCommand::Released => {
            let all = alliera.released().map_err(Failure::of)?;
            lines(all.iter())
        }
        AllieraCommand::Publish { partner } => {
            let body = alliera.publish(*partner).map_err(Failure::of)?;
            lines([body].iter())
        }
        AllieraCommand::PickUp { reservation } => {
            if alliera.pick_up(*reservation).map_err(Failure::of)? {
                return Ok(());
            }
            let text = format!("no reservation {reservation} waits to be picked up");
            Err(Failure::Refused(text))
        }
        AllieraCommand::Happened { set_aside, forget } => happened(alliera, *set_aside, *forget),
    }
}

fn happened(alliera: &Alliera, set_aside: bool, forget: bool) -> Result<(), Failure> {
    let numbers: Vec<i64> = if set_aside {
        let all = alliera.all_set_aside().map_err(Failure::of)?;
        lines(all.iter().map(|(one, why)| {
            let mut body = one.to_body();
            if let Some(members) = body.as_object_mut() {
                members.insert("why".into(), why.as_str().into());
            }
            body
        }))?;
        all.iter().map(|(one, _)| one.number).collect()
    } else {
        let all = alliera.happened().map_err(Failure::of)?;
        lines(all.iter().map(Happened::to_body))?;
        all.iter().map(|one| one.number).collect()
    };
    for number in numbers.into_iter().filter(|_| forget) {
        alliera.told(number).map_err(Failure::of)?;
    }
    Ok(())
}

fn lines(all: impl Iterator<Item = impl Display>) -> Result<(), Failure> {
    for one in all {
        output::write(&format!("{one}\n"))?;
    }
    Ok(())
}
