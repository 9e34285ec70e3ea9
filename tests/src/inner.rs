//! Tests that need a build of the core with its inside open.

use std::process::Command;

use crate::native::{project, target_folder};

/// Runs the cases of a test program of this crate in such a build, for the words of this machine;
/// there must be so many. The words of other machines are the command's business that sets the
/// wrapper itself (`tests/run`).
///
/// # Panics
/// If not all of them run and pass.
pub fn run_cases(test: &str, cases: usize) {
    let output = Command::new(env!("CARGO"))
        .args(["test", "--locked", "-p", "daxsign-tests"])
        .args(["--no-default-features", "--test", test])
        .current_dir(project())
        .env("CARGO_TARGET_DIR", target_folder())
        .env(
            "RUSTC_WORKSPACE_WRAPPER",
            project().join("tests/rustc/inner"),
        )
        .output()
        .expect("cargo starts");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains(&format!("{cases} passed; 0 failed")),
        "{test}: {printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
