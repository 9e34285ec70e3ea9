//! All exchanges in work: each by its own steps, those of one pair in their order.

use std::collections::btree_map::Entry as MapEntry;
use std::collections::{BTreeMap, BTreeSet};

use daxsign_core::Timestamp;

use super::check::Check;
use super::event::{Event, Terms};
use super::lane::{Lane, Pair};
use super::next::Next;
use super::passage::{Passage, Step, Unexpected};
use super::requeue::{Again, NotRequeued};
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::Delivery;
use crate::record::Standing;

/// How much may be in work at once (X-OVERLOAD).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Requests altogether.
    pub in_work: usize,
    /// Accepted requests for one receiver.
    pub per_receiver: usize,
}

/// What must be done next for one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// Which.
    pub id: CorrelationId,
    /// What.
    pub next: Next,
    /// The row that the transaction writes, where it writes one.
    pub row: Option<Standing>,
}

/// There is no room for another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl core::fmt::Display for Full {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("as many requests are in work as may be: try again later")
    }
}

impl std::error::Error for Full {}

/// What an event could not be taken for. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Nothing of this id is in work: what concerns an ended one goes to
    /// [`Traffic::resume`] with its row first.
    NotInWork,
    /// The caller's mistake.
    Unexpected(Unexpected),
}

impl core::fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotInWork => formatter.write_str("nothing of this correlation id is in work"),
            Self::Unexpected(unexpected) => unexpected.fmt(formatter),
        }
    }
}

impl std::error::Error for Misfit {}

/// An exchange in work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Entry {
    passage: Passage,
    /// Once it is allowed.
    pair: Option<Pair>,
    /// Where it waits, or waited, in its lane: the order of A.
    place: Option<u64>,
    /// As it stands in `Traffic::due`.
    due: Option<Timestamp>,
}

/// All exchanges in work.
///
/// The caller hands in the events of one exchange in their order, and A's `Recorded` in the order of A.
/// A receiver gets nothing until it is told [reachable](Self::reach), and after each `Unsent` or `Cut`
/// until it is told so again: the wire knows how long to wait.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Traffic {
    limits: Limits,
    entries: BTreeMap<CorrelationId, Entry>,
    lanes: BTreeMap<Pair, Lane>,
    places: u64,
    /// No exchange that was forgotten had more attempts.
    attempts: u32,
    depths: BTreeMap<Party, usize>,
    reachable: BTreeSet<Party>,
    due: BTreeSet<(Timestamp, CorrelationId)>,
}

impl Traffic {
    /// None yet.
    #[must_use]
    pub const fn new(limits: Limits) -> Self {
        Self {
            limits,
            entries: BTreeMap::new(),
            lanes: BTreeMap::new(),
            places: 0,
            attempts: 0,
            depths: BTreeMap::new(),
            reachable: BTreeSet::new(),
            due: BTreeSet::new(),
        }
    }

    /// How many are in work.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How far one in work has come.
    #[must_use]
    pub fn passage(&self, id: CorrelationId) -> Option<&Passage> {
        self.entries.get(&id).map(|entry| &entry.passage)
    }

