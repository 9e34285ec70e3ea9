//! The NuGet packages of the C# binding: what is in them, as another reads it.

use std::fs;
use std::process::Command;

use daxsign_tests::csharp::{binding, built};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::native::succeeds;
use daxsign_tests::nuget::{PLATFORMS, natives, pack};

const FILES: [&str; 15] = [
    "[Content_Types].xml",
    "_rels/.rels",
    "Daxsign.nuspec",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "build/net472/Daxsign.targets",
    "buildTransitive/net472/Daxsign.targets",
    "lib/net8.0/Daxsign.dll",
    "lib/net8.0/Daxsign.xml",
    "lib/netstandard2.0/Daxsign.dll",
    "lib/netstandard2.0/Daxsign.xml",
    "runtimes/linux-arm64/native/libdaxsign.so",
    "runtimes/linux-x64/native/libdaxsign.so",
    "runtimes/win-x64/native/libdaxsign.dll",
];
const EXTENSION_FILES: [&str; 10] = [
    "[Content_Types].xml",
    "_rels/.rels",
    "Daxsign.Extensions.nuspec",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "lib/net8.0/Daxsign.Extensions.dll",
    "lib/net8.0/Daxsign.Extensions.xml",
    "lib/netstandard2.0/Daxsign.Extensions.dll",
    "lib/netstandard2.0/Daxsign.Extensions.xml",
];

/// Reads a package with Python's zip and XML readers: the names in their order; that every part has a type;
/// the manifest that the relations lead to; and where its targets find their files. Unpacks it.
const READ: &str = r#"
import posixpath, sys, xml.etree.ElementTree as xml, zipfile
package = zipfile.ZipFile(sys.argv[1])
assert package.testzip() is None
names = package.namelist()
assert len(set(names)) == len(names)
print("\n".join(names))
types = xml.fromstring(package.read("[Content_Types].xml"))
space = "{http://schemas.openxmlformats.org/package/2006/content-types}"
endings = {one.get("Extension") for one in types.iter(space + "Default")}
parts = {one.get("PartName") for one in types.iter(space + "Override")}
for name in names[1:]:
    assert name.rsplit(".", 1)[-1] in endings or "/" + name in parts, name
(relation,) = xml.fromstring(package.read("_rels/.rels"))
manifest = relation.get("Target").lstrip("/")
assert relation.get("Type") == "http://schemas.microsoft.com/packaging/2010/07/manifest"
space = "{http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd}"
data = xml.fromstring(package.read(manifest)).find(space + "metadata")
field = lambda name: data.find(space + name).text
assert field("readme") in names
print("package", field("id"), field("version"), field("license"))
for group in data.find(space + "dependencies"):
    wanted = [one.get("id") + " " + one.get("version") for one in group]
    print("for", group.get("targetFramework"), *wanted)
for name in names:
    if name.endswith(".targets"):
        for one in xml.fromstring(package.read(name)).iter("{http://schemas.microsoft.com/developer/msbuild/2003}None"):
            path = one.get("Include").replace("$(MSBuildThisFileDirectory)", posixpath.dirname(name) + "/")
            assert posixpath.normpath(path) in names, path
            print("copied", posixpath.normpath(path), "as", one[0].text)
package.extractall(sys.argv[2])
"#;

/// What Python says of a package, which it unpacks beside it.
fn read(folder: &Folder, name: &str) -> Vec<String> {
    let mut python = Command::new("python3");
    python.args(["-c", READ]);
    python.arg(folder.path(name)).arg(folder.path("unpacked"));
    let said = succeeds(&mut python, "python3");
    said.lines().map(Into::into).collect()
}

