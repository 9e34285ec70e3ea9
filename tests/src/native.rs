//! The library as a C program gets it: laid out by `ffi/install` once, for all tests.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The workspace's folder.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Where cargo builds: this program lies in `<target dir>/<profile>/deps`.
#[must_use]
pub fn target_folder() -> PathBuf {
    let program = std::env::current_exe().expect("the path of this program");
    program.ancestors().nth(3).expect("a target folder").into()
}

/// The folder with `include/` and `lib/`.
///
/// # Panics
/// If the library cannot be built or laid out.
#[must_use]
pub fn installed() -> &'static Path {
    static INSTALLED: OnceLock<(PathBuf, File)> = OnceLock::new();
    let (prefix, _) = INSTALLED.get_or_init(|| {
        let target = target_folder();
        let prefix = target.join("native");
        std::fs::create_dir_all(&prefix).expect("a folder in the target folder");
        let lock = File::create(target.join("native.lock")).expect("a lock file");
        lock.lock().expect("the exclusive lock");
        install(&target, &prefix);
        // Nobody lays it out anew as long as this program uses it.
        lock.unlock().expect("the lock given back");
        lock.lock_shared().expect("the shared lock");
        (prefix, lock)
    });
    prefix
}

fn install(target: &Path, prefix: &Path) {
    let output = Command::new(root().join("ffi/install"))
        .arg(prefix)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .expect("ffi/install");
    assert!(
        output.status.success(),
        "ffi/install: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
