//! Accepting a request once (V-REPLAY).

use crate::bytes::sha256::HASH_LEN;
use crate::error::Error;
use crate::request::date::Timestamp;

/// Where accepted requests are remembered. [`ReplayGuard`] and [`ReplaySlice`] do it in memory; a
/// service of several instances implements this for the database that they share.
///
/// An implementation keeps these promises:
/// - **Once.** Of all calls with one `id` that come while the date is fresh
///   (`now` ≤ `date` + `window` seconds), one gets `Ok`, also when calls come at the same time
///   from several threads or machines: looking up and remembering are one step, such as an
///   `INSERT` under a unique key. The others get [`Error::Replayed`]. As a date may lie ahead, a
///   request stays fresh for up to twice the window.
/// - **No fresh request is forgotten** to make room: without room, or without an answer from where
///   requests are kept, new ones are refused ([`Error::ReplayGuardFull`]). `Ok` means that the
///   request will be remembered, over a restart too.
/// - **What is forgotten stays refused.** The time may go back and the window may grow between
///   calls. Whoever forgets requests remembers the latest date of those forgotten, and refuses
///   that date and earlier ones ([`Error::StaleDate`]).
/// - **A refused request is not remembered.**
///
/// One store serves any number of senders: the key is part of the `id`, so that a request that
/// another key signed is another request.
///
/// ```
/// use std::collections::HashMap;
/// use daxsign_core::{Error, ReplayStore, Timestamp};
///
/// /// Forgets nothing.
/// #[derive(Default)]
/// struct Archive(HashMap<[u8; 32], Timestamp>);
///
/// impl ReplayStore for Archive {
///     fn accept(
///         &mut self,
///         id: [u8; 32],
///         date: Timestamp,
///         _now: Timestamp,
///         _window: u32,
///     ) -> Result<(), Error> {
///         match self.0.insert(id, date) {
///             None => Ok(()),
///             Some(_) => Err(Error::Replayed),
///         }
///     }
/// }
/// # let (now, mut archive) = (Timestamp::from_unix(0, 0)?, Archive::default());
/// # assert_eq!(archive.accept([1; 32], now, now, 300), Ok(()));
/// # assert_eq!(archive.accept([1; 32], now, now, 300), Err(Error::Replayed));
/// # Ok::<(), Error>(())
/// ```
pub trait ReplayStore {
    /// Remembers a request, or refuses it. [`Verifier::verify_once`](crate::Verifier::verify_once)
    /// asks last, for a request that verified and is fresh at `now`.
    ///
    /// `id` stands for the key and the signing string together: it is the SHA-256 over the
    /// [string's hash](crate::Verified::string_hash) (32 bytes), the key's public exponent (4
    /// bytes, big-endian) and its modulus (big-endian, without leading zeros). `window` is the
    /// age allowed in seconds.
    ///
    /// # Errors
    /// [`Error::Replayed`], [`Error::ReplayGuardFull`] or [`Error::StaleDate`], as above.
    fn accept(
        &mut self,
        id: [u8; HASH_LEN],
        date: Timestamp,
        now: Timestamp,
        window: u32,
    ) -> Result<(), Error>;
}

/// One accepted request in the memory of a guard: 48 bytes.
#[derive(Clone, Copy, Debug)]
pub struct ReplayEntry {
    id: [u8; HASH_LEN],
    date: Timestamp,
}

impl ReplayEntry {
    /// A free place.
    pub const EMPTY: Self = Self {
        id: [0; HASH_LEN],
        date: Timestamp::EPOCH,
    };
}

/// What a guard knows beside its entries: how many are used, and the latest date forgotten.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReplayState {
    used: usize,
    /// The latest date of all requests that were forgotten.
    forgotten: Option<Timestamp>,
}

impl ReplayState {
    /// The state of an empty guard.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            used: 0,
            forgotten: None,
        }
    }

    /// How many entries are used.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.used
    }

    /// Whether none is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.used == 0
    }
}

