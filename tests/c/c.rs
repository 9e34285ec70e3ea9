//! The C interface, used by C programs: compiled without a warning by two compilers, linked to
//! both forms of the library, run under valgrind and the sanitizers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use daxsign_tests::c_certificates::compare_with_openssl;
use daxsign_tests::c_program::{
    Build, Linked, Programs, compile_and_check, expected_of, programs_with_cases,
};
use daxsign_tests::header_text::{functions, header_text};
use daxsign_tests::native::{project, target_folder};
use daxsign_tests::openssl::{HOST, SUBJECT};

const COMPILERS: [&str; 2] = ["gcc", "clang"];

/// The plain build.
fn plain(compiler: &str) -> Build<'_> {
    Build {
        compiler,
        flags: &["-std=c99"],
        linked: Linked::Static,
        archive: None,
    }
}

/// With the sanitizers.
fn sanitized() -> Build<'static> {
    Build {
        flags: &[
            "-std=c99",
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all",
        ],
        ..plain("clang")
    }
}

/// Runs one program in every way; it must print the same each time.
fn run_everywhere(source: &str) -> Programs {
    let expected = expected_of(source);
    let programs = programs_with_cases();
    let mut ways = 0;
    for compiler in COMPILERS {
        let program = programs.compile(source, &plain(compiler));
        assert_eq!(programs.run(&program), expected, "{source}, {compiler}");
        ways += 1;
        if compiler == "gcc" {
            let printed = programs.run_under_valgrind(&program);
            assert_eq!(printed, expected, "{source}, valgrind");
            ways += 1;
        }
    }
    let shared = Build {
        linked: Linked::Shared,
        ..plain("gcc")
    };
    for build in [shared, sanitized()] {
        let program = programs.compile(source, &build);
        assert_eq!(programs.run(&program), expected, "{source}, {build:?}");
        ways += 1;
    }
    assert_eq!(ways, 5);
    programs
}

#[test]
fn all_cases() {
    run_everywhere("c/cases.c");
}

#[test]
fn every_status_is_provoked_and_explained() {
    run_everywhere("c/errors.c");
}

#[test]
fn hostile_calls_are_refused() {
    run_everywhere("c/hostile.c");
}

#[test]
fn messages_are_read_where_they_lie() {
    run_everywhere("c/messages.c");
}

/// The functions that the header declares with more than one pointer to memory, and these arguments.
fn functions_with_pointers() -> BTreeMap<String, BTreeSet<String>> {
    let header = header_text();
    let arguments = |name: &String| {
        // What returns no status takes no pointer.
        let declared = header.split_once(&format!("\nDaxsignStatus {name}("));
        let Some((_, declared)) = declared else {
            return BTreeSet::new();
        };
        let (list, _) = declared.split_once(");").expect("its end");
        // What stands between a function's parentheses goes to that function; the context, too.
        let mut depth = 0;
        let own: String = list
            .chars()
            .filter(|letter| {
                depth += i32::from(*letter == '(') - i32::from(*letter == ')');
                depth == 0 && *letter != ')'
            })
            .collect();
        own.split(',')
            .filter_map(|argument| argument.rsplit_once('*'))
            .map(|(_, argument)| argument.trim().to_owned())
            .filter(|argument| argument != "context")
            .collect()
    };
    functions(&header)
        .into_iter()
        .map(|name| (name.clone(), arguments(&name)))
        .filter(|(_, arguments): &(String, BTreeSet<String>)| arguments.len() > 1)
        .collect()
}

/// How many pairs of an output and other memory the functions have.
const PAIRS: usize = 560;

#[test]
fn every_output_is_kept_apart_from_everything_else() {
    let programs = Programs::default();
    for build in [plain("gcc"), sanitized()] {
        let program = programs.compile("c/overlaps.c", &build);
        let printed = programs.run(&program);
        let (tried, pairs) = printed.trim_end().rsplit_once('\n').expect("two lines");
        assert_eq!(pairs, format!("{PAIRS} pairs"));
        let tried: BTreeMap<String, BTreeSet<String>> = tried
            .lines()
            .map(|line| {
                let mut words = line.split(' ').map(str::to_owned);
                (words.next().expect("a name"), words.collect())
            })
            .collect();
        assert_eq!(tried, functions_with_pointers());
    }
}

