//! `daxsign ca init`: a new authority in a folder of its own.

use std::path::Path;

use daxsign_core::{CertificateRequest, EnrolError, KeyEncoding, PrivateKey, Timestamp};
use daxsign_pki::{
    Access, Asked, Authority, NewAuthority, Profile, SerialNumber, Terms, encrypt_key, issue_root,
};

use crate::arguments::KeyFormat;
use crate::authority::arguments::{InitArguments, PassphraseArgument};
use crate::authority::opened::{Opened, later, validity};
use crate::authority::subject;
use crate::failure::Failure;
use crate::input::Input;
use crate::terminal::{argument, shown};
use crate::{clock, key_file, keygen, new_file, new_key, output, passphrase};

/// Days that a root's certificate is valid.
const ROOT_DAYS: u32 = 3650;
/// Days that the first list holds.
const LIST_DAYS: u32 = 30;

/// Runs the command.
pub(super) fn run(arguments: &InitArguments) -> Result<(), Failure> {
    make(arguments)?;
    tell(&arguments.folder)
}

/// Makes the authority.
pub(super) fn make(arguments: &InitArguments) -> Result<(), Failure> {
    let folder = &arguments.folder;
    new_file::check_folder(folder)?;
    let now = clock::now()?;
    let above = arguments.above.as_deref();
    // Not to change it yet: nobody else waits while a person types.
    let above = above
        .map(|above| Opened::new(above, Access::Read))
        .transpose()?;
    let key = key(arguments)?;
    let name = shown(folder);
    let passphrase = passphrase::choose(
        arguments.passphrase.passphrase_file.as_deref(),
        &format!("{name}, which you choose"),
    )?;
    let refused = |error| Failure::refused_pki(&error, &name);
    let encrypted = encrypt_key(&key, passphrase.as_bytes(), &mut new_key::random);
    let encrypted = encrypted.map_err(refused)?;
    let certificate = match &arguments.certificate {
        Some(path) => Input::read(path)?.bytes.to_vec(),
        None => certificate(arguments, &key, above.as_ref(), now)?,
    };
    let new = NewAuthority {
        certificate: &certificate,
        above: above
            .as_ref()
            .map_or(&[], |above| above.authority.certificate()),
        key: Some(&encrypted),
        list_times: (now, later(now, LIST_DAYS)?),
    };
    Authority::create(folder, &new, &*key).map_err(refused)
}

fn key(arguments: &InitArguments) -> Result<Box<PrivateKey>, Failure> {
    if let Some(path) = &arguments.key {
        return key_file::private(&Input::read(path)?);
    }
    keygen::check_size(arguments.bits)?;
    let pem = new_key::make(arguments.bits, KeyFormat::Pkcs8)?;
    let mut key = Box::new(PrivateKey::empty());
    key.load(&pem)
        .map_err(|error| Failure::refused(&error, "the key just made"))?;
    Ok(key)
}

/// Its certificate: its own, or that of the authority above it.
fn certificate(
    arguments: &InitArguments,
    key: &PrivateKey,
    above: Option<&Opened>,
    now: Timestamp,
) -> Result<Vec<u8>, Failure> {
    let name = arguments.name.as_deref().unwrap_or_default();
    let request = request(key, name)?;
    let refused = |error| Failure::refused_pki(&error, "--name");
    let asked = Asked::from_request(&request).map_err(refused)?;
    let Some(above) = above else {
        let terms = Terms {
            profile: Profile::Authority { path_len: None },
            serial: SerialNumber::random(&mut new_key::random).map_err(refused)?,
            not_before: now,
            not_after: later(now, arguments.days.unwrap_or(ROOT_DAYS))?,
        };
        return issue_root(&asked, key.public_key(), &terms, key).map_err(refused);
    };
    let profile = Profile::Authority { path_len: Some(0) };
    let days = arguments.days.unwrap_or(profile.default_days());
    let validity = validity(now, days, above.authority.issuer().not_after())?;
    let signer = above.unlock(&PassphraseArgument {
        passphrase_file: arguments.above_passphrase_file.clone(),
    })?;
    let mut changed = Opened::new(
        arguments.above.as_deref().unwrap_or(Path::new(".")),
        Access::Change,
    )?;
    let issued =
        changed
            .authority
            .issue(&asked, (profile, validity), &mut new_key::random, &*signer);
    let issued = issued.map_err(|error| above.refused(&error))?;
    Ok(issued.pem.into_bytes())
}

/// A request with this name, signed by the key.
pub(super) fn request(key: &PrivateKey, name: &str) -> Result<Vec<u8>, Failure> {
    let parts =
        subject::parse(name).map_err(|problem| Failure::Unusable(format!("--name: {problem}")))?;
    let made = || -> Result<Vec<u8>, EnrolError> {
        let mut request = CertificateRequest::new(key.public_key());
        for (oid, value) in &parts {
            request.add_name(oid, value)?;
        }
        let mut der = vec![0; request.encoded_len(KeyEncoding::Der)];
        request.write(key, KeyEncoding::Der, &mut der)?;
        Ok(der)
    };
    made().map_err(|error| Failure::refused_enrolling(&error, "--name"))
}

fn tell(folder: &Path) -> Result<(), Failure> {
    let opened = Opened::new(folder, Access::Read)?;
    let name = &opened.name;
    let asked = Asked::from_certificate(opened.authority.certificate());
    let subject = asked.and_then(|asked| asked.subject_text());
    let subject = subject.map_err(|error| opened.refused(&error))?;
    output::labelled("made", &format!("{name}, the authority {subject}"));
    output::labelled(
        "trust",
        &format!(
            "{name}/authority.crt goes to everybody who is to trust it, and {name}/authority.crl, which \
                  `daxsign ca crl` renews: within {LIST_DAYS} days"
        ),
    );
    output::labelled(
        "next",
        &format!(
            "`daxsign ca issue REQUEST --ca {} --profile dax`; back up the folder, and keep the passphrase \
             elsewhere",
            argument(name)
        ),
    );
    Ok(())
}
