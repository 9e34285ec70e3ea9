//! An operator asks again for what ended without an answer (X-ONCE).

use daxsign_core::Timestamp;

use super::asked::{Ended, EndedRow, OnRequeued};
use super::driver::Driver;
use super::inlet::Input;
use super::judge::Judge;
use super::recorder::Written;
use super::wire::Wire;
use super::work::Work;
use crate::correlation::CorrelationId;
use crate::record::{Asked, Failure, Rejected, Store};
use crate::relay::{Again, NotRequeued, Pair};

impl<S, J, W> Driver<S, J, W>
where
    S: Store + Send + 'static,
    J: Judge,
    W: Wire,
{
    pub(super) fn requeue(&self, id: CorrelationId, deadline: Timestamp, told: OnRequeued) {
        let inlet = self.inlet.clone();
        self.recorder.ask(move |store| {
            if let Ok(found) = find(store, id) {
                inlet.give(Input::Ended(Box::new(Ended {
                    id,
                    found,
                    deadline,
                    told,
                })));
            }
        });
    }

    pub(super) fn requeue_ended(&mut self, ended: Ended) {
        let (id, told, now) = (ended.id, ended.told, self.now());
        let Some(EndedRow {
            row,
            request,
            accepted,
        }) = ended.found
        else {
            return told.keep(Err(NotRequeued::NeverAccepted));
        };
        let pair = Pair {
            receiver: row.receiver,
            sender: row.sender,
        };
        let again = Again {
            accepted,
            deadline: ended.deadline,
        };
        let acts = match self.traffic.requeue(id, pair, row.standing, again, now) {
            Ok(acts) => acts,
            Err(not) => return told.keep(Err(not)),
        };
        // What is remembered of it pairs late answers to what was sent before.
        self.ended.retain(|one| *one != id);
        let work = self.works.entry(id);
        let work = work.or_insert_with(|| Work::resumed(&row, request));
        work.requeued = true;
        work.on_requeued = Some(told);
        self.perform(acts, now);
    }

    /// It is on disk, or is not.
    pub(super) fn tell_requeued(&mut self, id: CorrelationId, written: &Written) {
        let work = self.works.get_mut(&id);
        let Some(told) = work.and_then(|work| work.on_requeued.take()) else {
            return;
        };
        match written {
            Ok(Ok(_)) => told.keep(Ok(())),
            Ok(Err(Rejected::LateBefore | Rejected::Decided(_))) => {
                told.keep(Err(NotRequeued::Answered));
            }
            Ok(Err(Rejected::Spent)) => told.keep(Err(NotRequeued::MayHaveArrived)),
            Ok(Err(_)) | Err(_) => drop(told),
        }
    }
}

/// `None` for what was never accepted, or is erased.
fn find(store: &impl Store, id: CorrelationId) -> Result<Option<EndedRow>, Failure> {
    let Some(row) = store.row(id)? else {
        return Ok(None);
    };
    let outcome = store.outcome(row.sender.instance, Asked::Correlation(id))?;
    let request = store.request(id)?;
    Ok(outcome.zip(request).map(|(outcome, request)| EndedRow {
        row,
        request,
        accepted: outcome.at,
    }))
}
