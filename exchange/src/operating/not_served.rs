//! Why an exchange does not serve.

use core::fmt;

/// Why it does not serve: in words that say what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotServed(String);

impl NotServed {
    pub(super) fn of(problem: impl fmt::Display) -> Self {
        Self(problem.to_string())
    }
}

impl fmt::Display for NotServed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NotServed {}
