//! A request comes in: steps 3 to 5.

use std::sync::Arc;

use super::driver::Driver;
use super::inlet::{Incoming, Input};
use super::judge::{Asking, Judge, Refused};
use super::told::{Plain, Reply};
use super::wire::Wire;
use super::work::{Question, Work};
use crate::correlation::CorrelationId;
use crate::message::{AnswerRead, Message, Refusal, is_request_method};
use crate::record::{Content, Repeat, Store};
use crate::relay::{Check, Event, Pair};

/// What the sender of too much is told.
const TRY_LATER: &str = "there is no room for another request now: try again later";

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
            Ok(_) => return tell(id, incoming.reply, 400, &Refusal::Method.to_string()),
            Err(refusal) => return tell(id, incoming.reply, 400, &refusal.to_string()),
        };
        let known = self.works.contains_key(&id);
        if self.stopping || known || self.traffic.admit(id).is_err() {
            return tell(id, incoming.reply, 503, TRY_LATER);
        }
        self.works
            .insert(id, Work::new(question, Some(incoming.reply)));
        self.verify(id);
    }

    fn verify(&mut self, id: CorrelationId) {
        let now = self.now();
        let Some(work) = self.works.get_mut(&id) else {
            return;
        };
        let question = Arc::clone(&work.question);
        let Ok(message) = Message::read(&question.bytes) else {
            return self.refuse(id, Check::Signature, None);
        };
        let asking = Asking {
            sender: question.sender,
            message: &message,
            now,
        };
        let verified = match self.judge.verify(&asking) {
            Ok(verified) => verified,
            Err(refused) => return self.refuse(id, Check::Signature, Some(refused)),
        };
        work.verified = Some(verified);
        self.step(id, Event::Verified);
        let found = match self.judge.contract(&asking, &verified) {
            Ok(found) => found,
            Err(refused) => return self.refuse(id, Check::Contract, Some(refused)),
        };
        self.step(id, Event::ContractFound);
        let allowed = self.judge.operation(&asking, &verified, &found);
        let Some(work) = self.works.get_mut(&id) else {
            return;
        };
        work.found = Some(found);
        let allowed = match allowed {
            Ok(allowed) => allowed,
            Err(refused) => return self.refuse(id, Check::Operation, Some(refused)),
        };
        let (delivery, deadline) = (allowed.delivery, allowed.deadline);
        work.allowed = Some(allowed);
        let pair = Pair {
            receiver: found.receiver,
            sender: question.sender,
        };
        // In work since `admit`, and asked for.
        let acts = self.traffic.allow(id, pair, delivery, deadline, now);
        self.perform(acts.unwrap_or_default(), now);
    }

    fn refuse(&mut self, id: CorrelationId, check: Check, refused: Option<Refused>) {
        if let Some(work) = self.works.get_mut(&id) {
            work.refused = refused;
        }
        self.step(id, Event::Refused(check));
    }

    /// The sender's idempotency key is known (X-ID): what became of the first one.
    pub(super) fn known_key(&mut self, id: CorrelationId, repeat: Repeat) {
        let (status, message) = match repeat {
            Repeat::Answered(first) => {
                let inlet = self.inlet.clone();
                return self.recorder.ask(move |store| {
                    let kept = store.answer(first).ok().flatten();
                    inlet.give(Input::Kept(id, kept));
                });
            }
            Repeat::Refused(first) => (502, format!("the answer to {first} did not verify")),
            Repeat::Different(first) => (409, format!("another request had this key: {first}")),
            Repeat::InWork(first) => (409, format!("the request is still in work as {first}")),
            Repeat::Expired(first) => (504, format!("the request expired as {first}")),
            Repeat::Unknown(first) => (504, format!("nobody knows what became of it as {first}")),
            Repeat::Erased(first) => (410, format!("the answer was erased: {first}")),
        };
        self.repeated(id, Plain::of_exchange(id, status, &message));
    }

    /// The answer that is kept of the first one.
    pub(super) fn repeat(&mut self, id: CorrelationId, kept: Option<Content>) {
        let plain = kept.and_then(|content| {
            let message = Message::read(&content.message).ok()?;
            AnswerRead::claims(&message).ok()?;
            Some(Plain {
                status: message.once("X-Dax-Status").ok()?.parse().ok()?,
                content_type: message.once("Content-Type").ok()?.to_owned(),
                body: message.body.to_vec(),
                own: false,
            })
        });
        let gone = || Plain::of_exchange(id, 410, "the answer is not kept any more");
        self.repeated(id, plain.unwrap_or_else(gone));
    }

    fn repeated(&mut self, id: CorrelationId, plain: Plain) {
        if let Some(work) = self.works.get_mut(&id) {
            work.repeated = Some(plain);
        }
        self.step(id, Event::Refused(Check::Repeat));
    }
}

/// Without a signature: nothing is known of who asks.
fn tell(id: CorrelationId, reply: Reply, status: u16, message: &str) {
    reply(Plain::of_exchange(id, status, message).told(id, None));
}
