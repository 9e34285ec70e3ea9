//! The commands of the program, a file each: thin, over what the library does.

pub(crate) mod arguments;
mod config;
pub(crate) mod failure;
pub(crate) mod output;

use self::arguments::{Arguments, Command};
use self::failure::Failure;

/// Runs the command that was asked for.
pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Config(command) => config::run(&command),
    }
}
