//! `daxsign keygen`: a new private key in a new file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use daxsign_core::{Error, Label, MAX_MODULUS_BITS, MIN_MODULUS_BITS, PrivateKey};

use crate::arguments::{KeyFormat, KeygenArguments};
use crate::failure::Failure;
use crate::{input, new_key, output};

/// Runs the command.
pub(crate) fn run(arguments: &KeygenArguments) -> Result<(), Failure> {
    let path = &arguments.out;
    check_size(arguments.bits)?;
    check_path(path)?;
    let pem = new_key::make(arguments.bits, arguments.format)?;
    // What this tool could not read back does not go into a file.
    PrivateKey::empty()
        .load(pem.as_bytes())
        .map_err(|error| Failure::refused(&error, "the key just made"))?;
    write_new(path, pem.as_bytes())?;
    let name = path.display();
    let format = match arguments.format {
        KeyFormat::Pkcs1 => "PKCS#1",
        KeyFormat::Pkcs8 => "PKCS#8",
    };
    output::labelled(
        "made",
        &format!(
            "{name}, an RSA private key of {} bits ({format} PEM)",
            arguments.bits
        ),
    );
    output::labelled(
        "next",
        &format!("`daxsign key {name} --public` prints the public key, the part that DAX gets"),
    );
    Ok(())
}

/// The sizes that can be made are those that can be loaded.
fn check_size(bits: usize) -> Result<(), Failure> {
    let error = if bits < MIN_MODULUS_BITS {
        Error::KeyTooSmall { bits }
    } else if bits > MAX_MODULUS_BITS {
        Error::UnsupportedKey {
            found: Label::new(format!("a size of {bits} bits").as_bytes()),
        }
    } else if !bits.is_multiple_of(8) {
        Error::UnsupportedKey {
            found: Label::new(format!("a size of {bits} bits, no whole bytes").as_bytes()),
        }
    } else {
        return Ok(());
    };
    Err(Failure::refused(&error, "--bits"))
}

/// Tells early what would fail after the key is made.
fn check_path(path: &Path) -> Result<(), Failure> {
    if input::is_stdin(path) {
        return Err(Failure::Unusable(
            "--out needs a file: a private key is not printed".to_owned(),
        ));
    }
    if path.symlink_metadata().is_ok() {
        return Err(cannot_write(path, &io::ErrorKind::AlreadyExists.into()));
    }
    Ok(())
}

/// Writes a file that must not exist yet; removes it again if it cannot be written whole.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = create_private(path).map_err(|error| cannot_write(path, &error))?;
    let outcome = file.write_all(bytes).and_then(|()| file.sync_all());
    outcome.map_err(|error| {
        drop(file);
        // The first failure is the one to tell.
        let _ = fs::remove_file(path);
        cannot_write(path, &error)
    })
}

/// A new file that only its owner can read.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let name = path.display();
    Failure::Unusable(if error.kind() == io::ErrorKind::AlreadyExists {
        format!("{name} exists and is never overwritten: name another file with --out")
    } else {
        format!("cannot write {name}: {error}")
    })
}
