//! How a command ends when it does not succeed, and the exit code for it.

/// The exit code for what was refused, or found wrong.
const REFUSED: u8 = 1;
/// The exit code for what cannot be carried out at all.
const UNUSABLE: u8 = 2;

/// Why a command did not succeed. The text says what, where, and what to do.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A rule refuses it, or something was found that is wrong.
    Refused(String),
    /// It cannot be carried out: a file, a folder, a running exchange that is not there.
    Unusable(String),
}

impl Failure {
    /// Something that says itself what is wrong, and cannot be carried out for it.
    pub(crate) fn of(problem: impl core::fmt::Display) -> Self {
        Self::Unusable(problem.to_string())
    }

    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Refused(text) | Self::Unusable(text) => text,
        }
    }

    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => REFUSED,
            Self::Unusable(_) => UNUSABLE,
        }
    }
}
