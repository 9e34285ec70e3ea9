//! `daxsign p12 import`: what a file holds, and what is taken out of it.

use std::path::Path;

use daxsign_core::CertificateFile;
use daxsign_pki::{Pkcs12, certificate_pem};

use crate::clock::date_text;
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::keystore::arguments::ImportArguments;
use crate::new_file::{self, Readers};
use crate::terminal::shown;
use crate::{key_file, output, passphrase};

/// Runs the command.
pub(super) fn run(arguments: &ImportArguments) -> Result<(), Failure> {
    let outs = [&arguments.key_out, &arguments.certificate_out];
    for out in outs.into_iter().flatten() {
        check(out)?;
    }
    if let (Some(key), Some(certificates)) = (&arguments.key_out, &arguments.certificate_out)
        && is_same(key, certificates)
    {
        return Err(Failure::Unusable(
            "--key-out and --certificate-out need a file each: both name the same".to_owned(),
        ));
    }
    let input = Input::read(&arguments.file)?;
    let passphrase = passphrase::read(arguments.passphrase_file.as_deref(), &input.name)?;
    let opened = Pkcs12::from_bytes(&input.bytes, &passphrase);
    let opened = opened.map_err(|error| Failure::refused_pki(&error, &input.name))?;
    show(&opened);
    // All of it before the first file is written.
    let key = match (&arguments.key_out, opened.key()) {
        (Some(_), None) => return Err(holds_no(&input, "private key")),
        (Some(out), Some(key)) => Some((out, key_file::pkcs8(key)?)),
        (None, _) => None,
    };
    let certificates = arguments.certificate_out.as_ref();
    if certificates.is_some() && opened.certificates().is_empty() {
        return Err(holds_no(&input, "certificate"));
    }
    if let Some((out, text)) = key {
        write(out, &text, Readers::Owner)?;
    }
    if let Some(out) = certificates {
        let all = opened.certificates().iter().map(|der| certificate_pem(der));
        write(out, all.collect::<String>().as_bytes(), Readers::All)?;
    }
    Ok(())
}

/// Whether two paths are one, as far as can be told of what is not there yet.
fn is_same(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    one == other || place(one).is_some_and(|one| Some(one) == place(other))
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

/// Whether the first certificate is the key's, as it is if any is; `None` where one of the two is missing.
fn belongs(opened: &Pkcs12) -> Option<bool> {
    let (key, first) = (opened.key()?, opened.certificates().first()?);
    let certified = CertificateFile::from_bytes(first).and_then(|first| Ok(first.public_key()?));
    Some(certified.is_ok_and(|certified| certified == *key.public_key()))
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
    if belongs(opened) == Some(false) {
        output::labelled(
            "note",
            "none of the certificates is the key's, as far as they are read here: another key or another certificate \
             was meant",
        );
    }
    if opened.key_is_bare() {
        output::labelled(
            "note",
            "the key in it is not encrypted: whoever has the file has the key, with no passphrase",
        );
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

fn write(out: &Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    new_file::write(out, bytes, readers)?;
    output::labelled("made", &format!("{}, {} bytes", shown(out), bytes.len()));
    Ok(())
}
