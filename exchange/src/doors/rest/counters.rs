//! What is counted, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The names of what the door refuses with; the last for all others.
const REASONS: [&str; 13] = [
    "framing",
    "too-large",
    "too-slow",
    "invalid-method",
    "overloaded",
    "registry-unconfirmed",
    "invalid-token",
    "no-certificate",
    "client-certificate",
    "rate-limit",
    "not-found",
    "bus",
    "other",
];

/// What happened since the start, and what there is now.
#[derive(Debug, Default)]
pub struct Counters {
    /// Connections that there are.
    pub connections: AtomicU64,
    /// Connections that were accepted.
    pub accepted: AtomicU64,
    /// How often the system gave no connection.
    pub accept_failures: AtomicU64,
    /// Connections that were ended at once, since there was no room and none lay idle.
    pub turned_away: AtomicU64,
    /// Idle connections that were asked to end, to make room.
    pub made_room: AtomicU64,
    /// TLS handshakes that failed, or took too long.
    pub handshake_failures: AtomicU64,
    /// Requests in work, from their head to the last byte of their answer.
    pub in_work: AtomicU64,
    /// Requests whose head came.
    pub requests: AtomicU64,
    /// Answers by the first digit of their status.
    pub answers: [AtomicU64; 6],
    /// Senders that went away before their answer.
    pub gone: AtomicU64,
    /// Microseconds from the first byte of requests to their answers, summed up.
    pub answer_microseconds: AtomicU64,
    refused: [AtomicU64; REASONS.len()],
}

/// One more.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// One of those that there are, until it is dropped.
#[derive(Debug)]
pub(super) struct Gauge<'c>(&'c AtomicU64);

impl<'c> Gauge<'c> {
    pub(super) fn up(counter: &'c AtomicU64) -> Self {
        count(counter);
        Self(counter)
    }
}

impl Drop for Gauge<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Counters {
    /// What the door refused, by name.
    pub fn refused(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = self
            .refused
            .iter()
            .map(|count| count.load(Ordering::Relaxed));
        REASONS.into_iter().zip(counts)
    }

    pub(super) fn count_refusal(&self, name: &str) {
        let place = REASONS
            .iter()
            .zip(&self.refused)
            .find(|(of, _)| **of == name);
        let place = place.map(|(_, counter)| counter).or(self.refused.last());
        if let Some(counter) = place {
            count(counter);
        }
    }

    pub(super) fn count_answer(&self, status: u16, took: Duration) {
        let digit = usize::from(status.checked_div(100).unwrap_or_default());
        if let Some(counter) = self.answers.get(digit) {
            count(counter);
        }
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.answer_microseconds.fetch_add(took, Ordering::Relaxed);
    }
}
