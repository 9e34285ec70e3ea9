//! `demo`.

use std::io;
use std::path::Path;
use std::sync::Arc;

use daxsign_exchange::demo::{Failed, Wanted, run as tell};
use daxsign_exchange::running::Clock;

use crate::commands::clock;
use crate::commands::failure::Failure;

/// Runs the command.
pub(super) fn run(evidence: Option<&Path>) -> Result<(), Failure> {
    let first = clock::now().map_err(Failure::of)?;
    // It can be set back, and not before 1970.
    let clock: Clock = Arc::new(move || clock::now().unwrap_or(first));
    let wanted = Wanted {
        evidence: evidence.map(Path::to_path_buf),
    };
    match tell(&mut io::stdout(), &wanted, &clock) {
        // Nobody wants the rest (`| head`).
        Err(Failed::Telling(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        told => told.map_err(Failure::of),
    }
}
