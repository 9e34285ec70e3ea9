//! Starts the measurement. It is a program of a workspace of its own, `peers/` beside this crate:
//! the libraries it compares with take minutes to build and need OpenSSL's headers, which nobody
//! who works on the rest should pay for.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run::Run;

/// This crate's folder.
#[must_use]
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where cargo puts what it builds: this program lies in `release/` or `debug/` below.
///
/// # Errors
/// If the program does not know where it lies.
pub fn target_folder() -> Result<PathBuf, String> {
    let program = std::env::current_exe().map_err(|error| format!("where am I? {error}"))?;
    let target = program.parent().and_then(Path::parent);
    Ok(target.ok_or("this program has no folder")?.to_owned())
}

/// Builds the measuring program, minutes at the first time, and runs it, about a minute.
///
/// # Errors
/// What is missing on this machine; what failed is on standard error.
pub fn measure() -> Result<Run, String> {
    let found = Command::new("pkg-config")
        .args(["--exists", "openssl"])
        .status();
    if !found.is_ok_and(|status| status.success()) {
        return Err("OpenSSL's headers are missing: install libssl-dev and pkg-config".into());
    }
    let output = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .args(["run", "--release", "--locked", "--manifest-path"])
        .arg(folder().join("peers/Cargo.toml"))
        .arg("--target-dir")
        .arg(target_folder()?.join("peers"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !output.status.success() {
        return Err("the measurement failed: see above".into());
    }
    Run::from_json(&String::from_utf8_lossy(&output.stdout))
}