#[test]
fn what_is_left_out_or_comes_in_pieces_is_judged_alike() {
    run_everywhere("c/omitted.c");
}

#[test]
fn streams_signers_guards_and_keys() {
    run_everywhere("c/streams.c");
}

#[test]
fn one_key_serves_all_threads() {
    run_everywhere("c/threads.c");
}

#[test]
fn what_was_loaded_half_way_is_wiped() {
    let programs = Programs::default();
    let program = programs.compile("c/interrupted.c", &plain("gcc"));
    assert_eq!(programs.run(&program), "all wiped\n");
}

/// A header whose streams or entries have another size than the library's does not link.
#[test]
fn storage_of_another_size_is_missed_by_the_linker() {
    let programs = Programs::default();
    let header = std::fs::read_to_string(project().join("include/daxsign.h")).unwrap();
    for (size, function) in [
        ("SIGNING_STREAM_SIZE", "signing_stream_start"),
        ("VERIFYING_STREAM_SIZE", "verifying_stream_start"),
        ("REPLAY_ENTRY_SIZE", "replay_guard_start"),
    ] {
        let defined = format!("#define DAXSIGN_{size} ");
        let (before, after) = header.split_once(&defined).expect("the size");
        let other = format!("{before}{defined}8{}", &after[after.find('\n').unwrap()..]);
        let folder = programs.folder().path(size);
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("daxsign.h"), other).expect("a header");
        let flag = format!("-I{}", folder.display());
        let build = Build {
            flags: &["-std=c99", &flag],
            ..plain("gcc")
        };
        let said = programs.try_to_compile("c/sizes.c", &build).unwrap_err();
        let missing = format!("undefined reference to `daxsign_{function}_8'");
        assert!(said.contains(&missing), "{said}");
    }
}

/// The bounds in the header hold in the archive as it is shipped, and are not far off.
#[test]
fn the_stack_is_as_the_header_says() {
    let programs = Programs::default();
    let program = programs.compile("c/stack.c", &plain("gcc"));
    let printed = programs.run(&program);
    println!("{printed}");
    assert_eq!(printed.lines().count(), 33, "eleven classes of three sizes");
}

/// The library for keys of up to `bits`, itself instrumented by AddressSanitizer, which takes a switch
/// of unstable Rust.
fn instrumented_archive(bits: u32) -> PathBuf {
    const TARGET: &str = "x86_64-unknown-linux-gnu";
    let folder = target_folder().join("sanitized").join(bits.to_string());
    let features = match bits {
        2048 => "std".into(),
        _ => format!("std,rsa-{bits}"),
    };
    let output = Command::new(env!("CARGO"))
        .current_dir(project())
        .args(["rustc", "--quiet", "--locked", "-p", "daxsign-ffi", "--lib"])
        .args(["--crate-type", "staticlib", "--no-default-features"])
        .args(["--features", &features, "--target", TARGET])
        .arg("--target-dir")
        .arg(&folder)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address")
        .output()
        .expect("cargo");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    folder.join(TARGET).join("debug/libdaxsign.a")
}

/// Every access that the library makes is checked.
#[test]
fn the_instrumented_library_touches_nothing_else() {
    let build = Build {
        archive: Some(instrumented_archive(4096)),
        ..sanitized()
    };
    compile_and_check(&build, Programs::run);
}

/// The sizes of keys that a library can be built for, and storage declared for.
const BITS: [u32; 3] = [2048, 3072, 4096];

