//! `daxsign`: signs, verifies and explains DAX HTTP requests on the command line.
//!
//! Exit codes: 0 done or verified; 1 refused (`error[name]: …` on standard error); 2 wrong usage,
//! an unreadable file, or not an HTTP request; 3 a certificate that expires within the days of `--warn`.
// What could panic is not written outside tests; printing goes through `output`.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

mod arguments;
mod ask;
mod authority;
mod chain;
mod clock;
mod command_line;
mod demo;
mod enrolling;
#[cfg(feature = "evidence")]
mod evidence;
mod explain;
mod failure;
mod framing;
mod hex;
mod input;
mod key;
mod key_file;
mod keygen;
mod keystore;
mod mistaken;
mod new_file;
mod new_key;
mod notes;
mod output;
#[cfg(windows)]
mod owner_only;
mod passphrase;
mod place;
mod profile;
#[cfg(feature = "proxy")]
mod proxy;
mod request_file;
#[cfg(feature = "client")]
mod rest;
mod secret_file;
mod sign;
mod stored;
mod string;
mod terminal;
#[cfg(feature = "tls")]
mod tls;
#[cfg(unix)]
mod unshown;
mod verify;

use std::process::ExitCode;

use clap::{ArgMatches, FromArgMatches};

use command_line::{Arguments, Command, command};
use failure::Failure;

fn main() -> ExitCode {
    let parsed = command()
        .try_get_matches()
        .and_then(|matches| run(&matches));
    let outcome = match parsed {
        Ok(outcome) => outcome,
        Err(error) => return ExitCode::from(command_line::usage(error)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Runs the command that was asked for.
fn run(matches: &ArgMatches) -> Result<Result<(), Failure>, clap::Error> {
    #[cfg(feature = "client")]
    if let Some((group, matches)) = matches.subcommand()
        && rest::commands::is_group(group)
    {
        return Ok(rest::call::run_operation(group, matches));
    }
    let arguments = Arguments::from_arg_matches(matches)?;
    Ok(match arguments.command {
        Command::Demo => demo::run(),
        Command::String(arguments) => string::run(&arguments),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Keygen(arguments) => keygen::run(&arguments),
        Command::Csr(arguments) => enrolling::csr::run(&arguments),
        Command::Cert(arguments) => enrolling::cert::run(&arguments),
        Command::Key(arguments) => key::run(&arguments),
        Command::Ca(command) => authority::run(&command),
        Command::P12(command) => keystore::run(&command),
        #[cfg(feature = "evidence")]
        Command::Evidence(command) => evidence::run(&command),
        #[cfg(feature = "tls")]
        Command::Tls(command) => tls::run(&command),
        #[cfg(feature = "client")]
        Command::Setup(arguments) => rest::setup::run(&arguments),
        #[cfg(feature = "client")]
        Command::Probe(arguments) => rest::probe::run(&arguments),
        #[cfg(feature = "client")]
        Command::Call(arguments) => rest::call::run(&arguments),
        #[cfg(feature = "proxy")]
        Command::Proxy(arguments) => proxy::run::run(*arguments),
    })
}
