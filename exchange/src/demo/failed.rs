//! Why the demo ends early.

use core::fmt;
use std::io;

/// What could not be done, and why.
#[derive(Debug)]
pub enum Failed {
    /// Nobody reads the story any more, or it cannot be written.
    Telling(io::Error),
    /// Something else.
    At {
        /// What was being done.
        what: &'static str,
        /// Why it could not be.
        why: String,
    },
}

impl Failed {
    pub(super) fn at(what: &'static str, why: impl fmt::Display) -> Self {
        let why = why.to_string();
        Self::At { what, why }
    }
}

/// Says what was being done when something failed.
pub(super) trait Doing<T> {
    fn doing(self, what: &'static str) -> Result<T, Failed>;
}

impl<T, E: fmt::Display> Doing<T> for Result<T, E> {
    fn doing(self, what: &'static str) -> Result<T, Failed> {
        self.map_err(|why| Failed::at(what, why))
    }
}

impl<T> Doing<T> for Option<T> {
    fn doing(self, what: &'static str) -> Result<T, Failed> {
        self.ok_or_else(|| Failed::at(what, "it is not there"))
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Telling(error)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Telling(error) => write!(formatter, "the demo cannot be told: {error}"),
            Self::At { what, why } => write!(formatter, "the demo failed at {what}: {why}"),
        }
    }
}

impl std::error::Error for Failed {}
