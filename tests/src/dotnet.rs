//! Runtimes of .NET with their compilers: Mono and CoreCLR 3.1 with Mono's `mcs`, and .NET 8 with the
//! compiler of its time, for this machine and for Windows.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::dotnet_windows;
use crate::native;
use crate::roslyn;
use crate::wheel::{LINUX, PYTHON, Wheel, kept_folder};

/// What runs and compiles C# comes with these.
const PACKAGES: &str = "mono-mcs, mono-runtime and libmono-system-net-http4.0-cil";

/// The package with CoreCLR 3.1 and its assemblies.
const CORE_WHEEL: Wheel = Wheel {
    package: "dotnetcore2==3.1.23",
    sha256: "5f076ddc39da0c685e7de20ecb91ee81185928918ec86fbeb3bffc55dd867ab5",
    python: PYTHON,
    platform: LINUX,
};
const CORE_ASSEMBLIES: &str = "dotnetcore2/bin/shared/Microsoft.NETCore.App/3.1.23";
/// The assemblies that the binding and its tests are compiled with.
const CORE_REFERENCES: [&str; 27] = [
    "Microsoft.Win32.Primitives",
    "System.Private.CoreLib",
    "System.Runtime",
    "System.Runtime.Extensions",
    "System.Runtime.InteropServices",
    "System.Collections",
    "System.Collections.Concurrent",
    "System.Collections.NonGeneric",
    "System.Console",
    "System.IO.FileSystem",
    "System.Linq",
    "System.Net.Http",
    "System.Net.Primitives",
    "System.Net.Requests",
    "System.Net.Security",
    "System.Net.Sockets",
    "System.Private.Uri",
    "System.Security.Cryptography.Algorithms",
    "System.Security.Cryptography.Cng",
    "System.Security.Cryptography.Csp",
    "System.Security.Cryptography.Encoding",
    "System.Security.Cryptography.Primitives",
    "System.Security.Cryptography.X509Certificates",
    "System.Text.Encoding.Extensions",
    "System.Threading",
    "System.Threading.Tasks",
    "System.Threading.Thread",
];
/// CoreCLR 3.1 needs OpenSSL 1.1, which distributions no longer have. This package brings one.
const SSL_WHEEL: Wheel = Wheel {
    package: "psycopg2-binary==2.9.1",
    sha256: "5ced67f1e34e1a450cdb48eb53ca73b60aa0af21c46b9b35ac3e581cf9f00e31",
    python: PYTHON,
    platform: LINUX,
};
const SSL_LIBRARIES: &str = "psycopg2_binary.libs";
const RUNTIME_CONFIG: &str =
    r#"{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"3.1.0"}}}"#;

/// A runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// Mono 6.8 with the class library of .NET Framework.
    Mono,
    /// CoreCLR 3.1.
    Core,
    /// .NET 8.
    Net8,
    /// .NET 8 for Windows, under Wine.
    Windows,
}

impl Runtime {
    /// All.
    pub const ALL: [Self; 4] = [Self::Mono, Self::Core, Self::Net8, Self::Windows];
    /// Those for this machine.
    pub const HERE: [Self; 3] = [Self::Mono, Self::Core, Self::Net8];

