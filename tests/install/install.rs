//! The installed library as an integrator meets it: the files, a CMake and a pkg-config project
//! outside the tree, a folder that moves, a smaller build, and calls that are refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::prelude::{BASE64_STANDARD, Engine};
use daxsign_tests::folder::Folder;
use daxsign_tests::native::{self, files, install, installed, project};
use daxsign_tests::openssl::OpenSsl;

/// What the program of the projects signs, written out by hand.
const SIGNING_STRING: &str = "\
(request-target): post /api/v2/DaxEndPoint
host: dax.amido.se
content-length: 18
date: 2020-05-17T14:44:30+02:00
{\"hello\": \"world\"}";

#[test]
fn the_layout_is_exact() {
    let (abi, version) = (abi_version(), workspace_version());
    let mut expected: Vec<String> = [
        "include/daxsign.h",
        "lib/cmake/daxsign/daxsign-config-version.cmake",
        "lib/cmake/daxsign/daxsign-config.cmake",
        "lib/libdaxsign.a",
        "lib/libdaxsign.so",
        "lib/pkgconfig/daxsign.pc",
        "share/daxsign/manifest.txt",
        "share/doc/daxsign/LICENSE-APACHE",
        "share/doc/daxsign/LICENSE-MIT",
        "share/doc/daxsign/README.md",
        "share/doc/daxsign/auditors.md",
        "share/doc/daxsign/c-firmware.md",
        "share/doc/daxsign/capture.md",
        "share/doc/daxsign/certificates.md",
        "share/doc/daxsign/coverage.md",
        "share/doc/daxsign/cpp-service.md",
        "share/doc/daxsign/csharp-binding.md",
        "share/doc/daxsign/csharp-service.md",
        "share/doc/daxsign/enrolment.md",
        "share/doc/daxsign/errors.md",
        "share/doc/daxsign/exchange.md",
        "share/doc/daxsign/install.md",
        "share/doc/daxsign/mutual-tls.md",
        "share/doc/daxsign/node-and-python.md",
        "share/doc/daxsign/operators.md",
        "share/doc/daxsign/refused.md",
        "share/doc/daxsign/rest.md",
        "share/doc/daxsign/rules.md",
        "share/doc/daxsign/sandbox.md",
        "share/doc/daxsign/sidecar.md",
        "share/doc/daxsign/tool.md",
    ]
    .map(String::from)
    .into();
    expected.push(format!("lib/libdaxsign.so.{abi}"));
    expected.push(format!("lib/libdaxsign.so.{abi}.{version}"));
    if has_cpp_wrapper() {
        expected.push("include/daxsign.hpp".into());
    }
    expected.sort();

    let found: Vec<_> = files(installed()).into_keys().collect();
    assert_eq!(found, expected);
    let manifest = fs::read_to_string(installed().join("share/daxsign/manifest.txt")).unwrap();
    assert_eq!(manifest.lines().collect::<Vec<_>>(), expected);
    assert_eq!(
        fs::read(installed().join("include/daxsign.h")).unwrap(),
        fs::read(project().join("include/daxsign.h")).unwrap()
    );
}

#[test]
fn the_shared_library_shows_only_its_own_names() {
    let library = installed().join("lib/libdaxsign.so");
    let symbols = text(
        Command::new("nm")
            .args(["-D", "--defined-only"])
            .arg(&library),
    );
    let names: Vec<_> = symbols
        .lines()
        .filter_map(|line| line.split(' ').nth(2))
        .collect();
    let header = fs::read_to_string(project().join("include/daxsign.h")).unwrap();
    assert!(names.len() > 40, "only {} functions", names.len());
    for name in &names {
        assert!(name.starts_with("daxsign_"), "{name} is exported");
        // What fills storage is called by a name that ends in its size.
        let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
        let has_size = plain != *name && header.contains(&format!("#define {plain} "));
        assert!(
            header.contains(&format!("{name}(")) || has_size,
            "{name} is not in the header"
        );
    }

    let dynamic = text(Command::new("readelf").args(["-dW"]).arg(&library));
    let soname = format!("Library soname: [libdaxsign.so.{}]", abi_version());
    assert!(dynamic.contains(&soname), "{dynamic}");
    let needed: Vec<_> = dynamic
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .collect();
    assert!(
        matches!(needed[..], [one] if one.contains("[libc.so.")),
        "needs more than the C library: {needed:?}"
    );
    let segments = text(Command::new("readelf").args(["-lW"]).arg(&library));
    let stack = segments
        .lines()
        .find(|line| line.contains("GNU_STACK"))
        .unwrap();
    assert!(stack.contains(" RW ") && !stack.contains("RWE"), "{stack}");
}

#[test]
fn versions_agree_everywhere() {
    let (abi, version) = (abi_version(), workspace_version());
    let major = |version: &str| version.split('.').next().map(String::from);

    let manifest = fs::read_to_string(project().join("ffi/Cargo.toml")).unwrap();
    let library = manifest
        .split_once("[package.metadata.capi.library]\n")
        .expect("metadata for cargo-c")
        .1;
    let value = |key: &str| {
        library
            .lines()
            .take_while(|line| !line.starts_with('['))
            .find_map(|line| line.strip_prefix(&format!("{key} = ")))
            .unwrap_or_else(|| panic!("no {key}"))
            .trim_matches('"')
            .to_owned()
    };
    // cargo-c makes the soname of the first component.
    assert_eq!(major(&value("version")), Some(abi.clone()));
    assert_eq!(value("version_suffix_components"), "1");

    assert_eq!(pkg_config(installed(), &["--modversion"]).trim(), version);
    let folder = Folder::default();
    let program = folder.write(
        "version.c",
        "#include <daxsign.h>\n#include <stdio.h>\n\
         int main(void) { printf(\"%u %s\", (unsigned)daxsign_abi_version(), daxsign_version()); }",
    );
    let library = installed().join("lib/libdaxsign.a");
    let binary = compile(&folder, &program, installed(), &[], &[&library]);
    assert_eq!(text(&mut Command::new(binary)), format!("{abi} {version}"));
}

#[test]
fn a_cmake_project() {
    let folder = Folder::default();
    cmake_builds(&folder, installed());
    let mut programs = 0;
    for (name, shared) in [("shared", true), ("static", false), ("cpp", true)] {
        let program = folder.path("build").join(name);
        if name != "cpp" {
            assert_signs(&program, "rsa4096");
        } else if has_cpp_wrapper() {
            let said = text(&mut Command::new(&program));
            assert_eq!(said.trim(), workspace_version());
        } else {
            continue;
        }
        assert_eq!(needs_shared_library(&program), shared, "{name}");
        programs += 1;
    }
    assert_eq!(programs, if has_cpp_wrapper() { 3 } else { 2 });
}

#[test]
fn cmake_is_told_of_other_versions_and_of_missing_files() {
    let folder = Folder::default();
    let find = |prefix: &Path, version: &str| {
        let lists = format!(
            "cmake_minimum_required(VERSION 3.16)\nproject(integrator C)\n\
             find_package(daxsign {version} REQUIRED)\n"
        );
        folder.write("CMakeLists.txt", lists);
        let _ = fs::remove_dir_all(folder.path("build"));
        cmake(&folder, prefix).output().expect("cmake starts")
    };
    let version = workspace_version();
    for good in ["", "0.1", &version, &format!("{version} EXACT")] {
        let output = find(installed(), good);
        assert!(output.status.success(), "{good}: {}", error(&output));
    }
    for other in ["0.0.9", "0.2", "1.0", "0.1.1 EXACT", "99"] {
        let output = find(installed(), other);
        assert!(!output.status.success(), "{other} was found");
        assert!(error(&output).contains(&version), "{}", error(&output));
    }

    let damaged = folder.path("damaged");
    copy_folder(installed(), &damaged);
    fs::remove_file(damaged.join("lib/libdaxsign.a")).unwrap();
    let output = find(&damaged, "");
    assert!(!output.status.success());
    // CMake wraps its messages.
    let said = error(&output)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        said.contains("lib/libdaxsign.a is missing: install daxsign again"),
        "{said}"
    );
}

