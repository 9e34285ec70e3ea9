//! Which entry of a table of powers a signature takes is a secret: a window of the exponent. Every
//! entry must be read to take one. Here the first windows of each kernel's exponentiation run one
//! instruction at a time on this processor, for two keys, and must touch the same addresses:
//! valgrind, which tests/secrecy/constant_time.rs uses, knows no AVX-512. `tests/secrecy/steps/run`
//! compares whole signatures, which takes long.
//!
//! That the steps reach the tables is seen with a copy of the core that reads one entry too many, at
//! an address made of the window.

#![cfg(target_arch = "x86_64")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use daxsign_core::Kernel;
use daxsign_tests::folder::Folder;
use daxsign_tests::kernels::available_kernels;
use daxsign_tests::native::{project, released_steps_program, target_folder};
use daxsign_tests::rsa_keys::{KeyNumbers, seeded_rng};

/// How signatures are made, with which kernel, and so many steps that the first look-ups are among
/// them: where the first stands was measured.
const ROWS: [(&str, Kernel, u32); 4] = [
    // At 80 000.
    ("sign", Kernel::Ifma, 120_000),
    // At 167 000.
    ("batch", Kernel::Ifma, 230_000),
    // At 91 000.
    ("sign", Kernel::Adx, 120_000),
    // At 185 000.
    ("sign", Kernel::Portable, 220_000),
];

/// Functions that take an entry, and a line that reads at an address made of the window.
const LEAKS: [(&str, &str, &str); 3] = [
    (
        "machine/ifma/digits.rs",
        "    let indices = spread(indices);\n",
        "    core::hint::black_box(indices.first().and_then(|index| {
             let index = usize::try_from(index.wrapping_sub(first)).unwrap_or(usize::MAX);
             entries.get(index).map(|entry| entry.0.as_flattened().first().copied())
         }));\n",
    ),
    (
        "machine/ifma/lanes.rs",
        "    for (column, out) in out.0.iter_mut().enumerate() {\n",
        "    core::hint::black_box(table.get(usize::from(index)).map(|row| row.digits().next().copied()));\n",
    ),
    (
        "rsa/power.rs",
        "    out.fill(0);\n    let mut position: Limb = 0;\n",
        "    core::hint::black_box(
             table.chunks_exact(out.len().max(1)).nth(usize::try_from(index).unwrap_or(0)).and_then(|entry| entry.first().copied()));\n",
    ),
];

/// Two keys of 2048 bits with different windows from the first on.
fn keys(folder: &Folder) -> [PathBuf; 2] {
    [11, 12].map(|seed| {
        let numbers = KeyNumbers::generate(&mut seeded_rng(seed), 1024, 1024, 65_537);
        folder.write(&format!("{seed}.der"), numbers.pkcs1_der())
    })
}

/// What the stepping program says of a row: whether the runs were alike, and its words.
fn compare(program: &Path, (mode, kernel, steps): (&str, Kernel, u32)) -> (bool, String) {
    let folder = Folder::default();
    let output = Command::new(program)
        .args(["first", &steps.to_string(), mode, kernel.name()])
        .args(keys(&folder))
        .output()
        .expect("it starts");
    let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
    (output.status.success(), said.trim().into())
}

/// The project with another core, in which each file of [`LEAKS`] has its line.
fn leaking_project(folder: &Folder) {
    for entry in fs::read_dir(project()).expect("the project") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_str().expect("a name");
        if !["core", "target"].contains(&name) && !name.starts_with('.') {
            symlink(project().join(name), folder.path(name)).expect("a link");
        }
    }
    let copied = Command::new("cp")
        .arg("-a")
        .args([project().join("core"), folder.path("core")])
        .status();
    assert!(copied.expect("cp starts").success());
    for (file, before, leak) in LEAKS {
        let path = folder.path("core/src").join(file);
        let text = fs::read_to_string(&path).expect(file);
        assert_eq!(text.matches(before).count(), 1, "{file}: {before}");
        fs::write(&path, text.replacen(before, &format!("{leak}{before}"), 1)).expect(file);
    }
}

#[test]
fn the_tables_are_read_alike_for_all_keys() {
    let rows = ROWS
        .into_iter()
        .filter(|(_, kernel, _)| kernel.is_available());
    let rows: Vec<_> = rows.collect();
    // What this machine has: each kernel signs, and vectors sign in batches too.
    let kernels = available_kernels();
    let batches = usize::from(Kernel::Ifma.is_available());
    assert_eq!(rows.len(), kernels.len() + batches, "rows");

    let program = released_steps_program(&project(), &target_folder());
    let folder = Folder::default();
    leaking_project(&folder);
    let leaking = released_steps_program(folder.root(), &target_folder().join("leaking"));
    for row in rows {
        let (mode, kernel, steps) = row;
        let what = format!("{mode} with {}", kernel.name());
        // Side by side: each takes one core for seconds.
        let (plain, leak) = std::thread::scope(|threads| {
            let leak = threads.spawn(|| compare(&leaking, row));
            (compare(&program, row), leak.join().expect("it ends"))
        });
        let (alike, said) = plain;
        assert!(alike, "{what}: {said}");
        assert_eq!(said, format!("2 runs alike of {steps} steps"), "{what}");
        println!("{what}: {said}");
        let (alike, said) = leak;
        assert!(
            !alike && said.contains(" differs: "),
            "a leak was not seen in {what}: {said}"
        );
        println!("{what}, leaking: {said}");
    }
}
