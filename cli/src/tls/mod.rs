//! `daxsign tls`: handshakes with certificates on both sides, and why one is refused.
//!
//! Read `arguments` first (what can be said), then [`serve`] and [`connect`]. [`given`] reads whom this side trusts and
//! what it shows, [`own`] what clients would refuse of that, [`waiting`] is a connection that asks again while it waits, and [`words`] says what the
//! library for TLS and the other side mean.

pub(crate) mod arguments;
mod connect;
mod given;
mod own;
mod serve;
mod waiting;
mod words;

use crate::failure::Failure;
use arguments::TlsCommand;

/// Runs the command.
pub(crate) fn run(command: &TlsCommand) -> Result<(), Failure> {
    match command {
        TlsCommand::Serve(arguments) => serve::run(arguments),
        TlsCommand::Connect(arguments) => connect::run(arguments),
    }
}
