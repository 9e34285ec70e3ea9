//! A request comes in: steps 3 to 5.

use std::sync::Arc;

use super::asked::Then;
use super::driver::Driver;
use super::inlet::{Incoming, Input};
use super::judge::{Allowed, Asking, At, Judge, Judged, Own, Refused, Verified};
use super::promise::Promise;
use super::told::{Plain, Reply};
use super::wire::Wire;
use super::work::{Question, Work};
use crate::correlation::CorrelationId;
use crate::deciding::Problem;
use crate::message::{Message, Refusal, is_request_method};
use crate::record::{Content, Failure, Repeat, Store};
use crate::relay::{Check, Event, Next, Pair, Passage};

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    pub(super) fn admit(&mut self, incoming: Incoming) {
        let id = incoming.correlation;
        let question = match Question::read(incoming.sender, incoming.bytes) {
            Ok(question) if is_request_method(question.method.as_bytes()) => question,
            Ok(_) => return tell(id, incoming.reply, Plain::of_problem(id, &Problem::Method)),
            Err(refusal) => return tell(id, incoming.reply, unreadable(id, &refusal)),
        };
        let known = self.works.contains_key(&id);
        if self.stopping || known || self.traffic.admit(id).is_err() {
            return tell(id, incoming.reply, Plain::of_problem(id, &Problem::Busy));
        }
        self.works
            .insert(id, Work::new(question, Some(incoming.reply)));
        self.judge(id);
    }

    fn judge(&mut self, id: CorrelationId) {
        let now = self.now();
        let Some(work) = self.works.get(&id) else {
            return;
        };
        let question = Arc::clone(&work.question);
        // It was read when it came.
        let Ok(message) = Message::read(&question.bytes) else {
            return self.step(id, Event::Refused(Check::Signature));
        };
        let asking = Asking {
            correlation: id,
            sender: question.sender,
            message: &message,
            bytes: &question.bytes,
            now,
        };
        match self.judge.judge(&asking) {
            Judged::Unproven(refused) => {
                self.set_refused(id, refused);
                self.step(id, Event::Refused(Check::Signature));
            }
            Judged::Refused(verified, refused) => {
                self.verified(id, verified);
                self.refuse(id, refused);
            }
            Judged::Allowed(verified, allowed) => {
                self.verified(id, verified);
                self.found(id, allowed);
            }
            Judged::Own(verified, own) => {
                self.verified(id, verified);
                match own {
                    Own::Fan(parts, key) => self.take_in_fan(id, parts, key),
                    own => self.use_up(id, Then::Own(own)),
                }
            }
        }
    }

    fn verified(&mut self, id: CorrelationId, verified: Verified) {
        if let Some(work) = self.works.get_mut(&id) {
            work.verified = Some(verified);
        }
        self.step(id, Event::Verified);
    }

    /// An event (X-REFUSED).
    pub(super) fn refuse(&mut self, id: CorrelationId, refused: Refused) {
        let check = match refused.at {
            At::Contract => Check::Contract,
            At::Operation => Check::Operation,
        };
        self.set_refused(id, refused);
        let finds = self.traffic.passage(id).map(Passage::next) == Some(Next::FindContract);
        if finds && check == Check::Operation {
            self.step(id, Event::ContractFound);
        }
        self.step(id, Event::Refused(check));
    }

    fn set_refused(&mut self, id: CorrelationId, refused: Refused) {
        if let Some(work) = self.works.get_mut(&id) {
            work.refused = Some(refused);
        }
    }

    pub(super) fn found(&mut self, id: CorrelationId, allowed: Allowed) {
        self.step(id, Event::ContractFound);
        let Some(work) = self.works.get_mut(&id) else {
            return;
        };
        work.found = Some(allowed.found);
        let allowed = work.allowed.insert(allowed);
        if allowed.quotas.is_empty() {
            self.allow(id);
        } else if work.used {
            self.count(id);
        } else {
            self.use_up(id, Then::Count);
        }
    }

    /// What the contract counts is counted before it is accepted.
    pub(super) fn count(&mut self, id: CorrelationId) {
        let allowed = self.works.get(&id).and_then(|work| work.allowed.as_ref());
        let Some(allowed) = allowed else { return };
        let inlet = self.inlet.clone();
        let told = Promise::new(move |counted| inlet.give(Input::Counted(id, counted)));
        self.judge.count(allowed, told);
    }

    pub(super) fn counted(&mut self, id: CorrelationId, counted: Option<Result<(), Refused>>) {
        match counted {
            Some(Ok(())) => self.allow(id),
            Some(Err(refused)) => self.refuse(id, refused),
            None => self.step(id, Event::Refused(Check::Record)),
        }
    }

    fn allow(&mut self, id: CorrelationId) {
        let now = self.now();
        let Some(work) = self.works.get(&id) else {
            return;
        };
        let (Some(allowed), sender) = (&work.allowed, work.question.sender) else {
            return;
        };
        let (delivery, deadline) = (allowed.delivery, allowed.deadline);
        let receiver = allowed.found.receiver;
        // In work since `admit`, and asked for.
        let pair = Pair { receiver, sender };
        let acts = self.traffic.allow(id, pair, delivery, deadline, now);
        self.done_with(id, Some(Next::CheckClauses));
        self.perform(acts.unwrap_or_default(), now);
    }

    /// The sender's idempotency key is known (X-ID): what became of the first one.
    pub(super) fn known_key(&mut self, id: CorrelationId, repeat: Repeat) {
        if let Repeat::Answered(first) = repeat {
            let inlet = self.inlet.clone();
            return self.recorder.ask(move |store| {
                inlet.give(Input::Kept(id, store.answer(first)));
            });
        }
        self.instead(
            id,
            Plain::of_problem(id, &Problem::Repeated(repeat)),
            Check::Repeat,
        );
    }

    /// The answer that is kept of the first one.
    pub(super) fn repeat(&mut self, id: CorrelationId, kept: Result<Option<Content>, Failure>) {
        let kept = match kept {
            Ok(kept) => kept,
            Err(failure) if failure.is_fatal() => return self.fail(failure),
            // It cannot be read now, which is not to say that it is erased.
            Err(_) => {
                let later = Plain::of_problem(id, &Problem::Unrecorded);
                return self.instead(id, later, Check::Repeat);
            }
        };
        let plain = kept.as_ref().and_then(Plain::of_kept);
        let gone = || Plain::of_problem(id, &Problem::Gone);
        self.instead(id, plain.unwrap_or_else(gone), Check::Repeat);
    }

    /// The sender is told this, and nobody else anything.
    pub(super) fn instead(&mut self, id: CorrelationId, plain: Plain, check: Check) {
        if let Some(work) = self.works.get_mut(&id) {
            work.instead = Some(plain);
        }
        self.step(id, Event::Refused(check));
    }
}

/// Without a signature: nothing is known of who asks.
fn tell(id: CorrelationId, reply: Reply, plain: Plain) {
    reply(plain.told(id, None, Vec::new()));
}

/// What is no message is no request either.
fn unreadable(id: CorrelationId, refusal: &Refusal) -> Plain {
    Plain::of_problem(id, &Problem::Unreadable(refusal.to_string()))
}
