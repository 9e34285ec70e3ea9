//! A record with something around it: what is done before each transaction, and why a kept answer cannot be read.

use daxsign_core::Timestamp;
use daxsign_exchange::CorrelationId;
use daxsign_exchange::record::{
    Asked, Content, EraseProblem, Failure, Fanned, Operation, Outcome, Results, Row, SqliteStore,
    Store,
};
use uuid::Uuid;

/// Everything else passes through.
pub(crate) struct Passing {
    pub(crate) store: SqliteStore,
    /// Before each transaction.
    pub(crate) before: Box<dyn FnMut() + Send>,
    /// Why a kept answer cannot be read now.
    pub(crate) unread: Box<dyn Fn() -> Option<Failure> + Send>,
}

impl Store for Passing {
    fn commit(&mut self, batch: &[Operation]) -> Result<Results, Failure> {
        (self.before)();
        self.store.commit(batch)
    }

    fn row(&self, correlation: CorrelationId) -> Result<Option<Row>, Failure> {
        self.store.row(correlation)
    }

    fn open_rows(&self, behind: Option<u64>, limit: usize) -> Result<Vec<Row>, Failure> {
        self.store.open_rows(behind, limit)
    }

    fn outcome(&self, sender: Uuid, asked: Asked) -> Result<Option<Outcome>, Failure> {
        self.store.outcome(sender, asked)
    }

    fn fan(&self, sender: Uuid, asked: Asked) -> Result<Option<Fanned>, Failure> {
        self.store.fan(sender, asked)
    }

    fn request(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure> {
        self.store.request(correlation)
    }

    fn answer(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure> {
        (self.unread)().map_or_else(|| self.store.answer(correlation), Err)
    }

    fn erase(&mut self, correlation: CorrelationId) -> Result<bool, EraseProblem> {
        self.store.erase(correlation)
    }

    fn tidy(&mut self, signed_before: Timestamp, now: Timestamp) -> Result<(), Failure> {
        self.store.tidy(signed_before, now)
    }

    fn checkpoint(&mut self, now: Timestamp) -> Result<Vec<u8>, Failure> {
        self.store.checkpoint(now)
    }
}
