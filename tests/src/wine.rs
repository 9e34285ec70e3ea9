//! Programs for Windows, run by Wine.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::wheel::kept_folder;

/// What makes programs for Windows and runs them comes with these.
pub const PACKAGES: &str =
    "wine64, wine, gcc-mingw-w64-x86-64, g++-mingw-w64-x86-64, llvm, clang and lld";

/// A command of Wine, with a folder of Windows of its own beside the build, and without Wine's own words
/// on standard error.
#[must_use]
pub fn wine(program: impl AsRef<OsStr>) -> Command {
    let windows = kept_folder("wine", |folder| {
        let made = wine_in(folder, "wineboot").arg("-i").output();
        let made = made.unwrap_or_else(|error| panic!("no Wine ({error}): install {PACKAGES}"));
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "wineboot: {said}");
    });
    wine_in(&windows, program)
}

fn wine_in(windows: &Path, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("wine");
    command
        .arg(program)
        .env("WINEPREFIX", windows)
        .env("WINEDEBUG", "-all")
        // No window, and no sign of one.
        .env_remove("DISPLAY");
    command
}
