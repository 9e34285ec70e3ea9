//! The NuGet packages of the C# binding, and programs that have them as NuGet restores them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::csharp::{binding, built, services};
use crate::dotnet::Runtime;
use crate::dotnet_windows;
use crate::folder::Folder;
use crate::native::{succeeds, target_folder};
use crate::roslyn;

/// What the libraries and packages are made with comes with these.
const PACKAGES: &str = "python3, gcc-aarch64-linux-gnu and gcc-mingw-w64-x86-64";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The platforms, by their identifiers of .NET, and the library's name there.
pub const PLATFORMS: [(&str, &str); 3] = [
    ("linux-arm64", "libdaxsign.so"),
    ("linux-x64", "libdaxsign.so"),
    ("win-x64", "libdaxsign.dll"),
];

/// The native libraries, made once.
pub fn natives() -> &'static Path {
    static NATIVES: OnceLock<PathBuf> = OnceLock::new();
    NATIVES.get_or_init(|| {
        let folder = target_folder().join("natives");
        let mut natives = Command::new(binding().join("natives"));
        natives.arg(&folder);
        natives.env("CARGO_TARGET_DIR", target_folder());
        succeeds(&mut natives, PACKAGES);
        folder
    })
}

/// Packs both packages into a folder: `Daxsign.nupkg` and `Daxsign.Extensions.nupkg`.
pub fn pack(folder: &Path) {
    let assemblies = Folder::default();
    services();
    for (framework, runtime) in [("netstandard2.0", Runtime::Mono), ("net8.0", Runtime::Net8)] {
        let into = assemblies.path(framework);
        fs::create_dir(&into).expect("a folder");
        // The one for services is compiled with the library for .NET 8, in the older language.
        for (of, name) in [(runtime, "Daxsign"), (Runtime::Net8, "Daxsign.Extensions")] {
            for ending in ["dll", "xml"] {
                let file = format!("{name}.{ending}");
                let from = built(of).library.with_file_name(&file);
                fs::copy(from, into.join(file)).expect("an assembly");
            }
        }
    }
    let libraries = PLATFORMS.map(|(platform, library)| {
        let file = natives().join(platform).join(library);
        format!("{platform}={}", file.display())
    });
    let pack = |name: &str| {
        let mut pack = Command::new(binding().join("pack"));
        pack.arg(folder.join(name)).arg(assemblies.root());
        pack
    };
    succeeds(pack("Daxsign.nupkg").args(libraries), PACKAGES);
    succeeds(
        pack("Daxsign.Extensions.nupkg").arg("--extensions"),
        PACKAGES,
    );
}

/// A program that has the package alone, as NuGet restores it: unpacked as it is, and named with the
/// platforms of its libraries in the program's list of what it depends on.
#[derive(Debug)]
pub struct Restored {
    folder: Folder,
    program: PathBuf,
}

impl Restored {
    /// Compiles a source with the package.
    #[must_use]
    pub fn new(source: &str) -> Self {
        let folder = Folder::default();
        pack(folder.root());
        let package = folder.path("packages/daxsign").join(VERSION);
        let mut unzip = Command::new("python3");
        unzip.args(["-m", "zipfile", "-e"]);
        unzip.arg(folder.path("Daxsign.nupkg")).arg(&package);
        succeeds(&mut unzip, PACKAGES);
        let app = folder.path("app");
        fs::create_dir(&app).expect("a folder");
        let (file, program) = (app.join("program.cs"), app.join("program.dll"));
        fs::write(&file, source).expect("a source");
        let mut compiler = roslyn::net8_compiler();
        let assembly = package.join("lib/net8.0/Daxsign.dll");
        compiler.arg(format!("-r:{}", assembly.display()));
        compiler.arg(format!("-out:{}", program.display()));
        succeeds(compiler.arg(file), roslyn::PACKAGES);
        roslyn::write_config(&program);
        fs::write(program.with_extension("deps.json"), dependencies()).expect("a list");
        Self { folder, program }
    }

    /// Runs it on .NET 8, for this machine or for Windows.
    #[must_use]
    pub fn run(&self, runtime: Runtime, arguments: &[&str]) -> Output {
        let mut dotnet = match runtime {
            Runtime::Windows => dotnet_windows::dotnet(),
            _ => Command::new(roslyn::dotnet()),
        };
        dotnet
            .args(["exec", "--additionalprobingpath"])
            .arg(self.folder.path("packages"))
            .arg(&self.program)
            .args(arguments)
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
            .output()
            .expect("dotnet")
    }
}

/// `program.deps.json`, as the SDK writes it for a program with this package.
fn dependencies() -> String {
    let targets = PLATFORMS.map(|(platform, library)| {
        format!(
            r#""runtimes/{platform}/native/{library}": {{"rid": "{platform}", "assetType": "native"}}"#
        )
    });
    let targets = targets.join(", ");
    format!(
        r#"{{"runtimeTarget": {{"name": ".NETCoreApp,Version=v8.0", "signature": ""}},
"targets": {{".NETCoreApp,Version=v8.0": {{
  "program/1.0.0": {{"dependencies": {{"Daxsign": "{VERSION}"}}, "runtime": {{"program.dll": {{}}}}}},
  "Daxsign/{VERSION}": {{"runtime": {{"lib/net8.0/Daxsign.dll": {{}}}}, "runtimeTargets": {{{targets}}}}}}}}},
"libraries": {{
  "program/1.0.0": {{"type": "project", "serviceable": false, "sha512": ""}},
  "Daxsign/{VERSION}": {{"type": "package", "serviceable": true, "sha512": "", "path": "daxsign/{VERSION}"}}}}}}
"#
    )
}
