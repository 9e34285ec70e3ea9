//! The kinds of events.

use core::fmt;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The log began: its first leaf, which names its key.
    LogKey,
    /// A request was taken in.
    Request,
    /// The receiver's answer was taken in, before the deadline.
    Answer,
    /// A message whose signature held was refused.
    Refused,
    /// The deadline passed without an answer.
    Expired,
    /// It was sent perhaps, and nobody will know.
    Unknown,
    /// An answer came after the outcome was decided.
    Late,
    /// A party's certificate was registered.
    Certificate,
    /// A party's certificate was revoked.
    Revocation,
    /// A contract was offered, signed, cancelled, or has expired.
    Contract,
    /// Callbacks were registered, changed or removed.
    Callbacks,
    /// Something happened that a registered callback is told of.
    Callback,
    /// The callback's receiver took it.
    Delivered,
}

impl Kind {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 13] = [
        Self::LogKey,
        Self::Request,
        Self::Answer,
        Self::Refused,
        Self::Expired,
        Self::Unknown,
        Self::Late,
        Self::Certificate,
        Self::Revocation,
        Self::Contract,
        Self::Callbacks,
        Self::Callback,
        Self::Delivered,
    ];

    /// The byte that stands for it in a leaf. Never reused.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::LogKey => 0,
            Self::Request => 1,
            Self::Answer => 2,
            Self::Refused => 3,
            Self::Expired => 4,
            Self::Unknown => 5,
            Self::Late => 6,
            Self::Certificate => 7,
            Self::Revocation => 8,
            Self::Contract => 9,
            Self::Callbacks => 10,
            Self::Callback => 11,
            Self::Delivered => 12,
        }
    }

    /// What a leaf's byte stands for.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Its name in one word: `request`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LogKey => "log-key",
            Self::Request => "request",
            Self::Answer => "answer",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
            Self::Late => "late",
            Self::Certificate => "certificate",
            Self::Revocation => "revocation",
            Self::Contract => "contract",
            Self::Callbacks => "callbacks",
            Self::Callback => "callback",
            Self::Delivered => "delivered",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