#[test]
fn a_pkg_config_project() {
    let folder = Folder::default();
    make_builds(&folder, installed());
    for (name, shared) in [("shared", true), ("static", false)] {
        let program = folder.path(name);
        assert_signs(&program, "rsa4096");
        assert_eq!(needs_shared_library(&program), shared, "{name}");
    }
}

#[test]
fn the_folder_may_be_moved_also_to_one_with_a_space() {
    let folder = Folder::default();
    let moved = folder.path("other place");
    copy_folder(installed(), &moved);

    let (cmake, make) = (Folder::default(), Folder::default());
    cmake_builds(&cmake, &moved);
    make_builds(&make, &moved);
    for program in [cmake.path("build/shared"), make.path("shared")] {
        assert_signs(&program, "rsa2048");
        let linked = text(Command::new("ldd").arg(&program));
        let library = moved.join("lib");
        let found = linked
            .lines()
            .find(|line| line.contains("libdaxsign"))
            .unwrap();
        let path = found
            .split(" => ")
            .nth(1)
            .unwrap()
            .split(" (")
            .next()
            .unwrap();
        let path = Path::new(path)
            .canonicalize()
            .expect("the library is found");
        assert!(path.starts_with(library.canonicalize().unwrap()), "{found}");
    }
    for program in [cmake.path("build/static"), make.path("static")] {
        assert_signs(&program, "rsa2048");
    }
}

