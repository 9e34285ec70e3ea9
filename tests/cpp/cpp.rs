//! The C++ classes, used by C++ programs: two compilers, with and without exceptions, under valgrind
//! and the sanitizers.

use std::process::Command;

use daxsign_tests::c_certificates::compare_with_openssl;
use daxsign_tests::c_program::{Build, Linked, Programs, programs_with_cases, succeed};
use daxsign_tests::cases::{GOOD, REFUSED, SIGNATURES};
use daxsign_tests::cpp_interface::calls;
use daxsign_tests::header_text::first_example;
use daxsign_tests::native::project;
use daxsign_tests::openssl::SUBJECT;

/// How many calls an object which was moved from can take part in.
const MOVED_FROM: usize = 69;

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
fn run_everywhere(source: &str, expected: &str) -> Programs {
    let programs = programs_with_cases();
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
    programs
}

/// The same without exceptions by one compiler, and with the sanitizers by the other.
fn run_twice(source: &str, expected: &str) {
    let programs = Programs::default();
    for way in [build("g++", PLAIN), build("clang++", SANITIZED)] {
        let program = programs.compile(source, &way);
        assert_eq!(programs.run(&program), expected, "{source}, {way:?}");
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

#[test]
fn messages_are_read_as_bytes() {
    run_twice("cpp/messages.cpp", "4 refused\n");
}

/// Keys and requests made in C++, as OpenSSL judges them.
#[test]
fn keys_and_requests_made_in_cpp_are_good_to_openssl() {
    let programs = run_everywhere("cpp/enrolling.cpp", "6 refused\n");
    let openssl = programs.openssl();
    let key = openssl.public_key_of_files("made");
    for (file, form) in [("made.request.der", "DER"), ("made.request.pem", "PEM")] {
        assert_eq!(openssl.subject_of_request(file, form, &key), SUBJECT);
    }
    let subject = openssl.subject_of_request("made.other.pem", "PEM", &key);
    let expected = SUBJECT.replace(".prod.", ".stage.") + ", serialNumber = 18505934000140";
    assert_eq!(subject, expected);
}

/// What `cpp/certificates.cpp` leaves behind: OpenSSL reads and judges the same.
#[test]
fn certificates_read_in_cpp_are_what_openssl_says() {
    let programs = run_everywhere(
        "cpp/certificates.cpp",
        "12 untrusted, 4 without an authority\n",
    );
    compare_with_openssl(&programs, 5, 7);
}

/// Every call that an object which was moved from can take part in is refused; none is left out.
#[test]
fn what_was_moved_from_is_refused() {
    let header = std::fs::read_to_string(project().join("include/daxsign.hpp")).unwrap();
    let calls = calls(&header);
    assert_eq!(calls.len(), MOVED_FROM);
    // The program prints each call once, in the order of their names.
    let calls = calls.into_iter().collect::<Vec<_>>().join("\n");
    run_twice("cpp/moved.cpp", &(calls + "\n"));
}

/// In one call and in pieces, with every choice and without.
#[test]
fn what_is_left_out_or_comes_in_pieces_is_judged_alike() {
    run_twice("cpp/omitted.cpp", "18 faults looked for\n");
}

/// Times from the years 0 to 9999, and the first and last that the clock's type can hold.
#[test]
fn times_are_kept_or_clamped() {
    run_twice("cpp/times.cpp", "all kept\n");
}

/// Older versions of the language are told what to pass, and nothing else.
#[test]
fn older_versions_are_told_what_to_pass() {
    let include = project().join("include");
    for compiler in ["g++", "clang++"] {
        for (version, is_good) in [("11", false), ("14", false), ("17", true), ("20", true)] {
            let output = Command::new(compiler)
                .arg(format!("-std=c++{version}"))
                .args(["-fsyntax-only", "-x", "c++", "-I"])
                .arg(&include)
                .arg(include.join("daxsign.hpp"))
                .output()
                .expect(compiler);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.success(), is_good, "{said}");
            if !is_good {
                assert!(
                    said.contains("needs C++17 or newer: compile with -std=c++17"),
                    "{said}"
                );
                assert_eq!(said.matches("error: ").count(), 1, "{said}");
            }
        }
    }
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
