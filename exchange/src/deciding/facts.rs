//! What is asked of stores: each may answer from what it has in memory, since the transaction that takes the request
//! in decides again (X-DURABLE).

use crate::record::{IdempotencyKey, Repeat, ReplayKey};
use crate::registry::Used;

/// What happened before.
pub trait Facts: Used {
    /// Whether these bytes were accepted or refused before.
    fn is_replayed(&self, key: &ReplayKey) -> bool;

    /// What a request with this key came to.
    fn repeat(&self, key: &IdempotencyKey) -> Option<Repeat>;
}
