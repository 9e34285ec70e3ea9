//! The library for C, built and laid out as an integrator gets it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The project's own folder.
#[must_use]
pub fn project() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    folder.canonicalize().expect("the project's folder")
}

/// The folder that this test was built into: `…/TARGET FOLDER/PROFILE/deps/THIS TEST`.
#[must_use]
pub fn target_folder() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    test.ancestors().nth(3).expect("target folder").into()
}

/// The program tests/secrecy/steps, which runs code one instruction at a time: built for all
/// processors, or for those with some features (`+bmi2,+adx`).
///
/// # Panics
/// If it does not build.
#[must_use]
pub fn steps_program(features: &str) -> PathBuf {
    let (folder, flags) = if features.is_empty() {
        (target_folder(), String::new())
    } else {
        let folder = target_folder().join("processors").join(features);
        (folder, format!("-Ctarget-feature={features}"))
    };
    let status = cargo_build_steps(&project(), &folder)
        .env("RUSTFLAGS", flags)
        .status()
        .expect("cargo starts");
    assert!(status.success(), "cargo build");
    folder.join("debug/daxsign-steps")
}

/// The same program as users build the core, of a project in some folder, built into another.
///
/// # Panics
/// If it does not build.
#[must_use]
pub fn released_steps_program(project: &Path, folder: &Path) -> PathBuf {
    let status = cargo_build_steps(project, folder)
        .arg("--release")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .status()
        .expect("cargo starts");
    assert!(status.success(), "cargo build --release");
    folder.join("release/daxsign-steps")
}

fn cargo_build_steps(project: &Path, folder: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .current_dir(project)
        .args(["build", "--quiet", "--locked", "--package", "daxsign-steps"])
        .arg("--target-dir")
        .arg(folder);
    build
}

/// With these `cargo build` asks for a test, too, and so takes dependencies with the features that tests have: else all
/// that stands on such a one is compiled twice.
pub const AS_TESTS_ARE: [&str; 2] = ["--test", "links"];

/// What a command prints, which must succeed. `packages` are those that it comes with.
///
/// # Panics
/// If it does not start, or fails.
pub fn succeeds(command: &mut Command, packages: &str) -> String {
    let output = command.output().unwrap_or_else(|error| {
        panic!("cannot run {command:?} ({error}): install {packages}");
    });
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}{complaint}");
    said
}

/// `ffi/install`, which builds beside this test.
#[must_use]
pub fn install() -> Command {
    let mut install = Command::new(project().join("ffi/install"));
    install.env("CARGO_TARGET_DIR", target_folder());
    install
}

/// The folder with `include/`, `lib/` and `share/` that `ffi/install` makes, once for all tests.
///
/// Tests of several programs may run at once: what is there already is replaced only when it differs.
pub fn installed() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| install_to("native", &[]))
}

/// What a program for Windows is compiled for.
pub const WINDOWS: &str = "x86_64-pc-windows-gnu";

/// The same for Windows, with `bin/daxsign.dll`.
pub fn installed_for_windows() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| install_to("native-windows", &["--target", WINDOWS]))
}

fn install_to(name: &str, arguments: &[&str]) -> PathBuf {
    let prefix = target_folder().join(name);
    let lock = File::create(target_folder().join(format!("{name}.lock"))).expect("a lock file");
    lock.lock().expect("the lock");
    let fresh = target_folder().join(format!("{name}.new"));
    remove(&fresh);
    let output = install().arg(&fresh).args(arguments).output();
    let output = output.expect("ffi/install starts");
    assert!(
        output.status.success(),
        "ffi/install: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    if !prefix.exists() || files(&prefix) != files(&fresh) {
        remove(&prefix);
        fs::rename(&fresh, &prefix).expect("the folder gets its name");
    }
    remove(&fresh);
    prefix
}

/// Every file and link under a folder by its path in it, with its bytes.
#[must_use]
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder to read") {
            let path = entry.expect("its entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("a path under the folder");
            let bytes =
                fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            found.insert(name.to_str().expect("a name in UTF-8").into(), bytes);
        }
    }
    found
}

fn remove(folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    }
}
