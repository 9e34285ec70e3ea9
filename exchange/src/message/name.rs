//! What a request is known by in its answer (X-ANSWER).

use core::fmt;
use core::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The SHA-256 of a request's signing string; as text its base64, which stands in `X-Dax-Request`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageName(pub [u8; 32]);

/// Text that is not the base64 of 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAName;

impl fmt::Display for NotAName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not the base64 of a SHA-256, which has 44 characters")
    }
}

impl std::error::Error for NotAName {}

impl fmt::Display for MessageName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&BASE64_STANDARD.encode(self.0))
    }
}

impl FromStr for MessageName {
    type Err = NotAName;

    /// Takes what [`Display`](fmt::Display) writes and no other spelling.
    fn from_str(text: &str) -> Result<Self, NotAName> {
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| NotAName)?;
        bytes.try_into().map(Self).map_err(|_| NotAName)
    }
}
