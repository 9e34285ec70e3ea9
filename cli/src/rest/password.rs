//! Where a password is: never on the command line, and never in the settings.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use daxsign_client::Secret;

use crate::failure::Failure;
use crate::rest::keyring;
use crate::terminal::shown;
use crate::{ask, secret_file};

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
    ask::unseen(question).map(|password| Secret::new(password.as_str()))
}

fn from_file(path: &Path) -> Result<Secret, Failure> {
    secret_file::first_line(path).map(|line| Secret::new(line.as_str()))
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
