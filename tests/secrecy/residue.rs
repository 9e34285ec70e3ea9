//! Residue: no number of a private key, and no power that signing makes of one, is left in the
//! memory of a process once an operation is over, but in the key; after wiping and dropping nowhere.
//!
//! tests/secrecy/residue does the operations and stops after each; this test reads all memory that it
//! can write to, dead stack and heap among it, and on x86-64, where they are cleared, all its registers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daxsign_core::{Kernel, KeyFormat, PrivateKey};
use daxsign_tests::folder::Folder;
use daxsign_tests::kernels::available_kernels;
use daxsign_tests::native::{project, target_folder};
use daxsign_tests::needles::{Found, Needles};
use daxsign_tests::rsa_keys::{KeyNumbers, number, random_number, seeded_rng};
use daxsign_tests::traced::Traced;

/// The levels that users build releases with.
const OPT_LEVELS: [&str; 3] = ["2", "3", "s"];
const SIZES: [u32; 3] = [2048, 3072, 4096];
/// The digests that the program signs.
const DIGESTS: Range<u8> = 0x10..0x19;
/// Steps with each key file: loading, what a key does, wiping and dropping.
const GOOD_STEPS: usize = 11;
/// Steps with the key that signs wrongly.
const FAULTY_STEPS: usize = 4;
/// Steps with a new key: making it, writing it, and making none.
const NEW_KEY_STEPS: usize = 6;
/// Copies of the key on the stack and on the heap.
const PLANTED_STEPS: usize = 2;
/// Files that do not load.
const REFUSED: usize = 21;

/// The program tests/secrecy/residue at a level of optimisation, compiled into a folder of its own.
fn build(opt_level: &str) -> PathBuf {
    let folder = target_folder().join("residue").join(opt_level);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(project())
        .args(["build", "--quiet", "--locked", "--release"])
        .args(["--package", "daxsign-residue", "--target-dir"])
        .arg(&folder)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level)
        // The core is one crate: what the linker could still move into it is not there.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .status()
        .expect("cargo starts");
    assert!(status.success(), "cargo build at opt-level {opt_level}");
    folder.join("release/daxsign-residue")
}

/// A key's files, and what is sought of it.
struct Case {
    folder: Folder,
    keys: Vec<PathBuf>,
    needles: Needles,
}

impl Case {
    fn new(bits: u32) -> Self {
        let keys = project().join("tests/vectors/keys");
        let read = |file: &str| std::fs::read(keys.join(format!("rsa{bits}.{file}"))).unwrap();
        let good = KeyNumbers::from_pkcs1_der(&read("pkcs1.der"));
        let faulty = faulty_key(bits);
        let digests: Vec<_> = DIGESTS.map(|byte| [byte; 32]).collect();
        let mut needles = Needles::default();
        let new = std::fs::read(project().join("tests/vectors/generated2048.pem")).unwrap();
        let new = new_key_numbers(&new);
        for key in [&good, &faulty, &new] {
            needles.add_key(key, &digests);
            add_base64(&mut needles, key);
        }
        let folder = Folder::default();
        std::fs::create_dir(folder.path("refused")).unwrap();
        folder.write("faulty.pem", pem("PRIVATE KEY", &faulty.pkcs8_der()));
        write_refused(&folder, &good);
        let files = ["pkcs8.pem", "pkcs1.pem", "pkcs8.der"];
        let keys = files.map(|file| keys.join(format!("rsa{bits}.{file}")));
        Self {
            folder,
            keys: keys.into(),
            needles,
        }
    }
}

/// The key that the program makes.
fn new_key_numbers(pem: &[u8]) -> KeyNumbers {
    let key = PrivateKey::from_bytes(pem).unwrap();
    let mut der = [0; 2048];
    KeyNumbers::from_pkcs1_der(key.write(KeyFormat::Pkcs1Der, &mut der).unwrap())
}

