//! `daxsign p12 export`: a new file.

use daxsign_pki::write_pkcs12;

use crate::failure::Failure;
use crate::input::{self, Input};
use crate::keystore::arguments::ExportArguments;
use crate::new_file::{self, Readers};
use crate::terminal::shown;
use crate::{key_file, new_key, output, passphrase};

/// Runs the command.
pub(super) fn run(arguments: &ExportArguments) -> Result<(), Failure> {
    if input::is_stdin(&arguments.out) {
        return Err(Failure::Unusable(
            "--out needs a file: a private key is not printed".to_owned(),
        ));
    }
    new_file::check(&arguments.out)?;
    let key_input = Input::read(&arguments.key)?;
    let key = key_file::private(&key_input)?;
    let inputs = arguments.certificate.iter().map(|path| Input::read(path));
    let inputs = inputs.collect::<Result<Vec<Input>, Failure>>()?;
    let files: Vec<&[u8]> = inputs.iter().map(|input| input.bytes.as_slice()).collect();
    let name = shown(&arguments.out);
    let passphrase = passphrase::choose(arguments.passphrase_file.as_deref(), &name)?;
    if !passphrase.is_ascii() {
        output::labelled(
            "note",
            "the passphrase has other signs than ASCII, and Java opens no such file",
        );
    }
    let file = write_pkcs12(
        &key,
        &files,
        arguments.name.as_deref(),
        &passphrase,
        &mut new_key::random,
    );
    let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
    let file = file.map_err(|error| Failure::refused_pki(&error, &names.join(", ")))?;
    new_file::write(&arguments.out, &file, Readers::Owner)?;
    output::labelled("made", &format!("{name}, {} bytes", file.len()));
    Ok(())
}
