//! `config print`.

use daxsign_exchange::operating::Settings;

use crate::commands::arguments::ConfigCommand;
use crate::commands::failure::Failure;
use crate::commands::output;

/// Runs the command.
pub(super) fn run(command: &ConfigCommand) -> Result<(), Failure> {
    let ConfigCommand::Print { folder } = command;
    let settings = match folder {
        Some(folder) => Settings::read(folder).map_err(Failure::of)?,
        None => Settings::default(),
    };
    output::write(&settings.print())
}
