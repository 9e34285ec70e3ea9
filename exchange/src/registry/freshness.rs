//! Whether the registry that is judged by is the newest (X-REVOKE).

use core::fmt;
use core::time::Duration;

/// How long a confirmation holds.
pub const CONFIRMED_FOR: Duration = Duration::from_secs(1);

/// When the registry's version was last confirmed, by a clock that only goes forward.
///
/// The time is that at which the question was put, not that of the answer: what was revoked in between may be
/// missing from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    asked: Option<Duration>,
}

/// The version could not be confirmed: 503, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unconfirmed;

impl Freshness {
    /// The version in memory was the store's, when it was asked for at this time.
    pub fn confirm(&mut self, asked: Duration) {
        self.asked = self.asked.max(Some(asked));
    }

    /// Whether requests may be judged.
    ///
    /// # Errors
    /// [`Unconfirmed`] where the last confirmation is older than [`CONFIRMED_FOR`].
    pub fn check(&self, now: Duration) -> Result<(), Unconfirmed> {
        let asked = self.asked.ok_or(Unconfirmed)?;
        if now.saturating_sub(asked) > CONFIRMED_FOR {
            return Err(Unconfirmed);
        }
        Ok(())
    }
}

impl fmt::Display for Unconfirmed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the registry could not be confirmed for a second")
    }
}

impl std::error::Error for Unconfirmed {}
