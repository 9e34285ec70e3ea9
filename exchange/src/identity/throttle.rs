//! How often somebody may try a password in vain (X-TOKEN).

use core::hash::{BuildHasher as _, Hash};
use core::time::Duration;
use std::hash::RandomState;

/// How many may share the table: those whose names fall together are slowed down together. It never forgets one to
/// make room for another, so that nobody can be made forgotten.
const PLACES: usize = 4096;
/// How long a failure counts.
const EACH: Duration = Duration::from_secs(30);

/// Counts failures by name and by address, in a table of fixed size. The time is one that only goes forward.
#[derive(Debug)]
pub struct Throttle {
    /// Until when the failures of a place count.
    until: Box<[Duration]>,
    hasher: RandomState,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            until: vec![Duration::ZERO; PLACES].into_boxed_slice(),
            hasher: RandomState::new(),
        }
    }
}

impl Throttle {
    /// How long `who`, with so many failures free, has to wait before the next attempt; `None` for not at all.
    #[must_use]
    pub fn wait(&self, who: &impl Hash, free: u32, now: Duration) -> Option<Duration> {
        let until = self.until.get(self.place(who)).copied()?;
        let free = EACH.saturating_mul(free);
        let ahead = until.saturating_sub(now);
        ahead
            .checked_sub(free)
            .map(|over| over.max(Duration::from_secs(1)))
    }

    /// Counts a failure.
    pub fn failed(&mut self, who: &impl Hash, now: Duration) {
        let place = self.place(who);
        if let Some(until) = self.until.get_mut(place) {
            *until = (*until).max(now).saturating_add(EACH);
        }
    }

    fn place(&self, who: &impl Hash) -> usize {
        let hash = self.hasher.hash_one(who);
        let places = u64::try_from(self.until.len()).unwrap_or(1);
        usize::try_from(hash.checked_rem(places).unwrap_or_default()).unwrap_or_default()
    }
}
