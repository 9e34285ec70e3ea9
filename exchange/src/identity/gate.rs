//! How many passwords are hashed at a time (X-TOKEN).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many at most: each takes 19 MiB and a core for some milliseconds.
pub const MAX_HASHES: usize = 2;

/// Lets two in, and sends the others away at once.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<AtomicUsize>);

/// A place; given back when it is dropped.
#[derive(Debug)]
pub struct Permit(Arc<AtomicUsize>);

impl Gate {
    /// A place, if one is free.
    #[must_use]
    pub fn enter(&self) -> Option<Permit> {
        let next = |inside: usize| inside.checked_add(1).filter(|inside| *inside <= MAX_HASHES);
        let entered = self
            .0
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, next);
        entered.ok().map(|_| Permit(Arc::clone(&self.0)))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
