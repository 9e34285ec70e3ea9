//! The transaction of a batch.

use rusqlite::Connection;

use super::head::Head;
use super::store::SqliteStore;
use super::writing::{Stop, Writing};
use crate::record::storing::done::{Done, Rejected};
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::Failure;
use crate::record::storing::operation::Operation;
use crate::record::storing::store::Results;

impl SqliteStore {
    pub(super) fn write(&mut self, batch: &[Operation]) -> Result<Results, Failure> {
        // An operation writes one leaf at most.
        let leaves = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        self.transacted(leaves, |writing| writing.all(batch))
    }

    /// Keys first, then the record: see the head of this room. `leaves` are written at most.
    pub(super) fn transacted<T>(
        &mut self,
        leaves: u64,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let begun = Begun::begin(&self.record)?;
        let transaction = begun.0;
        let head = Head::read(transaction)?;
        head.tree(transaction, &mut self.tree)?;
        self.secrets.provide(head.size, leaves)?;
        let mut writing = Writing {
            transaction,
            secrets: &self.secrets,
            tree: &mut self.tree,
            hours: &mut self.hours,
            horizon: head.horizon,
        };
        let results = work(&mut writing)?;
        if self.tree.size() != head.size {
            head.advance(transaction, &self.tree)?;
        }
        begun.commit()?;
        self.refused = false;
        self.tree.prune();
        self.secrets.pass(self.tree.size());
        Ok(results)
    }
}

/// A transaction that has begun; unless it is committed, it is rolled back. Its statements are compiled once, and not for each
/// one as those of [`rusqlite::Transaction`].
struct Begun<'c>(&'c Connection);

impl<'c> Begun<'c> {
    fn begin(connection: &'c Connection) -> Result<Self, Failure> {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Self(connection))
    }

    fn commit(self) -> Result<(), Failure> {
        self.0.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        // A commit that failed may have left it open, or not.
        if !self.0.is_autocommit() {
            // Where this fails too, the next transaction cannot begin, and says why.
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}

impl Writing<'_> {
    fn all(&mut self, batch: &[Operation]) -> Result<Results, Failure> {
        batch.iter().map(|operation| self.one(operation)).collect()
    }

    fn one(&mut self, operation: &Operation) -> Result<Result<Done, Rejected>, Failure> {
        let done = match operation {
            Operation::Accept(accept) => self.accept(accept),
            Operation::Start(start) => self.start(start),
            Operation::Answer(answer) => self.answer(answer, Ending::Answered),
            Operation::RefuseAnswer(answer) => self.answer(answer, Ending::Refused),
            Operation::Expire(end) => self.expire(end),
            Operation::GiveUp(end) => self.give_up(end),
            Operation::Refuse(refuse) => self.refuse(refuse),
            Operation::Sent(sent) => self.sent(sent),
            Operation::Requeue(requeue) => self.requeue(requeue),
            Operation::Note(note) => self.note(note),
            Operation::Fan(fan) => self.fan(fan),
            Operation::FanEnd(end) => self.fan_end(end),
            Operation::Use(used) => {
                let done = self.use_key(Some(&used.replay), used.correlation);
                done.map(|()| Done::Noted)
            }
        };
        settled(done)
    }
}

/// What became of one operation; a failure is one of the whole batch.
pub(super) fn settled<T>(done: Result<T, Stop>) -> Result<Result<T, Rejected>, Failure> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(Stop::Rejected(rejected)) => Ok(Err(rejected)),
        Err(Stop::Failure(failure)) => Err(failure),
    }
}
