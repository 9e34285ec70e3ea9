//! C and C++ programs: compiled, linked to the installed library, and run.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::c_cases::cases_header;
use crate::c_certificates::{write_chains, write_untrusted};
use crate::cases::{GOOD, REFUSED, SIGNATURES, key_path};
use crate::folder::Folder;
use crate::native::{installed, project};
use crate::openssl::OpenSsl;
use crate::wine::wine;

/// What every program is compiled with.
pub const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// Which form of the library a program is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// `libdaxsign.a`.
    Static,
    /// `libdaxsign.so`.
    Shared,
}

/// A folder for compiled programs, with the keys that they read in `keys/`.
#[derive(Debug)]
pub struct Programs {
    openssl: OpenSsl,
}

/// How to compile one program.
#[derive(Clone, Debug)]
pub struct Build<'a> {
    /// `gcc`, `clang++`, …
    pub compiler: &'a str,
    /// `-std=c99`, … beside the warnings.
    pub flags: &'a [&'a str],
    /// The library.
    pub linked: Linked,
    /// The static archive, where it is not the installed one; or what is linked with instead of it.
    pub archive: Option<PathBuf>,
}

impl Default for Programs {
    fn default() -> Self {
        let programs = Self {
            openssl: OpenSsl::default(),
        };
        programs.write_keys();
        programs
    }
}

