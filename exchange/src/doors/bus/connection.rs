//! One party's connection, as others see it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use daxsign_core::Timestamp;
use daxsign_pki::tls::Peer;
use tokio::sync::Notify;

use crate::party::Party;
use crate::running::Parcel;
use crate::websocket::Closing;

/// A party that is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connected {
    /// Who.
    pub party: Party,
    /// Since when.
    pub since: Timestamp,
    /// When its last message came.
    pub last_message: Option<Timestamp>,
    /// How many messages wait for it, with the one that is being sent.
    pub waiting: usize,
    /// How many were sent to it over this connection.
    pub sent: u64,
    /// How many came over this connection.
    pub received: u64,
}

/// A connection. What it holds is changed under the lock of the book, or by its task.
pub(super) struct Connection {
    pub(super) party: Party,
    pub(super) peer: Arc<Peer>,
    since: Timestamp,
    last_message: Mutex<Option<Timestamp>>,
    sent: AtomicU64,
    received: AtomicU64,
    /// What waits.
    pub(super) queue: Mutex<Queue>,
    /// Something waits.
    pub(super) wake: Notify,
    closing: OnceLock<Closing>,
    /// It is to end.
    ending: Notify,
}

/// What waits for a party.
#[derive(Default)]
pub(super) struct Queue {
    pub(super) parcels: VecDeque<Parcel>,
    /// One had no room: that there is some again is to be told.
    pub(super) is_short: bool,
    /// One is being sent.
    pub(super) is_sending: bool,
}

impl Connection {
    pub(super) fn new(party: Party, peer: Arc<Peer>, since: Timestamp) -> Self {
        Self {
            party,
            peer,
            since,
            last_message: Mutex::default(),
            sent: AtomicU64::new(0),
            received: AtomicU64::new(0),
            queue: Mutex::default(),
            wake: Notify::new(),
            closing: OnceLock::new(),
            ending: Notify::new(),
        }
    }

    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends it; the first reason counts.
    pub(super) fn close(&self, why: Closing) {
        self.closing.get_or_init(|| why);
        self.ending.notify_one();
    }

    pub(super) fn closing(&self) -> Option<Closing> {
        self.closing.get().copied()
    }

    /// Until somebody ends it.
    pub(super) async fn ended(&self) -> Closing {
        loop {
            if let Some(why) = self.closing() {
                return why;
            }
            self.ending.notified().await;
        }
    }

    pub(super) fn sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn sent_so_far(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// One came; how many have.
    pub(super) fn received(&self, now: Timestamp) -> u64 {
        *self.last_message() = Some(now);
        let before = self.received.fetch_add(1, Ordering::Relaxed);
        before.saturating_add(1)
    }

    fn last_message(&self) -> MutexGuard<'_, Option<Timestamp>> {
        let last = self.last_message.lock();
        last.unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn shown(&self) -> Connected {
        let queue = self.queue();
        let sending = usize::from(queue.is_sending);
        Connected {
            party: self.party,
            since: self.since,
            last_message: *self.last_message(),
            waiting: queue.parcels.len().saturating_add(sending),
            sent: self.sent.load(Ordering::Relaxed),
            received: self.received.load(Ordering::Relaxed),
        }
    }
}