/// Storage for each size of key against a library for each: nothing outside of it is touched, and
/// where it is smaller than the library needs the program does not even link.
#[test]
fn no_call_touches_more_than_the_caller_s_size() {
    let programs = Programs::default();
    let mut linked = 0;
    for library in BITS {
        let archive = instrumented_archive(library);
        for header in BITS {
            let compile = |names: &[&str]| {
                let bits = format!("-DDAXSIGN_MAX_MODULUS_BITS={header}");
                let build = Build {
                    flags: &[sanitized().flags, &[&bits], names].concat(),
                    archive: Some(archive.clone()),
                    ..sanitized()
                };
                programs.try_to_compile("c/sizes.c", &build)
            };
            let expected = format!(
                "{CALLS_OF_SIZES} calls, storage for {header} bits, library for {library}\n"
            );
            let plain = compile(&["-DDAXSIGN_PLAIN_NAMES"]).expect("a program");
            assert_eq!(programs.run(&plain), expected);
            match compile(&[]) {
                Ok(sized) => {
                    assert!(header >= library, "{header} with {library}");
                    assert_eq!(programs.run(&sized), expected);
                    linked += 1;
                }
                Err(said) => assert_missing(&said, header),
            }
        }
    }
    assert_eq!(linked, 6, "of nine pairs");
}

/// The linker finds no function that fills a key of `bits`.
fn assert_missing(said: &str, bits: u32) {
    for function in [
        "private_key_load",
        "private_key_public",
        "public_key_load",
        "certificate_load",
        "generate_key",
    ] {
        let missing = format!("undefined reference to `daxsign_{function}_{bits}'");
        assert!(said.contains(&missing), "{said}");
    }
}

/// How many calls `c/sizes.c` makes.
const CALLS_OF_SIZES: usize = 1150;

/// The library for ARM processors of 64 bits, in a program of such a machine.
#[test]
fn arm_processors_of_64_bits_sign_the_same() {
    let archive = target_folder().join("aarch64/libdaxsign.a");
    let output = Command::new(project().join("ffi/archive"))
        .arg(&archive)
        .args(["--target", "aarch64-unknown-none"])
        .output()
        .expect("ffi/archive");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let build = Build {
        compiler: "aarch64-linux-gnu-gcc",
        flags: &["-std=c99", "-static"],
        archive: Some(archive),
        ..plain("")
    };
    compile_and_check(&build, |programs, program| {
        programs.run_with("qemu-aarch64", program)
    });
}

/// What `c/certificates.c` leaves behind: OpenSSL reads and judges the same.
#[test]
fn certificates_read_in_c_are_what_openssl_says() {
    compare_with_openssl(&run_everywhere("c/certificates.c"), 6, 8);
}

/// What `c/enrolling.c` leaves behind: OpenSSL finds the key whole in each of its files, all of them the
/// same, and the requests signed by it, with the names that were given.
#[test]
fn keys_and_requests_made_in_c_are_good_to_openssl() {
    let programs = run_everywhere("c/enrolling.c");
    let openssl = programs.openssl();
    let key = openssl.public_key_of_files("made");
    let serial_numbers = ", serialNumber = 18505934000140".repeat(11);
    for (file, form, names) in [
        ("made.request.der", "DER", SUBJECT),
        ("made.request.pem", "PEM", SUBJECT),
        (
            "made.other.pem",
            "PEM",
            &format!("{SUBJECT}{serial_numbers}"),
        ),
    ] {
        let found = openssl.subject_of_request(file, form, &key);
        assert_eq!(found, names, "{file}");
    }
    let longest = openssl.subject_of_request("made.longest.pem", "PEM", &key);
    assert_eq!(longest.matches('🔑').count(), 128 + 64 + 64);
    let text = openssl.run("req -in made.other.pem -noout -text");
    let text = String::from_utf8_lossy(&text);
    let partner = "7f8c2b1a-0000-4000-8000-00000000abcd.partner.prod.dax.amido.io";
    let others = ", DNS:tpp1.demo.axway.com".repeat(6);
    let names = format!("DNS:{HOST}, DNS:{partner}{others}\n");
    assert!(text.contains(&names), "{text}");
}
