//! `daxsign p12 import`: what a file holds, and what is taken out of it.

use std::path::Path;

use daxsign_core::{CertificateFile, KeyFormat, PrivateKey, private_key_file_len};
use daxsign_pki::{Pkcs12, certificate_pem};
use zeroize::Zeroizing;

use crate::clock::date_text;
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::keystore::arguments::ImportArguments;
use crate::new_file::{self, Readers};
use crate::terminal::shown;
use crate::{output, passphrase};

/// Runs the command.
pub(super) fn run(arguments: &ImportArguments) -> Result<(), Failure> {
    let outs = [&arguments.key_out, &arguments.certificate_out];
    for out in outs.into_iter().flatten() {
        check(out)?;
    }
    let input = Input::read(&arguments.file)?;
    let passphrase = passphrase::read(arguments.passphrase_file.as_deref(), &input.name)?;
    let opened = Pkcs12::from_bytes(&input.bytes, &passphrase);
    let opened = opened.map_err(|error| Failure::refused_pki(&error, &input.name))?;
    show(&opened);
    if let Some(out) = &arguments.key_out {
        let key = opened
            .key()
            .ok_or_else(|| holds_no(&input, "private key"))?;
        write(out, &key_text(key)?, Readers::Owner)?;
    }
    if let Some(out) = &arguments.certificate_out {
        if opened.certificates().is_empty() {
            return Err(holds_no(&input, "certificate"));
        }
        let all = opened.certificates().iter().map(|der| certificate_pem(der));
        write(out, all.collect::<String>().as_bytes(), Readers::All)?;
    }
    Ok(())
}

fn check(out: &Path) -> Result<(), Failure> {
    if input::is_stdin(out) {
        return Err(Failure::Unusable(
            "--key-out and --certificate-out need files: nothing of it is printed".to_owned(),
        ));
    }
    new_file::check(out)
}

fn holds_no(input: &Input, what: &str) -> Failure {
    Failure::Unusable(format!("{} holds no {what}", input.name))
}

fn show(opened: &Pkcs12) {
    match opened.key() {
        Some(key) => {
            let bits = key.public_key().modulus_bits();
            output::labelled("key", &format!("RSA, {bits} bits"));
        }
        None => output::labelled("key", "none"),
    }
    if let Some(name) = opened.name() {
        output::labelled("name", name);
    }
    for der in opened.certificates() {
        let text = match CertificateFile::from_bytes(der) {
            Ok(certificate) => format!(
                "{}, valid until {}",
                certificate.subject(),
                date_text(certificate.not_after())
            ),
            Err(error) => format!("{} bytes, not read here: {error}", der.len()),
        };
        output::labelled("certificate", &text);
    }
    if opened.others() > 0 {
        let text = format!("{} entries of other kinds are not taken", opened.others());
        output::labelled("note", &text);
    }
    if opened.is_old() {
        output::labelled(
            "note",
            "it is encrypted with RC2 or triple DES, which protects little today: `daxsign p12 export` makes a new \
             one; delete this one then",
        );
    }
}

fn key_text(key: &PrivateKey) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let format = KeyFormat::Pkcs8Pem;
    let len = private_key_file_len(key.public_key().modulus_bits(), format);
    let mut file = Zeroizing::new(vec![0; len]);
    let written = key.write(format, &mut file);
    let len = written
        .map_err(|error| Failure::refused(&error, "the key"))?
        .len();
    file.truncate(len);
    Ok(file)
}

fn write(out: &Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    new_file::write(out, bytes, readers)?;
    output::labelled("made", &format!("{}, {} bytes", shown(out), bytes.len()));
    Ok(())
}
