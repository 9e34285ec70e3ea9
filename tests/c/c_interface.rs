//! What the C interface consists of: the exported symbols, the header, and the tables that other
//! languages have of it all say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use daxsign_core::{
    BindingProblem, BodyProblem, DateProblem, EncodingProblem, Error, KeyProblem, Label,
    LengthProblem, MissingProblem, SyntaxProblem, ValueProblem,
};
use daxsign_tests::c_program::{Build, Linked, Programs, succeed};
use daxsign_tests::header::generate_header;
use daxsign_tests::header_text::{
    defined, first_example, functions, header_text, sized_names, statuses,
};
use daxsign_tests::native::{installed, project};

/// How many functions the header declares.
const FUNCTIONS: usize = 59;
/// Those of them that fill storage, which have another name.
const SIZED: usize = 8;
/// How many errors the core has.
const ERRORS: usize = 30;
/// Those, what enrolling alone refuses, messages as bytes, `ok`, and the call's own.
const STATUSES: usize = 49;
/// `ok` and the call's own.
const OF_CALLS: usize = 11;
/// Of messages, whose problems alone differ.
const OF_MESSAGES: usize = 1;

fn symbols(arguments: &[&str], file: &Path) -> BTreeSet<String> {
    let output = succeed(Command::new("nm").args(arguments).arg(file));
    let text = String::from_utf8(output.stdout).unwrap();
    let last = |line: &str| line.split_whitespace().last().map(str::to_owned);
    let names = text.lines().filter(|line| !line.ends_with(':'));
    names
        .filter_map(last)
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn both_libraries_export_what_the_header_declares() {
    let header = header_text();
    let mut declared = functions(&header);
    assert_eq!(declared.len(), FUNCTIONS);
    declared.extend(sized_names(&header));
    assert_eq!(declared.len(), FUNCTIONS + SIZED);
    let library = installed().join("lib");
    let archive = library.join("libdaxsign.a");
    assert_eq!(symbols(&["-g", "--defined-only"], &archive), declared);
    let shared = library.join("libdaxsign.so");
    assert_eq!(symbols(&["-D", "--defined-only"], &shared), declared);
}

/// Nothing of Rust's runtime, no allocator, and of the C library what every one has.
#[test]
fn both_libraries_need_the_memory_functions_only() {
    let allowed = ["memcmp", "memcpy", "memmove", "memset"];
    let library = installed().join("lib");
    let needed = symbols(&["-u"], &library.join("libdaxsign.a"));
    assert!(!needed.is_empty());
    for name in &needed {
        assert!(allowed.contains(&name.as_str()), "the archive needs {name}");
    }
    for name in symbols(&["-D", "-u"], &library.join("libdaxsign.so")) {
        let plain = name.split('@').next().unwrap();
        let weak_of_every_library =
            ["__cxa_finalize", "__gmon_start__"].contains(&plain) || plain.starts_with("_ITM_");
        assert!(
            allowed.contains(&plain) || weak_of_every_library,
            "the shared library needs {name}"
        );
    }
}

/// Not even inside: no code that panics or formats text.
#[test]
fn the_archive_holds_no_code_that_panics() {
    let all = symbols(&["-a"], &installed().join("lib/libdaxsign.a"));
    assert!(all.len() > FUNCTIONS);
    for name in all {
        for part in [
            "panic",
            "4core3fmt",
            "eh_personality",
            "__rust_alloc",
            "unwind",
        ] {
            assert!(!name.contains(part), "{name}");
        }
    }
}

#[test]
fn the_header_is_what_the_sources_give() {
    assert!(
        header_text() == generate_header(),
        "include/daxsign.h is out of date: run `cargo run -p daxsign-tests --bin header`"
    );
}

#[test]
fn versions_agree() {
    let header = header_text();
    let version = defined(&header, "DAXSIGN_ABI_VERSION");
    let shared = installed().join("lib/libdaxsign.so");
    let output = succeed(Command::new("readelf").arg("-d").arg(&shared));
    let dynamic = String::from_utf8(output.stdout).unwrap();
    let soname = format!("Library soname: [libdaxsign.so.{version}]");
    assert!(dynamic.contains(&soname), "{dynamic}");
    assert_eq!(daxsign::version::daxsign_abi_version().to_string(), version);
    assert_eq!(daxsign::version::DAXSIGN_ABI_VERSION.to_string(), version);
}

/// The names of the variants of an enum in a Rust source file.
fn variants(source: &str, name: &str) -> Vec<String> {
    let start = format!("pub enum {name} {{\n");
    let body = source.split_once(&start).expect("the enum").1;
    let body = body.split_once("\n}").expect("its end").0;
    let variant = |line: &str| {
        let line = line.strip_prefix("    ")?;
        let is_variant = line.starts_with(|first: char| first.is_ascii_uppercase());
        let end = line.find([' ', ',', '{']).unwrap_or(line.len());
        is_variant.then(|| line[..end].to_owned())
    };
    body.lines().filter_map(variant).collect()
}

/// `InvalidDate` as `invalid-date` (with `between` = `-`).
fn separated(variant: &str, between: char) -> String {
    let mut text = String::new();
    for (at, letter) in variant.char_indices() {
        if at > 0 && letter.is_ascii_uppercase() {
            text.push(between);
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// An error that is added to the core cannot be forgotten in the interface.
#[test]
fn every_error_of_the_core_has_its_status() {
    let source = std::fs::read_to_string(project().join("core/src/error/mod.rs")).unwrap();
    let variants = variants(&source, "Error");
    assert_eq!(variants.len(), ERRORS);
    let header = statuses(&header_text());
    assert_eq!(header.len(), STATUSES);
    assert_eq!(daxsign::status::STATUSES.len(), STATUSES);
    let sampled: BTreeSet<&str> = samples().iter().map(Error::name).collect();
    for variant in &variants {
        let name = separated(variant, '-');
        let constant = format!("ERR_{}", separated(variant, '_').to_uppercase());
        let number = header
            .get(&constant)
            .unwrap_or_else(|| panic!("no {constant}"));
        let known = daxsign::status::STATUSES
            .iter()
            .find(|(status, _)| status.number() == *number);
        assert_eq!(known.unwrap().1.to_str(), Ok(name.as_str()));
        assert!(sampled.contains(name.as_str()), "no sample of {name}");
    }
    for error in samples() {
        let status = daxsign::DaxsignStatus::from_error(&error);
        let (_, name) = daxsign::status::STATUSES
            .iter()
            .find(|(known, _)| *known == status)
            .unwrap();
        assert_eq!(name.to_str(), Ok(error.name()));
    }
}

/// What is refused while reading requests and pasted thumbprints, which no function of C does.
const OF_READING: [&str; 2] = ["NotSignedByItsKey", "InvalidThumbprint"];
/// What is refused in certificates, whose names say so.
const OF_CERTIFICATES: [(&str, &str); 2] = [
    ("Malformed", "malformed-certificate"),
    ("Untrusted", "untrusted-certificate"),
];

/// The same for what enrolling alone refuses.
#[test]
fn every_error_of_enrolling_has_its_status() {
    let source = std::fs::read_to_string(project().join("core/src/enrolling/error.rs")).unwrap();
    let names: BTreeSet<String> = variants(&source, "EnrolError")
        .iter()
        .filter(|variant| !variant.starts_with("Core") && !OF_READING.contains(&variant.as_str()))
        .map(|variant| {
            let mut known = OF_CERTIFICATES.iter();
            let known = known.find(|(known, _)| known == variant);
            known.map_or_else(|| separated(variant, '-'), |(_, name)| (*name).to_owned())
        })
        .collect();
    assert_eq!(names.len(), STATUSES - ERRORS - OF_CALLS - OF_MESSAGES);
    for name in names {
        let mut known = daxsign::status::STATUSES.iter();
        assert!(
            known.any(|(_, known)| known.to_str() == Ok(&name)),
            "{name}"
        );
    }
}

/// The names in C follow from the names in the rules: `missing-header`, `ERR_MISSING_HEADER`.
/// What C is told of a status alone.
fn sentence_of(status: daxsign::DaxsignStatus) -> &'static str {
    let text = daxsign::status::daxsign_status_message(status as i32);
    // SAFETY: every text is a constant.
    let text = unsafe { std::ffi::CStr::from_ptr(text) };
    text.to_str().expect("text")
}

#[test]
fn every_status_has_a_sentence_of_its_own() {
    let sentences = daxsign::status::STATUSES.map(|(status, _)| sentence_of(status));
    assert!(
        sentences
            .iter()
            .all(|text| !text.is_empty() && !text.contains("no text"))
    );
    assert_eq!(BTreeSet::from(sentences).len(), STATUSES);
}

#[test]
fn names_and_constants_agree() {
    let header = statuses(&header_text());
    for (status, name) in daxsign::status::STATUSES {
        let name = name.to_str().unwrap().replace('-', "_").to_uppercase();
        let constant = if name == "OK" {
            name
        } else {
            format!("ERR_{name}")
        };
        assert_eq!(header.get(&constant), Some(&status.number()), "{constant}");
    }
}

/// A list of statuses in another language: its file, and how one line of it reads.
struct Table {
    file: &'static str,
    /// From a line to the status's name in lowercase letters alone, and its number.
    read: fn(&str) -> Option<(String, i32)>,
}

/// Every wrapper with a table of its own.
const TABLES: [Table; 2] = [
    Table {
        file: "include/daxsign.hpp",
        // `    missing_header = DAXSIGN_ERR_MISSING_HEADER,`: the number is the header's.
        read: |line| {
            let (name, constant) = line.trim().split_once(" = DAXSIGN_")?;
            let number = *statuses(&header_text()).get(constant.trim_end_matches(','))?;
            Some((name.replace('_', ""), number))
        },
    },
    Table {
        file: "bindings/csharp/src/DaxSignStatus.cs",
        // `    MissingHeader = 6,`
        read: |line| {
            let (name, number) = line.trim().trim_end_matches(',').split_once(" = ")?;
            Some((name.to_lowercase(), number.parse().ok()?))
        },
    },
];

#[test]
fn the_tables_of_all_wrappers_agree() {
    let expected: BTreeMap<String, i32> = daxsign::status::STATUSES
        .iter()
        .map(|(status, name)| (name.to_str().unwrap().replace('-', ""), status.number()))
        .collect();
    for table in TABLES {
        let text = std::fs::read_to_string(project().join(table.file)).expect(table.file);
        let found: BTreeMap<String, i32> = text.lines().filter_map(table.read).collect();
        assert_eq!(found, expected, "{}", table.file);
    }
}

/// One error of every kind, with every problem that stands inside one.
fn samples() -> Vec<Error> {
    let name = Label::new(b"x-name");
    let long = Label::new(&[b'x'; Label::CAPACITY + 9]);
    let mut all = vec![
        Error::InvalidComponent { position: 3, name },
        Error::MissingComponent { name: "date" },
        Error::MissingComponent {
            name: "(request-target)",
        },
        Error::UnsupportedComponent {
            position: 1,
            name: long,
        },
        Error::InvalidMethod { offset: 0 },
        Error::InvalidTarget { offset: 99 },
        Error::ContentLengthMismatch {
            declared: None,
            actual: 7,
            problem: LengthProblem::Different,
        },
        Error::UnsupportedCharset {
            field: "content-type",
            charset: name,
        },
        Error::UnsupportedCharset {
            field: "accept-charset",
            charset: long,
        },
        Error::InvalidContentType,
        Error::BufferTooSmall { needed: usize::MAX },
        Error::WrongRealm {
            found: Label::new("Dåx".as_bytes()),
        },
        Error::UnsupportedAlgorithm { found: long },
        Error::SignatureMismatch,
        Error::StaleDate {
            age: u64::MAX,
            window: u32::MAX,
        },
        Error::FutureDate {
            ahead: 301,
            window: 300,
        },
        Error::Replayed,
        Error::ReplayGuardFull { capacity: 64 },
        Error::UnsupportedKey { found: name },
        Error::KeyTooSmall { bits: 1024 },
        Error::SigningFault,
        Error::InternalFault,
    ];
    for name in ["realm", "algorithm", "headers", "signature"] {
        all.push(Error::MissingParameter { name });
        all.push(Error::DuplicateParameter { name, offset: 12 });
    }
    all.extend(samples_with_problems());
    all.extend(samples_with_reasons());
    all
}

/// The same for what tells why rather than where.
fn samples_with_reasons() -> Vec<Error> {
    let names = [Label::new(b"signature"), Label::new(b"date")];
    let missing = [
        MissingProblem::Absent,
        MissingProblem::Lost,
        MissingProblem::InAuthorization,
    ];
    let missing = names
        .into_iter()
        .flat_map(|name| missing.map(|problem| Error::MissingHeader { name, problem }));
    let lengths = [
        LengthProblem::Different,
        LengthProblem::Characters,
        LengthProblem::LfForm,
        LengthProblem::CrlfForm,
    ]
    .map(|problem| Error::ContentLengthMismatch {
        declared: Some(u64::MAX),
        actual: 0,
        problem,
    });
    let encodings = [
        EncodingProblem::Bytes,
        EncodingProblem::Length,
        EncodingProblem::NotBase64,
        EncodingProblem::Padding,
        EncodingProblem::WhiteSpace,
        EncodingProblem::Base64Url,
        EncodingProblem::Hexadecimal,
        EncodingProblem::PercentEncoded,
    ]
    .map(|problem| Error::InvalidSignatureEncoding {
        expected: 256,
        found: 3,
        problem,
    });
    missing.chain(lengths).chain(encodings).collect()
}

fn samples_with_problems() -> Vec<Error> {
    use {
        BodyProblem as B, DateProblem as D, KeyProblem as K, SyntaxProblem as S, ValueProblem as V,
    };
    let values = [
        V::NotUtf8,
        V::LineBreak,
        V::ControlCharacter,
        V::EdgeWhiteSpace,
        V::EmptyInstance,
    ];
    let values = values.map(|problem| Error::InvalidHeaderValue {
        name: Label::new(b"x-v"),
        instance: 2,
        offset: 17,
        problem,
    });
    let fields = ["year", "month", "day", "hour", "minute", "second", "zone"];
    let dates = [
        D::Format { offset: 10 },
        D::Rfc1123,
        D::Fraction,
        D::Zone,
        D::ZoneColon,
        D::AfterZone,
        D::DecimalComma,
        D::Repeated,
        D::NotHttp { offset: 11 },
    ]
    .into_iter()
    .chain(fields.map(|field| D::Range { field }))
    .map(|problem| Error::InvalidDate { problem });
    let bodies = [B::ByteOrderMark, B::NotUtf8, B::Compressed, B::Utf16]
        .map(|problem| Error::InvalidBody { offset: 5, problem });
    let syntax = [
        S::Name,
        S::Quote,
        S::Value,
        S::Unterminated,
        S::Separator,
        S::Repeated,
        S::LineBreak,
    ]
    .map(|problem| Error::MalformedSignatureHeader { offset: 4, problem });
    let bindings = [
        BindingProblem::ContentLengthNotListed,
        BindingProblem::DateNotLast,
        BindingProblem::NoContentLength,
    ]
    .map(|problem| Error::UnboundBody { problem });
    let keys = [
        K::NotAKey,
        K::PemEnd,
        K::Base64,
        K::Der { offset: 31 },
        K::Modulus,
        K::PublicExponent,
        K::Primes,
        K::PrimesEqual,
        K::Product,
        K::D,
        K::DP,
        K::DQ,
        K::QInv,
        K::Empty,
        K::Validity,
    ]
    .map(|problem| Error::InvalidKey { problem });
    values
        .into_iter()
        .chain(dates)
        .chain(bodies)
        .chain(syntax)
        .chain(bindings)
        .chain(keys)
        .collect()
}

/// What C gets for a detail.
fn message_of(detail: &daxsign::detail::DaxsignDetail) -> String {
    let mut text = [0_u8; 512];
    let mut len = 0;
    // SAFETY: the pointers are to values of this frame, with their true sizes.
    let status = unsafe {
        daxsign::detail_message::daxsign_detail_message(
            std::ptr::from_ref(detail),
            text.as_mut_ptr().cast(),
            text.len(),
            &raw mut len,
        )
    };
    assert_eq!(status, daxsign::DaxsignStatus::DaxsignOk);
    assert_eq!(text[len], 0);
    String::from_utf8(text[..len].into()).expect("text")
}

/// What the C interface itself refuses: the argument, the status's sentence, and its numbers.
#[test]
fn details_of_calls_name_the_argument_and_the_numbers() {
    use daxsign::DaxsignStatus as S;
    let minus_5 = (-5_i64).cast_unsigned();
    let samples = [
        (S::DaxsignErrNullPointer, "method", 0, 0, ""),
        (S::DaxsignErrInvalidArgument, "", 0, 7, " (found: 7)"),
        (
            S::DaxsignErrAbiMismatch,
            "options",
            24,
            16,
            " (needed: 24) (found: 16)",
        ),
        (
            S::DaxsignErrInvalidLength,
            "body",
            9,
            u64::MAX,
            " (needed: 9) (found: 18446744073709551615)",
        ),
        (S::DaxsignErrSignerFailed, "", 0, 5, " (found: 5)"),
        (S::DaxsignErrSignerFailed, "", 0, minus_5, " (found: -5)"),
    ];
    for (status, argument, needed, found, numbers) in samples {
        let mut detail = daxsign::detail::DaxsignDetail::from_error(&Error::SigningFault);
        detail.status = status as i32;
        (detail.needed, detail.found) = (needed, found);
        for (slot, byte) in detail.name.iter_mut().zip(argument.bytes()) {
            *slot = byte.cast_signed();
        }
        let sentence = sentence_of(status);
        let before = match argument {
            "" => String::new(),
            _ => format!("the argument `{argument}`: "),
        };
        let expected = format!("{before}{sentence}{numbers}");
        assert_eq!(message_of(&detail), expected);
    }
}

/// The sentence that C gets is the core's own, whatever passes through the detail.
#[test]
fn details_keep_the_whole_error() {
    let all = samples();
    let source = std::fs::read_to_string(project().join("core/src/error/mod.rs")).unwrap();
    let problems: usize = ["Value", "Date", "Body", "Syntax", "Binding", "Key"]
        .map(|kind| variants(&source, &format!("{kind}Problem")).len())
        .iter()
        .sum();
    // Beside those: six more parts of a date that can be out of range.
    assert_eq!(samples_with_problems().len(), problems + 6);
    // What is missing, of two fields.
    let [missing, length, encoding] = ["Missing", "Length", "Encoding"]
        .map(|kind| variants(&source, &format!("{kind}Problem")).len());
    assert_eq!(
        samples_with_reasons().len(),
        2 * missing + length + encoding
    );
    for error in all {
        let detail = daxsign::detail::DaxsignDetail::from_error(&error);
        assert_eq!(message_of(&detail), error.to_string());
    }
}

/// By itself, first in a file, in every language that it is for.
#[test]
fn the_header_compiles_alone() {
    let programs = Programs::default();
    let twice = "#include <daxsign.h>\n#include <daxsign.h>\n";
    let c = programs.folder().write("alone.c", twice);
    let cpp = programs.folder().write("alone.cpp", twice);
    let mut compiled = 0;
    for (compilers, source, standards) in [
        (["gcc", "clang"], &c, ["c99", "c11", "c17"]),
        (["g++", "clang++"], &cpp, ["c++11", "c++17", "c++20"]),
    ] {
        for compiler in compilers {
            for standard in standards {
                succeed(
                    Command::new(compiler)
                        .args(daxsign_tests::c_program::WARNINGS)
                        .arg(format!("-std={standard}"))
                        .arg("-fsyntax-only")
                        .arg("-I")
                        .arg(installed().join("include"))
                        .arg(source),
                );
                compiled += 1;
            }
        }
    }
    assert_eq!(compiled, 12);
}

/// The program of the first page, as a reader copies it, against OpenSSL.
#[test]
fn the_first_example_signs() {
    let programs = Programs::default();
    let example = first_example(&header_text());
    let source = programs.folder().write("example.c", &example);
    let mut runs = 0;
    for compiler in ["gcc", "clang"] {
        let build = Build {
            compiler,
            flags: &["-std=c99"],
            linked: Linked::Static,
            archive: None,
        };
        let program = programs.compile_file(&source, &build);
        let key = std::fs::File::open(programs.folder().path("keys/rsa3072.pkcs8.pem")).unwrap();
        let output = succeed(Command::new(&program).stdin(key));
        let printed = String::from_utf8(output.stdout).unwrap();
        let list = "(request-target) host content-length date";
        let start = format!(
            "Signature: realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\""
        );
        let base64 = printed
            .strip_prefix(&start)
            .unwrap_or_else(|| panic!("{printed}"));
        let base64 = base64.strip_suffix("\"\n").unwrap();
        let string = "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\n\
                      content-length: 18\ndate: 2020-05-17T14:44:30+02:00\n{\"hello\": \"world\"}";
        let signature = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, base64).unwrap();
        let key = programs.folder().path("keys/rsa3072.spki.pem");
        assert!(
            programs
                .openssl()
                .verifies(&key, string.as_bytes(), &signature)
        );
        runs += 1;
    }
    assert_eq!(runs, 2);
    // What is no key is told.
    let program = programs.folder().path("example-gcc-std=c99");
    let empty = std::fs::File::open("/dev/null").unwrap();
    let output = Command::new(program).stdin(empty).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "invalid-key: the key cannot be used: it is neither PEM nor DER: pass the key file's bytes \
         as they are\n"
    );
}
