//! What can be said on the command line to `daxsign proxy`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use daxsign_hosting::Address;

use crate::arguments::Profile;
use crate::proxy::operating_arguments::OperatingArguments;
use crate::proxy::time::time;
use crate::proxy::verify_arguments::VerifyingArguments;
use crate::rest::arguments::NameArgument;

const LISTENING: &str = "Where clients come in";
const LIMITS: &str = "Limits";

/// `daxsign proxy`
#[derive(Debug, Args)]
pub(crate) struct ProxyCommand {
    #[command(flatten)]
    pub(crate) name: NameArgument,
    /// What the RSA signature is made over, if not what the settings say
    #[arg(long, value_enum)]
    pub(crate) profile: Option<Profile>,
    /// The list of signed parts, if not that of the settings
    #[arg(long, value_name = "LIST")]
    pub(crate) headers: Option<String>,
    /// Where to listen.
    #[arg(
        help = "Where to listen: 127.0.0.1:PORT, [::1]:PORT (0 is any free port) or unix:PATH; several times \
                for several",
        long,
        value_name = "ADDRESS",
        env = "DAXSIGN_PROXY_LISTEN",
        value_delimiter = ',',
        default_value = "127.0.0.1:8480",
        help_heading = LISTENING
    )]
    pub(crate) listen: Vec<Address>,
    /// Who may use UNIX sockets, as a file's mode
    #[arg(
        long,
        value_name = "OCTAL",
        env = "DAXSIGN_PROXY_SOCKET_MODE",
        default_value = "0660",
        value_parser = mode,
        help_heading = LISTENING
    )]
    pub(crate) socket_mode: u32,
    /// Listen where other machines get to: whoever reaches the port calls with your key
    #[arg(long, help_heading = LISTENING)]
    pub(crate) unsafe_listen: bool,
    /// Clients must send the first line of this file in the field X-Dax-Proxy-Secret
    #[arg(
        long,
        value_name = "FILE",
        env = "DAXSIGN_PROXY_SECRET_FILE",
        help_heading = LISTENING
    )]
    pub(crate) secret_file: Option<PathBuf>,
    /// A name (without port) that clients may call this proxy by, beside localhost and its address
    #[arg(
        long,
        value_name = "NAME",
        env = "DAXSIGN_PROXY_ALLOW_HOST",
        value_delimiter = ',',
        help_heading = LISTENING
    )]
    pub(crate) allow_host: Vec<String>,
    /// An origin whose pages may call in browsers.
    #[arg(
        help = "An origin whose pages may call in browsers, such as https://desk.example",
        long,
        value_name = "ORIGIN",
        env = "DAXSIGN_PROXY_ALLOW_ORIGIN",
        value_delimiter = ',',
        help_heading = LISTENING
    )]
    pub(crate) allow_origin: Vec<String>,
    /// The largest body of a request
    #[arg(
        long,
        value_name = "SIZE",
        env = "DAXSIGN_PROXY_MAX_BODY",
        default_value = "1MiB",
        value_parser = size,
        help_heading = LIMITS
    )]
    pub(crate) max_body: usize,
    /// How many requests are in work at once
    #[arg(
        long,
        value_name = "COUNT",
        env = "DAXSIGN_PROXY_MAX_REQUESTS",
        default_value = "256",
        value_parser = count,
        help_heading = LIMITS
    )]
    pub(crate) max_requests: usize,
    /// How many requests wait for that; one more is answered with 503
    #[arg(
        long,
        value_name = "COUNT",
        env = "DAXSIGN_PROXY_QUEUE",
        default_value = "1024",
        value_parser = queue,
        help_heading = LIMITS
    )]
    pub(crate) queue: usize,
    /// How long a request may take as a whole
    #[arg(
        long,
        value_name = "TIME",
        env = "DAXSIGN_PROXY_TIMEOUT",
        default_value = "30s",
        value_parser = time,
        help_heading = LIMITS
    )]
    pub(crate) timeout: Duration,
    /// How long requests in work may still take after SIGTERM
    #[arg(
        long,
        value_name = "TIME",
        env = "DAXSIGN_PROXY_DRAIN",
        default_value = "20s",
        value_parser = time,
        help_heading = LIMITS
    )]
    pub(crate) drain: Duration,
    /// Show on standard error what is signed of the next COUNT requests, as it is: bodies too
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(crate) explain: u32,
    /// Say what would be done, try one GET /contracts, and end: code 0 if it is answered well, else 1
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) operating: OperatingArguments,
    #[command(flatten)]
    pub(crate) verifying: VerifyingArguments,
}

fn mode(text: &str) -> Result<u32, &'static str> {
    let digits = text.strip_prefix("0o").unwrap_or(text);
    match u32::from_str_radix(digits, 8) {
        Ok(mode @ 0o1..=0o777) => Ok(mode),
        _ => Err("expected a mode in octal, such as 0660"),
    }
}

/// A number of bytes, with `KiB` or `MiB` behind it for more.
fn size(text: &str) -> Result<usize, &'static str> {
    const MOST: usize = 64 << 20;
    let factors = [("KiB", 1 << 10), ("MiB", 1 << 20), ("", 1)];
    let found = factors.into_iter().find_map(|(unit, factor)| {
        let number: usize = text.strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(factor)
    });
    found
        .filter(|size| (1..=MOST).contains(size))
        .ok_or("expected a size up to 64MiB, such as 1MiB or 4096")
}

fn count(text: &str) -> Result<usize, &'static str> {
    match text.parse() {
        Ok(count @ 1..=65_536) => Ok(count),
        _ => Err("expected a whole number from 1 to 65536"),
    }
}

fn queue(text: &str) -> Result<usize, &'static str> {
    match text {
        "0" => Ok(0),
        text => count(text).map_err(|_| "expected a whole number from 0 to 65536"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("1MiB"), Ok(1 << 20));
        assert_eq!(size("64KiB"), Ok(65_536));
        assert_eq!(size("4096"), Ok(4_096));
        for refused in [
            "",
            "0",
            "1MB",
            "65MiB",
            "-1",
            "1 G",
            "99999999999999999999MiB",
        ] {
            assert!(size(refused).is_err(), "{refused}");
        }
        assert_eq!(mode("0660"), Ok(0o660));
        assert_eq!(mode("600"), Ok(0o600));
        assert!(mode("0").is_err() && mode("1777").is_err() && mode("rw").is_err());
    }
}
