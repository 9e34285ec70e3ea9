//! The C++ classes, used by C++ programs: two compilers, with and without exceptions, under valgrind
//! and the sanitizers.

use std::process::Command;

use daxsign_tests::c_cases::cases_header;
use daxsign_tests::c_program::{Build, Linked, Programs, succeed};
use daxsign_tests::cases::{GOOD, REFUSED, SIGNATURES};
use daxsign_tests::header_text::first_example;
use daxsign_tests::native::project;

const THROWING: &[&str] = &["-std=c++17", "-DDAXSIGN_HPP_EXCEPTIONS"];
const PLAIN: &[&str] = &["-std=c++17", "-fno-exceptions", "-fno-rtti"];
const SANITIZED: &[&str] = &[
    "-std=c++17",
    "-DDAXSIGN_HPP_EXCEPTIONS",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];

fn build<'a>(compiler: &'a str, flags: &'a [&'a str]) -> Build<'a> {
    Build {
        compiler,
        flags,
        linked: Linked::Static,
        archive: None,
    }
}

/// Runs one program in every way; it must print `expected` each time.
fn run_everywhere(source: &str, expected: &str) {
    let programs = Programs::default();
    programs.folder().write("cases.h", cases_header());
    let ways = [
        build("g++", PLAIN),
        build("g++", THROWING),
        build("clang++", THROWING),
        build("clang++", PLAIN),
        build("clang++", &["-std=c++20"]),
        build("clang++", SANITIZED),
    ];
    for way in ways {
        let program = programs.compile(source, &way);
        assert_eq!(programs.run(&program), expected, "{source}, {way:?}");
        if way.compiler == "g++" && way.flags == THROWING {
            let printed = programs.run_under_valgrind(&program);
            assert_eq!(printed, expected, "{source}, valgrind");
        }
    }
}

#[test]
fn all_cases() {
    let expected = format!("{GOOD} good, {REFUSED} refused, {SIGNATURES} signatures\n");
    run_everywhere("cpp/cases.cpp", &expected);
}

#[test]
fn moves_results_streams_and_signers() {
    run_everywhere("cpp/client.cpp", "all kept\n");
}

/// The program of the first page, as a reader copies it.
#[test]
fn the_first_example_signs_and_verifies() {
    let programs = Programs::default();
    let header = std::fs::read_to_string(project().join("include/daxsign.hpp")).unwrap();
    let source = programs
        .folder()
        .write("example.cpp", first_example(&header));
    for compiler in ["g++", "clang++"] {
        let program = programs.compile_file(&source, &build(compiler, &["-std=c++17"]));
        let key = programs.folder().path("keys/rsa2048.pkcs8.pem");
        let output = succeed(Command::new(program).arg(key));
        let printed = String::from_utf8(output.stdout).unwrap();
        let start = "Signature: realm=\"dax\" algorithm=\"sha256withrsa\" \
                     headers=\"(request-target) host content-length date\" signature=\"";
        assert!(printed.starts_with(start), "{printed}");
        assert!(printed.ends_with("\"\nverified\n"), "{printed}");
    }
}
