//! `daxsign setup`: makes a file of settings.

use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

use daxsign_client::protocol::address::Scheme;
use daxsign_client::{List, Secret, Signing, Uuid};

use crate::arguments::Profile;
use crate::failure::Failure;
use crate::input::Input;
use crate::new_file::{self, Readers};
use crate::rest::arguments::{PasswordArguments, SetupCommand, SigningChoice};
use crate::rest::id::id;
use crate::rest::password::{self, Source};
use crate::rest::settings::Settings;
use crate::rest::{connection, files, keyring};
use crate::terminal::shown;
use crate::{ask, key_file, output};

/// Where production is.
const PRODUCTION: &str = "https://api-prod.dax.amido.io";

/// Runs the command.
pub(crate) fn run(command: &SetupCommand) -> Result<(), Failure> {
    let name = files::name(command.name.name.as_deref())?;
    let file = files::path(&name)?;
    if file.symlink_metadata().is_ok() {
        return Err(Failure::Unusable(format!(
            "{} exists and is never overwritten: take another name with --as, change the file by \
             hand, or remove it",
            shown(&file)
        )));
    }
    let settings = read(command)?;
    make_folder(&file)?;
    new_file::write(&file, settings.to_toml().as_bytes(), Readers::Owner)?;
    output::labelled("made", &shown(&file));
    let with_name = if command.name.name.is_some() {
        format!(" --as {name}")
    } else {
        String::new()
    };
    output::labelled(
        "next",
        &match settings.profile {
            Some(_) => format!("`daxsign contracts list{with_name}` is a first call"),
            None => format!(
                "`daxsign probe{with_name}` finds out which profile and list the service accepts"
            ),
        },
    );
    Ok(())
}

/// What the command line says, and for the rest what is answered.
fn read(command: &SetupCommand) -> Result<Settings, Failure> {
    let base_question = format!("Address of the service [{PRODUCTION}]: ");
    let base = given(command.base.clone(), "--base", &base_question, |text| {
        let text = if text.is_empty() { PRODUCTION } else { text };
        check_base(text).map(|()| text.to_owned())
    })?;
    check_base(&base).map_err(Failure::Unusable)?;
    let client_id = given(
        command.client_id,
        "--client-id",
        "Your own instance's id: ",
        id,
    )?;
    let (partner, instance) = target(command)?;
    let user = given(command.user.clone(), "--user", "User: ", ask::not_empty)?;
    let key = given(
        command.key.clone(),
        "--key",
        "File of the private key: ",
        |text| {
            let file = PathBuf::from(ask::not_empty(text)?);
            private_key(&file)
                .map(|()| file)
                .map_err(Failure::into_text)
        },
    )?;
    private_key(&key)?;
    let key = absolute(&key)?;
    let signing = given(command.signing, "--signing", SIGNING_QUESTION, signing)?;
    let (profile, headers) = match signing {
        SigningChoice::Observed => (Some(Profile::VendorSdk), Some(List::OBSERVED.to_owned())),
        SigningChoice::Documented => (Some(Profile::Documented), Some(List::BOUND.to_owned())),
        SigningChoice::Probe => (None, None),
    };
    let usual_scope = daxsign_client::Settings::OBSERVED_SCOPE;
    let scope = command.scope.as_deref().unwrap_or(usual_scope);
    let path = |path: &Option<PathBuf>| path.as_deref().map(there).transpose();
    let mut settings = Settings {
        base,
        client_id,
        user,
        password: Source::Keyring,
        key,
        partner,
        instance,
        profile,
        headers,
        scope: Some(scope.to_owned()),
        ca: path(&command.ca)?,
        client_certificate: path(&command.client_certificate)?,
        client_key: path(&command.client_key)?,
        exchange_certificate: path(&command.exchange_certificate)?,
        // Written down, so that it is seen where it can be changed.
        require_signed_answers: command
            .exchange_certificate
            .as_ref()
            .map(|_| command.require_signed_answers.unwrap_or(true)),
    };
    if let Some(file) = &settings.exchange_certificate {
        connection::pinned(file)?;
    }
    settings.password = source(&command.password, &settings.account())?;
    Ok(settings)
}

