//! A small world around the relay: senders, receivers, a store, wires between them, an operator and
//! another process, all of which may fail. It makes one choice at a time, and each X rule is asserted
//! where it could be broken.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use daxsign_core::Timestamp;
use uuid::Uuid;

use super::store::{Leaf, Store, Verdict, Write};
use crate::correlation::CorrelationId;
use crate::party::Party;
use crate::record::{Delivery, Ending, Standing};
use crate::relay::{Act, Again, Event, Limits, Next, Pair, Traffic};

/// How many ticks after it is allowed a request expires.
const PATIENCE: i64 = 1;

/// A request that a sender may send.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Planned {
    pub(super) sender: u8,
    pub(super) receiver: u8,
    pub(super) delivery: Delivery,
    /// How many times the same bytes are sent.
    pub(super) copies: u8,
}

/// How often each thing may go wrong.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Budget {
    pub(super) ticks: u8,
    pub(super) crashes: u8,
    pub(super) failed_commits: u8,
    pub(super) departures: u8,
    pub(super) unsent: u8,
    pub(super) cuts: u8,
    pub(super) losses: u8,
    pub(super) bad_answers: u8,
    pub(super) doubled_answers: u8,
    pub(super) requeues: u8,
    pub(super) elsewhere: u8,
    pub(super) senders_gone: u8,
}

impl Budget {
    pub(super) const NONE: Self = Self {
        ticks: 0,
        crashes: 0,
        failed_commits: 0,
        departures: 0,
        unsent: 0,
        cuts: 0,
        losses: 0,
        bad_answers: 0,
        doubled_answers: 0,
        requeues: 0,
        elsewhere: 0,
        senders_gone: 0,
    };
}

/// A mistake planted in the machine or in its use, which the checker must find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    None,
    SendsBeforeA,
    SendsBeforeTheMark,
    ReturnsBeforeB,
    TellsExpiryEarly,
    ForgetsTheMark,
    RepeatsWhatChanges,
    ForgetsDeadlines,
    ResumesBackwards,
    HasNoCompareAndSet,
    ExpiresWhatMayHaveArrived,
    LosesWhatWaits,
}

