//! What the thread that delivers shares with who asks.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use daxsign_core::Timestamp;
use tokio::sync::Notify;

use crate::callbacks::{Agenda, Tried};
use crate::running::Clock;

/// What all see.
pub(super) struct Shared {
    agenda: Mutex<Agenda>,
    notify: Notify,
    stopped: AtomicBool,
    clock: Clock,
    counts: [AtomicU64; 4],
}

impl Shared {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            agenda: Mutex::default(),
            notify: Notify::new(),
            stopped: AtomicBool::new(false),
            clock,
            counts: Default::default(),
        }
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.wake();
    }

    pub(super) fn counts(&self) -> [(&'static str, u64); 4] {
        let [taken, not_taken, perhaps, never] = &self.counts;
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        [
            ("taken", read(taken)),
            ("not-taken", read(not_taken)),
            ("perhaps", read(perhaps)),
            ("never", read(never)),
        ]
    }

    pub(super) fn agenda(&self) -> MutexGuard<'_, Agenda> {
        locked(&self.agenda)
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(super) fn wake(&self) {
        self.notify.notify_one();
    }

    pub(super) async fn woken(&self) {
        self.notify.notified().await;
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub(super) fn count(&self, tried: &Tried) {
        let [taken, not_taken, perhaps, never] = &self.counts;
        let count = match tried {
            Tried::Taken(_) => taken,
            Tried::NotTaken(_) => not_taken,
            Tried::Perhaps(_) => perhaps,
            Tried::Never(_) => never,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// What another thread panicked over is whole: each is written at once.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
