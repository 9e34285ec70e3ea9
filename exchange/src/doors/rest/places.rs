//! How much at once: connections, requests in work, bytes of bodies.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use super::settings::Settings;

/// How long a connection that was asked to end may take to.
const ROOM_PAUSE: Duration = Duration::from_millis(500);

/// Something that is taken up until it is dropped.
pub(super) type Place = OwnedSemaphorePermit;

/// The places that there are.
#[derive(Debug)]
pub(super) struct Places {
    connections: Arc<Semaphore>,
    in_work: Arc<Semaphore>,
    held_bytes: Arc<Semaphore>,
    idle: Mutex<Idle>,
}

/// The connections on which no request is in work, by when they began to lie so.
#[derive(Debug, Default)]
struct Idle {
    next: u64,
    all: BTreeMap<u64, Arc<Notify>>,
}

impl Places {
    pub(super) fn new(settings: &Settings) -> Self {
        let places = |count: usize| Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS)));
        Self {
            connections: places(settings.connections),
            in_work: places(settings.in_work),
            held_bytes: places(settings.held_bytes),
            idle: Mutex::default(),
        }
    }

    /// A place for a connection, and whether another was asked to make room for it; none where all have requests in
    /// work.
    pub(super) async fn connection(&self) -> Option<(Place, bool)> {
        if let Ok(place) = Arc::clone(&self.connections).try_acquire_owned() {
            return Some((place, false));
        }
        let longest = self.idle().all.pop_first();
        longest.map(|(_, end)| end.notify_one())?;
        let place = Arc::clone(&self.connections).acquire_owned();
        let place = tokio::time::timeout(ROOM_PAUSE, place).await;
        Some((place.ok()?.ok()?, true))
    }

    /// A place for a request, if one is free.
    pub(super) fn request(&self) -> Option<Place> {
        Arc::clone(&self.in_work).try_acquire_owned().ok()
    }

    /// Room for so many bytes, if it is free.
    pub(super) fn hold(&self, bytes: usize) -> Option<Place> {
        let count = u32::try_from(bytes).ok()?;
        Arc::clone(&self.held_bytes)
            .try_acquire_many_owned(count)
            .ok()
    }

    /// A connection lies idle from now on; its number among those.
    pub(super) fn rest(&self, end: &Arc<Notify>) -> u64 {
        let mut idle = self.idle();
        idle.next = idle.next.saturating_add(1);
        let number = idle.next;
        idle.all.insert(number, Arc::clone(end));
        number
    }

    /// It does no longer.
    pub(super) fn rouse(&self, number: u64) {
        self.idle().all.remove(&number);
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