/// One thing that can happen now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Submit(usize),
    Commit,
    FailCommit,
    Reply,
    /// What becomes of a message that is being sent.
    Fate(usize, Fate),
    /// A connection ends on which an answer was awaited.
    Cut(CorrelationId, bool),
    Deliver(usize),
    Lose(usize),
    Answer(usize, Quality),
    Return(usize),
    SenderLeaves(CorrelationId),
    Reach(u8),
    Depart(u8),
    Tick,
    /// Whether what was being sent arrives all the same, and whether what was being written does.
    Crash {
        arrives: bool,
        written: bool,
    },
    Requeue(CorrelationId),
    EndElsewhere(CorrelationId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Sent,
    Unsent,
    Cut {
        arrives: bool,
        answer_can_come: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quality {
    Good,
    Bad,
    Doubled,
}

/// The world as it is between two choices.
#[derive(Clone, Debug, Hash)]
pub(super) struct World {
    planned: Vec<Planned>,
    fault: Fault,
    budget: Budget,
    now: i64,
    traffic: Traffic,
    store: Store,
    /// Handed to the store, not on disk.
    writing: VecDeque<Write>,
    /// On disk, and not yet told.
    replies: VecDeque<(CorrelationId, Event)>,
    sending: Vec<(CorrelationId, u32)>,
    /// On their way to receivers, and back.
    requests: Vec<CorrelationId>,
    answers: Vec<CorrelationId>,
    returning: Vec<(CorrelationId, Ending)>,
    /// Which copies were sent, how often each receiver got one, what senders were told.
    submitted: Vec<u8>,
    seen: BTreeMap<CorrelationId, u8>,
    told: BTreeMap<CorrelationId, Ending>,
    /// First sendings, by pair: the latest place of A.
    started: BTreeMap<Pair, usize>,
    ever_sent: BTreeSet<CorrelationId>,
    /// Good answers that came since the last crash.
    answered: BTreeSet<CorrelationId>,
    /// What was not known to be unsent when the process died.
    doubtful: BTreeSet<CorrelationId>,
    reachable: BTreeSet<u8>,
}

fn party(number: u8) -> Party {
    Party {
        partner: Uuid::from_u128(1),
        instance: Uuid::from_u128(number.into()),
    }
}

impl World {
    pub(super) fn new(planned: &[Planned], budget: Budget, fault: Fault) -> Self {
        Self {
            planned: planned.to_vec(),
            fault,
            budget,
            now: 0,
            traffic: empty(),
            store: Store::default(),
            writing: VecDeque::new(),
            replies: VecDeque::new(),
            sending: Vec::new(),
            requests: Vec::new(),
            answers: Vec::new(),
            returning: Vec::new(),
            submitted: vec![0; planned.len()],
            seen: BTreeMap::new(),
            told: BTreeMap::new(),
            started: BTreeMap::new(),
            ever_sent: BTreeSet::new(),
            answered: BTreeSet::new(),
            doubtful: BTreeSet::new(),
            reachable: BTreeSet::new(),
        }
    }

    /// What a world is known by.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }

    fn time(&self) -> Timestamp {
        let now = if self.fault == Fault::ForgetsDeadlines {
            0
        } else {
            self.now
        };
        at(now)
    }

    fn plan_of(&self, id: CorrelationId) -> Planned {
        self.planned[index_of(id)]
    }

    fn pair_of(&self, id: CorrelationId) -> Pair {
        let plan = self.plan_of(id);
        Pair {
            receiver: party(plan.receiver),
            sender: party(plan.sender),
        }
    }

    fn receivers(&self) -> BTreeSet<u8> {
        self.planned.iter().map(|plan| plan.receiver).collect()
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_unix(second, 0).expect("a time")
}

fn empty() -> Traffic {
    Traffic::new(Limits {
        in_work: 100,
        per_receiver: 100,
    })
}

/// The id of a copy of a planned request, and the way back.
fn id_of(index: usize, copy: u8) -> CorrelationId {
    let mut bytes = [0; 16];
    bytes[0] = u8::try_from(index).expect("few");
    bytes[1] = copy;
    CorrelationId::from_bytes(bytes)
}

fn index_of(id: CorrelationId) -> usize {
    id.as_bytes()[0].into()
}

/// What can happen.
impl World {
    pub(super) fn choices(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        for (index, plan) in self.planned.iter().enumerate() {
            if self.submitted[index] < plan.copies {
                choices.push(Choice::Submit(index));
            }
        }
        self.store_choices(&mut choices);
        self.wire_choices(&mut choices);
        self.outer_choices(&mut choices);
        choices
    }

    fn store_choices(&self, choices: &mut Vec<Choice>) {
        if !self.writing.is_empty() {
            choices.push(Choice::Commit);
            if self.budget.failed_commits > 0 {
                choices.push(Choice::FailCommit);
            }
        }
        if !self.replies.is_empty() {
            choices.push(Choice::Reply);
        }
        for id in self.store.rows.keys() {
            let row = self.store.rows[id].row;
            if self.budget.requeues > 0 && row.ending.is_some() {
                choices.push(Choice::Requeue(*id));
            }
            if self.budget.elsewhere > 0 && row.ending.is_none() && at(self.now) >= row.deadline {
                choices.push(Choice::EndElsewhere(*id));
            }
        }
    }

    fn wire_choices(&self, choices: &mut Vec<Choice>) {
        for index in 0..self.sending.len() {
            choices.push(Choice::Fate(index, Fate::Sent));
            if self.budget.unsent > 0 {
                choices.push(Choice::Fate(index, Fate::Unsent));
            }
            if self.budget.cuts > 0 {
                for (arrives, answer_can_come) in [(true, true), (true, false), (false, false)] {
                    let fate = Fate::Cut {
                        arrives,
                        answer_can_come,
                    };
                    choices.push(Choice::Fate(index, fate));
                }
            }
        }
        for index in 0..self.requests.len() {
            choices.push(Choice::Deliver(index));
            if self.budget.losses > 0 {
                choices.push(Choice::Lose(index));
            }
        }
        for index in 0..self.answers.len() {
            choices.push(Choice::Answer(index, Quality::Good));
            if self.budget.bad_answers > 0 {
                choices.push(Choice::Answer(index, Quality::Bad));
            }
            if self.budget.doubled_answers > 0 {
                choices.push(Choice::Answer(index, Quality::Doubled));
            }
        }
        for index in 0..self.returning.len() {
            choices.push(Choice::Return(index));
        }
    }

    fn outer_choices(&self, choices: &mut Vec<Choice>) {
        for receiver in self.receivers() {
            if !self.reachable.contains(&receiver) {
                choices.push(Choice::Reach(receiver));
            } else if self.budget.departures > 0 {
                choices.push(Choice::Depart(receiver));
            }
        }
        for id in self.store.rows.keys() {
            let Some(passage) = self.traffic.passage(*id) else {
                continue;
            };
            if self.budget.cuts > 0 && passage.next() == Next::AwaitAnswer {
                choices.push(Choice::Cut(*id, true));
                choices.push(Choice::Cut(*id, false));
            }
            if self.budget.senders_gone > 0 {
                choices.push(Choice::SenderLeaves(*id));
            }
        }
        if self.budget.ticks > 0 {
            choices.push(Choice::Tick);
        }
        if self.budget.crashes > 0 {
            for (arrives, written) in [(false, false), (false, true), (true, false), (true, true)] {
                choices.push(Choice::Crash { arrives, written });
            }
        }
    }
}

/// What happens.
impl World {
    pub(super) fn choose(&mut self, choice: Choice) {
        match choice {
            Choice::Submit(index) => self.submit(index),
            Choice::Commit => self.commit(),
            Choice::FailCommit => self.fail_commit(),
            Choice::Reply => {
                if let Some((id, event)) = self.replies.pop_front() {
                    self.step(id, event);
                }
            }
            Choice::Fate(index, fate) => self.send(index, fate),
            Choice::Cut(id, answer_can_come) => self.cut(id, answer_can_come),
            Choice::Deliver(index) => self.deliver(index),
            Choice::Lose(index) => {
                self.budget.losses -= 1;
                self.requests.remove(index);
            }
            Choice::Answer(index, quality) => self.answer(index, quality),
            Choice::Return(index) => self.give_back(index),
            Choice::SenderLeaves(id) => {
                self.budget.senders_gone -= 1;
                self.returning.retain(|(other, _)| *other != id);
                self.step(id, Event::SenderGone);
            }
            Choice::Reach(receiver) => self.reach(receiver, true),
            Choice::Depart(receiver) => {
                self.budget.departures -= 1;
                self.reach(receiver, false);
            }
            Choice::Tick => self.tick(),
            Choice::Crash { arrives, written } => self.crash(arrives, written),
            Choice::Requeue(id) => self.requeue(id),
            Choice::EndElsewhere(id) => {
                self.budget.elsewhere -= 1;
                self.doubtful.remove(&id);
                self.store.end_elsewhere(id);
            }
        }
        self.store.check();
    }

    /// Steps 1 to 5 at once: nothing happens between them but refusals, which the table has.
    fn submit(&mut self, index: usize) {
        let id = id_of(index, self.submitted[index]);
        self.submitted[index] += 1;
        let now = self.time();
        self.traffic.admit(id).expect("room");
        self.step(id, Event::Verified);
        self.step(id, Event::ContractFound);
        let (pair, delivery) = (self.pair_of(id), self.plan_of(id).delivery);
        let deadline = at(self.now + PATIENCE);
        let acts = self.traffic.allow(id, pair, delivery, deadline, now);
        self.perform(acts.expect("it was asked for"));
    }

    fn step(&mut self, id: CorrelationId, event: Event) {
        let now = self.time();
        match self.traffic.step(id, event, now) {
            Ok(acts) => self.perform(acts),
            Err(misfit) => {
                assert!(
                    self.traffic.passage(id).is_none(),
                    "X-DURABLE: {event:?}: {misfit:?}"
                );
            }
        }
    }

    fn perform(&mut self, acts: Vec<Act>) {
        for act in acts {
            self.perform_one(act);
        }
    }

    fn perform_one(&mut self, act: Act) {
        match act.next {
            Next::RecordRefusal(_)
            | Next::RecordRequest
            | Next::RecordSending
            | Next::RecordEnding(_)
            | Next::RecordLate
            | Next::RecordRequeue => self.write(act),
            Next::Send { attempt } => {
                self.check_sending(act.id);
                self.sending.push((act.id, attempt));
            }
            Next::Return(ending) => {
                assert_eq!(
                    self.store.ending(act.id),
                    Some(ending),
                    "X-DURABLE: returned before it was on disk"
                );
                self.returning.push((act.id, ending));
            }
            Next::TurnAway(_) => self.step(act.id, Event::Returned),
            Next::Verify
            | Next::FindContract
            | Next::CheckClauses
            | Next::AwaitTurn
            | Next::AwaitAnswer
            | Next::Done => {}
        }
    }

    fn write(&mut self, act: Act) {
        let early = matches!(
            (self.fault, act.next),
            (Fault::SendsBeforeA, Next::RecordRequest)
                | (Fault::SendsBeforeTheMark, Next::RecordSending)
                | (Fault::ReturnsBeforeB, Next::RecordEnding(Ending::Answered))
                | (Fault::TellsExpiryEarly, Next::RecordEnding(Ending::Expired))
        );
        let mut row = act.row;
        if let (Some(row), Fault::ForgetsTheMark) = (&mut row, self.fault) {
            row.may_have_left = false;
        }
        self.writing.push_back(Write {
            id: act.id,
            next: act.next,
            row,
            replied: early,
        });
        if early {
            self.step(act.id, Event::Recorded);
        }
    }

    fn commit(&mut self) {
        let Some(write) = self.writing.pop_front() else {
            return;
        };
        let blind = self.fault == Fault::HasNoCompareAndSet;
        let verdict = self.store.commit(&write, index_of(write.id), blind);
        if write.replied {
            return;
        }
        let event = match verdict {
            Verdict::Written => Event::Recorded,
            Verdict::Replayed => Event::Replayed,
            Verdict::Decided(ending) => Event::Decided(ending),
        };
        self.replies.push_back((write.id, event));
    }

    fn fail_commit(&mut self) {
        self.budget.failed_commits -= 1;
        if let Some(write) = self.writing.pop_front()
            && !write.replied
        {
            self.replies.push_back((write.id, Event::Unrecorded));
        }
    }

    /// X-DURABLE, X-ONCE, X-ORDER and X-LATE where a message leaves.
    fn check_sending(&mut self, id: CorrelationId) {
        let kept = self.store.rows.get(&id);
        let kept = kept.expect("X-DURABLE: sent before A was on disk");
        assert!(
            at(self.now) < kept.row.deadline,
            "X-LATE: sent after the deadline"
        );
        let place = kept.place;
        if self.plan_of(id).delivery == Delivery::Once {
            let sent = self.ever_sent.contains(&id);
            assert!(!sent, "X-ONCE: sent again, though it may have arrived");
        }
        // Repeated and requeued ones fall out of the order.
        if !self.ever_sent.contains(&id) && kept.row.ending.is_none() {
            let pair = self.pair_of(id);
            let before = self.started.insert(pair, place);
            assert!(
                before.is_none_or(|before| before <= place),
                "X-ORDER: sent after a later one"
            );
        }
    }

    fn send(&mut self, index: usize, fate: Fate) {
        let (id, attempt) = self.sending.remove(index);
        match fate {
            Fate::Sent => {
                self.leave(id);
                self.step(id, Event::Sent { attempt });
            }
            Fate::Unsent => {
                self.budget.unsent -= 1;
                self.step_away(id, Event::Unsent { attempt });
            }
            Fate::Cut {
                arrives,
                answer_can_come,
            } => {
                self.budget.cuts -= 1;
                self.ever_sent.insert(id);
                if arrives {
                    self.leave(id);
                }
                let event = Event::Cut {
                    attempt,
                    answer_can_come,
                };
                self.step_away(id, event);
            }
        }
    }

    fn leave(&mut self, id: CorrelationId) {
        self.ever_sent.insert(id);
        self.requests.push(id);
    }

    /// The receiver cannot be reached, until it is told otherwise.
    fn step_away(&mut self, id: CorrelationId, event: Event) {
        let receiver = self.plan_of(id).receiver;
        self.reachable.remove(&receiver);
        self.step(id, event);
    }

    fn cut(&mut self, id: CorrelationId, answer_can_come: bool) {
        self.budget.cuts -= 1;
        // The attempt is the latest one: that it awaits an answer to.
        let attempt = self
            .traffic
            .passage(id)
            .map_or(0, |passage| passage.attempts);
        let event = Event::Cut {
            attempt,
            answer_can_come,
        };
        self.step_away(id, event);
    }

    fn deliver(&mut self, index: usize) {
        let id = self.requests.remove(index);
        assert!(
            self.store.has(id, Leaf::Request),
            "X-DURABLE: a receiver saw what is not on record"
        );
        let seen = self.seen.entry(id).or_default();
        *seen += 1;
        if self.planned[index_of(id)].delivery == Delivery::Once {
            assert_eq!(*seen, 1, "X-ONCE: a receiver got it twice");
        }
        self.answers.push(id);
    }

    fn answer(&mut self, index: usize, quality: Quality) {
        let id = match quality {
            Quality::Good => self.answers.remove(index),
            Quality::Bad => {
                self.budget.bad_answers -= 1;
                self.answers.remove(index)
            }
            Quality::Doubled => {
                self.budget.doubled_answers -= 1;
                self.answers[index]
            }
        };
        if quality == Quality::Bad {
            self.step(id, Event::BadAnswer);
            return;
        }
        self.answered.insert(id);
        if self.traffic.passage(id).is_some() {
            self.step(id, Event::Answer);
        } else if let Some(row) = self.store.row(id) {
            let (pair, now) = (self.pair_of(id), self.time());
            let acts = self.traffic.answer_late(id, pair, row, now);
            self.perform(acts);
        }
    }

    fn give_back(&mut self, index: usize) {
        let (id, ending) = self.returning.remove(index);
        assert!(
            self.told.insert(id, ending).is_none(),
            "X-ONCE: a sender was told twice"
        );
        self.step(id, Event::Returned);
    }

    fn reach(&mut self, receiver: u8, reachable: bool) {
        if reachable {
            self.reachable.insert(receiver);
        } else {
            self.reachable.remove(&receiver);
        }
        let now = self.time();
        let acts = self.traffic.reach(party(receiver), reachable, now);
        self.perform(acts);
    }

    fn tick(&mut self) {
        self.budget.ticks -= 1;
        self.now += 1;
        let now = self.time();
        let acts = self.traffic.tick(now);
        self.perform(acts);
    }

    /// The process dies and starts again. What the store was writing is there or is not.
    fn crash(&mut self, arrives: bool, written: bool) {
        self.budget.crashes -= 1;
        if written {
            self.commit();
        }
        self.writing.clear();
        self.replies.clear();
        self.returning.clear();
        for (id, _) in std::mem::take(&mut self.sending) {
            // Nobody knows, so the world does not say that it left unless it arrives.
            if arrives {
                self.leave(id);
            }
        }
        self.reachable.clear();
        self.answered.clear();
        self.note_doubtful();
        self.traffic = empty();
        for (id, row) in self.rows_after_crash() {
            let (pair, now) = (self.pair_of(id), self.time());
            let acts = self.traffic.resume(id, pair, row, now);
            self.perform(acts);
        }
    }

    fn note_doubtful(&mut self) {
        for (id, kept) in &self.store.rows {
            let row = kept.row;
            if row.delivery == Delivery::Once && row.may_have_left && row.ending.is_none() {
                self.doubtful.insert(*id);
            }
        }
    }

    fn rows_after_crash(&self) -> Vec<(CorrelationId, Standing)> {
        let mut rows = self.store.in_order();
        if self.fault == Fault::ResumesBackwards {
            rows.reverse();
        }
        for (_, row) in &mut rows {
            match self.fault {
                Fault::RepeatsWhatChanges => row.delivery = Delivery::Repeatable,
                Fault::ExpiresWhatMayHaveArrived => {
                    (row.deadline, row.may_have_left) = (at(0), false);
                }
                _ => {}
            }
        }
        rows.retain(|(_, row)| self.fault != Fault::LosesWhatWaits || row.may_have_left);
        rows
    }

    fn requeue(&mut self, id: CorrelationId) {
        self.budget.requeues -= 1;
        let Some(row) = self.store.row(id) else {
            return;
        };
        let (pair, now) = (self.pair_of(id), self.time());
        let again = Again {
            accepted: at(0),
            deadline: at(self.now + PATIENCE),
        };
        if let Ok(acts) = self.traffic.requeue(id, pair, row, again, now) {
            self.perform(acts);
        }
    }
}

/// What must hold once nothing more happens by itself.
impl World {
    /// Lets everything end that is under way, with nothing more going wrong.
    pub(super) fn settle(&mut self) {
        self.budget = Budget {
            ticks: u8::try_from(PATIENCE * 3).expect("small"),
            ..Budget::NONE
        };
        for _ in 0..200 {
            let choices = self.choices();
            let calm = |choice: &&Choice| {
                !matches!(choice, Choice::Submit(_) | Choice::Fate(_, Fate::Unsent))
            };
            // Time passes last.
            let Some(choice) = choices.iter().find(calm) else {
                break;
            };
            self.choose(*choice);
        }
        assert!(self.traffic.is_empty(), "something never ends: {self:?}");
        for (id, kept) in &self.store.rows {
            assert!(kept.row.ending.is_some(), "X-DURABLE: {id} has no end");
        }
        self.check_told();
        self.check_answered();
    }

    /// Every answer that came is on record, and what nobody can know is not said to be known.
    fn check_answered(&self) {
        for id in &self.answered {
            let ended = self.store.ending(*id) == Some(Ending::Answered);
            assert!(
                ended || self.store.has(*id, Leaf::Late),
                "X-LATE: the answer to {id} is not on record"
            );
        }
        for id in &self.doubtful {
            assert_eq!(
                self.store.ending(*id),
                Some(Ending::Unknown),
                "X-DURABLE: {id} may have arrived"
            );
        }
    }

    /// What senders were told is what the record says. What was sent on is on record, so no replay is sent on.
    fn check_told(&self) {
        for (id, ending) in &self.told {
            assert_eq!(self.store.ending(*id), Some(*ending), "X-LATE: {id}");
        }
        for id in self.seen.keys() {
            assert!(self.store.has(*id, Leaf::Request), "X-DURABLE: {id}");
        }
    }
}