/// Remembers up to `N` accepted requests, 48 bytes each, until their dates leave the window.
///
/// What it promises:
/// - a request it accepted is refused as long as its date is fresh, however often it comes and
///   however its `Signature` field is written: it is known by the hash of its signing string and
///   by its key;
/// - a request of one key never makes another key's request look repeated;
/// - it never forgets a request that is still fresh: when full it refuses new ones;
/// - a clock that goes back, or a window made larger, does not bring a forgotten request back;
/// - a request that does not verify leaves no trace: the guard is asked last.
///
/// One guard serves one receiver, with any number of keys; it lives in memory, so after a restart requests of the last
/// window could be replayed: wait that long, or keep it in memory that survives. Memory of a size
/// known only at run time: [`ReplaySlice`]. Anything else: [`ReplayStore`].
#[derive(Clone, Debug)]
pub struct ReplayGuard<const N: usize> {
    entries: [ReplayEntry; N],
    state: ReplayState,
}

impl<const N: usize> ReplayGuard<N> {
    /// An empty guard.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: [ReplayEntry::EMPTY; N],
            state: ReplayState::new(),
        }
    }

    /// How many requests it remembers now.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.state.used
    }

    /// Whether it remembers none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<const N: usize> Default for ReplayGuard<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> ReplayStore for ReplayGuard<N> {
    fn accept(
        &mut self,
        id: [u8; HASH_LEN],
        date: Timestamp,
        now: Timestamp,
        window: u32,
    ) -> Result<(), Error> {
        ReplaySlice::new(&mut self.entries, &mut self.state).accept(id, date, now, window)
    }
}

/// A [`ReplayGuard`] over the caller's memory. Its promises hold as long as each use gets the same
/// entries and state again, as the last use left them.
///
/// ```
/// use daxsign_core::{ReplayEntry, ReplaySlice, ReplayState};
/// let places = 1000;
/// let mut entries = vec![ReplayEntry::EMPTY; places];
/// let mut state = ReplayState::new();
/// let guard = ReplaySlice::new(&mut entries, &mut state);
/// assert_eq!((guard.len(), guard.capacity()), (0, 1000));
/// ```
#[derive(Debug)]
pub struct ReplaySlice<'m> {
    entries: &'m mut [ReplayEntry],
    state: &'m mut ReplayState,
}

impl<'m> ReplaySlice<'m> {
    /// The guard that remembers in `entries` what `state` counts. For an empty one: a
    /// [`ReplayState::new`]; the entries may then hold anything.
    ///
    /// A state that counts more entries than there are counts all of them.
    #[must_use]
    pub fn new(entries: &'m mut [ReplayEntry], state: &'m mut ReplayState) -> Self {
        state.used = state.used.min(entries.len());
        Self { entries, state }
    }

    /// How many requests it remembers now.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.state.used
    }

    /// Whether it remembers none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many requests it can remember.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.entries.len()
    }

    /// Forgets the requests that would be refused as too old, and moves the others together.
    fn forget_stale(&mut self, now: Timestamp, window: u32) {
        let mut kept: usize = 0;
        for place in 0..self.len() {
            let Some(entry) = self.entries.get(place).copied() else {
                break;
            };
            if now > entry.date.saturating_add(window.into()) {
                self.state.forgotten = self.state.forgotten.max(Some(entry.date));
                continue;
            }
            // At most `place`, so this overwrites none that is still to come.
            if let Some(slot) = self.entries.get_mut(kept) {
                *slot = entry;
            }
            kept = kept.saturating_add(1);
        }
        self.state.used = kept;
    }
}

impl ReplayStore for ReplaySlice<'_> {
    fn accept(
        &mut self,
        id: [u8; HASH_LEN],
        date: Timestamp,
        now: Timestamp,
        window: u32,
    ) -> Result<(), Error> {
        self.forget_stale(now, window);
        let mut used = self.entries.iter().take(self.len());
        if used.any(|entry| entry.id == id) {
            return Err(Error::Replayed);
        }
        // With a clock that only goes forward such a date was refused as stale before.
        if self
            .state
            .forgotten
            .is_some_and(|forgotten| date <= forgotten)
        {
            return Err(Error::StaleDate {
                age: now.seconds_since(date),
                window,
            });
        }
        let capacity = self.capacity();
        let Some(free) = self.entries.get_mut(self.state.used) else {
            return Err(Error::ReplayGuardFull { capacity });
        };
        *free = ReplayEntry { id, date };
        self.state.used = self.state.used.saturating_add(1);
        Ok(())
    }
}
