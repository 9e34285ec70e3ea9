//! A request goes on (step 6).

use std::sync::Arc;

use super::driver::{Driver, Later};
use super::inlet::Input;
use super::judge::Judge;
use super::signatures::{Back, Made, Onward, Signing, What};
use super::wire::{Parcel, Report, Wire};
use crate::correlation::CorrelationId;
use crate::message::MessageName;
use crate::record::{Operation, Sent, Store, Towards};
use crate::relay::{Event, Next, Passage};

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    /// It is signed first, with a date of its own.
    pub(super) fn send(&mut self, id: CorrelationId, attempt: u32) {
        let deadline = self.traffic.passage(id).and_then(Passage::due);
        let parts = self.works.get(&id).and_then(|work| {
            Some(Onward {
                question: Arc::clone(&work.question),
                receiver: work.receiver()?,
                contract: work.contract()?,
                deadline: deadline?,
                attempt,
            })
        });
        // What cannot be sent expires.
        if let Some(onward) = parts {
            self.sign(id, What::Request(onward));
        }
    }

    pub(super) fn sign(&mut self, correlation: CorrelationId, what: What) {
        let inlet = self.inlet.clone();
        let mut signing = Some(Signing {
            correlation,
            what,
            clock: Arc::clone(&self.clock),
            told: Box::new(move |made| inlet.give(Input::Signed(correlation, made))),
            dated: None,
        });
        if self.signing.is_quick() {
            core::mem::swap(&mut self.to_sign, &mut signing);
        }
        if let Some(signing) = signing {
            self.signing.sign(signing);
        }
    }

    pub(super) fn signed(&mut self, id: CorrelationId, made: Made) {
        match made.what {
            What::Request(onward) => self.send_signed(id, &onward, made.signed),
            What::Answer(back) => self.return_signed(id, back, made.signed),
            // Those are told at the desk.
            What::Callback(_) => {}
        }
    }

    fn send_signed(
        &mut self,
        id: CorrelationId,
        onward: &Onward,
        signed: Option<(Vec<u8>, MessageName)>,
    ) {
        let now = self.now();
        let next = self.traffic.passage(id).map(Passage::next);
        let attempt = onward.attempt;
        if next != Some(Next::Send { attempt }) || now >= onward.deadline {
            // It ended meanwhile, or ends now: nothing is sent after the deadline.
            return;
        }
        let Some((head, name)) = signed else {
            // The key did not sign. It is not the receiver's fault, which is reached again in a moment.
            self.step(id, Event::Unsent { attempt });
            return self.again(Later::Report(Report::Reach(onward.receiver, true)));
        };
        let bytes = [head.as_slice(), onward.question.body()].concat();
        if let Some(work) = self.works.get_mut(&id) {
            work.names.push(name);
            work.heads = work.heads.saturating_add(1);
            let sent = Sent {
                correlation: id,
                towards: Towards::Receiver,
                attempt: work.heads,
                head,
                body: None,
            };
            self.recorder.beside(Operation::Sent(sent));
        }
        self.wire.send(Parcel {
            correlation: id,
            attempt,
            receiver: onward.receiver,
            bytes,
        });
    }

    fn return_signed(
        &mut self,
        id: CorrelationId,
        back: Back,
        signed: Option<(Vec<u8>, MessageName)>,
    ) {
        let head = signed.map(|(head, _)| head);
        if let Some(head) = head.as_ref().filter(|_| back.kept) {
            let body = back.plain.own.then(|| back.plain.body.clone());
            self.recorder.beside(Operation::Sent(Sent {
                correlation: id,
                towards: Towards::Sender,
                attempt: 1,
                head: head.clone(),
                body,
            }));
        }
        self.tell(id, back.plain, head);
    }
}
