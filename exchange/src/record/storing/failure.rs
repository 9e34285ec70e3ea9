//! What keeps a whole batch from being written.

use core::fmt;

/// Nothing of the batch counts as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub cause: Cause,
    /// What the database or the system says.
    pub detail: String,
}

/// Why nothing was written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Another process holds the record: try again.
    Busy,
    /// No room on the disk, or the record has its greatest size.
    Full,
    /// The disk or the file cannot be written to.
    ReadOnly,
    /// More than [`MAX_BATCH`](super::operation::MAX_BATCH) operations.
    TooMany,
    /// The disk failed under it.
    Disk,
    /// The disk did not take what was written, and can be written to.
    Unwritten,
    /// What is stored contradicts itself.
    Damaged,
    /// No record of this program, or of a newer one.
    Foreign,
    /// The log was continued elsewhere.
    Forked,
    /// The system gives no randomness.
    Randomness,
    /// What should never be: a statement that the database does not take.
    Program,
}

impl Cause {
    /// Whether the process must end, because it is not known what is on disk or because no later attempt can
    /// succeed; the next start reads what is. Otherwise nothing was written, and the same may be
    /// tried again: until then requests are answered with 503.
    #[must_use]
    pub const fn is_fatal(self) -> bool {
        match self {
            Self::Busy | Self::Full | Self::ReadOnly | Self::TooMany => false,
            Self::Disk
            | Self::Unwritten
            | Self::Damaged
            | Self::Foreign
            | Self::Forked
            | Self::Randomness
            | Self::Program => true,
        }
    }

    /// What it is and what to do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Busy => "another process holds the record: end it, or wait",
            Self::Full => {
                "no room is left for the record: make room; requests are refused until then"
            }
            Self::ReadOnly => {
                "the record cannot be written to: mend the permissions or the mount; requests are refused until then"
            }
            Self::TooMany => "the batch has too many operations",
            Self::Disk | Self::Unwritten => {
                "the disk failed: look at the system's log, then start again and run fsck"
            }
            Self::Damaged => {
                "the record is damaged: restore it from a backup, and compare its log with the last checkpoint that others have"
            }
            Self::Foreign => "the file is no record of this program, or of a newer version of it",
            Self::Forked => "the log was continued by somebody else: end the other process",
            Self::Randomness => "the system gives no randomness",
            Self::Program => "the program asked for what the database does not do: report it",
        }
    }
}

impl Failure {
    pub(crate) fn new(cause: Cause, detail: impl fmt::Display) -> Self {
        Self {
            cause,
            detail: detail.to_string(),
        }
    }

    /// Whether the process must end: see [`Cause::is_fatal`].
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        self.cause.is_fatal()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.cause.advice(), self.detail)
    }
}

impl std::error::Error for Failure {}
