//! What the exchange answers itself: contracts, outcomes.

use serde_json::Value;

use super::asked::Then;
use super::driver::Driver;
use super::inlet::Input;
use super::judge::{Judge, Own, OwnAnswer, Refused};
use super::outcome::outcome_of;
use super::promise::Promise;
use super::recorder::Written;
use super::told::Plain;
use super::wire::Wire;
use crate::correlation::CorrelationId;
use crate::deciding::Problem;
use crate::record::{Operation, Rejected, Store, Use};
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
            Ok(Err(Rejected::Repeat(repeat))) => self.known_key_of_fan(id, repeat),
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
                Then::Fan(parts) => self.fan_out(id, parts),
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
            Own::Fan(..) => {}
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
                if let Ok(data) = outcome_of(store, sender, asked) {
                    let none = || Plain::of_problem(id, &Problem::NoOutcome);
                    told.keep(Ok(data.map_or_else(none, |data| of_data(id, data))));
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

fn of_data(id: CorrelationId, data: Value) -> Plain {
    let answer = OwnAnswer {
        status: 200,
        data,
        paging: Value::Null,
    };
    Plain::of_data(id, answer)
}
