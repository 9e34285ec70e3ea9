//! What can be said to `daxsign proxy` of how it is operated.

use std::path::PathBuf;

use clap::Args;
use daxsign_hosting::Address;
use daxsign_proxy::access_log::Target;

const OPERATING: &str = "For operators";

/// Where operators come in, and what is told them.
#[derive(Debug, Args)]
pub(crate) struct OperatingArguments {
    /// Where /healthz, /readyz and /metrics are answered, such as 127.0.0.1:8481 or unix:PATH; or off
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "DAXSIGN_PROXY_ADMIN",
        default_value = "off",
        value_parser = admin,
        help_heading = OPERATING
    )]
    pub(crate) admin: Admin,
    /// Where a line of JSON for each request goes: stderr, a file, or off
    #[arg(
        long,
        value_name = "WHERE",
        env = "DAXSIGN_PROXY_ACCESS_LOG",
        default_value = "stderr",
        value_parser = access_log,
        help_heading = OPERATING
    )]
    pub(crate) access_log: Target,
}

/// Where operators come in, if anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Admin {
    Off,
    At(Address),
}

fn admin(text: &str) -> Result<Admin, String> {
    match text {
        "off" => Ok(Admin::Off),
        text => text.parse().map(Admin::At),
    }
}

fn access_log(text: &str) -> Result<Target, &'static str> {
    match text {
        "" => Err("expected stderr, off, or the path of a file"),
        "off" => Ok(Target::Off),
        "stderr" => Ok(Target::StandardError),
        path => Ok(Target::File(PathBuf::from(path))),
    }
}
