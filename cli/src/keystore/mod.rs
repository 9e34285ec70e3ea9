//! `daxsign p12`: a key with its certificates in one PKCS#12 file (`.p12`, `.pfx`), out and in.
//!
//! [`arguments`] has what can be said; [`export`] makes a file, [`import`] shows one and takes it apart.

pub(crate) mod arguments;
mod export;
mod import;

use crate::failure::Failure;
use arguments::P12Command;

/// Runs the command.
pub(crate) fn run(command: &P12Command) -> Result<(), Failure> {
    match command {
        P12Command::Export(arguments) => export::run(arguments),
        P12Command::Import(arguments) => import::run(arguments),
    }
}
