//! Work grows no faster than its input, whatever stands in it: counted in instructions, under
//! valgrind, for inputs of hostile forms and for four times as much of each.

#![cfg(target_arch = "x86_64")]

use std::path::Path;
use std::process::Command;

use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::folder::Folder;
use daxsign_tests::request::OwnedRequest;
use daxsign_tests::tool::{PROFILE, binary};

/// How many operations of the core there are in `src/bin/growth.rs` and its folder.
const OPERATIONS: usize = 65;
/// What four times the input may take: a tenth more for what happens in steps, such as blocks of a
/// hash and memory that grows.
const AT_MOST: f64 = 4.4;

/// The counts that callgrind writes for `command`: at its own request, or one for all of it.
fn counts(folder: &Folder, at_request: bool, command: &[&str]) -> (Vec<u64>, String) {
    let out = folder.path("counts");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--tool=callgrind", "--compress-strings=no"])
        .arg(format!("--callgrind-out-file={}", out.display()));
    let output = valgrind
        .args(command)
        .env("DAXSIGN_PROFILE", PROFILE)
        .current_dir(folder.root())
        .output()
        .expect("valgrind starts: install the package valgrind");
    let said = String::from_utf8_lossy(&output.stderr);
    // A refusal of the tool is as good an end as another.
    assert!(
        matches!(output.status.code(), Some(0..=2)),
        "{command:?}: {said}"
    );
    let file = |number: usize| {
        let name = if at_request {
            format!("counts.{number}")
        } else {
            "counts".to_owned()
        };
        std::fs::read_to_string(folder.path(&name)).ok()
    };
    let totals = |text: String| {
        let total = text
            .lines()
            .find_map(|line| line.strip_prefix("totals: ").map(str::to_owned));
        total.expect("a total").parse().expect("a number")
    };
    let texts = (1..)
        .map_while(file)
        .take(if at_request { usize::MAX } else { 1 });
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    (texts.map(totals).collect(), printed)
}

fn growth(small: u64, large: u64) -> f64 {
    assert!(small > 0, "nothing was counted");
    #[expect(clippy::cast_precision_loss, reason = "a ratio to two digits")]
    let ratio = large as f64 / small as f64;
    ratio
}

