//! The program as operators have it: a folder, a server, commands.
#![cfg(unix)]

mod alliera;
mod caller;
mod keeping;
mod made;
mod managing;
mod page;
#[cfg(target_os = "linux")]
mod read_only;
mod sandbox;
mod serving;
mod starting;

/// The program that is tested.
const fn exchange_program() -> &'static str {
    env!("CARGO_BIN_EXE_daxsign-exchange")
}