    /// For messages and folders.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mono => "mono",
            Self::Core => "coreclr",
            Self::Net8 => "net8",
            Self::Windows => "net8 for Windows",
        }
    }

    fn is_net8(self) -> bool {
        matches!(self, Self::Net8 | Self::Windows)
    }

    /// Compiles a library into `folder`, with its documentation. Warnings are errors.
    pub fn library(self, sources: &[PathBuf], folder: &Path, name: &str) -> PathBuf {
        let out = folder.join(format!("{name}.dll"));
        let documentation = folder.join(format!("{name}.xml"));
        let mut sources = sources.to_vec();
        if self.is_net8() {
            sources.extend(imports(&sources, folder));
        }
        let mut command = self.compiler(&sources, &out);
        command
            .args(["-target:library", "-unsafe", "-optimize"])
            .arg(format!("-doc:{}", documentation.display()));
        native::succeeds(&mut command, PACKAGES);
        out
    }

    /// Compiles a program into the folder of the `library` that it uses.
    pub fn program(self, sources: &[PathBuf], library: &Path, name: &str) -> PathBuf {
        let out = library.with_file_name(format!("{name}.exe"));
        let mut command = self.compiler(sources, &out);
        native::succeeds(command.arg(format!("-r:{}", library.display())), PACKAGES);
        if self == Self::Windows {
            dotnet_windows::add_library(&out);
        }
        if self.is_net8() {
            roslyn::write_config(&out);
        } else {
            let config = out.with_extension("runtimeconfig.json");
            fs::write(config, RUNTIME_CONFIG).expect("a runtime configuration");
        }
        out
    }

    /// Runs a program. It finds the native library on the library path.
    pub fn run<S: Into<OsString>>(
        self,
        program: &Path,
        arguments: impl IntoIterator<Item = S>,
    ) -> Output {
        self.run_with(program, arguments, Some(&native::installed().join("lib")))
    }

    /// As `run`, with another folder for the native library, or none. On Windows that stands beside the
    /// program.
    pub fn run_with<S: Into<OsString>>(
        self,
        program: &Path,
        arguments: impl IntoIterator<Item = S>,
        library: Option<&Path>,
    ) -> Output {
        let mut path = library.map(OsString::from).unwrap_or_default();
        let mut command = match self {
            Self::Mono => Command::new("mono"),
            Self::Core => Command::new(core().join("dotnetcore2/bin/dotnet")),
            Self::Net8 => Command::new(roslyn::dotnet()),
            Self::Windows => dotnet_windows::dotnet(),
        };
        if self == Self::Core {
            let ssl = core().join(SSL_LIBRARIES);
            path.push(":");
            path.push(ssl);
        }
        command
            .arg(program)
            .args(arguments.into_iter().map(Into::into))
            .env("LD_LIBRARY_PATH", path)
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
            .output()
            .unwrap_or_else(|error| panic!("cannot run mono ({error}): install {PACKAGES}"))
    }

    fn compiler(self, sources: &[PathBuf], out: &Path) -> Command {
        let mut command = match self {
            Self::Net8 | Self::Windows => roslyn::net8_compiler(),
            Self::Mono | Self::Core => {
                let mut mcs = Command::new("mcs");
                // What C# 7.3 of the netstandard2.0 target has too.
                mcs.args(["-langversion:7", "-warn:4", "-warnaserror"]);
                mcs
            }
        };
        match self {
            Self::Mono => {
                command.arg("-r:System.Net.Http");
            }
            Self::Core => {
                // Two assemblies of the runtime refer to each other's older versions.
                command.args(["-nostdlib", "-noconfig", "-nowarn:1701,1702"]);
                command.args(core_references());
            }
            Self::Net8 | Self::Windows => {}
        }
        command.arg(format!("-out:{}", out.display())).args(sources);
        command
    }
}

/// What stands in for the SDK's generator, where a library's sources want it.
fn imports(sources: &[PathBuf], folder: &Path) -> Option<PathBuf> {
    let native = sources
        .iter()
        .find(|source| source.ends_with("Native.cs"))?;
    let native = fs::read_to_string(native).expect("Native.cs");
    let file = folder.join("LibraryImports.cs");
    fs::write(&file, roslyn::library_imports(&native)).expect("a source");
    Some(file)
}

fn core_references() -> Vec<String> {
    let folder = core().join(CORE_ASSEMBLIES);
    let reference = |name: &&str| format!("-r:{}", folder.join(format!("{name}.dll")).display());
    CORE_REFERENCES.iter().map(reference).collect()
}

/// The folder with CoreCLR and its OpenSSL, downloaded when it is not there.
fn core() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        kept_folder("coreclr-3.1.23", |folder| {
            CORE_WHEEL.unpack(folder, &["dotnetcore2/"]);
            SSL_WHEEL.unpack(folder, &[SSL_LIBRARIES]);
            rename_ssl(&folder.join(SSL_LIBRARIES));
        })
    })
}

/// Gives libssl the name that CoreCLR looks for; its own names a build.
fn rename_ssl(folder: &Path) {
    let entries = fs::read_dir(folder).expect("OpenSSL's folder");
    let library = entries
        .map(|entry| entry.expect("an entry").path())
        .find(|path| {
            path.file_name()
                .is_some_and(|n| n.to_string_lossy().starts_with("libssl-"))
        })
        .expect("a libssl in the package");
    fs::copy(library, folder.join("libssl.so.1.1")).expect("libssl.so.1.1");
}
