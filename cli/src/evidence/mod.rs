//! `daxsign evidence`: what happened in an exchange, in a file that convinces without the exchange.
//!
//! Read `arguments` first (what can be said), then [`verify`] (what a file proves), [`compare`] (whether a log only
//! grew) and [`export`] (where a file comes from). [`given`] is a checkpoint that somebody has, [`exchange`] asks a
//! running exchange.

pub(crate) mod arguments;
mod compare;
mod exchange;
mod export;
mod given;
mod pins;
mod verify;

use crate::failure::Failure;
use arguments::EvidenceCommand;

/// Runs the command.
pub(crate) fn run(command: &EvidenceCommand) -> Result<(), Failure> {
    match command {
        EvidenceCommand::Export(arguments) => export::run(arguments),
        EvidenceCommand::Verify(arguments) => verify::run(arguments),
        EvidenceCommand::Compare(arguments) => compare::run(arguments),
    }
}