/// A key that passes all checks and signs wrongly, since p is no prime.
fn faulty_key(bits: u32) -> KeyNumbers {
    let good = KeyNumbers::generate(&mut seeded_rng(7), 512, 512, 65_537);
    let mut rng = seeded_rng(bits.into());
    loop {
        let p = random_number(&mut rng, bits / 2) | number(1);
        let q = random_number(&mut rng, bits / 2) | number(1);
        let order = (&p - number(1)) * (&q - number(1));
        let fits = good.e.modinv(&order).is_some() && q.modinv(&p).is_some();
        if fits && (&p * &q).bits() == u64::from(bits) {
            return KeyNumbers::from_primes(p, q, good.e);
        }
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).collect();
    let text = String::from_utf8(lines.join(&b'\n')).unwrap();
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

/// The text of the secret numbers in PEM, of PKCS#8 and PKCS#1.
fn add_base64(needles: &mut Needles, key: &KeyNumbers) {
    let d = key.d.to_bytes_be();
    for der in [key.pkcs8_der(), key.pkcs1_der()] {
        let start = der.windows(d.len()).position(|window| window == d).unwrap();
        let text = STANDARD.encode(&der[start.next_multiple_of(3)..]);
        needles.add_file_bytes("base64", text.as_bytes());
    }
}

/// One file for each way in which loading fails after something secret was read.
fn write_refused(folder: &Folder, key: &KeyNumbers) {
    let write = |name: &str, bytes: &[u8]| {
        folder.write(&format!("refused/{name}"), bytes);
    };
    // One bit in the middle of each number.
    let bit = number(1) << (key.p.bits() / 2);
    let change = |change: fn(&mut KeyNumbers) -> &mut num_bigint::BigUint| {
        let mut key = key.clone();
        let value = change(&mut key);
        *value ^= bit.clone();
        key
    };
    write("d.der", &change(|key| &mut key.d).pkcs8_der());
    write("p.der", &change(|key| &mut key.p).pkcs8_der());
    write("q.der", &change(|key| &mut key.q).pkcs8_der());
    write("dp.der", &change(|key| &mut key.d_p).pkcs8_der());
    write("dq.der", &change(|key| &mut key.d_q).pkcs8_der());
    write("qinv.der", &change(|key| &mut key.q_inv).pkcs8_der());
    let mut even = key.clone();
    even.p += number(1);
    write("even.der", &even.pkcs1_der());
    let mut equal = key.clone();
    equal.q = equal.p.clone();
    write("equal.der", &equal.pkcs1_der());

    let der = key.pkcs8_der();
    for percent in [40, 55, 65, 75, 85, 95] {
        write(
            &format!("cut-{percent}.der"),
            &der[..der.len() * percent / 100],
        );
    }
    write("trailing.der", &[&der[..], &[0]].concat());
    let good = pem("PRIVATE KEY", &der);
    write(
        "no-end.pem",
        good.split("-----END").next().unwrap().as_bytes(),
    );
    // Whole groups, so that the base64 is good.
    write(
        "cut-short.pem",
        pem("PRIVATE KEY", &der[..der.len() / 2]).as_bytes(),
    );
    write(
        "cut-late.pem",
        pem("PRIVATE KEY", &der[..der.len() - 3]).as_bytes(),
    );
    let end = good.len() - 60;
    let damaged = [&good[..end], "*", &good[end + 1..]].concat();
    write("base64.pem", damaged.as_bytes());
    let encrypted = pem("ENCRYPTED PRIVATE KEY", &as_encrypted(&der));
    write("encrypted.pem", encrypted.as_bytes());
    let header = "-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n";
    let header = good.replace("-----BEGIN PRIVATE KEY-----\n", header);
    write("proc-type.pem", header.as_bytes());
}

/// A key where an EncryptedPrivateKeyInfo (RFC 5958 3) has its encrypted bytes.
fn as_encrypted(key: &[u8]) -> Vec<u8> {
    // PBES2, 1.2.840.113549.1.5.13.
    const ALGORITHM: &[u8] = b"\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0D";
    let long = |tag: u8, content: &[u8]| {
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82, high, low], content].concat()
    };
    long(0x30, &[ALGORITHM, &long(0x04, key)].concat())
}

/// What was found in one step.
struct Step {
    name: String,
    /// In the key's own place.
    in_key: usize,
    /// What, in which region, how many bytes from the frame of the program on; and how often.
    left: BTreeMap<String, Vec<isize>>,
    /// What, in which registers.
    in_registers: Vec<String>,
}

