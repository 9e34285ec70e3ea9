//! How a command ends when it does not succeed, and the exit code for it.

use daxsign_core::{EnrolError, Error};
use daxsign_pki::PkiError;
use serde_json::{Value, json};

use crate::terminal::shown;

/// The exit code for a request or key that is refused.
const REFUSED: u8 = 1;
/// The exit code for wrong usage, an unreadable file, or a file that is not an HTTP request.
const UNUSABLE: u8 = 2;
/// The exit code for a certificate that expires soon, or has expired.
const EXPIRING: u8 = 3;

/// Why a command did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A rule refuses the request, signature or key.
    Refused(Refusal),
    /// The command cannot be carried out at all: the message says what and what is expected.
    Unusable(String),
    /// All is as it should be, but not for long.
    Expiring(String),
}

/// A refusal with its stable name.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The name of the rule that was broken.
    pub(crate) name: &'static str,
    /// What was wrong, where, and what to do.
    pub(crate) message: String,
    /// What else may help: one line each.
    pub(crate) hints: Vec<String>,
}

impl Failure {
    /// What was wrong, in one line without its name.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.message.clone(),
            Self::Unusable(text) | Self::Expiring(text) => text.clone(),
        }
    }

    /// A refusal by the core. `place` is a file, or a file and a line.
    pub(crate) fn refused(error: &Error, place: &str) -> Self {
        Self::refused_as(error, &format!("{place}: {error}"))
    }

    /// The same in words that say more than the error's own.
    pub(crate) fn refused_as(error: &Error, message: &str) -> Self {
        if *error == Error::InternalFault {
            // No verdict: neither the request nor the key is at fault.
            return Self::Unusable(format!("{}: {message}", error.name()));
        }
        Self::Refused(Refusal {
            name: error.name(),
            message: message.to_owned(),
            hints: Vec::new(),
        })
    }

    /// A refusal by the core on the way to a certificate.
    pub(crate) fn refused_enrolling(error: &EnrolError, place: &str) -> Self {
        if let EnrolError::Core(error) = error {
            return Self::refused(error, place);
        }
        Self::Refused(Refusal {
            name: error.name(),
            message: format!("{place}: {error}"),
            hints: Vec::new(),
        })
    }

    /// A refusal around an authority. What is about files, and nothing was judged, is no refusal.
    pub(crate) fn refused_pki(error: &PkiError, place: &str) -> Self {
        match error {
            PkiError::Enrol(error) => Self::refused_enrolling(error, place),
            PkiError::InFile { file, error } => Self::refused_pki(error, &shown(file)),
            // They name the file or the folder themselves.
            error if error.is_about_files() => Self::Unusable(error.to_string()),
            error => Self::Refused(Refusal {
                name: error.name(),
                message: format!("{place}: {error}"),
                hints: Vec::new(),
            }),
        }
    }

    /// What it says.
    #[cfg(feature = "client")]
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Refused(refusal) => refusal.message,
            Self::Unusable(text) | Self::Expiring(text) => text,
        }
    }

    /// The same with a hint, if there is one.
    pub(crate) fn with_hint(mut self, hint: Option<String>) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.hints.extend(hint);
        }
        self
    }

    /// The `error` object of the JSON output; none where the command could not be carried out,
    /// since there is no verdict then.
    pub(crate) fn to_json(&self) -> Option<Value> {
        match self {
            Self::Refused(refusal) => {
                Some(json!({ "name": refusal.name, "message": refusal.message }))
            }
            Self::Unusable(_) | Self::Expiring(_) => None,
        }
    }

    /// The exit code.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => REFUSED,
            Self::Unusable(_) => UNUSABLE,
            Self::Expiring(_) => EXPIRING,
        }
    }
}
