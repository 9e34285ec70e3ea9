//! One transaction under way: what every operation in it uses.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::number::{from_sql, to_sql, wrong};
use super::secrets::{Kept, Secrets};
use crate::correlation::CorrelationId;
use crate::record::leaf::commitment::commitment;
use crate::record::leaf::content::Content;
use crate::record::leaf::leaf::Leaf;
use crate::record::leaf::sealing::{Place, Secret};
use crate::record::log::tree::Tree;
use crate::record::storing::done::Rejected;
use crate::record::storing::failure::Failure;

/// The piece of a leaf's own content; those of what was sent are in the table `sent`.
pub(super) const CONTENT: u8 = 0;

pub(super) struct Writing<'t> {
    pub(super) transaction: &'t Connection,
    pub(super) secrets: &'t Secrets,
    pub(super) tree: &'t mut Tree,
    /// The hours that have a table of replay keys.
    pub(super) hours: &'t mut BTreeSet<i64>,
    /// The hour before which replay keys were dropped.
    pub(super) horizon: i64,
}

/// Why an operation ends: for itself, or for its batch.
pub(super) enum Stop {
    Rejected(Rejected),
    Failure(Failure),
}

impl<R: Into<Rejected>> From<R> for Stop {
    fn from(rejected: R) -> Self {
        Self::Rejected(rejected.into())
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failure(error.into())
    }
}

impl Writing<'_> {
    /// The first event of this id, if there is one.
    pub(super) fn first_leaf(&self, correlation: CorrelationId) -> Result<Option<u64>, Failure> {
        first_leaf(self.transaction, correlation)
    }

    /// Refuses an id that stands on record.
    pub(super) fn must_be_new(&self, correlation: CorrelationId) -> Result<(), Stop> {
        match self.first_leaf(correlation)? {
            Some(_) => Err(Rejected::Taken.into()),
            None => Ok(()),
        }
    }

    /// The secret of the exchange that began with this leaf.
    pub(super) fn secret(&self, first: u64) -> Result<Secret, Stop> {
        match self.secrets.get(first)? {
            Kept::Secret(secret) => Ok(secret),
            Kept::Erased => Err(Rejected::Erased.into()),
        }
    }

    /// The first event of an exchange, or the only one of a note: its secret is that of its leaf. Returns its place.
    pub(super) fn first_event(&mut self, leaf: &Leaf, content: &Content) -> Result<u64, Failure> {
        let secret = self.secrets.provided(self.tree.size());
        let secret = secret.ok_or_else(|| wrong("no key is ready"))?.clone();
        self.event(leaf, content, &secret)
    }

    /// Appends a leaf with its content beside it. The commitment is made here. Returns its place.
    pub(super) fn event(
        &mut self,
        leaf: &Leaf,
        content: &Content,
        secret: &Secret,
    ) -> Result<u64, Failure> {
        let place = self.tree.size();
        let commitment = commitment(&secret.salt(place), content);
        let leaf = Leaf {
            commitment,
            ..*leaf
        };
        let at = Place {
            leaf: place,
            piece: CONTENT,
            attempt: 0,
        };
        let sealed = secret.seal(at, &content.to_bytes())?;
        self.append(&leaf, &sealed)?;
        Ok(place)
    }

    pub(super) fn append(&mut self, leaf: &Leaf, sealed: &[u8]) -> Result<(), Failure> {
        let bytes = leaf.to_bytes();
        let place = to_sql(self.tree.size())?;
        let nodes = self.tree.append(&bytes)?;
        let mut insert = self
            .transaction
            .prepare_cached("INSERT INTO event VALUES(?1, ?2, ?3, ?4)")?;
        insert.execute(params![place, leaf.correlation.as_bytes(), bytes, sealed])?;
        let mut insert = self
            .transaction
            .prepare_cached("INSERT INTO node VALUES(?1, ?2)")?;
        for node in nodes {
            insert.execute(params![to_sql(node.position)?, node.hash])?;
        }
        Ok(())
    }
}

/// The first event of this id, if there is one.
pub(super) fn first_leaf(
    connection: &Connection,
    correlation: CorrelationId,
) -> Result<Option<u64>, Failure> {
    let mut select = connection
        .prepare_cached("SELECT leaf FROM event WHERE correlation = ?1 ORDER BY leaf LIMIT 1")?;
    let leaf: Option<i64> = select
        .query_row([correlation.as_bytes()], |row| row.get(0))
        .optional()?;
    leaf.map(from_sql).transpose()
}
