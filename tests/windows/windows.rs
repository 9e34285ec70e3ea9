//! The library for Windows: what `ffi/install` makes for it, and C and C++ programs with it under Wine.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use daxsign_tests::c_program::{Build, Linked, Programs, SOURCES, WARNINGS, expected_of};
use daxsign_tests::cases::{GOOD, REFUSED, SIGNATURES};
use daxsign_tests::folder::Folder;
use daxsign_tests::native::{
    self, WINDOWS, files, install, installed, installed_for_windows, project,
};
use daxsign_tests::windows::{
    GCC, GXX, archive, binutils, library, programs, run, with_archive, with_library,
};
use daxsign_tests::wine::{PACKAGES, wine};

fn printed(command: &mut Command) -> String {
    native::succeeds(command, PACKAGES)
}

/// Everything that an installation for this machine has, but its shared library.
#[test]
fn the_layout_is_exact() {
    let mut expected: Vec<String> = files(installed()).into_keys().collect();
    expected.retain(|name| !name.starts_with("lib/libdaxsign.so"));
    for name in ["bin/daxsign.dll", "lib/daxsign.lib", "lib/libdaxsign.dll.a"] {
        expected.push(name.into());
    }
    expected.sort();
    let found = files(installed_for_windows());
    let names: Vec<&String> = found.keys().collect();
    assert_eq!(names, expected.iter().collect::<Vec<_>>());
    let manifest = String::from_utf8_lossy(&found["share/daxsign/manifest.txt"]);
    assert_eq!(manifest.lines().collect::<Vec<_>>(), names);
}

/// The symbols that the file for this machine gives, by `nm`.
fn exported_here() -> Vec<String> {
    let library = installed().join("lib/libdaxsign.so");
    let mut nm = Command::new("nm");
    let said = printed(nm.args(["-D", "--defined-only"]).arg(library));
    let mut names: Vec<String> = said.lines().map(last_word).collect();
    names.sort();
    names
}

