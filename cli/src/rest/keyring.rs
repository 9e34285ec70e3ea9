//! The operating system's keyring, through the program that comes with it: `secret-tool` (libsecret)
//! on Linux, `security` on macOS. Passwords go through pipes, never over a command line.

use std::env;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use daxsign_client::Secret;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// What entries are filed under.
const SERVICE: &str = "daxsign";

/// The program, where there is one for this operating system.
const PROGRAM: Option<&str> = if cfg!(target_os = "macos") {
    Some("security")
} else if cfg!(windows) {
    None
} else {
    Some("secret-tool")
};

/// Whether there is a keyring.
pub(crate) fn is_there() -> bool {
    let Some(program) = PROGRAM else {
        return false;
    };
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

/// The password that is filed under an account.
pub(crate) fn look_up(account: &str) -> Result<Secret, Failure> {
    let arguments: &[&str] = if cfg!(target_os = "macos") {
        &["find-generic-password", "-w", "-s", SERVICE, "-a", account]
    } else {
        &["lookup", "service", SERVICE, "account", account]
    };
    let output = run(arguments, b"")?;
    let text = Zeroizing::new(output.stdout);
    let text = std::str::from_utf8(&text).unwrap_or_default();
    let password = text.strip_suffix('\n').unwrap_or(text);
    if !output.status.success() || password.is_empty() {
        return Err(Failure::Unusable(format!(
            "the keyring holds no password of {account}, or is locked: unlock it, or remove these \
             settings and let `daxsign setup` file it"
        )));
    }
    Ok(Secret::new(password))
}

/// Files a password under an account, in the place of another one.
pub(crate) fn store(account: &str, password: &Secret) -> Result<(), Failure> {
    let output = if cfg!(target_os = "macos") {
        // Its prompt (`-i`) reads commands, quoted as a shell's.
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let command = Zeroizing::new(format!(
            "add-generic-password -U -s {SERVICE} -a {} -w {}\n",
            quoted(account),
            quoted(password.expose())
        ));
        run(&["-i"], command.as_bytes())?
    } else {
        let arguments = [
            "store", "--label", SERVICE, "service", SERVICE, "account", account,
        ];
        run(&arguments, password.expose().as_bytes())?
    };
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::Unusable(
        "the keyring does not take the password: is it locked? --password-env and --password-file \
         do without it"
            .to_owned(),
    ))
}

/// Runs the keyring's program.
fn run(arguments: &[&str], input: &[u8]) -> Result<Output, Failure> {
    let program = PROGRAM.unwrap_or("secret-tool");
    let missing = |error: std::io::Error| {
        Failure::Unusable(format!(
            "the keyring cannot be asked: {program}: {error}; a password may be in a variable or a \
             file instead: env:NAME, file:/PATH"
        ))
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(missing)?;
    if let Some(mut pipe) = child.stdin.take() {
        // One that does not read says so by how it ends.
        let _ = pipe.write_all(input);
    }
    child.wait_with_output().map_err(missing)
}
