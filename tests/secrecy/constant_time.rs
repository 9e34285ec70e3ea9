//! Constant time, as valgrind sees it: no branch and no address depends on a secret, in what the
//! compiler makes at each level of optimisation, for each kernel that valgrind can run.

use std::path::{Path, PathBuf};
use std::process::Command;

use daxsign_tests::native::{project, steps_program, target_folder};

/// The levels that users build with.
const OPT_LEVELS: [&str; 4] = ["1", "2", "3", "s"];
/// Kernels by name, with the instructions to compile for: valgrind 3.19 runs those of ADX but does
/// not offer them. It knows no AVX-512: of the kernels for that, the assembly is read instead.
const KERNELS: [(&str, &str); 2] = [("portable", ""), ("adx", "-Ctarget-feature=+bmi2,+adx")];
/// A key file of each form and of each size.
const KEYS: [&str; 5] = [
    "rsa2048.pkcs1.pem",
    "rsa2048.pkcs8.pem",
    "rsa2048.pkcs8.der",
    "rsa3072.pkcs8.pem",
    "rsa4096.pkcs8.pem",
];
/// Each of d, p, q, dP, dQ and qInv changed, for each key.
const REFUSED: usize = 6 * KEYS.len();
/// Three digests for each key of 2048 bits, and one for each of the others.
const SIGNATURES: usize = 3 * 3 + 2;

/// The program tests/secrecy/constant_time at a level of optimisation, compiled into a folder of its
/// own.
fn build(opt_level: &str, kernel: &str, flags: &str) -> PathBuf {
    let folder = format!("constant-time/{kernel}-{opt_level}");
    let folder = target_folder().join(folder);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(project())
        .args(["build", "--quiet", "--locked", "--release"])
        .args(["--package", "daxsign-constant-time", "--target-dir"])
        .arg(&folder)
        .env(
            "RUSTC_WORKSPACE_WRAPPER",
            project().join("tests/rustc/constant-time"),
        )
        .env("RUSTFLAGS", flags)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level)
        // The core is one crate: what the linker could still move into it is not there.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only")
        .status()
        .expect("cargo starts");
    assert!(status.success(), "cargo build at opt-level {opt_level}");
    folder.join("release/daxsign-constant-time")
}

/// What the program prints under valgrind, and valgrind's report.
fn watch(program: &Path, arguments: &[String]) -> (String, String) {
    let output = Command::new("valgrind")
        .args(["--quiet", "--error-limit=no", "--read-inline-info=yes"])
        .arg(program)
        .args(arguments)
        .output()
        .expect("valgrind starts: install the package valgrind");
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}:\n{report}");
    let said = String::from_utf8(output.stdout).expect("text");
    (said.lines().last().unwrap_or_default().into(), report)
}

fn available(kernel: &str) -> bool {
    let known = daxsign_core::Kernel::ALL;
    let kernel = known.into_iter().find(|each| each.name() == kernel);
    kernel.expect("the name of a kernel").is_available()
}

/// The instrument must see what leaks, or it sees nothing.
fn assert_leaks_are_seen(program: &Path) {
    for planted in ["--plant-branch", "--plant-index"] {
        let (said, report) = watch(program, &[planted.into()]);
        assert!(
            said == "1 leaks" && report.contains("uninitialised"),
            "{}: {planted} was not caught, so nothing would be: {said}",
            program.display()
        );
    }
}

/// Watches one kernel at each level of optimisation; returns how often.
fn watch_levels(kernel: &str, flags: &str) -> usize {
    let keys = project().join("tests/vectors/keys");
    let files = KEYS.map(|key| keys.join(key).display().to_string());
    let arguments = [&[kernel.to_owned()], files.as_slice()].concat();
    for opt_level in OPT_LEVELS {
        let program = build(opt_level, kernel, flags);
        assert_leaks_are_seen(&program);
        let (said, report) = watch(&program, &arguments);
        assert!(
            said.starts_with("0 leaks: ")
                && said.ends_with(&format!(
                    "{SIGNATURES} signatures, {REFUSED} keys refused, 1 key made and written 4 times"
                )),
            "opt-level {opt_level}, {kernel}: {said}\n{report}"
        );
        println!("opt-level {opt_level}, {kernel}: {said}");
    }
    OPT_LEVELS.len()
}

/// One thread for each kernel: valgrind takes one core.
#[test]
fn nothing_depends_on_a_secret() {
    let runs: usize = std::thread::scope(|scope| {
        let known = KERNELS.into_iter().filter(|(name, _)| available(name));
        let watches: Vec<_> = known
            .map(|(kernel, flags)| scope.spawn(move || watch_levels(kernel, flags)))
            .collect();
        let ended = watches.into_iter().map(std::thread::ScopedJoinHandle::join);
        ended.map(|runs| runs.expect("no leak")).sum()
    });
    assert!(runs >= OPT_LEVELS.len(), "{runs} runs");
}