#[test]
fn a_folder_with_a_space_is_installed_to_and_uninstalled_from() {
    let folder = Folder::default();
    let prefix = folder.path("a folder/of mine");
    let output = succeeds(install().arg(&prefix));
    assert!(
        output.contains(&format!("daxsign {}", workspace_version())),
        "{output}"
    );
    assert!(output.contains("find_package(daxsign)"), "{output}");
    assert_eq!(files(&prefix), files(installed()));

    // Again, over what is there.
    fs::write(prefix.join("include/own.h"), "").unwrap();
    succeeds(install().arg(&prefix));
    succeeds(install().arg(&prefix).arg("--uninstall"));
    let left: Vec<_> = files(&prefix).into_keys().collect();
    assert_eq!(left, ["include/own.h"]);
    assert!(!prefix.join("lib").exists());
    let again = install().arg(&prefix).arg("--uninstall").output().unwrap();
    assert_eq!(again.status.code(), Some(1));
    assert!(error(&again).contains("nothing to uninstall"));

    // A manifest that names what lies elsewhere removes nothing.
    fs::create_dir_all(prefix.join("share/daxsign")).unwrap();
    fs::write(
        prefix.join("share/daxsign/manifest.txt"),
        "include/own.h\n../outside\n",
    )
    .unwrap();
    fs::write(folder.path("a folder/outside"), "").unwrap();
    let refused = install().arg(&prefix).arg("--uninstall").output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(folder.path("a folder/outside").exists() && prefix.join("include/own.h").exists());
}

#[test]
fn destdir_holds_the_files_of_a_package() {
    let folder = Folder::default();
    let prefix = "/usr/daxsign of a test";
    succeeds(install().arg(prefix).env("DESTDIR", folder.root()));
    let staged = folder.root().join(&prefix[1..]);
    assert_eq!(files(&staged), files(installed()));
    assert!(!Path::new(prefix).exists());
}

#[test]
fn a_smaller_library_and_a_larger_one() {
    let folder = Folder::default();
    let program = project().join("tests/install/sign.c");
    let define = ["-DDAXSIGN_MAX_MODULUS_BITS=2048".to_owned()];

    // Compiled for less than the library holds: not linked, and what says that it finds the functions
    // itself is refused before anything is written.
    let library = installed().join("lib/libdaxsign.a");
    let mut cc = compiler(&folder, &program, installed(), &define, &[&library]);
    let said = error(&cc.output().unwrap());
    assert!(said.contains("daxsign_private_key_load_2048"), "{said}");
    let plain = [define[0].clone(), "-DDAXSIGN_PLAIN_NAMES".into()];
    let binary = compile(&folder, &program, installed(), &plain, &[&library]);
    let output = sign(&binary, "rsa2048");
    assert_eq!(output.status.code(), Some(1), "{}", error(&output));
    let said = error(&output);
    assert!(said.starts_with("too-small: "), "{said}");
    assert!(said.contains("2512") && output.stdout.is_empty(), "{said}");

    let small = folder.path("small");
    succeeds(install().arg("--bits").arg("2048").arg(&small));
    let flags = pkg_config(&small, &["--cflags"]);
    assert!(flags.contains(&define[0]), "{flags}");
    make_builds(&folder, &small);
    let cmake = Folder::default();
    cmake_builds(&cmake, &small);
    for program in [
        folder.path("shared"),
        folder.path("static"),
        cmake.path("build/static"),
    ] {
        assert_signs(&program, "rsa2048");
        let larger = sign(&program, "rsa4096");
        assert!(
            error(&larger).starts_with("unsupported-key: "),
            "{}",
            error(&larger)
        );
    }
    // Storage for more than the library needs is good.
    let library = small.join("lib/libdaxsign.a");
    let binary = compile(&folder, &program, installed(), &[], &[&library]);
    assert_signs(&binary, "rsa2048");
}

#[test]
fn what_is_not_understood_is_refused_before_anything_is_made() {
    let folder = Folder::default();
    let prefix = folder.path("prefix");
    let prefix = prefix.to_str().unwrap();
    let refused: [&[&str]; 8] = [
        &[],
        &[""],
        &["--bits", "4096"],
        &[prefix, "--bits"],
        &[prefix, "--bits", "1024"],
        &[prefix, "--wrong"],
        &[prefix, "-x"],
        &[prefix, "another"],
    ];
    for arguments in refused {
        let output = install().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            error(&output).contains("usage: ffi/install PREFIX"),
            "{arguments:?}"
        );
        assert!(output.stdout.is_empty() && !Path::new(prefix).exists());
    }
    assert!(succeeds(install().arg("--help")).contains("usage: ffi/install PREFIX"));

    // A file stands where the folder should.
    fs::write(prefix, "mine").unwrap();
    let output = install().arg(prefix).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        error(&output).contains("cannot write to"),
        "{}",
        error(&output)
    );
    assert_eq!(fs::read(prefix).unwrap(), b"mine");
}

