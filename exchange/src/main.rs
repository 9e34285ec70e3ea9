//! `daxsign-exchange`: DAX on one machine.
//!
//! Exit codes: 0 done; 1 refused, or something is wrong with the record; 2 wrong usage, or a file or a running exchange that
//! cannot be used.
// What could panic is not written outside tests; printing goes through `output`.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

mod commands;

use std::process::ExitCode;

use clap::Parser;

use commands::arguments::Arguments;
use commands::output;

fn main() -> ExitCode {
    match commands::run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}
