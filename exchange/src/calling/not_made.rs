//! Why no callbacks can be delivered.

use core::fmt;

/// Why no callbacks can be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMade(pub String);

impl fmt::Display for NotMade {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no callbacks can be delivered: {}", self.0)
    }
}

impl std::error::Error for NotMade {}
