//! The installed library: what `ffi/install` lays out, for programs in other languages.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The folder with `include` and `lib`. The first call of a process makes it anew; test programs
/// that run at the same time wait for each other.
pub fn installed() -> &'static Path {
    static PREFIX: OnceLock<PathBuf> = OnceLock::new();
    PREFIX.get_or_init(install)
}

fn install() -> PathBuf {
    let program = std::env::current_exe().expect("the test's own path");
    // <target dir>/<profile>/deps/<program>
    let target = program.ancestors().nth(3).expect("a target folder");
    let prefix = target.join("native");
    let lock = File::create(target.join("native.lock")).expect("native.lock");
    lock.lock().expect("a lock on native.lock");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ffi/install");
    let output = Command::new(&script).arg(&prefix).output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", script.display()));
    assert!(
        output.status.success(),
        "ffi/install: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    prefix
}
