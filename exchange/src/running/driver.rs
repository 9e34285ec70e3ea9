//! The machine, and who does what it asks for.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use daxsign_core::Timestamp;

use super::clock::Clock;
use super::inlet::{Inlet, Input};
use super::judge::Judge;
use super::mailbox::{self, Mailbox};
use super::operations::Step;
use super::recorder::{Recorder, Written};
use super::signatures::Signing;
use super::steps::OnStep;
use super::verdict::{Verdict, verdict};
use super::wire::{Report, Wire};
use super::work::Work;
use crate::correlation::CorrelationId;
use crate::record::{Cause, End, Failure, Operation, Rejected, Store};
use crate::relay::{Act, Event, Misfit, Next, Passage, Traffic};
use crate::signing::SigningThreads;

/// After what the store or the key could not do, it is tried again.
pub(super) const AGAIN_AFTER: Duration = Duration::from_millis(200);
/// The longest sleep: a clock that is set is noticed then.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// How many ended exchanges are remembered, whose late answers can be told from others.
const REMEMBERED: usize = 4096;

/// All exchanges in work, and everything that is done for them.
pub(super) struct Driver<S, J, W> {
    pub(super) traffic: Traffic,
    pub(super) works: BTreeMap<CorrelationId, Work>,
    /// Those that ended with no answer, the oldest first.
    pub(super) ended: VecDeque<CorrelationId>,
    pub(super) judge: J,
    pub(super) wire: W,
    pub(super) recorder: Recorder<S>,
    pub(super) signing: Arc<SigningThreads<Signing>>,
    /// Is signed here, unless something else comes first.
    pub(super) to_sign: Option<Signing>,
    pub(super) clock: Clock,
    pub(super) inlet: Inlet,
    pub(super) inputs: Mailbox<Input>,
    pub(super) later: VecDeque<(Instant, Later)>,
    pub(super) on_step: Option<OnStep>,
    pub(super) stopping: bool,
    /// Why the process ends.
    pub(super) failure: Option<Failure>,
    /// The same, for who looks from outside.
    pub(super) failed: Arc<OnceLock<Failure>>,
}

