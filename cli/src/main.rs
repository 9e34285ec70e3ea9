//! `daxsign`: signs, verifies and explains DAX HTTP requests on the command line.
//!
//! Exit codes: 0 done or verified; 1 refused (`error[name]: …` on standard error); 2 wrong usage,
//! an unreadable file, or not an HTTP request.
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
mod chain;
mod clock;
mod demo;
mod explain;
mod failure;
mod framing;
mod hex;
mod input;
mod key;
mod key_file;
mod keygen;
mod mistaken;
mod new_file;
mod new_key;
mod notes;
mod output;
mod place;
mod request_file;
mod sign;
mod string;
mod terminal;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(output::usage(error)),
    };
    let outcome = match arguments.command {
        Command::Demo => demo::run(),
        Command::String(arguments) => string::run(&arguments),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Keygen(arguments) => keygen::run(&arguments),
        Command::Key(arguments) => key::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}