    /// When [`tick`](Self::tick) has something to do, unless something happens before.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(due, _)| *due)
    }

    /// Takes a request in: it is to be verified.
    ///
    /// # Errors
    /// [`Full`]: 503 at once. So too for an id that is in work, of which none is made twice.
    pub fn admit(&mut self, id: CorrelationId) -> Result<Act, Full> {
        if self.entries.len() >= self.limits.in_work || self.entries.contains_key(&id) {
            return Err(Full);
        }
        let passage = Passage::new();
        self.entries.insert(id, Entry::of(passage, None));
        Ok(act_of(id, &passage))
    }

    /// Takes an exchange out of the store after a start, in the order of A; it was accepted, so there
    /// is room for it.
    pub fn resume(
        &mut self,
        id: CorrelationId,
        pair: Pair,
        row: Standing,
        now: Timestamp,
    ) -> Vec<Act> {
        let passage = Passage::resume(row, now);
        self.enter(id, pair, passage, now)
    }

    /// An answer came that verifies, for an exchange that is no longer in work.
    pub fn answer_late(
        &mut self,
        id: CorrelationId,
        pair: Pair,
        row: Standing,
        now: Timestamp,
    ) -> Vec<Act> {
        let mut passage = Passage::resume(row, now);
        match passage.step(Event::Answer, now) {
            Ok(Step::Act) if !self.entries.contains_key(&id) => self.enter(id, pair, passage, now),
            _ => Vec::new(),
        }
    }

    /// An operator asks again for an exchange that is no longer in work.
    ///
    /// # Errors
    /// Why not.
    pub fn requeue(
        &mut self,
        id: CorrelationId,
        pair: Pair,
        row: Standing,
        again: Again,
        now: Timestamp,
    ) -> Result<Vec<Act>, NotRequeued> {
        if self.entries.contains_key(&id) {
            return Err(NotRequeued::StillInWork);
        }
        let mut passage = Passage::resume(row, now);
        passage.requeue(again)?;
        Ok(self.enter(id, pair, passage, now))
    }

    /// The request of a pair is allowed (step 5), until its deadline.
    ///
    /// # Errors
    /// [`Misfit`].
    pub fn allow(
        &mut self,
        id: CorrelationId,
        pair: Pair,
        delivery: Delivery,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Act>, Misfit> {
        let depth = self.depths.get(&pair.receiver).copied().unwrap_or_default();
        if depth >= self.limits.per_receiver {
            return self.take(id, Event::Refused(Check::Load), now);
        }
        let terms = Terms {
            delivery,
            deadline,
            reachable: self.reachable.contains(&pair.receiver),
        };
        let acts = self.take(id, Event::Allowed(terms), now)?;
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.pair = Some(pair);
            let depth = self.depths.entry(pair.receiver).or_default();
            *depth = depth.saturating_add(1);
        }
        Ok(acts)
    }

    /// Something happened to an exchange; that it is allowed goes through [`allow`](Self::allow).
    /// What must be done now, for this one and for those whose turn has come.
    ///
    /// # Errors
    /// [`Misfit`].
    pub fn step(
        &mut self,
        id: CorrelationId,
        event: Event,
        now: Timestamp,
    ) -> Result<Vec<Act>, Misfit> {
        if let Event::Allowed(_) = event {
            let entry = self.entries.get(&id).ok_or(Misfit::NotInWork)?;
            let next = entry.passage.next();
            return Err(Misfit::Unexpected(Unexpected { event, next }));
        }
        self.take(id, event, now)
    }

    /// A receiver can be reached now, or not.
    pub fn reach(&mut self, receiver: Party, reachable: bool, now: Timestamp) -> Vec<Act> {
        let mut acts = Vec::new();
        if !reachable {
            self.reachable.remove(&receiver);
            return acts;
        }
        self.reachable.insert(receiver);
        let lanes = self.lanes.keys();
        let to_receiver = lanes.filter(|pair| pair.receiver == receiver);
        for pair in to_receiver.copied().collect::<Vec<_>>() {
            self.give_turns(pair, now, &mut acts);
        }
        acts
    }

    /// Time passed: what is due expires.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Act> {
        let due: Vec<CorrelationId> = self
            .due
            .iter()
            .take_while(|(due, _)| *due <= now)
            .map(|(_, id)| *id)
            .collect();
        let mut acts = Vec::new();
        for id in due {
            acts.extend(self.take(id, Event::Tick, now).unwrap_or_default());
        }
        acts
    }

    fn enter(
        &mut self,
        id: CorrelationId,
        pair: Pair,
        mut passage: Passage,
        now: Timestamp,
    ) -> Vec<Act> {
        let mut acts = Vec::new();
        // An attempt of its life before may still be under way: it is told from new ones.
        passage.attempts = passage.attempts.max(self.attempts);
        if let MapEntry::Vacant(place) = self.entries.entry(id) {
            place.insert(Entry::of(passage, Some(pair)));
            let depth = self.depths.entry(pair.receiver).or_default();
            *depth = depth.saturating_add(1);
            acts.push(act_of(id, &passage));
            self.follow(id, now, &mut acts);
        }
        acts
    }

    fn take(
        &mut self,
        id: CorrelationId,
        event: Event,
        now: Timestamp,
    ) -> Result<Vec<Act>, Misfit> {
        let entry = self.entries.get_mut(&id).ok_or(Misfit::NotInWork)?;
        let step = entry.passage.step(event, now);
        let step = step.map_err(Misfit::Unexpected)?;
        let mut acts = Vec::new();
        if step == Step::Act {
            acts.push(act_of(id, &entry.passage));
        }
        let away = matches!(event, Event::Unsent { .. } | Event::Cut { .. });
        if let Some(pair) = entry.pair
            && away
        {
            self.reachable.remove(&pair.receiver);
        }
        self.follow(id, now, &mut acts);
        Ok(acts)
    }

    /// Deadlines, lanes and depths follow what an exchange has come to.
    fn follow(&mut self, id: CorrelationId, now: Timestamp, acts: &mut Vec<Act>) {
        self.follow_deadline(id);
        let pair = self.follow_lane(id);
        self.forget_if_done(id);
        if let Some(pair) = pair {
            self.give_turns(pair, now, acts);
        }
    }

    fn follow_deadline(&mut self, id: CorrelationId) {
        let Some(entry) = self.entries.get_mut(&id) else {
            return;
        };
        let due = entry.passage.due();
        if let Some(before) = std::mem::replace(&mut entry.due, due) {
            self.due.remove(&(before, id));
        }
        if let Some(due) = due {
            self.due.insert((due, id));
        }
    }

    /// The pair whose lane may have moved.
    fn follow_lane(&mut self, id: CorrelationId) -> Option<Pair> {
        let entry = self.entries.get_mut(&id)?;
        let pair = entry.pair?;
        match (entry.passage.next(), entry.place) {
            (Next::AwaitTurn, place) => {
                let place = place.unwrap_or_else(|| {
                    self.places = self.places.saturating_add(1);
                    self.places
                });
                entry.place = Some(place);
                self.lanes.entry(pair).or_default().wait(place, id);
            }
            (Next::RecordSending | Next::Send { .. }, _) | (_, None) => return None,
            (_, Some(place)) => {
                if let Some(lane) = self.lanes.get_mut(&pair) {
                    lane.leave(place, id);
                }
            }
        }
        Some(pair)
    }

    fn forget_if_done(&mut self, id: CorrelationId) {
        let MapEntry::Occupied(entry) = self.entries.entry(id) else {
            return;
        };
        if entry.get().passage.next() != Next::Done {
            return;
        }
        let entry = entry.remove();
        self.attempts = self.attempts.max(entry.passage.attempts);
        if let Some(pair) = entry.pair
            && let MapEntry::Occupied(mut depth) = self.depths.entry(pair.receiver)
        {
            *depth.get_mut() = depth.get().saturating_sub(1);
            if *depth.get() == 0 {
                depth.remove();
            }
        }
    }

    /// The next ones of a lane go, as far as they may.
    fn give_turns(&mut self, pair: Pair, now: Timestamp, acts: &mut Vec<Act>) {
        while self.reachable.contains(&pair.receiver)
            && let Some(id) = self.lanes.get_mut(&pair).and_then(Lane::turn)
        {
            let Some(entry) = self.entries.get_mut(&id) else {
                // What waits is in work, so none is missing; the next one goes.
                self.lanes.entry(pair).or_default().skip(id);
                continue;
            };
            if entry.passage.step(Event::Turn, now) == Ok(Step::Act) {
                acts.push(act_of(id, &entry.passage));
            }
            self.follow_deadline(id);
            self.follow_lane(id);
            self.forget_if_done(id);
        }
        if self.lanes.get(&pair).is_some_and(Lane::is_empty) {
            self.lanes.remove(&pair);
        }
    }
}

impl Entry {
    const fn of(passage: Passage, pair: Option<Pair>) -> Self {
        Self {
            passage,
            pair,
            place: None,
            due: None,
        }
    }
}

fn act_of(id: CorrelationId, passage: &Passage) -> Act {
    Act {
        id,
        next: passage.next(),
        row: passage.row(),
    }
}
