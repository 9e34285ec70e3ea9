//! The C# binding and its test program, compiled and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use crate::cases;
use crate::dotnet::Runtime;
use crate::dotnet_windows;
use crate::folder::Folder;
use crate::native::succeeds;
use crate::openssl::OpenSsl;
use crate::roslyn;

/// The key that signs in most tests.
pub const KEY: &str = "rsa2048.pkcs8.pem";

/// How many checks the test program makes of incoming requests.
pub const VERIFYING_CHECKS: usize = 116;

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the project")
}

/// The binding's folder.
pub fn binding() -> PathBuf {
    root().join("bindings/csharp")
}

/// Every source in a folder and the folders in it.
pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "cs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "{} has no sources", folder.display());
    files
}

/// The library and the test program for a runtime, compiled once.
#[derive(Debug)]
pub struct Built {
    _folder: Folder,
    /// The assembly.
    pub library: PathBuf,
    /// The test program.
    pub program: PathBuf,
}

/// Compiled for a runtime.
pub fn built(runtime: Runtime) -> &'static Built {
    static MONO: OnceLock<Built> = OnceLock::new();
    static CORE: OnceLock<Built> = OnceLock::new();
    static NET8: OnceLock<Built> = OnceLock::new();
    static WINDOWS: OnceLock<Built> = OnceLock::new();
    let cell = match runtime {
        Runtime::Mono => &MONO,
        Runtime::Core => &CORE,
        Runtime::Net8 => &NET8,
        Runtime::Windows => return WINDOWS.get_or_init(|| for_windows(built(Runtime::Net8))),
    };
    cell.get_or_init(|| {
        let folder = Folder::default();
        let library = runtime.library(&sources(&binding().join("src")), folder.root(), "Daxsign");
        let tests = sources(&root().join("tests/csharp"));
        let program = runtime.program(&tests, &library, "tests");
        Built {
            _folder: folder,
            library,
            program,
        }
    })
}

/// The very assemblies of .NET 8, and the native library for Windows.
fn for_windows(net8: &Built) -> Built {
    let folder = Folder::default();
    let here = |path: &Path| folder.root().join(path.file_name().expect("a name"));
    let (library, program) = (here(&net8.library), here(&net8.program));
    fs::copy(&net8.library, &library).expect("the assembly");
    fs::copy(&net8.program, &program).expect("the program");
    roslyn::write_config(&program);
    dotnet_windows::add_library(&program);
    Built {
        _folder: folder,
        library,
        program,
    }
}

/// The assembly for dependency injection and what it and its users are compiled and run with, all in the
/// folder of the library for .NET 8. Compiled once.
pub fn services() -> &'static [PathBuf] {
    static SERVICES: OnceLock<Vec<PathBuf>> = OnceLock::new();
    SERVICES.get_or_init(compile_services)
}

fn compile_services() -> Vec<PathBuf> {
    let library = &built(Runtime::Net8).library;
    let mut assemblies = vec![library.clone()];
    for abstraction in roslyn::extensions() {
        let name = abstraction.file_name().expect("a name");
        let beside = library.with_file_name(name);
        fs::copy(&abstraction, &beside).expect("an assembly");
        assemblies.push(beside);
    }
    let own = library.with_file_name("Daxsign.Extensions.dll");
    let documentation = own.with_extension("xml");
    let mut compiler = roslyn::net8_compiler();
    compiler
        .args(references(&assemblies))
        // Projects for netstandard2.0 compile it too.
        .args(["-langversion:7.3", "-nullable:disable", "-target:library"])
        .arg(format!("-doc:{}", documentation.display()))
        .arg(format!("-out:{}", own.display()))
        .args(sources(&binding().join("extensions/src")));
    succeeds(&mut compiler, roslyn::PACKAGES);
    assemblies.push(own);
    assemblies
}

/// For a command line of the compiler.
pub fn references(assemblies: &[PathBuf]) -> Vec<String> {
    let reference = |path: &PathBuf| format!("-r:{}", path.display());
    assemblies.iter().map(reference).collect()
}

/// Runs a part of the test program on a runtime; returns what it printed.
pub fn part(runtime: Runtime, arguments: &[&str]) -> String {
    let output = runtime.run(&built(runtime).program, arguments.iter().copied());
    text(runtime, arguments[0], &output)
}

/// What a run that must have succeeded printed.
pub fn text(runtime: Runtime, what: &str, output: &Output) -> String {
    assert!(
        output.status.success(),
        "{what} on {}: {}{}",
        runtime.name(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8(output.stdout.clone()).expect("output in UTF-8");
    said.replace("\r\n", "\n")
}

/// Runs a part on all and compares how many checks it made.
pub fn on_all(arguments: &[&str], checks: usize) {
    on(&Runtime::ALL, arguments, checks);
}

/// The same on some: `HERE` for parts with a certificate's private key, of which Wine 8 cannot ask what
/// .NET 8 wants to know (NCryptGetProperty).
pub fn on(runtimes: &[Runtime], arguments: &[&str], checks: usize) {
    for &runtime in runtimes {
        let printed = part(runtime, arguments);
        assert_eq!(
            printed.lines().last(),
            Some(&*format!("checks {checks}")),
            "{} on {}",
            arguments[0],
            runtime.name()
        );
    }
}

/// The folder of the key files.
pub fn keys() -> String {
    cases::key_path(KEY)
        .parent()
        .expect("a folder")
        .display()
        .to_string()
}

/// The path of a key file.
pub fn key(file: &str) -> String {
    cases::key_path(file).display().to_string()
}

/// The key in a certificate's file, as a user's store holds it.
pub fn pfx(openssl: &OpenSsl) -> String {
    let key = key(KEY);
    openssl.run(&format!(
        "req -x509 -new -key {key} -subj /CN=test -days 30 -out certificate.pem"
    ));
    // The ciphers that Mono can read.
    openssl.run(&format!(
        "pkcs12 -export -inkey {key} -in certificate.pem -passout pass:test \
         -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -out key.pfx"
    ));
    openssl.path("key.pfx").display().to_string()
}
