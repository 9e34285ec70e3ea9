//! Checking the whole record: every leaf is hashed again, every message decrypted (fsck).

use core::fmt;

use rusqlite::params;

use super::fan_fault::FanFault;
use super::head::{Head, node};
use super::number::{from_sql, to_sql};
use super::rows;
use super::secrets::Kept;
use super::store::SqliteStore;
use super::writing::first_leaf;
use crate::correlation::CorrelationId;
use crate::record::leaf::commitment::commitment;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::Leaf;
use crate::record::log::checkpoint::Checkpoint;
use crate::record::log::tree::Tree;
use crate::record::storing::ending::Ending;
use crate::record::storing::failure::Failure;

/// The most findings that are told.
const MAX_FINDINGS: usize = 100;

/// What was checked, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many leaves were hashed.
    pub leaves: u64,
    /// How many messages were decrypted and fit their leaf.
    pub contents: u64,
    /// How many cannot be read any more, because they were erased.
    pub erased: u64,
    /// How many checkpoints were compared.
    pub checkpoints: u64,
    /// What is wrong, in the order it was found; at most 100.
    pub findings: Vec<Finding>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// SQLite finds its file damaged.
    File(String),
    /// The leaves are not numbered without a gap.
    Gap(u64),
    /// The bytes of a leaf are none, or of another exchange than the row says.
    Leaf(u64),
    /// A stored hash is not that of the leaves.
    Node(u64),
    /// The root is not that of the leaves.
    Root,
    /// The key of a message is missing, which was not erased.
    Key(u64),
    /// A message does not decrypt, or is not what its leaf promises.
    Content(u64),
    /// How an exchange stands, as senders and operators are told, is not what its leaves say.
    Row(u64),
    /// What is said of a request to several receivers is not what the leaves of its exchanges say.
    Fan(CorrelationId, FanFault),
    /// A checkpoint is not signed by the log's key, or says otherwise than the leaves.
    Checkpoint(u64),
    /// A checkpoint of so many leaves was signed, and the log has fewer: its end was cut off.
    Cut(u64),
}

impl Checked {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    pub(super) fn found(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}

impl SqliteStore {
    /// Checks everything, in time that grows with the record's size.
    ///
    /// # Errors
    /// [`Failure`] where it cannot be read at all.
    pub fn fsck(&self) -> Result<Checked, Failure> {
        let mut checked = Checked::default();
        self.check_files(&mut checked)?;
        let head = Head::read(&self.record)?;
        let mut tree = Tree::empty();
        let mut select = self
            .record
            .prepare("SELECT leaf, correlation, bytes FROM event ORDER BY leaf")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let place = from_sql(row.get(0)?)?;
            let (correlation, bytes): ([u8; 16], Vec<u8>) = (row.get(1)?, row.get(2)?);
            if place != tree.size() {
                checked.found(Finding::Gap(place));
                return Ok(checked);
            }
            self.check_nodes(&mut tree, place, &bytes, &mut checked)?;
            match Leaf::from_bytes(&bytes) {
                Ok(leaf) if *leaf.correlation.as_bytes() == correlation => {
                    self.check_content(place, &leaf, &mut checked)?;
                    self.check_row(place, &leaf, &mut checked)?;
                    self.check_parent(place, &leaf, &mut checked)?;
                }
                _ => checked.found(Finding::Leaf(place)),
            }
            self.check_checkpoint(&tree, &mut checked)?;
        }
        if (tree.size(), tree.root()?) != (head.size, head.root) {
            checked.found(Finding::Root);
        }
        self.check_fans(&mut checked)?;
        self.check_end(tree.size(), &mut checked)?;
        checked.leaves = tree.size();
        Ok(checked)
    }

