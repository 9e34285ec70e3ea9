//! How long to wait before the next attempt.

use std::time::Duration;

/// A connection that lived so long is no failure.
const GOOD_AFTER: Duration = Duration::from_secs(5);

/// Each pause is up to twice the one before, and half of that at least.
pub(super) struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    pub(super) fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first: first.min(longest),
            longest,
            next: first.min(longest),
        }
    }

    /// A connection ended that had lived so long.
    pub(super) fn lived(&mut self, how_long: Duration) {
        if how_long >= GOOD_AFTER {
            self.next = self.first;
        }
    }

    /// The next pause, by chance.
    pub(super) fn pause(&mut self, random: u64) -> Duration {
        let pause = by_chance(self.next, random);
        self.next = self.next.saturating_mul(2).min(self.longest);
        pause
    }

    /// The longest one, by chance: somebody else has the place.
    pub(super) fn long_pause(&self, random: u64) -> Duration {
        by_chance(self.longest, random)
    }
}

/// Between half and all of it.
fn by_chance(most: Duration, random: u64) -> Duration {
    let half = most.checked_div(2).unwrap_or_default();
    let micros = u64::try_from(half.as_micros()).unwrap_or(u64::MAX);
    let more = random.checked_rem(micros.saturating_add(1));
    half.saturating_add(Duration::from_micros(more.unwrap_or_default()))
}
