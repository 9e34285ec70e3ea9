//! The id that one exchange carries through every message, event, log line and error (X-ID).

use core::fmt;
use core::str::FromStr;

use ring::rand::{SecureRandom as _, SystemRandom};
use uuid::Uuid;

/// The id of one exchange: made when the first byte of its request is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CorrelationId(Uuid);

/// Text that is no id as [`CorrelationId`] writes it: 36 characters, lowercase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACorrelationId;

impl CorrelationId {
    /// The id's length in bytes.
    pub const LEN: usize = 16;
    /// The id of what concerns the log itself and no exchange: all zeros.
    pub const NIL: Self = Self(Uuid::nil());

    /// Of 16 random bytes, six bits of which are set as RFC 9562 has it (version 4).
    #[must_use]
    pub fn from_random(random: [u8; Self::LEN]) -> Self {
        Self(uuid::Builder::from_random_bytes(random).into_uuid())
    }

    /// One that nobody has; `None` where the system gives no randomness.
    #[must_use]
    pub fn fresh() -> Option<Self> {
        let mut random = [0; Self::LEN];
        SystemRandom::new().fill(&mut random).ok()?;
        Some(Self::from_random(random))
    }

    /// An id that was made before.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// Its 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        self.0.as_bytes()
    }
}

impl From<Uuid> for CorrelationId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<CorrelationId> for Uuid {
    fn from(id: CorrelationId) -> Self {
        id.0
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(formatter)
    }
}

impl fmt::Display for NotACorrelationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "not a correlation id: 36 characters as in 7d37f2c0-3fb7-4a2a-9f0d-1f9f6d6a2b11",
        )
    }
}

impl std::error::Error for NotACorrelationId {}

impl FromStr for CorrelationId {
    type Err = NotACorrelationId;

    /// Takes what [`Display`](fmt::Display) writes and no other spelling: the text is signed.
    fn from_str(text: &str) -> Result<Self, NotACorrelationId> {
        let id = Uuid::try_parse(text).map_err(|_| NotACorrelationId)?;
        let id = Self(id);
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(NotACorrelationId)
        }
    }
}
