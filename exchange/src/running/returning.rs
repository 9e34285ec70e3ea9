//! The sender is told (step 12).

use std::sync::Arc;

use super::driver::Driver;
use super::judge::Judge;
use super::signatures::{Back, What};
use super::told::Plain;
use super::wire::Wire;
use super::work::Work;
use crate::correlation::CorrelationId;
use crate::deciding::Problem;
use crate::message::MessageName;
use crate::record::{Ending, Store};
use crate::relay::{Check, Event};

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    /// How it ended is on disk.
    pub(super) fn give_back(&mut self, id: CorrelationId, ending: Ending) {
        let Some(work) = self.works.get(&id) else {
            return self.step(id, Event::Returned);
        };
        let own = |problem: &Problem| Plain::of_problem(id, problem);
        let plain = match ending {
            Ending::Answered => work
                .answer
                .as_ref()
                .and_then(|came| came.plain.clone())
                .unwrap_or_else(|| own(&Problem::Elsewhere)),
            Ending::Refused => refusal(id, work),
            Ending::Expired => own(&Problem::Expired),
            Ending::Unknown => own(&Problem::Unknown),
        };
        // What was refused before it was accepted has no row that heads are kept of.
        let kept = ending != Ending::Refused || work.bad_answer.is_some();
        self.answer_sender(id, plain, kept);
    }

    /// It was refused, and nothing is on record.
    pub(super) fn turn_away(&mut self, id: CorrelationId, check: Check) {
        let Some(work) = self.works.get_mut(&id) else {
            return self.step(id, Event::Returned);
        };
        let own = |problem: &Problem| Plain::of_problem(id, problem);
        let plain = match check {
            Check::Repeat | Check::Own => work.instead.take(),
            Check::Load => Some(own(&Problem::Crowded)),
            Check::Record => Some(own(&Problem::Unrecorded)),
            _ => None,
        };
        let plain = plain.unwrap_or_else(|| refusal(id, work));
        self.answer_sender(id, plain, false);
    }

    /// Signed, where the request's signature held (X-SIGNED-ANSWERS).
    fn answer_sender(&mut self, id: CorrelationId, plain: Plain, kept: bool) {
        // What came of a child its parent hears, and the sender from that.
        let asked = self.works.get(&id).filter(|work| work.parent.is_none());
        let verified = asked.and_then(|work| {
            let verified = work.verified.as_ref()?;
            Some((Arc::clone(&work.question), verified.string_hash))
        });
        let Some((question, name)) = verified else {
            return self.tell(id, plain, None);
        };
        let request = MessageName(name);
        self.sign(
            id,
            What::Answer(Back {
                question,
                request,
                plain,
                kept,
            }),
        );
    }

    pub(super) fn tell(&mut self, id: CorrelationId, plain: Plain, head: Option<Vec<u8>>) {
        if let Some(work) = self.works.get_mut(&id)
            && let Some(reply) = work.reply.take()
        {
            reply(plain.told(id, head, work.fields()));
        }
        self.step(id, Event::Returned);
    }
}

/// What was refused: the request, or the receiver's answer.
fn refusal(id: CorrelationId, work: &Work) -> Plain {
    match &work.refused {
        Some(refused) => Plain::refusal(id, refused),
        None if work.replayed => Plain::of_problem(id, &Problem::Replayed),
        None if work.bad_answer.is_some() => Plain::of_problem(id, &Problem::BadAnswer),
        // It was read when it came, so this is not said.
        None => Plain::of_problem(
            id,
            &Problem::Unreadable("it cannot be read again".to_owned()),
        ),
    }
}