fn last_word(line: &str) -> String {
    line.rsplit(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn the_dll_exports_the_interface_and_needs_the_c_runtime_of_windows() {
    let headers = printed(binutils("objdump").arg("-p").arg(library()));
    let expected = exported_here();
    assert!(expected.len() > 50, "{expected:?}");
    let table = headers.split("[Ordinal/Name Pointer] Table").nth(1);
    let exported: Vec<String> = table
        .expect("a table of exports")
        .lines()
        .filter(|line| line.contains("daxsign"))
        .map(last_word)
        .collect();
    assert_eq!(exported, expected);
    let needed: Vec<&str> = headers
        .lines()
        .filter_map(|line| line.trim().strip_prefix("DLL Name: "))
        .collect();
    assert_eq!(needed, ["msvcrt.dll"]);
    for flag in ["HIGH_ENTROPY_VA", "DYNAMIC_BASE", "NX_COMPAT"] {
        assert!(headers.contains(flag), "{flag}");
    }
    assert!(headers.contains("AddressOfEntryPoint\t0000000000000000"));
    assert!(headers.contains("Base Relocation Directory [.reloc]"));
    let sections = printed(binutils("objdump").arg("-h").arg(library()));
    assert!(sections.contains(".text") && !sections.contains(".debug"));
}

/// The archive brings what the compiler calls for large frames: no linker's own library is needed.
#[test]
fn the_archive_needs_four_functions_of_the_c_library() {
    let needed = printed(binutils("nm").arg("--undefined-only").arg(archive()));
    let mut needed: Vec<String> = needed.lines().skip(2).map(last_word).collect();
    needed.sort();
    assert_eq!(needed, ["memcmp", "memcpy", "memmove", "memset"]);
    let defined = printed(binutils("nm").args(["-g", "--defined-only"]).arg(archive()));
    let mut defined: Vec<String> = defined.lines().skip(2).map(last_word).collect();
    defined.sort();
    assert_eq!(defined, exported_here());
}

/// Another folder, later: the same bytes.
#[test]
fn two_builds_are_the_same() {
    let folder = Folder::default();
    let prefix = folder.path("again");
    printed(install().arg(&prefix).args(["--target", WINDOWS]));
    let first = files(installed_for_windows());
    let again = files(&prefix);
    let differ = |name: &&String| again.get(*name) != first.get(*name);
    let different: Vec<&String> = first.keys().chain(again.keys()).filter(differ).collect();
    assert!(different.is_empty(), "{different:?}");
    printed(install().arg(&prefix).arg("--uninstall"));
    assert!(fs::read_dir(&prefix).is_ok_and(|left| left.count() == 0));
}

/// What Windows shows of the file.
#[test]
fn the_dll_tells_its_version() {
    let bytes = fs::read(library()).unwrap();
    let has = |text: &str| {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    for text in [
        "ProductVersion\0",
        "daxsign.dll\0",
        env!("CARGO_PKG_VERSION"),
    ] {
        assert!(has(text), "{text}");
    }
    let [major, minor, patch] = [
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
    ]
    .map(|number| number.parse::<u16>().unwrap());
    // VS_FIXEDFILEINFO: its mark, its own version, and the file's as two words, the higher halves first.
    let mut fixed = vec![0xBD, 0x04, 0xEF, 0xFE, 0, 0, 1, 0];
    for number in [minor, major, 0, patch] {
        fixed.extend(number.to_le_bytes());
    }
    assert!(bytes.windows(fixed.len()).any(|window| window == fixed));
}

#[test]
fn other_targets_are_refused() {
    let arguments = ["/nowhere", "--target", "x86_64-pc-windows-msvc"];
    let output = install().args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("--target wants x86_64-pc-windows-gnu"),
        "{said}"
    );
}

/// Every program with the archive in it; the longest with the DLL, too.
#[test]
fn c_programs() {
    const FLAGS: &[&str] = &["-std=c99", "-static"];
    let programs = programs();
    for source in SOURCES {
        let printed = run(&programs, source, &with_archive(GCC, FLAGS));
        assert_eq!(printed, expected_of(source), "{source}");
    }
    for source in ["c/cases.c", "c/hostile.c", "c/threads.c"] {
        let printed = run(&programs, source, &with_library(GCC, FLAGS));
        assert_eq!(printed, expected_of(source), "{source} with the DLL");
    }
    // Those were not linked to anything else.
    fs::remove_file(programs.folder().path("daxsign.dll")).expect("the DLL");
    let program = programs.compile("c/threads.c", &with_library(GCC, FLAGS));
    let output = wine(program.with_extension("exe")).arg("keys").output();
    assert!(!output.expect("wine").status.success());
}

/// All cases with exceptions, and without them the rest of the classes, and what depends on the system's clock.
#[test]
fn cpp_programs() {
    const THROWING: &[&str] = &["-std=c++17", "-static", "-DDAXSIGN_HPP_EXCEPTIONS"];
    const PLAIN: &[&str] = &["-std=c++17", "-static", "-fno-exceptions", "-fno-rtti"];
    let programs = programs();
    let cases = format!("{GOOD} good, {REFUSED} refused, {SIGNATURES} signatures\n");
    for (source, build, expected) in [
        ("cpp/cases.cpp", with_archive(GXX, THROWING), cases.as_str()),
        ("cpp/client.cpp", with_library(GXX, PLAIN), "all kept\n"),
        ("cpp/times.cpp", with_archive(GXX, PLAIN), "all kept\n"),
    ] {
        assert_eq!(run(&programs, source, &build), expected, "{source}");
    }
}

/// The value that `windows/microsoft.c` must print: what the library for this machine makes.
fn signed_here(programs: &Programs) -> String {
    let build = Build {
        compiler: "gcc",
        flags: &["-fno-builtin"],
        linked: Linked::Static,
        archive: None,
    };
    let program = programs.compile("windows/microsoft.c", &build);
    programs.run(&program)
}

/// Compiled for Microsoft's interface by clang, linked by LLVM's double of Microsoft's linker: with the
/// archive and with the DLL. Of the C runtime of Windows it takes what the program calls, nothing of mingw.
#[test]
fn what_links_as_microsoft_s_linker_does_takes_both() {
    let programs = programs();
    let expected = signed_here(&programs);
    assert!(expected.starts_with("realm=\"dax\""), "{expected}");
    let folder = programs.folder();
    folder.write(
        "runtime.def",
        "LIBRARY msvcrt.dll\nEXPORTS\nmemcmp\nmemcpy\nmemmove\nmemset\nprintf\nfopen\nfread\n",
    );
    let mut dlltool = Command::new("llvm-dlltool");
    dlltool.args([
        "-m",
        "i386:x86-64",
        "-d",
        "runtime.def",
        "-l",
        "runtime.lib",
    ]);
    native::succeeds(dlltool.current_dir(folder.root()), PACKAGES);
    let mut clang = Command::new("clang");
    clang
        .args([
            "--target=x86_64-pc-windows-msvc",
            "-std=c99",
            "-O1",
            "-fno-builtin",
            "-c",
        ])
        .args(WARNINGS)
        .arg("-I")
        .arg(installed_for_windows().join("include"))
        .arg(project().join("tests/windows/microsoft.c"));
    native::succeeds(clang.current_dir(folder.root()), PACKAGES);
    for library in ["libdaxsign.a", "daxsign.lib"] {
        let mut link = Command::new("lld-link");
        link.args([
            "/entry:main",
            "/subsystem:console",
            "/out:linked.exe",
            "microsoft.o",
        ])
        .arg(installed_for_windows().join("lib").join(library))
        .arg("runtime.lib");
        native::succeeds(link.current_dir(folder.root()), PACKAGES);
        let printed = programs.run_by_wine(&folder.path("linked.exe"));
        assert_eq!(printed, expected, "{library}");
    }
}

/// The project of `install`, made for Windows with CMake and with pkg-config.
#[test]
fn cmake_and_pkg_config_find_it() {
    let programs = programs();
    let folder = programs.folder();
    let sources = project().join("tests/install");
    for file in ["cmake/CMakeLists.txt", "sign.c", "version.cpp"] {
        let name = file.rsplit('/').next().unwrap();
        folder.write(name, fs::read(sources.join(file)).unwrap());
    }
    let mut cmake = Command::new("cmake");
    cmake
        .args(["-S", ".", "-B", "build", "-DCMAKE_SYSTEM_NAME=Windows"])
        .arg(format!("-DCMAKE_CXX_COMPILER={GXX}"))
        .arg(format!("-DCMAKE_C_COMPILER={GCC}"))
        .arg(format!(
            "-DCMAKE_PREFIX_PATH={}",
            installed_for_windows().display()
        ));
    printed(cmake.current_dir(folder.root()));
    let mut build = Command::new("cmake");
    printed(build.args(["--build", "build"]).current_dir(folder.root()));
    let mut found = Command::new("pkg-config");
    found.args(["--cflags", "--libs", "daxsign"]);
    found.env(
        "PKG_CONFIG_PATH",
        installed_for_windows().join("lib/pkgconfig"),
    );
    let found = printed(&mut found);
    let mut gcc = Command::new(GCC);
    gcc.args(["sign.c", "-o", "found.exe"])
        .args(found.split_whitespace());
    native::succeeds(gcc.current_dir(folder.root()), PACKAGES);
    fs::copy(library(), folder.path("build/daxsign.dll")).expect("a copy");
    let mut signed = BTreeSet::new();
    for program in ["build/shared.exe", "build/static.exe", "found.exe"] {
        let imports = printed(binutils("objdump").arg("-p").arg(folder.path(program)));
        let needs = imports.contains("DLL Name: daxsign.dll");
        assert_eq!(needs, program != "build/static.exe", "{program}");
        let mut sign = wine(folder.path(program));
        sign.arg("keys/rsa2048.pkcs8.pem")
            .current_dir(folder.root());
        signed.insert(printed(&mut sign));
    }
    assert_eq!(signed.len(), 1, "{signed:?}");
    assert!(
        signed
            .first()
            .is_some_and(|value| value.contains("signature=\""))
    );
}
