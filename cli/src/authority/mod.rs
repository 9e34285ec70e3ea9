//! `daxsign ca`: an authority of one's own.
//!
//! Read `arguments` first (what can be said), then [`init`] (a new one),
//! [`issue`], [`revoke`] and [`list`]. [`opened`] is what they have in common: the folder, the passphrase, times.
//! [`demo`] makes what the Open Banking text sets up, of files that [`client_conf`] reads.

pub(crate) mod arguments;
mod client_conf;
mod demo;
mod init;
mod issue;
mod list;
mod opened;
mod revoke;

use crate::failure::Failure;
use arguments::CaCommand;

/// Runs the command.
pub(crate) fn run(command: &CaCommand) -> Result<(), Failure> {
    match command {
        CaCommand::Init(arguments) => init::run(arguments),
        CaCommand::Issue(arguments) => issue::run(arguments),
        CaCommand::Renew(arguments) => issue::renew(arguments),
        CaCommand::Revoke(arguments) => revoke::run(arguments),
        CaCommand::Crl(arguments) => list::renew(arguments),
        CaCommand::List(arguments) => list::run(arguments),
        CaCommand::Demo(arguments) => demo::run(arguments),
    }
}
