//! Why a call was refused: an error of the core, or one of the call itself.

use daxsign_core::Error;

use crate::status::DaxsignStatus;

/// An error was put down where the call keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Noted;

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallError {
    /// The request, signature or key is at fault.
    Core(Error),
    /// It was put down where the call keeps its error.
    Noted(Noted),
    /// The call is at fault.
    Call {
        status: DaxsignStatus,
        /// The argument, as the header names it.
        argument: &'static str,
        /// The size or alignment needed, in bytes; or the largest value allowed.
        needed: usize,
        /// What was passed instead; the signing callback's number.
        found: u64,
    },
}

impl CallError {
    pub(crate) const fn call(status: DaxsignStatus, argument: &'static str) -> Self {
        Self::sized(status, argument, 0, 0)
    }

    pub(crate) const fn sized(
        status: DaxsignStatus,
        argument: &'static str,
        needed: usize,
        found: u64,
    ) -> Self {
        Self::Call {
            status,
            argument,
            needed,
            found,
        }
    }

    pub(crate) const fn status(&self) -> DaxsignStatus {
        match self {
            Self::Core(error) => DaxsignStatus::from_error(error),
            Self::Call { status, .. } => *status,
            // It is looked up before it is asked.
            Self::Noted(Noted) => DaxsignStatus::DaxsignErrUnknown,
        }
    }
}

impl From<Noted> for CallError {
    fn from(noted: Noted) -> Self {
        Self::Noted(noted)
    }
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}