const SIGNING_QUESTION: &str = "\
How are requests signed? observed: as production was seen to accept it; documented: as the DAX text \
says; probe: not known, `daxsign probe` finds out [probe]: ";

fn signing(text: &str) -> Result<SigningChoice, String> {
    match text {
        "observed" => Ok(SigningChoice::Observed),
        "documented" => Ok(SigningChoice::Documented),
        "" | "probe" => Ok(SigningChoice::Probe),
        _ => Err("write observed, documented or probe".to_owned()),
    }
}

/// The value of an option, or else an answer.
fn given<T>(
    option: Option<T>,
    name: &str,
    question: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    ask::given(option, name, question, "setup", read)
}

/// The target's ids; there need not be any.
fn target(command: &SetupCommand) -> Result<(Option<Uuid>, Option<Uuid>), Failure> {
    let given = (command.partner, command.instance);
    let asked = command.base.is_none() && ask::somebody_is_there();
    if given.0.is_some() || !asked {
        return Ok(given);
    }
    let read = |text: &str| match text {
        "" => Ok(None),
        text => id(text).map(Some),
    };
    let partner = ask::until("The target's partner id [none]: ", read)?;
    match partner {
        None => Ok((None, None)),
        Some(_) => Ok((partner, Some(ask::until("The target's instance id: ", id)?))),
    }
}

/// Where the password is; one that is told here goes into the keyring.
fn source(arguments: &PasswordArguments, account: &str) -> Result<Source, Failure> {
    if let Some(name) = &arguments.env {
        return Ok(Source::Variable(name.clone()));
    }
    if let Some(file) = &arguments.file {
        return Ok(Source::File(absolute(file)?));
    }
    if arguments.keyring || (ask::somebody_is_there() && keyring::is_there()) {
        keyring::store(account, &told_password()?)?;
        return Ok(Source::Keyring);
    }
    given(
        None,
        "--password-env, --password-file or --password-keyring",
        "Where is the password? env:NAME for a variable, file:/PATH for a file: ",
        Source::parse,
    )
}

/// A password that is typed, or comes from a pipe.
fn told_password() -> Result<Secret, Failure> {
    if ask::somebody_is_there() {
        return password::typed("Password (goes into the keyring): ");
    }
    let mut line = zeroize::Zeroizing::new(String::new());
    io::stdin()
        .read_line(&mut line)
        .map_err(|error| Failure::Unusable(format!("standard input: {error}")))?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => Err(Failure::Unusable(
            "standard input holds no password".to_owned(),
        )),
        password => Ok(Secret::new(password)),
    }
}

/// Whether the address is one.
fn check_base(text: &str) -> Result<(), String> {
    let signing = Signing::observed();
    let settings = daxsign_client::Settings::new(text, Uuid::nil(), "-", Secret::new("-"), signing)
        .map_err(|error| error.text())?;
    let base = settings.base;
    if base.scheme() == Scheme::Http && !base.is_loopback() {
        return Err(format!(
            "{base} is not encrypted, and others could read the token: only https goes to other \
             machines"
        ));
    }
    Ok(())
}

/// Whether a file holds a private key.
fn private_key(file: &Path) -> Result<(), Failure> {
    key_file::private(&Input::read(file)?).map(drop)
}

/// The path from the root on: settings are used from any folder.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::Unusable(format!("{}: {error}", shown(path))))
}

/// The same of a file that must be there and can be read.
fn there(path: &Path) -> Result<PathBuf, Failure> {
    let path = absolute(path)?;
    Input::read(&path).map(|_| path)
}

/// The folder of the file, its owner's alone.
fn make_folder(file: &Path) -> Result<(), Failure> {
    let folder = file.parent().unwrap_or(file);
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Failure::Unusable(format!("cannot make {}: {error}", shown(folder))))
}
