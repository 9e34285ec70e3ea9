//! Where a password is: never on the command line, and never in the settings.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use daxsign_client::Secret;

use crate::failure::Failure;
use crate::input::Input;
use crate::rest::keyring;
use crate::terminal::{Paint, shown, visible};
use crate::{ask, output};

/// Where it is, as settings say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// In the operating system's keyring, under client id and user.
    Keyring,
    /// In an environment variable.
    Variable(String),
    /// The first line of a file.
    File(PathBuf),
}

impl Source {
    /// Reads `keyring`, `env:NAME` or `file:PATH`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "keyring" => Ok(Self::Keyring),
            Some(("env", name)) if !name.is_empty() => Ok(Self::Variable(name.to_owned())),
            Some(("file", path)) if Path::new(path).is_absolute() => Ok(Self::File(path.into())),
            // What stands there may be the password itself.
            _ => Err(
                "password says where the password is: keyring, env:NAME, or file: and an absolute \
                 path; it does not stand there itself"
                    .to_owned(),
            ),
        }
    }

    /// The password.
    pub(crate) fn read(&self, account: &str) -> Result<Secret, Failure> {
        let password = match self {
            Self::Keyring => keyring::look_up(account)?,
            Self::Variable(name) => Secret::new(env::var(name).map_err(|_| {
                Failure::Unusable(format!(
                    "the password is in the variable {name}, which is not set here, or not in \
                     UTF-8: export it"
                ))
            })?),
            Self::File(path) => from_file(path)?,
        };
        if password.expose().is_empty() {
            return Err(Failure::Unusable(format!(
                "the password in {self} is empty"
            )));
        }
        Ok(password)
    }
}

/// Asks for a password that the terminal does not show.
pub(crate) fn typed(question: &str) -> Result<Secret, Failure> {
    ask::prompt(&Paint::for_stderr().strong(&visible(question.as_bytes())));
    rpassword::read_password()
        .map(Secret::new)
        .map_err(|error| Failure::Unusable(format!("the terminal: {error}")))
}

fn from_file(path: &Path) -> Result<Secret, Failure> {
    let input = Input::read(path)?;
    if others_may_read(path) {
        let text = format!("{}: others may read this password: chmod 600", input.name);
        output::labelled("warning", &text);
    }
    let text = std::str::from_utf8(&input.bytes)
        .map_err(|_| Failure::Unusable(format!("{}: not UTF-8", input.name)))?;
    Ok(Secret::new(text.lines().next().unwrap_or_default()))
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let mode = path.metadata().map(|data| data.permissions().mode());
    mode.is_ok_and(|mode| mode & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring => f.write_str("keyring"),
            Self::Variable(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", shown(path)),
        }
    }
}
