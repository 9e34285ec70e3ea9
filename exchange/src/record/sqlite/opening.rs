//! Making a record, and opening one.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{OptionalExtension, params};

use super::fanning::close_all;
use super::number::wrong;
use super::schema::File;
use super::secrets::Secrets;
use super::store::SqliteStore;
use crate::record::leaf::leaf::HASH_LEN;
use crate::record::log::birth::Birth;
use crate::record::log::log_key::LogKey;
use crate::record::log::tree::Tree;
use crate::record::storing::failure::{Cause, Failure};

/// The log, rows, and encrypted messages.
pub const RECORD_FILE: &str = "record.db";
/// What decrypts them: kept out of long-lived backups (X-ERASE).
pub const KEYS_FILE: &str = "keys.db";

impl SqliteStore {
    /// Makes a record in `folder`, which must be there, unless one is there: it is opened then. A new log begins
    /// with `birth`.
    ///
    /// # Errors
    /// [`Failure`]: also where the record there is of another log key.
    pub fn create(folder: &Path, log_key: LogKey, birth: &Birth) -> Result<Self, Failure> {
        let mut store = Self::files(folder, log_key, true)?;
        if store.verifier()?.is_none() {
            store.begin(birth)?;
        }
        close_all(&store.record)?;
        store.check()
    }

    /// Opens the record in `folder`.
    ///
    /// # Errors
    /// [`Failure`]: also where the record there is of another log key.
    pub fn open(folder: &Path, log_key: LogKey) -> Result<Self, Failure> {
        Self::files(folder, log_key, false)?.check()
    }

    fn files(folder: &Path, log_key: LogKey, create: bool) -> Result<Self, Failure> {
        Ok(Self {
            record: File::Record.open(&folder.join(RECORD_FILE), create)?,
            secrets: Secrets::open(&folder.join(KEYS_FILE), create)?,
            log_key,
            tree: Tree::empty(),
            hours: BTreeSet::new(),
            refused: false,
            dead: None,
        })
    }

    fn check(self) -> Result<Self, Failure> {
        let found = self
            .verifier()?
            .ok_or_else(|| wrong("the log has no beginning"))?;
        if found != self.log_key.verifier() {
            return Err(Failure::new(
                Cause::Foreign,
                format!("the log's key is {found}"),
            ));
        }
        self.secrets.belong_to(&found)?;
        Ok(self)
    }

    fn verifier(&self) -> Result<Option<String>, Failure> {
        let verifier = self
            .record
            .query_row("SELECT verifier FROM head", [], |row| row.get(0));
        Ok(verifier.optional()?)
    }

    /// The first leaf, which is public: nothing of it is encrypted.
    fn begin(&mut self, birth: &Birth) -> Result<(), Failure> {
        let leaf = birth.leaf();
        let bytes = leaf.to_bytes();
        let mut tree = Tree::empty();
        let nodes = tree.append(&bytes)?;
        let transaction = self.record.transaction()?;
        let event = params![
            leaf.correlation.as_bytes(),
            bytes,
            birth.content().to_bytes()
        ];
        transaction.execute("INSERT INTO event VALUES(0, ?1, ?2, ?3)", event)?;
        for node in nodes {
            transaction.execute("INSERT INTO node VALUES(0, ?1)", [node.hash])?;
        }
        let root: [u8; HASH_LEN] = tree.root()?;
        let head = params![root, self.log_key.verifier()];
        transaction.execute("INSERT INTO head VALUES(1, 1, ?1, ?2, 0)", head)?;
        transaction.commit()?;
        Ok(())
    }
}
