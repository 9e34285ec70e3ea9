//! Why a request does not become a connection.

use core::fmt;

use super::members::NotAMember;

/// Why a request does not become a connection, as an answer says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUpgraded {
    /// The HTTP status.
    pub status: u16,
    /// For people.
    pub told: String,
    /// Fields that belong in the answer.
    pub fields: Vec<(&'static str, String)>,
}

impl NotUpgraded {
    pub(super) fn new(status: u16, told: impl Into<String>) -> Self {
        Self {
            status,
            told: told.into(),
            fields: Vec::new(),
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.fields.push((name, value.to_owned()));
        self
    }

    pub(super) fn later(told: impl Into<String>) -> Self {
        Self::new(503, told).with("Retry-After", "1")
    }

    pub(super) fn upgrade_needed(told: &str) -> Self {
        Self::new(426, told)
            .with("Upgrade", "websocket")
            .with("Connection", "Upgrade")
            .with("Sec-WebSocket-Version", "13")
    }
}

impl From<NotAMember> for NotUpgraded {
    fn from(problem: NotAMember) -> Self {
        match problem {
            NotAMember::Unconfirmed => Self::later(problem.to_string()),
            NotAMember::Unknown | NotAMember::DoesNotCount => Self::new(401, problem.to_string()),
        }
    }
}

impl fmt::Display for NotUpgraded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.status, self.told)
    }
}

impl std::error::Error for NotUpgraded {}
