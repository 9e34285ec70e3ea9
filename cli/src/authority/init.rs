//! `daxsign ca init`: a new authority in a folder of its own.

use std::path::Path;

use daxsign_core::{CertificateFile, KeyEncoding, PrivateKey, Timestamp};
use daxsign_pki::{
    Access, Asked, Founding, Issued, NewAuthority, Profile, SerialNumber, Terms, encrypt_key,
    issue_root,
};

use crate::arguments::KeyFormat;
use crate::authority::arguments::{InitArguments, PassphraseArgument, YesArgument};
use crate::authority::opened::{Opened, is_wanted, later, validity};
use crate::enrolling::csr;
use crate::failure::Failure;
use crate::input::Input;
use crate::terminal::{argument, shown};
use crate::{ask, clock, key_file, keygen, new_file, new_key, output, passphrase};

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
    check_above_passphrase(arguments)?;
    let earlier = arguments.list.as_deref().map(Input::read).transpose()?;
    check_earlier(arguments)?;
    let now = clock::now()?;
    // Not to change it yet: nobody else waits while a person types.
    let above = arguments.above.as_deref();
    let above = above
        .map(|above| Opened::new(above, Access::Read))
        .transpose()?;
    let key = key(arguments)?;
    let own = own_certificate(arguments, &key, now)?;
    let name = shown(folder);
    let passphrase = passphrase::choose(
        arguments.passphrase.passphrase_file.as_deref(),
        &format!("{name}, which you choose"),
    )?;
    let refused = |error| Failure::refused_pki(&error, &name);
    let encrypted = encrypt_key(&key, passphrase.as_bytes(), &mut new_key::random);
    let encrypted = encrypted.map_err(refused)?;
    let signer = match &above {
        Some(above) => Some(above.unlock(&PassphraseArgument {
            passphrase_file: arguments.above_passphrase_file.clone(),
        })?),
        None => None,
    };
    // From here on nobody is asked, and the key is kept before anybody signs for it.
    let mut founding = Founding::begin(folder, Some(&encrypted)).map_err(refused)?;
    let (certificate, issued) = match (own, &above, signer) {
        (Own::Asked(asked), Some(above), Some(signer)) => {
            let issued = issue_below(arguments, &asked, (above, &signer), now)?;
            (issued.pem.clone().into_bytes(), Some(issued))
        }
        (Own::Asked(asked), ..) => (root(arguments, &asked, &key, now)?, None),
        (Own::Certificate(file), ..) => (file, None),
    };
    let kept = issued.map(|issued| (issued, founding.keep()));
    let new = NewAuthority {
        certificate: &certificate,
        above: above
            .as_ref()
            .map_or(&[], |above| above.authority.certificate()),
        earlier: earlier.as_ref().map(|earlier| &earlier.bytes[..]),
        list_times: (now, later(now, LIST_DAYS)?),
    };
    let finished = founding.finish(&new, &*key);
    finished.map_err(|error| {
        if let Some((issued, key)) = &kept {
            tell_kept(issued, key);
        }
        refused(error)
    })
}

/// What it has or asks for before the folder is begun.
enum Own {
    /// The certificate that is there already, and those above it.
    Certificate(Vec<u8>),
    Asked(Asked),
}

fn own_certificate(
    arguments: &InitArguments,
    key: &PrivateKey,
    now: Timestamp,
) -> Result<Own, Failure> {
    if let Some(path) = &arguments.certificate {
        let input = Input::read(path)?;
        if let Some(problem) = CertificateFile::from_bytes(&input.bytes)
            .ok()
            .and_then(|certificate| validity_problem(&certificate, now))
        {
            output::labelled("warning", &format!("{}: it is {problem}", input.name));
        }
        return Ok(Own::Certificate(input.bytes.to_vec()));
    }
    let name = arguments.name.as_deref().unwrap_or_default();
    let request = csr::of_names(key, name, &[], KeyEncoding::Der)?;
    let asked = Asked::from_request(&request);
    let asked = asked.map_err(|error| Failure::refused_pki(&error, "--name"))?;
    Ok(Own::Asked(asked))
}

fn validity_problem(certificate: &CertificateFile<'_>, now: Timestamp) -> Option<String> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    key_file::Validity {
        not_before,
        not_after,
    }
    .problem(now)
}

/// In a script, before anything takes its time.
fn check_above_passphrase(arguments: &InitArguments) -> Result<(), Failure> {
    let missing = arguments.above.is_some() && arguments.above_passphrase_file.is_none();
    if missing && !ask::somebody_is_there() {
        return Err(Failure::Unusable(
            "--above-passphrase-file is missing, where the passphrase of the authority above is, and nobody can be \
             asked here"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Whoever was revoked before an authority was taken over would be trusted again by its next list.
fn check_earlier(arguments: &InitArguments) -> Result<(), Failure> {
    if arguments.certificate.is_none() || arguments.list.is_some() {
        return Ok(());
    }
    let text = "no --list: the first list has number 1, and nothing is revoked in it";
    output::labelled("warning", text);
    let yes = YesArgument { yes: arguments.yes };
    if is_wanted(&yes, "Has this authority revoked nothing so far?")? {
        return Ok(());
    }
    Err(Failure::Unusable(
        "nothing was made: name its newest list with --list".to_owned(),
    ))
}

/// Where all is that a person needs to go on.
fn tell_kept(issued: &Issued, key: &Path) {
    let (certificate, key) = (shown(&issued.file), shown(key));
    let text = format!(
        "number {} is issued, {certificate}, and its key, encrypted, is {key}: `daxsign ca init FOLDER --key {} \
         --certificate {} --yes` goes on from there",
        issued.serial,
        argument(&key),
        argument(&certificate)
    );
    output::labelled("note", &text);
}

fn key(arguments: &InitArguments) -> Result<Box<PrivateKey>, Failure> {
    if let Some(path) = &arguments.key {
        return key_file::private(&Input::read(path)?);
    }
    keygen::check_size(arguments.bits, "--bits")?;
    let pem = new_key::make(arguments.bits, KeyFormat::Pkcs8)?;
    let mut key = Box::new(PrivateKey::empty());
    key.load(&pem)
        .map_err(|error| Failure::refused(&error, "the key just made"))?;
    Ok(key)
}

fn root(
    arguments: &InitArguments,
    asked: &Asked,
    key: &PrivateKey,
    now: Timestamp,
) -> Result<Vec<u8>, Failure> {
    let refused = |error| Failure::refused_pki(&error, "--name");
    let terms = Terms {
        profile: Profile::Authority { path_len: None },
        serial: SerialNumber::random(&mut new_key::random).map_err(refused)?,
        not_before: now,
        not_after: later(now, arguments.days.unwrap_or(ROOT_DAYS))?,
    };
    issue_root(asked, key.public_key(), &terms, key).map_err(refused)
}

/// By the authority above it.
fn issue_below(
    arguments: &InitArguments,
    asked: &Asked,
    (above, signer): (&Opened, &PrivateKey),
    now: Timestamp,
) -> Result<Issued, Failure> {
    let profile = Profile::Authority { path_len: Some(0) };
    let days = arguments.days.unwrap_or(profile.default_days());
    let validity = validity(now, days, above.authority.issuer().not_after())?;
    let mut changed = Opened::new(
        arguments.above.as_deref().unwrap_or(Path::new(".")),
        Access::Change,
    )?;
    let granted = (profile, validity);
    let issued = changed
        .authority
        .issue(asked, granted, &mut new_key::random, signer);
    issued.map_err(|error| above.refused(&error))
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