    fn check_files(&self, checked: &mut Checked) -> Result<(), Failure> {
        let mut select = self.record.prepare("PRAGMA integrity_check(10)")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                checked.found(Finding::File(line));
            }
        }
        Ok(())
    }

    fn check_nodes(
        &self,
        tree: &mut Tree,
        place: u64,
        bytes: &[u8],
        checked: &mut Checked,
    ) -> Result<(), Failure> {
        for made in tree.append(bytes)? {
            if node(&self.record, made.position).ok() != Some(made.hash) {
                checked.found(Finding::Node(place));
            }
        }
        tree.prune();
        Ok(())
    }

    fn check_content(&self, place: u64, leaf: &Leaf, checked: &mut Checked) -> Result<(), Failure> {
        if place == 0 {
            return Ok(());
        }
        let first = first_leaf(&self.record, leaf.correlation)?.unwrap_or(place);
        let secret = match self.secrets.get(first) {
            Ok(Kept::Secret(secret)) => secret,
            Ok(Kept::Erased) => {
                checked.erased = checked.erased.saturating_add(1);
                return Ok(());
            }
            Err(_) => {
                checked.found(Finding::Key(place));
                return Ok(());
            }
        };
        match self.open_content(&secret, place) {
            Ok(Some(content)) if commitment(&secret.salt(place), &content) == leaf.commitment => {
                checked.contents = checked.contents.saturating_add(1);
            }
            _ => checked.found(Finding::Content(place)),
        }
        Ok(())
    }

    /// Everybody is told by the row how an exchange stands: it says what the leaves say.
    fn check_row(&self, place: u64, leaf: &Leaf, checked: &mut Checked) -> Result<(), Failure> {
        let first = first_leaf(&self.record, leaf.correlation)?.unwrap_or(place);
        let Ok(row) = rows::by_leaf(&self.record, first) else {
            checked.found(Finding::Row(place));
            return Ok(());
        };
        let ended = |ending| {
            let row = row.filter(|row| row.ended == Some(place));
            row.is_some_and(|row| row.ending == Some(ending))
        };
        let between =
            row.is_some_and(|row| Some(row.sender) == leaf.sender && row.receiver == leaf.receiver);
        let fits = match leaf.kind {
            Kind::Request | Kind::Callback => {
                let end = row.and_then(|row| row.ended);
                let is_another = end.map_or(Ok(true), |end| self.is_another_of(leaf, place, end));
                between && is_another?
            }
            Kind::Answer | Kind::Delivered => ended(Ending::Answered),
            Kind::Refused => ended(Ending::Refused) && (first != place || between),
            Kind::Expired => ended(Ending::Expired),
            Kind::Unknown => ended(Ending::Unknown),
            Kind::Late => row.is_some_and(|row| row.late),
            Kind::LogKey
            | Kind::Certificate
            | Kind::Revocation
            | Kind::Contract
            | Kind::Callbacks => row.is_none(),
        };
        if !fits {
            checked.found(Finding::Row(place));
        }
        Ok(())
    }

    /// Whether the leaf at `end` is another one of the same exchange.
    fn is_another_of(&self, leaf: &Leaf, place: u64, end: u64) -> Result<bool, Failure> {
        let mut select = self
            .record
            .prepare_cached("SELECT 1 FROM event WHERE leaf = ?1 AND correlation = ?2")?;
        let is_of = select.exists(params![to_sql(end)?, leaf.correlation.as_bytes()])?;
        Ok(end != place && is_of)
    }

    fn check_checkpoint(&self, tree: &Tree, checked: &mut Checked) -> Result<(), Failure> {
        let Some(note) = self.stored_checkpoint(tree.size())? else {
            return Ok(());
        };
        let now = Checkpoint {
            size: tree.size(),
            root: tree.root()?,
        };
        checked.checkpoints = checked.checkpoints.saturating_add(1);
        if Checkpoint::verify(&note, self.log_key.verifier()) != Ok(now) {
            checked.found(Finding::Checkpoint(tree.size()));
        }
        Ok(())
    }

    /// A checkpoint is signed of leaves that are on disk: one of more than there are says that some were taken away.
    fn check_end(&self, leaves: u64, checked: &mut Checked) -> Result<(), Failure> {
        let beyond = "SELECT size FROM checkpoint WHERE size > ?1 ORDER BY size";
        let mut select = self.record.prepare(beyond)?;
        let mut rows = select.query([to_sql(leaves)?])?;
        while let Some(row) = rows.next()? {
            checked.found(Finding::Cut(from_sql(row.get(0)?)?));
        }
        Ok(())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(text) => write!(formatter, "SQLite finds the file damaged: {text}"),
            Self::Gap(leaf) => write!(formatter, "leaf {leaf} stands where another should"),
            Self::Leaf(leaf) => write!(
                formatter,
                "leaf {leaf} cannot be read, or is filed under another exchange"
            ),
            Self::Node(leaf) => write!(
                formatter,
                "a stored hash over leaf {leaf} is not that of the leaves"
            ),
            Self::Root => formatter.write_str("the log's root is not that of its leaves"),
            Self::Key(leaf) => write!(
                formatter,
                "the key of the message beside leaf {leaf} is missing"
            ),
            Self::Content(leaf) => write!(
                formatter,
                "the message beside leaf {leaf} is not what the leaf promises"
            ),
            Self::Row(leaf) => write!(
                formatter,
                "how the exchange of leaf {leaf} is said to stand is not what its leaves say"
            ),
            Self::Fan(id, fault) => {
                write!(formatter, "the request to several receivers {id}: {fault}")
            }
            Self::Checkpoint(size) => write!(
                formatter,
                "the checkpoint of {size} leaves does not fit them"
            ),
            Self::Cut(size) => write!(
                formatter,
                "a checkpoint of {size} leaves was signed, and there are fewer: the log's end was cut off"
            ),
        }
    }
}
