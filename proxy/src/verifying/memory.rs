//! What was accepted, so that nothing is accepted twice (V-REPLAY): a bounded memory that finds in constant time
//! and refuses rather than forgets.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Mutex, PoisonError};

use daxsign_core::{Error, ReplayStore, Sha256, Timestamp};

/// How many targets that differ in their query one signed string may stand for. Whoever catches one signed `GET`
/// could else fill the memory with queries that nobody signed.
const MAX_TARGETS: usize = 16;

type Id = [u8; 32];

/// The memory. Each accepted request takes a place; a fresh one is never forgotten.
#[derive(Debug)]
pub struct ReplayMemory(Mutex<Memory>);

#[derive(Debug)]
struct Memory {
    /// The targets that were accepted with each string; none where the target is part of the string.
    seen: HashMap<Id, Vec<Id>>,
    /// The same by date, the oldest first.
    by_date: BinaryHeap<Reverse<(Timestamp, Id)>>,
    /// The latest date of all that is forgotten.
    forgotten: Option<Timestamp>,
    used: usize,
    capacity: usize,
}

impl ReplayMemory {
    /// A memory of this many places that remembers nothing. What is dated until `since` is refused: whoever served here
    /// before may have accepted it.
    #[must_use]
    pub fn new(capacity: usize, since: Option<Timestamp>) -> Self {
        Self(Mutex::new(Memory {
            seen: HashMap::new(),
            by_date: BinaryHeap::new(),
            forgotten: since,
            used: 0,
            capacity,
        }))
    }

    /// How many places are taken, as of the last request.
    #[must_use]
    pub fn used(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).used
    }

    /// The store for one request. `target` is given where it was not signed whole and the request only reads: then
    /// another query is another request.
    #[must_use]
    pub fn of<'m>(&'m self, target: Option<&'m [u8]>) -> impl ReplayStore + 'm {
        OneRequest {
            memory: self,
            target,
        }
    }
}

struct OneRequest<'m> {
    memory: &'m ReplayMemory,
    target: Option<&'m [u8]>,
}

impl ReplayStore for OneRequest<'_> {
    fn accept(
        &mut self,
        id: Id,
        date: Timestamp,
        now: Timestamp,
        window: u32,
    ) -> Result<(), Error> {
        let target = self.target.map(Sha256::digest);
        let mut memory = self.memory.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.accept(id, target, date, now, window)
    }
}

impl Memory {
    fn accept(
        &mut self,
        id: Id,
        target: Option<Id>,
        date: Timestamp,
        now: Timestamp,
        window: u32,
    ) -> Result<(), Error> {
        self.forget_stale(now, window);
        if let Some(targets) = self.seen.get(&id) {
            let other = target.filter(|target| !targets.contains(target));
            // Without a target in either, the string alone says which request it is.
            if other.is_none() || targets.is_empty() || targets.len() >= MAX_TARGETS {
                return Err(Error::Replayed);
            }
        }
        // With a clock that only goes forward such a date was refused as stale before.
        if self.forgotten.is_some_and(|forgotten| date <= forgotten) {
            let age = now.seconds().saturating_sub(date.seconds());
            let age = u64::try_from(age).unwrap_or_default();
            return Err(Error::StaleDate { age, window });
        }
        if self.used >= self.capacity {
            let capacity = self.capacity;
            return Err(Error::ReplayGuardFull { capacity });
        }
        self.used = self.used.saturating_add(1);
        let targets = self.seen.entry(id).or_insert_with(|| {
            self.by_date.push(Reverse((date, id)));
            Vec::new()
        });
        targets.extend(target);
        Ok(())
    }

    /// Forgets what would be refused as too old.
    fn forget_stale(&mut self, now: Timestamp, window: u32) {
        while let Some(Reverse((date, id))) = self.by_date.peek().copied() {
            if now <= later(date, window) {
                break;
            }
            self.by_date.pop();
            let targets = self.seen.remove(&id).unwrap_or_default();
            self.used = self.used.saturating_sub(targets.len().max(1));
            self.forgotten = self.forgotten.max(Some(date));
        }
    }
}

/// `date` moved by a window.
fn later(date: Timestamp, window: u32) -> Timestamp {
    let seconds = date.seconds().saturating_add(window.into());
    Timestamp::from_unix(seconds, date.nanoseconds()).unwrap_or(date)
}
