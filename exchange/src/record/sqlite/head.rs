//! Where the log ends: its size and root, which go on by compare-and-set; and their checkpoints (X-CHECKPOINT).

use daxsign_core::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::number::{from_sql, time_to_sql, to_sql, wrong};
use super::store::SqliteStore;
use crate::record::leaf::leaf::HASH_LEN;
use crate::record::log::checkpoint::Checkpoint;
use crate::record::log::tree::Tree;
use crate::record::storing::failure::{Cause, Failure};

/// The one row of the table `head`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) size: u64,
    pub(super) root: [u8; HASH_LEN],
    pub(super) horizon: i64,
}

impl Head {
    pub(super) fn read(connection: &Connection) -> Result<Self, Failure> {
        let mut select = connection.prepare_cached("SELECT size, root, horizon FROM head")?;
        let (size, root, horizon) =
            select.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(Self {
            size: from_sql(size)?,
            root,
            horizon,
        })
    }

    /// Moves on to what the tree is now, unless somebody else did.
    pub(super) fn advance(&self, connection: &Connection, tree: &Tree) -> Result<(), Failure> {
        let mut update = connection
            .prepare_cached("UPDATE head SET size = ?1, root = ?2 WHERE size = ?3 AND root = ?4")?;
        let parameters = params![
            to_sql(tree.size())?,
            tree.root()?,
            to_sql(self.size)?,
            self.root
        ];
        if update.execute(parameters)? == 1 {
            Ok(())
        } else {
            Err(Failure::new(
                Cause::Forked,
                "the log's end is not where it was",
            ))
        }
    }

    /// The tree that ends here: the one at hand if it does, else as it is stored.
    pub(super) fn tree(&self, connection: &Connection, at_hand: &mut Tree) -> Result<(), Failure> {
        if at_hand.size() == self.size && at_hand.root()? == self.root {
            return Ok(());
        }
        *at_hand = Tree::load(self.size, |position| node(connection, position))?;
        if at_hand.root()? == self.root {
            Ok(())
        } else {
            Err(wrong("the log's hashes do not make its root"))
        }
    }
}

/// A hash of the log, where it is stored.
pub(super) fn node(connection: &Connection, position: u64) -> Result<[u8; HASH_LEN], Failure> {
    let mut select = connection.prepare_cached("SELECT hash FROM node WHERE position = ?1")?;
    let hash = select
        .query_row([to_sql(position)?], |row| row.get(0))
        .optional()?;
    hash.ok_or_else(|| wrong("a hash of the log is missing"))
}

impl SqliteStore {
    pub(super) fn sign_head(&mut self, now: Timestamp) -> Result<Vec<u8>, Failure> {
        let transaction = self
            .record
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let head = Head::read(&transaction)?;
        let size = to_sql(head.size)?;
        let signed = "SELECT note FROM checkpoint WHERE size = ?1";
        let signed: Option<Vec<u8>> = transaction
            .query_row(signed, [size], |row| row.get(0))
            .optional()?;
        if let Some(note) = signed {
            return Ok(note);
        }
        let checkpoint = Checkpoint {
            size: head.size,
            root: head.root,
        };
        let note = checkpoint
            .sign(&self.log_key)
            .map_err(|problem| Failure::new(Cause::Program, problem))?;
        let at = time_to_sql(now).map_err(|unfit| Failure::new(Cause::Program, unfit))?;
        transaction.execute(
            "INSERT INTO checkpoint VALUES(?1, ?2, ?3)",
            params![size, at, note],
        )?;
        transaction.commit()?;
        Ok(note)
    }
}