#[test]
fn every_operation_of_the_core() {
    let folder = Folder::default();
    let (counts, names) = counts(&folder, true, &[env!("CARGO_BIN_EXE_growth")]);
    let names: Vec<&str> = names.lines().collect();
    assert_eq!((names.len(), counts.len()), (OPERATIONS, 2 * OPERATIONS));
    let mut wrong = Vec::new();
    for (name, pair) in names.iter().zip(counts.chunks(2)) {
        let ratio = growth(pair[0], pair[1]);
        println!("{name}: {} and {}, {ratio:.2} times", pair[0], pair[1]);
        if name.starts_with("quadratic") {
            assert!(ratio > 15.0, "the harness does not see what grows: {ratio}");
        } else if ratio > AT_MOST {
            wrong.push(format!(
                "{name}: {} and {}, {ratio:.2} times",
                pair[0], pair[1]
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a request or key file of `n` hostile parts is, and the command that reads it.
type Shape = (&'static str, fn(usize) -> Vec<u8>, &'static [&'static str]);

const SIGN: &[&str] = &["sign", "--key", "PRIVATE", "FILE"];
const COMPLETE: &[&str] = &["sign", "--complete", "--key", "PRIVATE", "FILE"];
const VERIFY: &[&str] = &[
    "verify",
    "--max-skew",
    "4294967295",
    "--key",
    "PUBLIC",
    "FILE",
];
const STRING: &[&str] = &["string", "FILE"];
const KEY: &[&str] = &["key", "FILE"];

const SHAPES: [Shape; 14] = [
    ("fields", |n| fields(n, "X-#", "v"), SIGN),
    ("fields, completed", |n| fields(n, "X-#", "v"), COMPLETE),
    ("one field", |n| fields(n, "X", "v"), STRING),
    ("old signatures", |n| fields(n, "Signature", "v"), SIGN),
    ("folds", |n| fields(1, "X", &"\r\n a".repeat(n)), SIGN),
    ("fields of no name", |n| fields(n, "", "v"), SIGN),
    (
        "lines of a body",
        |n| [fields(1, "X", "v"), b"\n".repeat(n), vec![0xFF]].concat(),
        SIGN,
    ),
    ("unlisted fields", |n| fields(n, "X-#", "v"), VERIFY),
    ("one unlisted field", |n| fields(n, "X", "v"), VERIFY),
    (
        "unlisted fields in backticks",
        |n| fields(n, "`#", "v"),
        VERIFY,
    ),
    (
        "a long query",
        |n| {
            let text = String::from_utf8(fields(1, "X", "v")).expect("text");
            text.replace("/doors", &format!("/doors?{}", "`\u{5c}".repeat(n)))
                .into_bytes()
        },
        VERIFY,
    ),
    ("signatures", |n| fields(n, "Signature", "v"), VERIFY),
    (
        "keys",
        |n| key_file("rsa2048.spki.pem").repeat(n.div_ceil(20)),
        KEY,
    ),
    (
        "text around a key",
        |n| [b"-----BEGIN \r\n".repeat(n), key_file("rsa2048.spki.pem")].concat(),
        KEY,
    ),
];

/// A signed request with `n` more fields, each with its number for `#`.
fn fields(n: usize, name: &str, value: &str) -> Vec<u8> {
    let mut request = signed();
    for number in 0..n {
        request = request.with_header(&name.replace('#', &number.to_string()), value);
    }
    request.to_http("\r\n")
}

/// A request that the tool signed.
fn signed() -> OwnedRequest {
    static VALUE: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let plain = OwnedRequest {
        method: "GET".into(),
        target: "/doors".into(),
        headers: Vec::new(),
        body: Vec::new(),
    }
    .with_header("Date", "2020-05-17T12:44:30Z");
    let value = VALUE.get_or_init(|| {
        let tool = daxsign_tests::tool::Tool::default();
        tool.write("plain.http", plain.to_http("\n"));
        let key = key_path("rsa2048.pkcs1.pem");
        let arguments = [
            "sign",
            "--print",
            "header",
            "--key",
            key.to_str().expect("a path"),
            "plain.http",
        ];
        String::from_utf8(tool.run(&arguments).success())
            .expect("text")
            .trim_end()
            .to_owned()
    });
    plain.with_header("Signature", value)
}

#[test]
fn commands_of_the_tool() {
    const SIZE: usize = 2000;
    let folder = Folder::default();
    let tool = binary().to_str().expect("a path").to_owned();
    let [private, public] = ["rsa2048.pkcs1.pem", "rsa2048.spki.pem"].map(key_path);
    let path = |path: &Path| path.to_str().expect("a path").to_owned();
    let (private, public) = (path(&private), path(&public));
    let mut wrong = Vec::new();
    for (name, make, arguments) in SHAPES {
        let [none, small, large] = [1, SIZE, 4 * SIZE].map(|size| {
            folder.write("input", make(size));
            let arguments = arguments.iter().map(|argument| match *argument {
                "PRIVATE" => private.as_str(),
                "PUBLIC" => public.as_str(),
                "FILE" => "input",
                other => other,
            });
            let command: Vec<&str> = std::iter::once(tool.as_str()).chain(arguments).collect();
            counts(&folder, false, &command).0[0]
        });
        // What starting the program and its RSA take does not grow.
        let ratio = growth(small - none, large - none);
        println!(
            "{}, {name}: {none}, {small} and {large}, {ratio:.2} times",
            arguments[0]
        );
        if ratio > AT_MOST {
            wrong.push(format!("{}, {name}: {ratio:.2} times", arguments[0]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
