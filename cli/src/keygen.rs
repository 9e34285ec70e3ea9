//! `daxsign keygen`: a new private key in a new file.

use std::path::Path;

use daxsign_core::{Error, Label, MIN_MODULUS_BITS, PrivateKey};

use crate::arguments::{KeyFormat, KeygenArguments};
use crate::failure::Failure;
use crate::new_file::{self, Readers};
use crate::terminal::{argument, shown};
use crate::{input, new_key, output};

/// Runs the command.
pub(crate) fn run(arguments: &KeygenArguments) -> Result<(), Failure> {
    let path = &arguments.out;
    check_size(arguments.bits, "--bits")?;
    check_path(path)?;
    let pem = new_key::make(arguments.bits, arguments.format)?;
    // What this tool could not read back does not go into a file.
    PrivateKey::empty()
        .load(&pem)
        .map_err(|error| Failure::refused(&error, "the key just made"))?;
    new_file::write(path, &pem, Readers::Owner)?;
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
            "`daxsign key {0} --public` prints the public key; `daxsign csr --key {0} --out request.csr` \
             makes the request for a certificate",
            argument(&name)
        ),
    );
    Ok(())
}

/// The sizes that are made.
const SIZES: [usize; 3] = [2048, 3072, 4096];

/// `place` is what said it.
pub(crate) fn check_size(bits: usize, place: &str) -> Result<(), Failure> {
    if SIZES.contains(&bits) {
        return Ok(());
    }
    let error = if bits < MIN_MODULUS_BITS {
        Error::KeyTooSmall { bits }
    } else {
        Error::UnsupportedKey {
            found: Label::new(format!("a size of {bits} bits").as_bytes()),
        }
    };
    let message = format!("{place}: keys of {bits} bits are not made: choose 2048, 3072 or 4096");
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