/// Instructions that take the same time for all numbers.
const INSTRUCTIONS: [&str; 35] = [
    "adc",
    "add",
    "and",
    "dec",
    "jnz",
    "kmovb",
    "lea",
    "mov",
    "movabs",
    "not",
    "or",
    "pop",
    "push",
    "ret",
    "sar",
    "shl",
    "shld",
    "shr",
    "sub",
    "valignq",
    "vbroadcasti64x2",
    "vmovdqu64",
    "vpaddq",
    "vpandq",
    "vpbroadcastq",
    "vpcmpeqq",
    "vpcmpgtq",
    "vpermt2q",
    "vpmadd52huq",
    "vpmadd52luq",
    "vpsrlq",
    "vpternlogq",
    "vpxorq",
    "vzeroupper",
    "xor",
];

/// Whether a line leaves alone what addresses are made of, or moves it by a constant.
fn keeps_addresses(line: &str) -> bool {
    let (name, operands) = line.split_once(' ').unwrap_or((line, ""));
    let (to, from) = operands.split_once(", ").unwrap_or((operands, ""));
    let constant = |text: &str| text.parse::<u32>().is_ok();
    let fixed = |text: &str| {
        let inside = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'));
        let parts = inside.and_then(|inside| inside.split_once(" + "));
        parts.is_some_and(|(base, offset)| {
            ["rdi", "rsi", "rdx", "rcx", "rbp", "r15"].contains(&base) && constant(offset)
        })
    };
    if operands
        .split(", ")
        .any(|text| text.contains('[') && !fixed(text))
    {
        return false;
    }
    match to {
        "rdi" | "rsi" | "rdx" | "rcx" | "esp" | "rsp" => false,
        "rbp" | "r15" => match name {
            "push" | "pop" => true,
            "add" | "sub" => constant(from),
            "mov" => from == "rcx",
            "lea" => fixed(from),
            _ => false,
        },
        _ => true,
    }
}

/// Checks the text of one function; returns how many loops it has.
fn read_assembly(text: &str, file: &str) -> usize {
    let (mut loops, mut count, mut inside) = (0, None, false);
    let mut previous = "";
    for (number, line) in text.lines().enumerate() {
        let place = format!("{file}:{}: {line}", number + 1);
        let name = line.split(' ').next().unwrap_or_default();
        assert!(INSTRUCTIONS.contains(&name) || line == "2:", "{place}");
        assert!(keeps_addresses(line), "{place}");
        assert_eq!(name == "ret", number + 1 == text.lines().count(), "{place}");
        match line {
            "2:" => {
                assert!(!inside && count.is_some(), "{place}");
                (inside, loops) = (true, loops + 1);
            }
            "jnz 2b" => {
                assert!(inside && previous == "dec eax", "{place}");
                (inside, count) = (false, None);
            }
            "dec eax" => assert!(inside, "{place}"),
            _ if name == "jnz" || name == "dec" => panic!("{place}"),
            // Nothing else changes the count within a loop.
            _ if inside => assert!(!line.contains("eax") && !line.contains("rax"), "{place}"),
            _ => {
                if let Some(value) = line.strip_prefix("mov eax, ") {
                    count = value.parse::<u32>().ok();
                } else if line.contains("eax") || line.contains("rax") {
                    count = None;
                }
            }
        }
        previous = line;
    }
    assert!(!inside, "{file}");
    loops
}

/// What valgrind cannot run: in the multiplications with AVX-512 no branch and no address depends on
/// a number, which is to be seen from their text.
#[test]
fn vectors_are_multiplied_without_a_branch_or_an_address_from_a_number() {
    let mut loops = 0;
    for name in ["multiply", "square"] {
        for shape in ["5_1", "8_1", "10_1", "5_2", "8_2", "10_2"] {
            let file = format!("{name}_{shape}.s");
            let path = Path::new(env!("OUT_DIR")).join(&file);
            let text = std::fs::read_to_string(path).expect("assembly");
            loops += read_assembly(&text, &file);
        }
    }
    // Low and high columns of the product, in two parts, and two of the reduction.
    assert_eq!(loops, 12 * 5, "loops");
    for planted in [
        "jnz 2b",
        "mov rax, [r8 + 0]",
        "mov rdi, rax",
        "div rax",
        "lea rbp, [rdi + rax]",
    ] {
        let text = format!("{planted}\nret\n");
        let refused = std::panic::catch_unwind(|| read_assembly(&text, "planted"));
        assert!(refused.is_err(), "{planted} was not seen");
    }
}

/// tests/secrecy/steps/run compares signatures instruction by instruction, which takes long. Here is
/// tested that it would see what leaks, and that it lets pass what does not.
#[test]
fn steps_that_differ_are_seen() {
    let program = steps_program("");
    let said = |planted: &str| {
        let output = Command::new(&program).arg(planted).output();
        let output = output.expect("it starts");
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8(text).expect("text"),
        )
    };
    for planted in ["--plant-branch", "--plant-index", "--plant-division"] {
        let (alike, text) = said(planted);
        assert!(!alike && text.contains(" differs: "), "{planted}: {text}");
    }
    let (alike, text) = said("--plant-nothing");
    assert!(alike && text.starts_with("2 runs alike of "), "{text}");
}
