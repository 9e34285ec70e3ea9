//! Acting once for each correlation id (X-ONCE).

use std::collections::{BTreeMap, BTreeSet};

use daxsign_core::Timestamp;

use super::reply::Reply;
use crate::correlation::CorrelationId;

/// The requests that a party got, and what it answered. In memory: a party that must not act twice over
/// a restart keeps the same beside what it changes, in one transaction with it.
#[derive(Clone, Debug)]
pub struct Inbox {
    room: usize,
    most_bytes: usize,
    /// How many bytes the replies have.
    bytes: usize,
    keep_seconds: u32,
    known: BTreeMap<CorrelationId, Known>,
    /// Until when each is kept.
    kept: BTreeSet<(Timestamp, CorrelationId)>,
}

#[derive(Clone, Debug)]
struct Known {
    until: Timestamp,
    /// `None` while the party acts.
    reply: Option<Reply>,
}

/// Whether a request came before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// For the first time: act, and tell the [reply](Inbox::answered).
    First,
    /// Before, and what it asks for is being done: nothing is to be done, the reply goes to this
    /// delivery too.
    InWork,
    /// Before, and this was the reply: sign it again.
    Again(Reply),
}

/// No more requests can be remembered, so none is taken: 503.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl core::fmt::Display for Full {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("no more requests can be remembered: try again later")
    }
}

impl std::error::Error for Full {}

impl Inbox {
    /// How long the exchange's operator may have a request sent again, and so the least that is to be remembered by
    /// whoever is registered as deduplicating.
    pub const KEEP_SECONDS: u32 = crate::relay::REQUEUE_SECONDS;

    /// How many bytes of replies are remembered, where nobody says another number.
    pub const MOST_BYTES: usize = 64 << 20;

    /// Remembers up to `room` requests with [`MOST_BYTES`](Self::MOST_BYTES) of replies, each `keep_seconds` after its deadline:
    /// [`KEEP_SECONDS`](Self::KEEP_SECONDS). None is forgotten to make room.
    #[must_use]
    pub const fn new(room: usize, keep_seconds: u32) -> Self {
        Self {
            room,
            most_bytes: Self::MOST_BYTES,
            bytes: 0,
            keep_seconds,
            known: BTreeMap::new(),
            kept: BTreeSet::new(),
        }
    }

    /// The same with room for so many bytes of replies: once there are as many no further request is taken.
    #[must_use]
    pub const fn holding(mut self, bytes: usize) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// How many requests are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// How many bytes their replies have.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// A request came that verifies.
    ///
    /// # Errors
    /// [`Full`].
    pub fn arrived(
        &mut self,
        correlation: CorrelationId,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Result<Arrival, Full> {
        self.arrived_before(correlation, deadline, now)
            .map_or_else(|| self.first(correlation, deadline, true), Ok)
    }

    /// A request came that only reads: once it was answered it is to be [forgotten](Self::forgotten), so it needs no room for
    /// an answer.
    ///
    /// # Errors
    /// [`Full`].
    pub fn arrived_to_read(
        &mut self,
        correlation: CorrelationId,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Result<Arrival, Full> {
        self.arrived_before(correlation, deadline, now)
            .map_or_else(|| self.first(correlation, deadline, false), Ok)
    }

    fn arrived_before(
        &mut self,
        correlation: CorrelationId,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Option<Arrival> {
        self.forget(now);
        let reply = self.known.get(&correlation)?.reply.clone();
        self.keep(correlation, deadline);
        Some(reply.map_or(Arrival::InWork, Arrival::Again))
    }

    fn first(
        &mut self,
        correlation: CorrelationId,
        deadline: Timestamp,
        is_kept: bool,
    ) -> Result<Arrival, Full> {
        let is_full = is_kept && self.bytes >= self.most_bytes;
        if is_full || self.known.len() >= self.room {
            return Err(Full);
        }
        let until = later(deadline, self.keep_seconds);
        self.known.insert(correlation, Known { until, reply: None });
        self.kept.insert((until, correlation));
        Ok(Arrival::First)
    }

    /// Whether a request came before, and is remembered.
    #[must_use]
    pub fn knows(&self, correlation: CorrelationId) -> bool {
        self.known.contains_key(&correlation)
    }

    /// What it was answered with. Ignored for a request that is not known, or was answered.
    pub fn answered(&mut self, correlation: CorrelationId, reply: &Reply) {
        if let Some(known) = self.known.get_mut(&correlation)
            && known.reply.is_none()
        {
            known.reply = Some(reply.clone());
            self.bytes = self.bytes.saturating_add(len(reply));
        }
    }

    /// What was asked is no longer known: where acting again changes nothing, nothing need be remembered.
    pub fn forgotten(&mut self, correlation: CorrelationId) {
        if let Some(until) = self.removed(correlation) {
            self.kept.remove(&(until, correlation));
        }
    }

    /// What a request was answered with.
    #[must_use]
    pub fn reply(&self, correlation: CorrelationId) -> Option<&Reply> {
        self.known.get(&correlation)?.reply.as_ref()
    }

    /// A later delivery has a later deadline.
    fn keep(&mut self, correlation: CorrelationId, deadline: Timestamp) {
        let until = later(deadline, self.keep_seconds);
        if let Some(known) = self.known.get_mut(&correlation)
            && until > known.until
        {
            self.kept.remove(&(known.until, correlation));
            self.kept.insert((until, correlation));
            known.until = until;
        }
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((until, correlation)) = self.kept.first().copied()
            && until <= now
        {
            self.kept.remove(&(until, correlation));
            let _ = self.removed(correlation);
        }
    }

    /// Until when it was to be kept.
    fn removed(&mut self, correlation: CorrelationId) -> Option<Timestamp> {
        let known = self.known.remove(&correlation)?;
        let bytes = known.reply.as_ref().map_or(0, len);
        self.bytes = self.bytes.saturating_sub(bytes);
        Some(known.until)
    }
}

const fn len(reply: &Reply) -> usize {
    reply.body.len().saturating_add(reply.content_type.len())
}

/// That many seconds after `time`; the end of time stays.
fn later(time: Timestamp, seconds: u32) -> Timestamp {
    let sum = time.seconds().saturating_add(seconds.into());
    Timestamp::from_unix(sum, time.nanoseconds()).unwrap_or(time)
}
