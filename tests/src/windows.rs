//! C and C++ programs for Windows with the installed library.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::c_program::{Build, Linked, Programs, programs_with_cases};
use crate::native::installed_for_windows;

/// mingw's compilers.
pub const GCC: &str = "x86_64-w64-mingw32-gcc";
/// The one for C++.
pub const GXX: &str = "x86_64-w64-mingw32-g++";

/// A program of mingw's binutils.
#[must_use]
pub fn binutils(name: &str) -> Command {
    Command::new(format!("x86_64-w64-mingw32-{name}"))
}

/// The DLL.
#[must_use]
pub fn library() -> PathBuf {
    installed_for_windows().join("bin/daxsign.dll")
}

/// The static library.
#[must_use]
pub fn archive() -> PathBuf {
    installed_for_windows().join("lib/libdaxsign.a")
}

/// A program with the static library in it.
#[must_use]
pub fn with_archive<'a>(compiler: &'a str, flags: &'a [&'a str]) -> Build<'a> {
    Build {
        compiler,
        flags,
        linked: Linked::Static,
        archive: Some(archive()),
    }
}

/// A program that finds the DLL beside it.
#[must_use]
pub fn with_library<'a>(compiler: &'a str, flags: &'a [&'a str]) -> Build<'a> {
    Build {
        archive: Some(installed_for_windows().join("lib/daxsign.lib")),
        ..with_archive(compiler, flags)
    }
}

/// A folder with the DLL, in which programs compile.
///
/// # Panics
/// If the DLL cannot be copied there.
#[must_use]
pub fn programs() -> Programs {
    let programs = programs_with_cases();
    fs::copy(library(), programs.folder().path("daxsign.dll")).expect("a copy");
    programs
}

/// Compiles a program, runs it by Wine, and returns what it printed.
pub fn run(programs: &Programs, source: &str, build: &Build<'_>) -> String {
    let program = programs.compile(source, build);
    programs.run_by_wine(&program)
}
