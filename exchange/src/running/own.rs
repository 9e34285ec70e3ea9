//! What the exchange answers itself: contracts, outcomes.

use serde_json::{Value, json};

use super::asked::Then;
use super::driver::Driver;
use super::inlet::Input;
use super::judge::{Judge, Own, OwnAnswer, Refused};
use super::promise::Promise;
use super::recorder::Written;
use super::told::Plain;
use super::wire::Wire;
use crate::correlation::CorrelationId;
use crate::deciding::Problem;
use crate::record::{Ending, Operation, Outcome, Rejected, Store, Use};
use crate::relay::{Check, Event};

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    /// Its bytes are used up first (X-REPLAY): for what the exchange answers itself, and for what is counted before it
    /// is accepted, or else others could use a quota up with what they saw.
    pub(super) fn use_up(&mut self, id: CorrelationId, then: Then) {
        let replay = self.works.get(&id).and_then(super::work::Work::replay_key);
        let Some(replay) = replay else {
            return self.step(id, Event::Refused(Check::Record));
        };
        let inlet = self.inlet.clone();
        let operation = Operation::Use(Use {
            correlation: id,
            replay,
        });
        let told = move |written| inlet.give(Input::Used(id, then, written));
        self.recorder.write(operation, Box::new(told));
    }

    pub(super) fn used(&mut self, id: CorrelationId, then: Then, written: Written) {
        match written {
            Ok(Ok(_)) => self.go_on(id, then),
            Ok(Err(Rejected::Replayed(_) | Rejected::TooOld)) => {
                self.mark_replayed(id);
                self.step(id, Event::Refused(Check::Replay));
            }
            Err(failure) if failure.is_fatal() => self.fail(failure),
            Ok(Err(_)) | Err(_) => self.step(id, Event::Refused(Check::Record)),
        }
    }

    fn go_on(&mut self, id: CorrelationId, then: Then) {
        if let Some(work) = self.works.get_mut(&id) {
            work.used = true;
            match then {
                Then::Own(Own::Fan(parts)) => self.fan_out(id, parts),
                Then::Own(own) => self.answer_itself(id, own),
                Then::Count => self.count(id),
            }
        }
    }

    fn answer_itself(&self, id: CorrelationId, own: Own) {
        let Some(work) = self.works.get(&id) else {
            return;
        };
        let sender = work.question.sender.instance;
        let inlet = self.inlet.clone();
        let told = Promise::new(move |made| inlet.give(Input::Own(id, made)));
        match own {
            // Told by its children.
            Own::Fan(_) => {}
            Own::Now(answer) => told.keep(Ok(Plain::of_data(id, answer))),
            Own::Later(begin) => begin(Promise::new(
                move |made: Option<Result<OwnAnswer, Refused>>| {
                    if let Some(made) = made {
                        told.keep(made.map(|answer| Plain::of_data(id, answer)));
                    }
                },
            )),
            Own::Outcome(asked) => self.recorder.ask(move |store| {
                // What the store cannot read is 503.
                if let Ok(outcome) = store.outcome(sender, asked) {
                    let none = || Plain::of_problem(id, &Problem::NoOutcome);
                    told.keep(Ok(outcome.map_or_else(none, |found| outcome_of(id, &found))));
                }
            }),
        }
    }

    pub(super) fn owned(&mut self, id: CorrelationId, made: Option<Result<Plain, Refused>>) {
        match made {
            Some(Ok(plain)) => self.instead(id, plain, Check::Own),
            Some(Err(refused)) => self.refuse(id, refused),
            None => self.step(id, Event::Refused(Check::Record)),
        }
    }
}

/// X-OUTCOME.
fn outcome_of(id: CorrelationId, outcome: &Outcome) -> Plain {
    let state = match outcome.ending {
        None => "inWork",
        Some(Ending::Answered) => "answered",
        Some(Ending::Refused) => "refused",
        Some(Ending::Expired) => "expired",
        Some(Ending::Unknown) => "unknown",
    };
    let at = outcome.at.format().map(|text| text.to_string());
    let answer = OwnAnswer {
        status: 200,
        data: json!({
            "correlationId": outcome.correlation.to_string(),
            "at": at.unwrap_or_default(),
            "state": state,
            "mayHaveLeft": outcome.may_have_left,
            "late": outcome.late,
            "erased": outcome.erased,
        }),
        paging: Value::Null,
    };
    Plain::of_data(id, answer)
}
