//! `daxsign call`, and the commands of all operations.

use clap::{ArgMatches, FromArgMatches};

use crate::failure::Failure;
use crate::rest::arguments::{CallArguments, CallCommand};
use crate::rest::connection::Connection;
use crate::rest::operations::Name;
use crate::rest::send;
use crate::rest::wanted::Wanted;

/// Runs `daxsign call`.
pub(crate) fn run(command: &CallCommand) -> Result<(), Failure> {
    let connection = Connection::open(command.call.name.name.as_deref())?;
    let wanted = Wanted::of_call(command, &connection)?;
    send::run(&wanted, &connection, &command.call)
}

/// Runs the command of an operation.
pub(crate) fn run_operation(group: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let found = matches.subcommand().and_then(|(verb, matches)| {
        let name = Name::find(group, verb)?;
        Some((name, name.info()?, matches))
    });
    // The parser lets no other through.
    let (name, info, matches) =
        found.ok_or_else(|| Failure::Unusable(format!("{group}: no such command")))?;
    let call = CallArguments::from_arg_matches(matches)
        .map_err(|error| Failure::Unusable(error.to_string()))?;
    let connection = Connection::open(call.name.name.as_deref())?;
    let wanted = Wanted::of_operation(name, info, matches, &connection, &call)?;
    send::run(&wanted, &connection, &call)
}
