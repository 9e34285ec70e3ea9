//! Accepting a request once (V-REPLAY).

use heapless::Vec;

use crate::date::Timestamp;
use crate::error::Error;
use crate::sha256::HASH_LEN;

/// Remembers up to `N` accepted requests, 48 bytes each, until their dates leave the window.
///
/// What it promises:
/// - a request it accepted is refused as long as its date is fresh, however often it comes and
///   however its `Signature` field is written: it is known by the hash of its signing string;
/// - it never forgets a request that is still fresh: when full it refuses new ones;
/// - a clock that goes back, or a window made larger, does not bring a forgotten request back;
/// - a request that does not verify leaves no trace: the guard is asked last.
///
/// One guard serves one receiver; it lives in memory, so after a restart requests of the last
/// window could be replayed: wait that long, or keep it in memory that survives.
#[derive(Clone, Debug, Default)]
pub struct ReplayGuard<const N: usize> {
    accepted: Vec<Entry, N>,
    /// The latest date of all requests that were forgotten.
    forgotten: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    string_hash: [u8; HASH_LEN],
    date: Timestamp,
}

impl<const N: usize> ReplayGuard<N> {
    /// An empty guard.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            accepted: Vec::new(),
            forgotten: None,
        }
    }

    /// How many requests it remembers now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accepted.len()
    }

    /// Whether it remembers none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accepted.is_empty()
    }

    /// Remembers a request that verified and is fresh at `now`, or refuses it.
    pub(crate) fn accept(
        &mut self,
        string_hash: [u8; HASH_LEN],
        date: Timestamp,
        now: Timestamp,
        window: u32,
    ) -> Result<(), Error> {
        self.forget_stale(now, window);
        if self
            .accepted
            .iter()
            .any(|entry| entry.string_hash == string_hash)
        {
            return Err(Error::Replayed);
        }
        // With a clock that only goes forward such a date was refused as stale before.
        if self.forgotten.is_some_and(|forgotten| date <= forgotten) {
            return Err(Error::StaleDate {
                age: now.seconds_since(date),
                window,
            });
        }
        self.accepted
            .push(Entry { string_hash, date })
            .map_err(|_| Error::ReplayGuardFull { capacity: N })
    }

    /// Forgets the requests that would be refused as too old.
    fn forget_stale(&mut self, now: Timestamp, window: u32) {
        let mut forgotten = self.forgotten;
        self.accepted.retain(|entry| {
            let stale = now > entry.date.saturating_add(window.into());
            if stale {
                forgotten = forgotten.max(Some(entry.date));
            }
            !stale
        });
        self.forgotten = forgotten;
    }
}
