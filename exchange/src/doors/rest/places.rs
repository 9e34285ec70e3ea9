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
    /// The connections on which no request is in work.
    idle: Mutex<Waiting>,
    /// Those on which hands are shaken, and how many there may be.
    shaking: Mutex<Waiting>,
    handshakes: usize,
}

/// Hands are shaken on a connection, until this is dropped.
#[derive(Debug)]
pub(super) struct Shaking<'p> {
    places: &'p Places,
    number: u64,
}

/// Connections, by when they began to wait.
#[derive(Debug, Default)]
struct Waiting {
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
            shaking: Mutex::default(),
            handshakes: settings.handshakes.max(1),
        }
    }

    /// A place for a connection, and whether another was asked to make room for it; none where all have requests in
    /// work.
    pub(super) async fn connection(&self) -> Option<(Place, bool)> {
        if let Ok(place) = Arc::clone(&self.connections).try_acquire_owned() {
            return Some((place, false));
        }
        locked(&self.idle).end_the_first()?;
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
        locked(&self.idle).add(end)
    }

    /// It does no longer.
    pub(super) fn rouse(&self, number: u64) {
        locked(&self.idle).all.remove(&number);
    }

    /// Hands are shaken on a connection. Where that is so on too many, the first of them ends: who says nothing keeps
    /// nobody out, and takes no more memory than that of so many.
    pub(super) fn shakes(&self, end: &Arc<Notify>) -> Shaking<'_> {
        let mut shaking = locked(&self.shaking);
        let number = shaking.add(end);
        if shaking.all.len() > self.handshakes {
            shaking.end_the_first();
        }
        let places = self;
        Shaking { places, number }
    }
}

impl Waiting {
    /// One more; its number.
    fn add(&mut self, end: &Arc<Notify>) -> u64 {
        self.next = self.next.saturating_add(1);
        self.all.insert(self.next, Arc::clone(end));
        self.next
    }

    /// Asks the one that waits for longest to end.
    fn end_the_first(&mut self) -> Option<()> {
        let first = self.all.pop_first();
        first.map(|(_, end)| end.notify_one())
    }
}

impl Drop for Shaking<'_> {
    fn drop(&mut self) {
        locked(&self.places.shaking).all.remove(&self.number);
    }
}

fn locked(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
