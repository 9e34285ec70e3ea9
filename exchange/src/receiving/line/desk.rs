//! What waits: requests for the caller, answers for the connection.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use daxsign_core::Timestamp;
use tokio::sync::Notify;
use uuid::Uuid;

use super::delivery::Delivery;
use super::settings::LineSettings;
use super::state::LineState;
use crate::correlation::CorrelationId;
use crate::message::{ForwardRead, Refusal};
use crate::party::Party;
use crate::receiving::inbox::{Arrival, Inbox};
use crate::receiving::reply::Reply;

/// How many answers are kept to be sent again.
const MOST_ANSWERS: usize = 1024;
/// How many bytes of those that were sent.
const MOST_ANSWER_BYTES: usize = 4 << 20;
/// The method of what changes nothing.
const READS: &str = "GET";
/// How many deliveries of one request are answered each.
const MOST_DELIVERIES: usize = 8;

/// Shared by the caller, the connection and the signing thread.
pub(super) struct Desk {
    inner: Mutex<Inner>,
    /// A request came, or none will come any more.
    came: Condvar,
    /// An answer waits, or it ends.
    pub(super) wake: Notify,
    /// It ends.
    pub(super) ending: Notify,
}

struct Inner {
    inbox: Inbox,
    room: usize,
    waiting: VecDeque<Arc<Owned>>,
    /// What is answered when the caller does.
    deliveries: BTreeMap<CorrelationId, Vec<Delivery>>,
    answers: VecDeque<Signed>,
    answers_len: usize,
    numbers: u64,
    state: LineState,
    has_ended: bool,
}

/// A request, verified.
pub(super) struct Owned {
    pub(super) delivery: Delivery,
    pub(super) sender: Party,
    pub(super) contract: Uuid,
    pub(super) method: String,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

/// An answer that is ready.
struct Signed {
    number: u64,
    deadline: Timestamp,
    bytes: Arc<[u8]>,
}

/// What follows when a request came.
pub(super) enum Came {
    /// The caller is told, or was before.
    Taken,
    /// This is the answer, known already.
    Answer(Delivery, Reply),
    /// There is no room.
    Busy(Delivery, NoRoom),
}

/// Which room there is none in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRoom {
    /// As many wait as may.
    Waiting,
    /// As many are remembered as may be, and none is forgotten to make room: it would be acted on twice.
    Remembered,
}

impl Inner {
    fn turn_away(&mut self) {
        self.state.turned_away = self.state.turned_away.saturating_add(1);
    }

    /// The eldest answer is kept no longer.
    fn drop_answer(&mut self) {
        if let Some(answer) = self.answers.pop_front() {
            self.answers_len = self.answers_len.saturating_sub(answer.bytes.len());
        }
    }
}

impl Desk {
    pub(super) fn new(settings: &LineSettings) -> Self {
        Self {
            inner: Mutex::new(Inner {
                inbox: Inbox::new(settings.remembered, settings.keep_seconds)
                    .holding(settings.remembered_bytes),
                room: settings.waiting,
                waiting: VecDeque::new(),
                deliveries: BTreeMap::new(),
                answers: VecDeque::new(),
                answers_len: 0,
                numbers: 0,
                state: LineState::default(),
                has_ended: false,
            }),
            came: Condvar::new(),
            wake: Notify::new(),
            ending: Notify::new(),
        }
    }

    /// A request came that verifies.
    pub(super) fn came(&self, read: &ForwardRead<'_>, now: Timestamp) -> Came {
        let mut inner = self.inner();
        let delivery = Delivery::of(read);
        let has_room = inner.waiting.len() < inner.room;
        // Before it is remembered: what had no room is none that is being acted on.
        if !has_room && !inner.inbox.knows(read.correlation) {
            inner.turn_away();
            return Came::Busy(delivery, NoRoom::Waiting);
        }
        let arrived = if read.method == READS {
            Inbox::arrived_to_read
        } else {
            Inbox::arrived
        };
        match arrived(&mut inner.inbox, read.correlation, read.deadline, now) {
            Err(_) => {
                inner.turn_away();
                Came::Busy(delivery, NoRoom::Remembered)
            }
            Ok(Arrival::Again(reply)) => Came::Answer(delivery, reply),
            Ok(Arrival::InWork) => {
                // Whoever gave it up without an answer has none for this delivery either.
                if let Some(known) = inner.deliveries.get_mut(&read.correlation)
                    && known.len() < MOST_DELIVERIES
                {
                    known.push(delivery);
                }
                Came::Taken
            }
            Ok(Arrival::First) => {
                let known = vec![delivery.clone()];
                inner.deliveries.insert(read.correlation, known);
                inner.waiting.push_back(Arc::new(Owned {
                    delivery,
                    sender: read.sender,
                    contract: read.contract,
                    method: read.method.to_owned(),
                    content_type: read.content_type.to_owned(),
                    body: read.body.to_vec(),
                }));
                self.came.notify_one();
                Came::Taken
            }
        }
    }

