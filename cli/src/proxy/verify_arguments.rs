//! What can be said to `daxsign proxy` before a receiver.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use daxsign_proxy::verifying::upstream::Place;

use crate::arguments::{Policy, TargetArguments};
use crate::proxy::time::time;

const VERIFYING: &str = "Before a receiver";

/// The other direction.
#[derive(Debug, Args)]
#[command(next_help_heading = VERIFYING)]
pub(crate) struct VerifyingArguments {
    /// The other way round: pass on to --upstream what a --peer signed, and refuse everything else
    #[arg(
        long,
        requires = "upstream",
        requires = "peer",
        conflicts_with_all = ["name", "headers", "secret_file", "allow_host", "allow_origin", "explain"]
    )]
    pub(crate) verify: bool,
    /// The service that gets what verifies: http://127.0.0.1:PORT or unix:PATH
    #[arg(
        long,
        value_name = "PLACE",
        env = "DAXSIGN_PROXY_UPSTREAM",
        requires = "verify"
    )]
    pub(crate) upstream: Option<Place>,
    /// Send to another machine what was verified here: whoever writes on the way can say so of anything
    #[arg(long, requires = "verify")]
    pub(crate) unsafe_upstream: bool,
    /// A sender's name and the file of its public key or certificates; several times for several
    #[arg(
        long,
        value_name = "NAME=FILE",
        env = "DAXSIGN_PROXY_PEER",
        value_delimiter = ',',
        value_parser = peer,
        requires = "verify"
    )]
    pub(crate) peer: Vec<(String, PathBuf)>,
    /// Which lists are accepted for a request with a body
    #[arg(long, value_enum, default_value_t, requires = "verify")]
    pub(crate) policy: Policy,
    /// How far a request's date may lie from now, before or after
    #[arg(
        long,
        value_name = "TIME",
        env = "DAXSIGN_PROXY_WINDOW",
        default_value = "5m",
        value_parser = time,
        requires = "verify"
    )]
    pub(crate) window: Duration,
    /// How many accepted requests are remembered; when all are fresh, further ones are refused
    #[arg(
        long,
        value_name = "COUNT",
        env = "DAXSIGN_PROXY_REPLAY_MEMORY",
        default_value = "65536",
        value_parser = places,
        requires = "verify"
    )]
    pub(crate) replay_memory: usize,
    #[command(flatten)]
    pub(crate) target: TargetArguments,
}

fn peer(text: &str) -> Result<(String, PathBuf), &'static str> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((name.to_owned(), file.into()))
        }
        _ => Err("expected a name and a file, such as alliera=alliera.pem"),
    }
}

fn places(text: &str) -> Result<usize, &'static str> {
    match text.parse() {
        Ok(count @ 1..=16_777_216) => Ok(count),
        _ => Err("expected a whole number from 1 to 16777216"),
    }
}