/// Copies the CMake project into the folder, configures it for the installed copy and builds it.
fn cmake_builds(folder: &Folder, prefix: &Path) {
    let source = project().join("tests/install");
    for file in ["cmake/CMakeLists.txt", "sign.c", "version.cpp"] {
        let name = file.rsplit('/').next().unwrap();
        folder.write(name, fs::read(source.join(file)).unwrap());
    }
    let with_cpp = if has_cpp_wrapper() { "ON" } else { "OFF" };
    succeeds(cmake(folder, prefix).arg(format!("-DWITH_CPP={with_cpp}")));
    let mut build = Command::new("cmake");
    succeeds(build.args(["--build", "build"]).current_dir(folder.root()));
}

fn cmake(folder: &Folder, prefix: &Path) -> Command {
    let mut cmake = Command::new("cmake");
    cmake
        .args(["-S", ".", "-B", "build"])
        .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display()))
        .current_dir(folder.root());
    cmake
}

/// Copies the Makefile project into the folder and builds it.
fn make_builds(folder: &Folder, prefix: &Path) {
    let source = project().join("tests/install");
    for file in ["make/Makefile", "sign.c"] {
        let name = file.rsplit('/').next().unwrap();
        folder.write(name, fs::read(source.join(file)).unwrap());
    }
    let mut make = Command::new("make");
    make.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    succeeds(make.current_dir(folder.root()));
}

fn pkg_config(prefix: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("pkg-config");
    command.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"));
    text(command.args(arguments).arg("daxsign"))
}

fn compile(
    folder: &Folder,
    source: &Path,
    prefix: &Path,
    flags: &[String],
    libraries: &[&Path],
) -> PathBuf {
    succeeds(&mut compiler(folder, source, prefix, flags, libraries));
    folder.path("program")
}

/// What makes `program` in the folder.
fn compiler(
    folder: &Folder,
    source: &Path,
    prefix: &Path,
    flags: &[String],
    libraries: &[&Path],
) -> Command {
    let mut cc = Command::new("cc");
    cc.args(flags).arg("-I").arg(prefix.join("include"));
    cc.arg("-o").arg(folder.path("program"));
    cc.arg(source).args(libraries);
    cc
}

fn sign(program: &Path, key: &str) -> Output {
    let key = project().join(format!("tests/vectors/keys/{key}.pkcs8.pem"));
    let mut command = Command::new(program);
    command.arg(key).output().expect("the program starts")
}

/// Fails unless the program signs the request so that OpenSSL accepts the signature.
fn assert_signs(program: &Path, key: &str) {
    let output = sign(program, key);
    assert!(
        output.status.success(),
        "{}: {}",
        program.display(),
        error(&output)
    );
    let value = String::from_utf8(output.stdout).expect("text");
    let parameter = |name: &str| {
        let rest = value.split_once(&format!("{name}=\"")).expect(name).1;
        rest.split_once('"').expect("its end").0
    };
    assert_eq!(
        parameter("headers"),
        "(request-target) host content-length date"
    );
    let signature = BASE64_STANDARD
        .decode(parameter("signature"))
        .expect("base64");
    let public_key = project().join(format!("tests/vectors/keys/{key}.spki.pem"));
    let openssl = OpenSsl::default();
    assert!(
        openssl.verifies(&public_key, SIGNING_STRING.as_bytes(), &signature),
        "{}: OpenSSL refuses the signature",
        program.display()
    );
}

fn needs_shared_library(program: &Path) -> bool {
    text(Command::new("readelf").arg("-dW").arg(program)).contains("[libdaxsign.so.")
}

fn has_cpp_wrapper() -> bool {
    project().join("include/daxsign.hpp").exists()
}

fn abi_version() -> String {
    let header = fs::read_to_string(project().join("include/daxsign.h")).unwrap();
    let line = header
        .lines()
        .find_map(|line| line.strip_prefix("#define DAXSIGN_ABI_VERSION "));
    line.expect("the interface's version").into()
}

fn workspace_version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

fn copy_folder(from: &Path, to: &Path) {
    succeeds(Command::new("cp").arg("-a").arg(from).arg(to));
}

/// Standard output of a program that must succeed and say something.
fn text(command: &mut Command) -> String {
    let said = succeeds(command);
    assert!(!said.is_empty(), "{command:?} says nothing");
    said
}

/// Standard output of a program that must succeed.
fn succeeds(command: &mut Command) -> String {
    native::succeeds(command, "cmake, make, pkg-config, binutils and gcc")
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