/// Something that is tried again.
pub(super) enum Later {
    Report(Report),
    Event(CorrelationId, Event),
}

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    /// Until it is told to stop and nothing is in work, or the record fails.
    pub(super) fn run(mut self) -> Result<(), Failure> {
        loop {
            match self.next() {
                mailbox::Next::Thing(input) => {
                    self.inlet.taken(&input);
                    self.take(input);
                }
                mailbox::Next::Nothing => {}
                mailbox::Next::Ended => self.stopping = true,
            }
            self.pass_time();
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            if self.stopping && self.traffic.is_empty() {
                return Ok(());
            }
        }
    }

    /// The next input. What is to be signed is signed meanwhile where nothing else waits, and handed over where something
    /// does.
    fn next(&mut self) -> mailbox::Next<Input> {
        let Some(signing) = self.to_sign.take() else {
            return self.inputs.next(self.patience());
        };
        if let Some(input) = self.inputs.try_next() {
            self.signing.sign(signing);
            return mailbox::Next::Thing(input);
        }
        self.signing.sign_here(signing);
        mailbox::Next::Nothing
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn patience(&self) -> Duration {
        let again = self
            .later
            .front()
            .map(|(at, _)| at.saturating_duration_since(Instant::now()));
        let due = self.traffic.next_due().map(|due| until(self.now(), due));
        [again, due, self.recorder.patience()]
            .into_iter()
            .flatten()
            .fold(LONGEST_WAIT, Duration::min)
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Request(incoming) => self.admit(incoming),
            Input::Gone(id) => {
                if let Some(work) = self.works.get_mut(&id) {
                    work.reply = None;
                }
                self.step(id, Event::SenderGone);
            }
            Input::Message(from, bytes) => self.answered(from, &bytes),
            Input::Report(report) => self.reported(report),
            Input::Later(report) => self.again(Later::Report(report)),
            Input::Written(id, written) => self.written(id, written),
            Input::Signed(id, made) => self.signed(id, made),
            Input::Counted(id, counted) => self.counted(id, counted),
            Input::Used(id, then, written) => self.used(id, then, written),
            Input::Own(id, made) => self.owned(id, made),
            Input::Child(parent, receiver, told) => self.child_ended(parent, receiver, told),
            Input::FanEnded(parent, written) => self.fan_ended(parent, written),
            Input::Fanned(id, first, again) => self.fan_again(id, first, again),
            Input::Kept(id, content) => self.repeat(id, content),
            Input::Requeue(id, deadline, told) => self.requeue(id, deadline, told),
            Input::Ended(ended) => self.requeue_ended(*ended),
            Input::Row(id, pair, row) => self.answered_late(id, pair, row),
            Input::Note(note, told) => self.recorder.write(Operation::Note(note), told),
            Input::Tick => {}
            Input::Stop => self.stopping = true,
        }
    }

    /// What is due expires; what failed is tried again.
    fn pass_time(&mut self) {
        let now = self.now();
        let acts = self.traffic.tick(now);
        self.perform(acts, now);
        self.recorder.pass_time();
        while let Some((at, _)) = self.later.front()
            && *at <= Instant::now()
            && let Some((_, later)) = self.later.pop_front()
        {
            match later {
                Later::Report(report) => self.reported(report),
                Later::Event(id, event) => self.step(id, event),
            }
        }
    }

    pub(super) fn again(&mut self, later: Later) {
        let now = Instant::now();
        let at = now.checked_add(AGAIN_AFTER).unwrap_or(now);
        self.later.push_back((at, later));
    }

    /// Something happened to an exchange.
    pub(super) fn step(&mut self, id: CorrelationId, event: Event) {
        let now = self.now();
        let before = self.traffic.passage(id).map(Passage::next);
        match self.traffic.step(id, event, now) {
            Ok(acts) => {
                self.done_with(id, before);
                self.perform(acts, now);
            }
            // It ended meanwhile.
            Err(Misfit::NotInWork) => {}
            Err(Misfit::Unexpected(unexpected)) => {
                self.fail(Failure::new(Cause::Program, unexpected));
            }
        }
    }

    /// Tells whoever counts it how long a step took.
    pub(super) fn done_with(&mut self, id: CorrelationId, step: Option<Next>) {
        if let (Some(step), Some(on_step)) = (step, &self.on_step)
            && let Some(work) = self.works.get_mut(&id)
        {
            on_step(id, step, work.since.elapsed());
            work.since = Instant::now();
        }
    }

    pub(super) fn fail(&mut self, failure: Failure) {
        let failure = self.failure.get_or_insert(failure);
        // The first one is told.
        let _ = self.failed.set(failure.clone());
    }

    pub(super) fn perform(&mut self, acts: Vec<Act>, now: Timestamp) {
        for act in acts {
            match act.next {
                // They are done where the request comes in.
                Next::Verify | Next::FindContract | Next::CheckClauses
                // What comes for them comes.
                | Next::AwaitTurn | Next::AwaitAnswer => {}
                Next::Send { attempt } => self.send(act.id, attempt),
                Next::TurnAway(check) => self.turn_away(act.id, check),
                Next::Return(ending) => self.give_back(act.id, ending),
                Next::Done => self.done(act.id),
                _ => self.write(act, now),
            }
        }
    }

    fn write(&mut self, act: Act, now: Timestamp) {
        let id = act.id;
        let operation = self
            .works
            .get(&id)
            .and_then(|work| Step { id, work, now }.operation(act.next, act.row));
        let Some(operation) = operation else {
            let what = format!("{:?} of {id} has nothing to write", act.next);
            return self.fail(Failure::new(Cause::Program, what));
        };
        let inlet = self.inlet.clone();
        let told = move |written| inlet.give(Input::Written(id, written));
        self.recorder.write(operation, Box::new(told));
    }

    fn written(&mut self, id: CorrelationId, written: Written) {
        let Some(next) = self.traffic.passage(id).map(Passage::next) else {
            return;
        };
        if next == Next::RecordRequeue {
            self.tell_requeued(id, &written);
        }
        match written {
            Ok(result) => self.judged(id, next, result),
            Err(failure) if failure.is_fatal() => self.fail(failure),
            // A request is refused at once; what was accepted is tried again.
            Err(_) if matches!(next, Next::RecordRequest | Next::RecordRefusal(_)) => {
                self.step(id, Event::Unrecorded);
            }
            Err(_) => self.again(Later::Event(id, Event::Unrecorded)),
        }
    }

    fn judged(
        &mut self,
        id: CorrelationId,
        next: Next,
        result: Result<crate::record::Done, Rejected>,
    ) {
        match verdict(next, result) {
            Verdict::Event(event) => {
                if event == Event::Replayed {
                    self.mark_replayed(id);
                }
                self.step(id, event);
            }
            Verdict::Repeat(repeat) => self.known_key(id, repeat),
            Verdict::Replayed => {
                self.mark_replayed(id);
                let (row, now) = (None, self.now());
                self.write(Act { id, next, row }, now);
            }
            Verdict::Contradiction => {
                let what = format!("{next:?} of {id}: {result:?}");
                self.fail(Failure::new(Cause::Program, what));
            }
        }
    }

    pub(super) fn mark_replayed(&mut self, id: CorrelationId) {
        if let Some(work) = self.works.get_mut(&id) {
            work.replayed = true;
            work.refused = None;
        }
    }

    fn reported(&mut self, report: Report) {
        match report {
            Report::Reach(party, reachable) => {
                let now = self.now();
                let acts = self.traffic.reach(party, reachable, now);
                self.perform(acts, now);
            }
            Report::Sent(id, attempt) => self.step(id, Event::Sent { attempt }),
            Report::Unsent(id, attempt) => self.step(id, Event::Unsent { attempt }),
            Report::Cut {
                correlation,
                attempt,
                answer_can_come,
            } => {
                let event = Event::Cut {
                    attempt,
                    answer_can_come,
                };
                self.step(correlation, event);
            }
        }
    }

    /// It can be forgotten, but for what tells its late answer from others.
    fn done(&mut self, id: CorrelationId) {
        let Some(work) = self.works.get_mut(&id) else {
            return;
        };
        if core::mem::take(&mut work.requeued) {
            for end in requeue_over(id, (self.clock)()) {
                self.recorder.beside(end);
            }
        }
        if work.names.is_empty() || work.answer.is_some() {
            self.works.remove(&id);
            return;
        }
        work.bad_answer = None;
        self.ended.push_back(id);
        if self.ended.len() > REMEMBERED
            && let Some(oldest) = self.ended.pop_front()
        {
            self.works.remove(&oldest);
        }
    }
}

/// What was asked for again is over too: as expired, or else as unknown. The one that does not hold writes nothing.
fn requeue_over(correlation: CorrelationId, at: Timestamp) -> [Operation; 2] {
    let end = End {
        correlation,
        at,
        statement: Vec::new(),
    };
    [Operation::Expire(end.clone()), Operation::GiveUp(end)]
}

/// How long it is from `now` until then.
fn until(now: Timestamp, then: Timestamp) -> Duration {
    let of = |time: Timestamp| {
        i128::from(time.seconds())
            .saturating_mul(1_000_000_000)
            .saturating_add(i128::from(time.nanoseconds()))
    };
    let nanoseconds = of(then).saturating_sub(of(now)).max(0);
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}
