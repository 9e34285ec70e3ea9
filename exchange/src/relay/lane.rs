//! The order of the messages from one sender to one receiver (X-ORDER).

use std::collections::BTreeMap;

use crate::correlation::CorrelationId;
use crate::party::Party;

/// Who sends to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// Who gets the request. First, so that the lanes to one receiver stand together.
    pub receiver: Party,
    /// Who sent it.
    pub sender: Party,
}

/// The messages of one pair that wait to be sent. One at a time is being sent; when it has been, or
/// will not be, the next one gets the turn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    /// By their place, which is the order of A.
    waiting: BTreeMap<u64, CorrelationId>,
    sending: Option<CorrelationId>,
}

impl Lane {
    /// Waits at its place.
    pub(super) fn wait(&mut self, place: u64, id: CorrelationId) {
        self.waiting.insert(place, id);
        self.skip(id);
    }

    /// It waits no more, and is not being sent.
    pub(super) fn leave(&mut self, place: u64, id: CorrelationId) {
        if self.waiting.get(&place) == Some(&id) {
            self.waiting.remove(&place);
        }
        self.skip(id);
    }

    /// It is not being sent.
    pub(super) fn skip(&mut self, id: CorrelationId) {
        if self.sending == Some(id) {
            self.sending = None;
        }
    }

    /// The one whose turn it is, if none is being sent.
    pub(super) fn turn(&mut self) -> Option<CorrelationId> {
        if self.sending.is_some() {
            return None;
        }
        let (_, id) = self.waiting.pop_first()?;
        self.sending = Some(id);
        Some(id)
    }

    /// Whether nothing waits and nothing is being sent.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.sending.is_none()
    }
}
