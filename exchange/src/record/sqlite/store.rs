//! The store.

use std::collections::BTreeSet;

use daxsign_core::Timestamp;
use rusqlite::Connection;
use uuid::Uuid;

use super::secrets::Secrets;
use crate::correlation::CorrelationId;
use crate::record::leaf::content::Content;
use crate::record::log::log_key::LogKey;
use crate::record::log::tree::Tree;
use crate::record::storing::failure::{Cause, Failure};
use crate::record::storing::fan::Fanned;
use crate::record::storing::operation::{MAX_BATCH, Operation};
use crate::record::storing::outcome::{Asked, Outcome};
use crate::record::storing::row::Row;
use crate::record::storing::store::{EraseProblem, Results, Store};

/// A record in two SQLite files of one folder.
pub struct SqliteStore {
    pub(super) record: Connection,
    pub(super) secrets: Secrets,
    pub(super) log_key: LogKey,
    /// What the log goes on from; it is used only where it fits what the file says.
    pub(super) tree: Tree,
    /// The hours that have a table of replay keys.
    pub(super) hours: BTreeSet<i64>,
    /// Whether the last write failed; see [`check_writes`](Self::check_writes).
    pub(super) refused: bool,
    /// After a fatal failure.
    pub(super) dead: Option<Failure>,
}

impl SqliteStore {
    /// Whatever a failed transaction may have changed in memory is read again.
    pub(super) fn failed(&mut self, failure: Failure) -> Failure {
        let failure = self.refuses(failure);
        self.tree = Tree::empty();
        self.secrets.forget();
        self.hours.clear();
        if failure.is_fatal() {
            self.dead = Some(failure.clone());
        }
        failure
    }

    pub(super) fn alive(&self) -> Result<(), Failure> {
        self.dead.clone().map_or(Ok(()), Err)
    }
}

impl Store for SqliteStore {
    fn commit(&mut self, batch: &[Operation]) -> Result<Results, Failure> {
        self.alive()?;
        if batch.len() > MAX_BATCH {
            let detail = format!("{} operations; at most {MAX_BATCH}", batch.len());
            return Err(Failure::new(Cause::TooMany, detail));
        }
        self.write(batch).map_err(|failure| self.failed(failure))
    }

    fn row(&self, correlation: CorrelationId) -> Result<Option<Row>, Failure> {
        self.read_row(correlation)
    }

    fn open_rows(&self, behind: Option<u64>, limit: usize) -> Result<Vec<Row>, Failure> {
        self.read_open(behind, limit)
    }

    fn outcome(&self, sender: Uuid, asked: Asked) -> Result<Option<Outcome>, Failure> {
        self.read_outcome(sender, asked)
    }

    fn fan(&self, sender: Uuid, asked: Asked) -> Result<Option<Fanned>, Failure> {
        self.read_fan(sender, asked)
    }

    fn request(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure> {
        self.read_request(correlation)
    }

    fn answer(&self, correlation: CorrelationId) -> Result<Option<Content>, Failure> {
        self.read_answer(correlation)
    }

    fn erase(&mut self, correlation: CorrelationId) -> Result<bool, EraseProblem> {
        self.alive()?;
        self.overwrite(correlation)
            .map_err(|problem| match problem {
                EraseProblem::Failure(failure) => self.refuses(failure).into(),
                EraseProblem::InWork => EraseProblem::InWork,
            })
    }

    fn tidy(&mut self, signed_before: Timestamp, now: Timestamp) -> Result<(), Failure> {
        self.alive()?;
        let dropped = self.drop_old(signed_before, now);
        dropped.map_err(|failure| self.failed(failure))
    }

    fn checkpoint(&mut self, now: Timestamp) -> Result<Vec<u8>, Failure> {
        self.alive()?;
        let signed = self.sign_head(now);
        signed.map_err(|failure| self.refuses(failure))
    }
}
