//! One connection: whether it lies idle, and until when it may do what it does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::places::{Places, Shaking};
use super::settings::Settings;

/// One connection.
#[derive(Debug)]
pub(super) struct Line {
    places: Arc<Places>,
    end: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Its number among the idle ones, while it is one.
    resting: Option<u64>,
    /// When the last request ended, or it began.
    since: Instant,
    /// Until when each request in work may be; `None` for ever.
    busy: BTreeMap<u64, Option<Instant>>,
    requests: u64,
}

/// A request in work, until it is dropped.
#[derive(Debug)]
pub(super) struct Busy {
    line: Arc<Line>,
    number: u64,
}

impl Line {
    /// Nothing came yet.
    pub(super) fn new(places: Arc<Places>) -> Arc<Self> {
        let end = Arc::new(Notify::new());
        let state = State {
            resting: Some(places.rest(&end)),
            since: Instant::now(),
            busy: BTreeMap::new(),
            requests: 0,
        };
        Arc::new(Self {
            places,
            end,
            state: Mutex::new(state),
        })
    }

    /// A request came, which may take so long.
    pub(super) fn busy(self: &Arc<Self>, time: Duration) -> Busy {
        let mut state = self.state();
        state.requests = state.requests.saturating_add(1);
        let number = state.requests;
        state.busy.insert(number, Instant::now().checked_add(time));
        if let Some(resting) = state.resting.take() {
            self.places.rouse(resting);
        }
        Busy {
            line: Arc::clone(self),
            number,
        }
    }

    /// Hands are shaken, until this is dropped.
    pub(super) fn shakes(&self) -> Shaking<'_> {
        self.places.shakes(&self.end)
    }

    /// Waits until it is asked to make room, and lies idle.
    pub(super) async fn asked_to_end(&self) {
        self.end.notified().await;
    }

    /// Waits until it lay idle, or a request was in work, for longer than that may be.
    pub(super) async fn overdue(&self, settings: &Settings) {
        loop {
            let now = Instant::now();
            let due = self.due(settings);
            if due.is_none_or(|due| due <= now) {
                return;
            }
            // What is due may come nearer: a request ends, or is answered.
            let latest = now.checked_add(settings.idle_time.min(settings.read_time));
            let next = [due, latest].into_iter().flatten().min();
            tokio::time::sleep_until(next.unwrap_or(now)).await;
        }
    }

    fn due(&self, settings: &Settings) -> Option<Instant> {
        let state = self.state();
        if state.busy.is_empty() {
            return state.since.checked_add(settings.idle_time);
        }
        state.busy.values().copied().flatten().min()
    }

    /// Whether a request ever came.
    pub(super) fn is_used(&self) -> bool {
        self.state().requests > 0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Busy {
    /// It is answered: so long may the answer wait for its reader.
    pub(super) fn answered(&self, time: Duration) {
        let until = Instant::now().checked_add(time);
        self.line.state().busy.insert(self.number, until);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.line.state();
        state.busy.remove(&self.number);
        if state.busy.is_empty() {
            state.since = Instant::now();
            state.resting = Some(self.line.places.rest(&self.line.end));
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(resting) = self.state().resting.take() {
            self.places.rouse(resting);
        }
    }
}
