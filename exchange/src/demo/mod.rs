//! The demo: an exchange with its parties in this process, whole and refused, told to who never heard of DAX.
//!
//! Read it in this order: `people` (keys, an authority, certificates), `stage` (an exchange that runs, with
//! `stopwatch` around its parts), `contracts` (which the parties sign), `steps` (the thirteen), `recorded` (what is on
//! record of them), `refusals` (the four). `telling` is how it is told, `failed` why it ends early.

pub(crate) mod contracts;
mod evidence_file;
mod failed;
pub(crate) mod people;
mod recorded;
mod refusals;
pub(crate) mod request;
mod stage;
mod steps;
mod stopwatch;
mod telling;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::operating::TemporaryFolder;
use crate::running::Clock;
use failed::Doing;
pub use failed::Failed;
use people::People;
use stage::Stage;
use telling::Telling;

/// What the demo is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Where the evidence of the complete exchange goes: a new file.
    pub evidence: Option<PathBuf>,
}

/// Tells the story on `out`, in lines of at most 100 columns. It takes some seconds, most of them for keys; its record
/// lies in a folder of its own among the temporary ones, which is gone afterwards.
///
/// # Errors
/// [`Failed`]: the machine does not give what it needs; or the exchange did not do what the story says, which is a fault
/// of this program.
pub fn run(out: &mut dyn Write, wanted: &Wanted, clock: &Clock) -> Result<(), Failed> {
    if let Some(file) = &wanted.evidence {
        evidence_file::is_new(file)?;
    }
    let mut telling = Telling::new(out);
    begin(&mut telling)?;
    let people = People::make(clock, &mut telling)?;
    let folder = TemporaryFolder::new("daxsign-exchange-demo")
        .doing("making a folder among the temporary ones")?;
    let stage = Stage::start(&folder, &people, clock)?;
    let contract = contracts::agree(&stage, &people, &mut telling)?;
    let exchanged = steps::tell(&stage, &people, &contract, &mut telling)?;
    let evidence = recorded::tell(&stage, &people, exchanged.correlation, &mut telling)?;
    refusals::tell(&stage, &people, &exchanged, &mut telling)?;
    stage.stop()?;
    if let Some(file) = &wanted.evidence {
        evidence_file::write_new(file, &evidence)?;
    }
    go_on(&people, wanted.evidence.as_deref(), &mut telling)
}

fn begin(telling: &mut Telling<'_>) -> Result<(), Failed> {
    telling.heading("DAX in one process")?;
    telling.text(
        "DAX lets the access-control systems of different organisations act on each other's doors, cards and people. \
         They never talk to each other: each message goes through an exchange that checks who sent it, whether a contract \
         allows it, and keeps a record that it cannot rewrite unseen. An access-control system is called an Alliera.",
    )?;
    telling.text(
        "What follows happens now, with real keys and signatures and a record on disk. Nothing listens, no file is \
         needed, and none is left.",
    )?;
    Ok(())
}

fn go_on(
    people: &People,
    evidence: Option<&Path>,
    telling: &mut Telling<'_>,
) -> Result<(), Failed> {
    telling.heading("Go on")?;
    let Some(file) = evidence else {
        telling.command(
            "daxsign-exchange demo --evidence evidence.json",
            "the same, and keep the evidence of the complete exchange",
        )?;
        telling.command(
            "daxsign help evidence",
            "what evidence is checked with: on any machine, without the exchange",
        )?;
        return stay(telling);
    };
    telling.text(
        "The evidence is in the file. Give it to somebody who does not trust this exchange: it is checked without the \
         exchange and without a network, with the certificates' SHA-256 from the parties themselves.",
    )?;
    let mut line = format!("  daxsign evidence verify {}", file.display());
    for pin in people.pins() {
        telling.plain(&format!("{line} \\"))?;
        line = format!("    --pin {pin}");
    }
    telling.plain(&line)?;
    telling.plain("")?;
    stay(telling)
}

/// How an exchange is run that stays.
fn stay(telling: &mut Telling<'_>) -> Result<(), Failed> {
    telling.command(
        "daxsign-exchange init exchange --sandbox",
        "a folder with all that an exchange needs",
    )?;
    telling.command(
        "daxsign-exchange serve exchange",
        "an exchange that stays, with doors for others",
    )?;
    Ok(())
}
