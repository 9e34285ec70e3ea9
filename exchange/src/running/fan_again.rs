//! A retry of a request to several receivers: the answer that was made of theirs, made of them again (X-ID, X-FANOUT).

use super::driver::Driver;
use super::fan::merged;
use super::inlet::Input;
use super::judge::Judge;
use super::told::{Plain, Told};
use super::wire::Wire;
use super::work::{Again, Heard};
use crate::correlation::CorrelationId;
use crate::deciding::Problem;
use crate::record::{Asked, Child, Ending, Failure, Repeat, Store};
use crate::relay::{Check, Event};

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    /// The sender's idempotency key is known: nobody is asked again.
    pub(super) fn known_key_of_fan(&mut self, id: CorrelationId, repeat: Repeat) {
        let Repeat::Several(first) = repeat else {
            let plain = Plain::of_problem(id, &Problem::Repeated(repeat));
            return self.instead(id, plain, Check::Own);
        };
        let Some(work) = self.works.get(&id) else {
            return;
        };
        let (inlet, sender) = (self.inlet.clone(), work.question.sender.instance);
        self.recorder.ask(move |store| {
            let fanned = store.fan(sender, Asked::Correlation(first));
            let again = fanned.and_then(|fanned| {
                let children = fanned.map(|fanned| fanned.children).unwrap_or_default();
                let heard = children.iter().map(|child| heard(store, child));
                heard.collect()
            });
            inlet.give(Input::Fanned(id, first, again));
        });
    }

    /// The same answer, under the id of the first.
    pub(super) fn fan_again(
        &mut self,
        id: CorrelationId,
        first: CorrelationId,
        again: Result<Again, Failure>,
    ) {
        match again {
            Ok(Some(heard)) => self.instead(id, merged(first, heard), Check::Own),
            Ok(None) => self.instead(id, Plain::of_problem(id, &Problem::Gone), Check::Own),
            Err(failure) if failure.is_fatal() => self.fail(failure),
            // It cannot be read now, which is not to say that it is erased.
            Err(_) => self.step(id, Event::Refused(Check::Record)),
        }
    }
}

/// What a child's sender was told, or would have been; `None` where that is erased.
fn heard(store: &impl Store, child: &Child) -> Result<Option<Heard>, Failure> {
    let answered = child
        .outcome
        .filter(|outcome| outcome.ending == Some(Ending::Answered));
    let plain = match answered {
        Some(_) => {
            let kept = store.answer(child.correlation)?;
            kept.as_ref().and_then(Plain::of_kept)
        }
        // Of these the status alone is told.
        None => Some(Plain::own(status(child), Vec::new(), Vec::new())),
    };
    Ok(plain.map(|plain| Heard {
        receiver: child.receiver,
        told: Told {
            status: child.status.unwrap_or(plain.status),
            ..plain.told(child.correlation, None, Vec::new())
        },
    }))
}

/// What was told of a child that has no answer. Where that is not known, the process ended before all had theirs.
fn status(child: &Child) -> u16 {
    let told = child.outcome.map(|outcome| match outcome.ending {
        Some(Ending::Refused) if outcome.may_have_left => Problem::BadAnswer.status(),
        Some(Ending::Refused) => Problem::Busy.status(),
        _ => Problem::Expired.status(),
    });
    // One that was never accepted was not sent.
    let told = told.unwrap_or(Problem::Busy.status());
    child.status.unwrap_or(told)
}