    /// What came does not verify.
    pub(super) fn refused(&self, refusal: &Refusal) {
        let mut inner = self.inner();
        inner.state.refused = inner.state.refused.saturating_add(1);
        inner.state.last_refusal = Some(refusal.to_string());
    }

    /// The next request, once there is one; `None` after the end, or after so long.
    pub(super) fn next(&self, within: Option<Duration>) -> Option<Arc<Owned>> {
        let until = within.and_then(|within| Instant::now().checked_add(within));
        let mut inner = self.inner();
        loop {
            if let Some(request) = inner.waiting.pop_front() {
                return Some(request);
            }
            if inner.has_ended {
                return None;
            }
            inner = match until {
                None => self
                    .came
                    .wait(inner)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return None;
                    }
                    let waited = self.came.wait_timeout(inner, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// The caller answers: the deliveries that the answer is for. What only reads is read again when it comes again (X-ONCE):
    /// to keep a day's pages would take all memory.
    pub(super) fn answered(&self, owned: &Owned, reply: &Reply) -> Vec<Delivery> {
        let correlation = owned.delivery.correlation;
        let mut inner = self.inner();
        let deliveries = inner.deliveries.remove(&correlation).unwrap_or_default();
        if owned.method == READS {
            inner.inbox.forgotten(correlation);
        } else if !deliveries.is_empty() {
            inner.inbox.answered(correlation, reply);
        }
        deliveries
    }

    /// The caller gave it up without an answer.
    pub(super) fn abandoned(&self, correlation: CorrelationId) {
        self.inner().deliveries.remove(&correlation);
    }

    /// An answer is signed.
    pub(super) fn signed(&self, deadline: Timestamp, bytes: Vec<u8>) {
        let mut inner = self.inner();
        inner.numbers = inner.numbers.saturating_add(1);
        let number = inner.numbers;
        inner.answers_len = inner.answers_len.saturating_add(bytes.len());
        let bytes = bytes.into();
        inner.answers.push_back(Signed {
            number,
            deadline,
            bytes,
        });
        if inner.answers.len() > MOST_ANSWERS {
            inner.drop_answer();
        }
        drop(inner);
        self.wake.notify_one();
    }

    /// The next answer behind this number, whose request still waits.
    pub(super) fn answer_behind(&self, number: u64, now: Timestamp) -> Option<(u64, Arc<[u8]>)> {
        let mut inner = self.inner();
        while let Some(first) = inner.answers.front()
            && (first.deadline <= now
                || first.number <= number && inner.answers_len > MOST_ANSWER_BYTES)
        {
            inner.drop_answer();
        }
        let place = inner
            .answers
            .partition_point(|answer| answer.number <= number);
        let rest = inner.answers.range(place..);
        let mut open = rest.filter(|answer| answer.deadline > now);
        open.next()
            .map(|answer| (answer.number, Arc::clone(&answer.bytes)))
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut LineState)) {
        change(&mut self.inner().state);
    }

    pub(super) fn state(&self) -> LineState {
        let inner = self.inner();
        LineState {
            remembered: inner.inbox.len(),
            ..inner.state.clone()
        }
    }

    /// Whether nothing comes any more.
    pub(super) fn has_ended(&self) -> bool {
        let inner = self.inner();
        inner.has_ended && inner.waiting.is_empty()
    }

    /// Nothing comes any more.
    pub(super) fn end(&self) {
        self.inner().has_ended = true;
        self.came.notify_all();
        self.ending.notify_one();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