#[test]
fn the_packages_are_laid_out_for_nuget() {
    let version = env!("CARGO_PKG_VERSION");
    let folder = Folder::default();
    pack(folder.root());
    let said = read(&folder, "Daxsign.nupkg");
    assert_eq!(said[..FILES.len()], FILES);
    let copied = "copied runtimes/win-x64/native/libdaxsign.dll as libdaxsign.dll";
    let expected = [
        &format!("package Daxsign {version} MIT OR Apache-2.0"),
        "for .NETStandard2.0",
        "for net8.0",
        copied,
        copied,
    ];
    assert_eq!(said[FILES.len()..], expected);
    let same = |file: String, source: std::path::PathBuf| {
        let packed = fs::read(folder.path("unpacked").join(&file)).expect(&file);
        assert!(packed == fs::read(source).expect("its source"), "{file}");
    };
    for (platform, library) in PLATFORMS {
        let packed = format!("runtimes/{platform}/native/{library}");
        same(packed, natives().join(platform).join(library));
    }
    let assemblies = [("netstandard2.0", Runtime::Mono), ("net8.0", Runtime::Net8)];
    for (framework, runtime) in assemblies {
        let packed = format!("lib/{framework}/Daxsign.dll");
        same(packed, built(runtime).library.clone());
    }
    let said = read(&folder, "Daxsign.Extensions.nupkg");
    assert_eq!(said[..EXTENSION_FILES.len()], EXTENSION_FILES);
    let needs = format!(
        "Daxsign [{version}] Microsoft.Extensions.DependencyInjection.Abstractions 8.0.0 \
         Microsoft.Extensions.Logging.Abstractions 8.0.0"
    );
    let expected = [
        format!("package Daxsign.Extensions {version} MIT OR Apache-2.0"),
        format!("for .NETStandard2.0 {needs}"),
        format!("for net8.0 {needs}"),
    ];
    assert_eq!(said[EXTENSION_FILES.len()..], expected);
}

#[test]
fn packed_twice_they_are_the_same_bytes() {
    let folders = [Folder::default(), Folder::default()];
    for folder in &folders {
        pack(folder.root());
    }
    for name in ["Daxsign.nupkg", "Daxsign.Extensions.nupkg"] {
        let [one, other] = folders.each_ref().map(|folder| fs::read(folder.path(name)));
        assert!(
            one.expect("a package") == other.expect("a package"),
            "{name}"
        );
    }
}

#[test]
fn what_cannot_be_packed_is_refused() {
    let folder = Folder::default();
    let assemblies = folder.path("netstandard2.0");
    fs::create_dir(&assemblies).expect("a folder");
    let refused = |arguments: &[&str], why: &str| {
        let mut pack = Command::new(binding().join("pack"));
        pack.arg(folder.path("out.nupkg")).arg(folder.root());
        let output = pack.args(arguments).output().expect("pack");
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(why), "{said}");
        assert!(!folder.path("out.nupkg").exists());
    };
    refused(&["win-x64=x"], "netstandard2.0/Daxsign.dll is missing");
    refused(
        &["--extensions"],
        "netstandard2.0/Daxsign.Extensions.dll is missing",
    );
    fs::write(assemblies.join("Daxsign.dll"), "an assembly").expect("a file");
    refused(&["plan9=x"], "`plan9=x` is not RID=LIBRARY");
    refused(
        &["win-x64=nowhere.dll"],
        "the library for win-x64, `nowhere.dll`, is missing",
    );
}

/// The library for ARM, as a program there loads it.
#[test]
fn the_library_for_arm_answers() {
    let folder = Folder::default();
    let source = folder.write(
        "version.c",
        "#include <stdio.h>\n#include \"daxsign.h\"\n\
         int main(void) { printf(\"%s %u\\n\", daxsign_version(), daxsign_abi_version() == DAXSIGN_ABI_VERSION); }\n",
    );
    let library = natives().join("linux-arm64");
    let mut cc = Command::new("aarch64-linux-gnu-gcc");
    cc.arg(source).arg("-o").arg(folder.path("version"));
    cc.arg("-I")
        .arg(daxsign_tests::csharp::root().join("include"));
    cc.arg(library.join("libdaxsign.so"));
    succeeds(&mut cc, "gcc-aarch64-linux-gnu");
    let mut run = Command::new("qemu-aarch64");
    run.args(["-L", "/usr/aarch64-linux-gnu", "-E"]);
    run.arg(format!("LD_LIBRARY_PATH={}", library.display()));
    let said = succeeds(run.arg(folder.path("version")), "qemu-user");
    assert_eq!(said.trim(), format!("{} 1", env!("CARGO_PKG_VERSION")));
}
