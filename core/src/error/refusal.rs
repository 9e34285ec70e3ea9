//! Where the error of a request is put down. An [`Error`] has room for a text: handed up as a result by
//! every function of a chain, it would be copied by each. Here it is written once, and what goes up is
//! that there is one. On a microcontroller that is much less code and stack.

use super::Error;

/// A place for an error.
pub(crate) struct Refusal(Error);

/// An error was put down.
pub(crate) struct Noted;

impl Refusal {
    /// What `check` returns, or the error that it put down.
    pub(crate) fn of<T>(check: impl FnOnce(&mut Self) -> Result<T, Noted>) -> Result<T, Error> {
        let mut refusal = Self(Error::InternalFault);
        match check(&mut refusal) {
            Ok(value) => Ok(value),
            Err(Noted) => Err(refusal.0),
        }
    }

    /// Puts an error down.
    pub(crate) fn note(&mut self, error: Error) -> Noted {
        self.0 = error;
        Noted
    }

    /// The error that was put down last.
    pub(crate) const fn error(&self) -> &Error {
        &self.0
    }
}