impl Programs {
    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.openssl
    }

    /// OpenSSL in the folder.
    #[must_use]
    pub const fn openssl(&self) -> &OpenSsl {
        &self.openssl
    }

    /// The keys of the vectors, and odd ones that OpenSSL makes.
    fn write_keys(&self) {
        let folder = self.folder().path("keys");
        std::fs::create_dir(&folder).expect("a folder for keys");
        let kept = key_path("");
        for file in std::fs::read_dir(kept).expect("vectors/keys") {
            let file = file.expect("a key file");
            std::fs::copy(file.path(), folder.join(file.file_name())).expect("a copy");
        }
        for command in [
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out keys/ec.pem",
            "genrsa -out keys/rsa1024.pem 1024",
        ] {
            self.openssl.run(command);
        }
        for bits in [2048, 3072, 4096] {
            self.openssl.run(&format!(
                "req -x509 -new -key keys/rsa{bits}.pkcs8.pem -subj /CN=dax -days 3650 \
                 -out keys/certificate{bits}.pem"
            ));
        }
        self.openssl
            .run("x509 -in keys/certificate2048.pem -outform DER -out keys/certificate.der");
        let pem = self.folder().read("keys/certificate2048.pem");
        self.folder().write("keys/certificate.pem", pem);
        // Until almost the year 9999, as one without an end is (RFC 5280, 4.1.2.5).
        self.openssl.run(
            "req -x509 -new -key keys/rsa2048.pkcs8.pem -subj /CN=dax -days 2900000 \
             -out keys/certificate9999.pem",
        );
        write_chains(&self.openssl);
    }

    /// Compiles `source` (a path inside `tests/`) into a program.
    ///
    /// # Panics
    /// If it does not compile without any warning.
    pub fn compile(&self, source: &str, build: &Build<'_>) -> PathBuf {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
        self.compile_file(&source, build)
    }

    /// The same for a file anywhere.
    ///
    /// # Panics
    /// If it does not compile without any warning.
    pub fn compile_file(&self, source: &Path, build: &Build<'_>) -> PathBuf {
        self.try_to_compile_file(source, build)
            .unwrap_or_else(|said| panic!("{}, {build:?}: {said}", source.display()))
    }

    /// Compiles `source`; the program, or what compiler and linker said.
    ///
    /// # Errors
    /// If anything is said.
    pub fn try_to_compile(&self, source: &str, build: &Build<'_>) -> Result<PathBuf, String> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
        self.try_to_compile_file(&source, build)
    }

    fn try_to_compile_file(&self, source: &Path, build: &Build<'_>) -> Result<PathBuf, String> {
        let stem = source.file_stem().expect("a file").to_string_lossy();
        let flags: String = build.flags.concat();
        let shared = if build.linked == Linked::Shared {
            "-so"
        } else {
            ""
        };
        let own = if build.archive.is_some() { "-own" } else { "" };
        let program = self.folder().path(
            &format!("{stem}-{}{flags}{shared}{own}", build.compiler).replace([',', '/'], "-"),
        );
        let include = match build.archive {
            Some(_) => project().join("include"),
            None => installed().join("include"),
        };
        let mut command = Command::new(build.compiler);
        command
            .args(WARNINGS)
            .args(build.flags)
            .args(["-g", "-O1", "-pthread"])
            .arg("-I")
            .arg(include)
            .arg("-I")
            .arg(self.folder().root())
            .arg("-I")
            .arg(project().join("tests/c"))
            .arg(source)
            .arg("-o")
            .arg(&program);
        match (build.linked, &build.archive) {
            (Linked::Static, None) => command.arg(installed().join("lib/libdaxsign.a")),
            (Linked::Static, Some(archive)) => command.arg(archive),
            (Linked::Shared, _) => {
                let library = installed().join("lib");
                command
                    .arg("-L")
                    .arg(&library)
                    .arg("-ldaxsign")
                    .arg(format!("-Wl,-rpath,{}", library.display()))
            }
        };
        let output = start(&mut command);
        if output.status.success() && output.stderr.is_empty() {
            return Ok(program);
        }
        Err(String::from_utf8_lossy(&output.stderr).into())
    }

    /// Runs a program with the keys' folder as its argument; returns what it printed.
    pub fn run(&self, program: &Path) -> String {
        let mut command = Command::new(program);
        self.finish(&mut command)
    }

    /// The same by an emulator of another processor.
    pub fn run_with(&self, emulator: &str, program: &Path) -> String {
        let mut command = Command::new(emulator);
        command.arg(program);
        self.finish(&mut command)
    }

    /// The same by Wine, of a program for Windows, with that system's ends of lines taken off.
    pub fn run_by_wine(&self, program: &Path) -> String {
        let printed = self.finish(&mut wine(program.with_extension("exe")));
        printed.replace("\r\n", "\n")
    }

    /// The same under valgrind, which must find nothing.
    pub fn run_under_valgrind(&self, program: &Path) -> String {
        let mut command = Command::new("valgrind");
        command
            .args([
                "--quiet",
                "--error-exitcode=1",
                "--leak-check=full",
                "--show-leak-kinds=all",
                "--errors-for-leak-kinds=all",
                // A program's own operator delete is run, not valgrind's.
                "--soname-synonyms=somalloc=nouserintercepts",
            ])
            .arg(program);
        self.finish(&mut command)
    }

    fn finish(&self, command: &mut Command) -> String {
        command.arg("keys").current_dir(self.folder().root());
        // Nothing that the sanitizers find is let pass.
        command.env("ASAN_OPTIONS", "detect_stack_use_after_return=1");
        command.env("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1");
        let output = succeed(command);
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

/// The programs of `tests/c` that need no other preparation than [`programs_with_cases`].
pub const SOURCES: [&str; 9] = [
    "c/cases.c",
    "c/certificates.c",
    "c/enrolling.c",
    "c/errors.c",
    "c/hostile.c",
    "c/messages.c",
    "c/omitted.c",
    "c/streams.c",
    "c/threads.c",
];

/// What one of [`SOURCES`] must print.
pub fn expected_of(source: &str) -> String {
    match source {
        "c/cases.c" => format!("{GOOD} good, {REFUSED} refused, {SIGNATURES} signatures\n"),
        "c/certificates.c" => "13 untrusted\n".into(),
        "c/enrolling.c" => "19 refused\n".into(),
        // 29 errors of the core, 7 of enrolling, one of messages and 9 of the call.
        "c/errors.c" => "46 statuses provoked\n".into(),
        "c/hostile.c" => "486 hostile calls\n".into(),
        "c/messages.c" => "13 problems\n".into(),
        "c/omitted.c" => "26 faults looked for\n".into(),
        "c/streams.c" => "all kept\n".into(),
        // Four threads, ten rounds each.
        "c/threads.c" => "40 signed and verified\n".into(),
        _ => panic!("no program {source}"),
    }
}

/// A folder in which [`SOURCES`] compile.
pub fn programs_with_cases() -> Programs {
    let programs = Programs::default();
    programs.folder().write("cases.h", cases_header());
    write_untrusted(&programs.openssl);
    programs
}

/// Compiles [`SOURCES`], runs each and checks what it prints.
pub fn compile_and_check(build: &Build<'_>, run: impl Fn(&Programs, &Path) -> String) {
    let programs = programs_with_cases();
    for source in SOURCES {
        let program = programs.compile(source, build);
        assert_eq!(run(&programs, &program), expected_of(source), "{source}");
    }
}

/// Runs a command that must be there.
fn start(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| {
        let program = command.get_program().display();
        panic!(
            "cannot run `{program}` ({error}): install the packages gcc g++ clang valgrind \
             libclang-rt-14-dev (or what your system calls them)"
        )
    })
}

/// Runs a command that must succeed without a word on standard error.
///
/// # Panics
/// If it is not there or fails.
pub fn succeed(command: &mut Command) -> Output {
    let output = start(command);
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}
