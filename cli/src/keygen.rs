//! `daxsign keygen`: a new private key in a new file.

use std::path::Path;

use daxsign_core::{Error, Label, MAX_MODULUS_BITS, MIN_MODULUS_BITS, PrivateKey};

use crate::arguments::{KeyFormat, KeygenArguments};
use crate::failure::Failure;
use crate::new_file::{self, Readers};
use crate::terminal::{argument, shown};
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
    new_file::write(path, pem.as_bytes(), Readers::Owner)?;
    let name = shown(path);
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
        &format!(
            "`daxsign key {} --public` prints the public key, the part that DAX gets",
            argument(&name)
        ),
    );
    Ok(())
}

/// The sizes that can be made are those that can be loaded.
fn check_size(bits: usize) -> Result<(), Failure> {
    let error = if bits < MIN_MODULUS_BITS {
        Error::KeyTooSmall { bits }
    } else if bits > MAX_MODULUS_BITS || !bits.is_multiple_of(8) {
        Error::UnsupportedKey {
            found: Label::new(format!("a size of {bits} bits").as_bytes()),
        }
    } else {
        return Ok(());
    };
    let message = format!(
        "--bits: keys of {bits} bits are not made: choose a multiple of 8 from {MIN_MODULUS_BITS} to \
         {MAX_MODULUS_BITS}, such as 2048 or 3072"
    );
    Err(Failure::refused_as(&error, &message))
}

/// Tells early what would fail after the key is made.
fn check_path(path: &Path) -> Result<(), Failure> {
    if input::is_stdin(path) {
        return Err(Failure::Unusable(
            "--out needs a file: a private key is not printed".to_owned(),
        ));
    }
    new_file::check(path)
}