/// Does all steps; what was found in each.
fn search(program: &Path, kernel: Kernel, case: &Case) -> Vec<Step> {
    let folder = case.folder.path("refused");
    let mut command = Command::new(program);
    command.args(["steps", kernel.name()]);
    command
        .args([case.folder.path("faulty.pem"), folder])
        .args(&case.keys);
    let mut program = Traced::start(&mut command);
    let mut steps = Vec::new();
    while let Some(line) = program.resume() {
        let [name, numbers @ ..] = &line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let numbers: Vec<usize> = numbers.iter().map(|text| text.parse().unwrap()).collect();
        let [start, len, frame] = numbers[..] else {
            panic!("{line}");
        };
        let memory = program.writable_memory();
        let found = case.needles.find(&memory);
        let place = start..start + len;
        let (in_key, elsewhere): (Vec<_>, Vec<_>) = found.iter().partition(|f| f.is_in(&place));
        let mut left = BTreeMap::<_, Vec<_>>::new();
        for Found {
            needle,
            address,
            region,
        } in elsewhere
        {
            let distance = address.cast_signed() - frame.cast_signed();
            left.entry(format!("{needle} in {region}"))
                .or_default()
                .push(distance);
        }
        let registers = program.registers();
        let in_registers = case.needles.find(&registers).into_iter();
        let in_registers = in_registers
            .map(|found| format!("{} in {} at {}", found.needle, found.region, found.address))
            .collect();
        steps.push(Step {
            name: (*name).to_owned(),
            in_key: in_key.len(),
            left,
            in_registers,
        });
    }
    steps
}

/// While the program signs, the table of powers is found, or it would never be.
fn assert_powers_are_found(program: &Path, mode: &str, kernel: Kernel, case: &Case) {
    /// The table of four bits has 16, one of them is not tried to be more than it is.
    const ENOUGH: usize = 15;
    const LOOKS: u64 = 200;
    let mut command = Command::new(program);
    command.args([mode, kernel.name()]).arg(&case.keys[0]);
    let mut program = Traced::start(&mut command);
    program.resume().expect("it loads the key");
    let mut most = 0;
    for look in 0..LOOKS {
        program.run();
        std::thread::sleep(Duration::from_micros(900 + 37 * look));
        program.interrupt();
        let found = case.needles.find(&program.writable_memory());
        let powers: BTreeSet<_> = found.iter().map(|found| found.needle).collect();
        let powers = powers
            .into_iter()
            .filter(|name| name.starts_with("power"))
            .count();
        most = most.max(powers);
        if most >= ENOUGH {
            return;
        }
    }
    panic!(
        "{mode} with {}: {most} powers were found at once in {LOOKS} looks",
        kernel.name()
    );
}

#[test]
fn nothing_is_left() {
    let programs = OPT_LEVELS.map(|opt_level| (opt_level, build(opt_level)));
    let kernels = available_kernels();
    let expected = 3 * GOOD_STEPS + REFUSED + FAULTY_STEPS + NEW_KEY_STEPS + PLANTED_STEPS;
    let mut bad = Vec::new();
    for bits in SIZES {
        let case = Case::new(bits);
        for (opt_level, program) in &programs {
            for &kernel in &kernels {
                for mode in ["sign", "batch"] {
                    assert_powers_are_found(program, mode, kernel, &case);
                }
                let steps = search(program, kernel, &case);
                assert_eq!(steps.len(), expected);
                let count = steps.len();
                let run = format!("{bits} bits, opt-level {opt_level}, {}", kernel.name());
                for Step {
                    name,
                    in_key,
                    left,
                    in_registers,
                } in steps
                {
                    let gone = ["wipe", "drop", "refused"]
                        .iter()
                        .any(|n| name.starts_with(n));
                    assert_eq!(in_key == 0, gone, "{run}, {name}: {in_key} in the key");
                    if let Some(place) = name.strip_prefix("planted-") {
                        // Each in its own region: what the other left does not count.
                        let seen = left
                            .keys()
                            .any(|what| what.ends_with(&format!(" in [{place}]")));
                        assert!(seen, "{run}, {name}: not found: {left:?}");
                        continue;
                    }
                    for (what, places) in left {
                        bad.push(format!("{run}, {name}: {what}: {places:?}"));
                    }
                    if cfg!(target_arch = "x86_64") {
                        let found = in_registers.iter();
                        bad.extend(found.map(|what| format!("{run}, {name}: {what}")));
                    }
                }
                println!("{run}: {count} steps, {} needles", case.needles.count());
            }
        }
    }
    assert!(bad.is_empty(), "{} left:\n{}", bad.len(), bad.join("\n"));
}
