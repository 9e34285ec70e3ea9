//! Where a call puts its error down. A [`CallError`] has room for an error of the core: handed up as a
//! result by every function, it would be copied by each. Here it is written once, and what goes up is
//! that there is one: on a microcontroller, kilobytes less code.

use core::cell::Cell;

use daxsign_core::Error;

use crate::call_error::{CallError, Noted};
use crate::status::DaxsignStatus;

/// A place for a call's error.
pub(crate) struct Failure(Cell<CallError>);

impl Failure {
    /// No error so far.
    pub(crate) const fn new() -> Self {
        Self(Cell::new(CallError::Noted(Noted)))
    }

    /// An error without numbers.
    pub(crate) fn call(&self, status: DaxsignStatus, argument: &'static str) -> Noted {
        self.sized(status, argument, 0, 0)
    }

    /// An error with numbers.
    #[inline(never)]
    pub(crate) fn sized(
        &self,
        status: DaxsignStatus,
        argument: &'static str,
        needed: usize,
        found: u64,
    ) -> Noted {
        self.note(&CallError::sized(status, argument, needed, found))
    }

    /// Puts an error down.
    pub(crate) fn note(&self, error: &CallError) -> Noted {
        if !matches!(error, CallError::Noted(_)) {
            self.0.set(*error);
        }
        Noted
    }

    /// What the core returned; its error is put down.
    #[allow(clippy::inline_always, reason = "else the value is copied")]
    #[inline(always)]
    pub(crate) fn of_core<T>(&self, result: Result<T, Error>) -> Result<T, Noted> {
        result.map_err(|error| self.core(&error))
    }

    // One copy for its many users.
    #[inline(never)]
    pub(crate) fn core(&self, error: &Error) -> Noted {
        self.0.set(CallError::Core(*error));
        Noted
    }

    /// The error that was put down.
    pub(crate) const fn get(&self) -> CallError {
        self.0.get()
    }
}
