//! How many requests are in work, how many wait, and how many bytes of theirs are held.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::Limits;
use crate::refusal::Refusal;

/// What requests take up while they are there; dropping it gives it back.
pub(crate) type Place = OwnedSemaphorePermit;

/// The places that there are.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    busy: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    held_bytes: Arc<Semaphore>,
}

impl Work {
    pub(crate) fn new(limits: &Limits) -> Self {
        let places = |count: usize| Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS)));
        Self {
            busy: places(limits.max_requests),
            queue: places(limits.queue),
            held_bytes: places(limits.held_bytes()),
        }
    }

    /// A place among those in work, waited for in the queue if it has one.
    pub(crate) async fn enter(&self, time: Duration) -> Result<Place, Refusal> {
        if let Ok(place) = Arc::clone(&self.busy).try_acquire_owned() {
            return Ok(place);
        }
        let Ok(_waiting) = self.queue.try_acquire() else {
            return Err(Refusal::busy(
                "queue-full",
                "too many requests are in work and wait (--max-requests, --queue): nothing was sent, \
                 try again",
            ));
        };
        let place = Arc::clone(&self.busy).acquire_owned();
        match tokio::time::timeout(time, place).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Refusal::busy(
                "queue-late",
                "the requests before this one took all its time (--timeout): nothing was sent, try \
                 again",
            )),
        }
    }

    /// How many requests are in work, and how many wait.
    pub(crate) fn taken(&self, limits: &Limits) -> (usize, usize) {
        let taken = |all: usize, free: &Semaphore| all.saturating_sub(free.available_permits());
        let busy = taken(limits.max_requests, &self.busy);
        (busy, taken(limits.queue, &self.queue))
    }

    /// Room for so many bytes of a body, if there is any.
    pub(crate) fn hold(&self, bytes: usize) -> Result<Place, Refusal> {
        let count = u32::try_from(bytes).unwrap_or(u32::MAX);
        let held = Arc::clone(&self.held_bytes).try_acquire_many_owned(count);
        held.map_err(|_| {
            Refusal::busy(
                "bodies-full",
                "the bodies of the requests in work take all the memory there is for them: nothing \
                 was sent, try again",
            )
        })
    }
}
