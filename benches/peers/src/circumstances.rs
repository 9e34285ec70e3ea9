//! Where and with what is measured.

use std::time::{SystemTime, UNIX_EPOCH};

use daxsign_benches::run::Run;
use daxsign_core::{Kernel, Timestamp};

use crate::peers::PEERS;

/// What this program was built with.
const LOCK: &str = include_str!("../Cargo.lock");

/// A run without rows.
pub(crate) fn run() -> Run {
    Run {
        date: now(),
        machine: machine(),
        kernel: Kernel::best().name().to_owned(),
        versions: PEERS
            .iter()
            .map(|peer| (peer.name.to_owned(), version(peer.name)))
            .collect(),
        rows: Vec::new(),
    }
}

/// The system's date in UTC, without fractions of a second.
fn now() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    let date = Timestamp::from_unix(seconds, 0).and_then(|now| now.format());
    let date = date.expect("a year of four digits");
    date.as_str().chars().take("2025-12-08".len()).collect()
}

/// The processor as Linux names it, or at least its architecture.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |name: &str| {
        let line = info.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(": ")?.1.to_owned())
    };
    let architecture = std::env::consts::ARCH;
    match (value("model name"), value("cpu family"), value("model\t")) {
        (Some(name), Some(family), Some(model)) => {
            format!("{architecture}, {name} (family {family}, model {model})")
        }
        _ => architecture.to_owned(),
    }
}

/// OpenSSL is the system's; the others are in the lock file.
fn version(library: &str) -> String {
    if library == "openssl" {
        let version = openssl::version::version();
        return version.split(' ').nth(1).unwrap_or(version).to_owned();
    }
    let entry = format!("name = \"{library}\"\nversion = \"");
    let version = LOCK
        .split_once(&entry)
        .and_then(|(_, rest)| rest.split('"').next());
    version.unwrap_or("?").to_owned()
}
