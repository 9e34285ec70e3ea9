//! What evidence comes to: sentences, each with what stands behind it.

use core::fmt::{self, Write};

use daxsign_core::Timestamp;

use crate::correlation::CorrelationId;
use crate::record::log::checkpoint::Checkpoint;

/// What stands behind a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grounds {
    /// A signature: of a party or of the exchange, with the key that the sentence names.
    Proved,
    /// The exchange says so, in a log that it cannot rewrite.
    Stated,
    /// Nothing: it stands in a message, and is not covered by the signature.
    NotSigned,
    /// The key is not pinned: that it is the party's, only the operator's authority vouches.
    NotPinned,
    /// No witness signed the log's checkpoint.
    NotWitnessed,
}

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What stands behind it.
    pub grounds: Grounds,
    /// The sentence.
    pub text: String,
}

/// What evidence comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Of which exchange.
    pub correlation: CorrelationId,
    /// As of when the log was read.
    pub checkpoint: Checkpoint,
    /// The same as the log's key signed it, and perhaps witnesses: a signed note.
    pub signed_checkpoint: String,
    /// That key, of which the exchange signed that it is the log's: `<name>+<id>+<key>`.
    pub log_key: String,
    /// What is known, in the order of the events.
    pub statements: Vec<Statement>,
}

impl Grounds {
    /// All of them, the strongest first.
    pub const ALL: [Self; 5] = [
        Self::Proved,
        Self::Stated,
        Self::NotSigned,
        Self::NotPinned,
        Self::NotWitnessed,
    ];

    /// Its stable name, for programs: `not-signed`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Stated => "stated",
            Self::NotSigned => "not-signed",
            Self::NotPinned => "not-pinned",
            Self::NotWitnessed => "not-witnessed",
        }
    }
}

impl Report {
    pub(super) fn say(&mut self, grounds: Grounds, text: String) {
        self.statements.push(Statement { grounds, text });
    }
}

impl fmt::Display for Grounds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Proved => "proved by signature",
            Self::Stated => "stated by the exchange",
            Self::NotSigned => "not signed",
            Self::NotPinned => "not pinned",
            Self::NotWitnessed => "not witnessed",
        })
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.grounds, self.text)
    }
}

/// Bytes in lowercase hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing to a string never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A time, as DAX writes it.
pub(super) fn time(time: Timestamp) -> String {
    let seconds = |_| format!("{} s after 1970", time.seconds());
    time.format()
        .map_or_else(seconds, |text| text.as_str().to_owned())
}

/// Bytes of others as text on one line: what could move a terminal's cursor is escaped.
pub(super) fn plain(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}
