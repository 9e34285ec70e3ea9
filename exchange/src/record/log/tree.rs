//! The tree over all leaves: its hashes are computed by `tlog_tiles`, and kept so that a leaf is added with work
//! that grows as the logarithm of their number.

use std::collections::BTreeMap;

use tlog_tiles::tlog::{
    Error, Hash, HashReader, prove_record, prove_tree, stored_hash_index, stored_hashes,
    sub_tree_index, tree_hash,
};

use crate::record::leaf::leaf::HASH_LEN;
use crate::record::log::proof::MAX_SIZE;

/// The hashes from which a log of a size goes on, with those that were added since.
pub(crate) struct Tree {
    size: u64,
    nodes: BTreeMap<u64, Hash>,
}

/// A node of the tree, at its place in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) position: u64,
    pub(crate) hash: [u8; HASH_LEN],
}

/// A hash that should be there is not: the stored log is damaged, or full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

impl From<Error> for Damaged {
    fn from(_: Error) -> Self {
        Self
    }
}

impl Tree {
    /// A log without leaves.
    pub(crate) const fn empty() -> Self {
        Self {
            size: 0,
            nodes: BTreeMap::new(),
        }
    }

    /// A log of `size` leaves, whose hashes are read where they are kept: at most 63.
    pub(crate) fn load<E: From<Damaged>>(
        size: u64,
        mut read: impl FnMut(u64) -> Result<[u8; HASH_LEN], E>,
    ) -> Result<Self, E> {
        if size > MAX_SIZE {
            return Err(Damaged.into());
        }
        let mut nodes = BTreeMap::new();
        for position in edge(size) {
            nodes.insert(position, Hash(read(position)?));
        }
        Ok(Self { size, nodes })
    }

    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf and returns the nodes that it completes, itself first: two on average.
    pub(crate) fn append(&mut self, leaf: &[u8]) -> Result<Vec<Node>, Damaged> {
        let size = self
            .size
            .checked_add(1)
            .filter(|size| *size <= MAX_SIZE)
            .ok_or(Damaged)?;
        let hashes = stored_hashes(self.size, leaf, self)?;
        let nodes: Vec<Node> = (stored_hash_index(0, self.size)..)
            .zip(hashes)
            .map(|(position, hash)| Node {
                position,
                hash: hash.0,
            })
            .collect();
        self.nodes
            .extend(nodes.iter().map(|node| (node.position, Hash(node.hash))));
        self.size = size;
        Ok(nodes)
    }

    /// The hash over all leaves; of none that of nothing (RFC 6962, 2.1).
    pub(crate) fn root(&self) -> Result<[u8; HASH_LEN], Damaged> {
        Ok(tree_hash(self.size, self)?.0)
    }

    /// Drops what is not needed to go on.
    pub(crate) fn prune(&mut self) {
        let edge = edge(self.size);
        self.nodes.retain(|position, _| edge.contains(position));
    }
}

/// The places of the hashes from which a log of `size` leaves goes on.
fn edge(size: u64) -> Vec<u64> {
    sub_tree_index(0, size, Vec::new())
}

impl HashReader for Tree {
    fn read_hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, Error> {
        let hash = |position| self.nodes.get(position).copied();
        positions
            .iter()
            .map(hash)
            .collect::<Option<_>>()
            .ok_or_else(missing)
    }
}

fn missing() -> Error {
    Error::InvalidInput("a hash of the log is missing".into())
}

/// Reads nodes where they are kept.
pub(crate) struct Stored<F>(pub(crate) F);

impl<F: Fn(u64) -> Option<[u8; HASH_LEN]>> HashReader for Stored<F> {
    fn read_hashes(&self, positions: &[u64]) -> Result<Vec<Hash>, Error> {
        let hash = |position: &u64| (self.0)(*position).map(Hash);
        positions
            .iter()
            .map(hash)
            .collect::<Option<_>>()
            .ok_or_else(missing)
    }
}

/// The proof that a log of `size` leaves holds the one at `index`.
pub(crate) fn inclusion(
    size: u64,
    index: u64,
    nodes: &impl HashReader,
) -> Result<Vec<[u8; HASH_LEN]>, Damaged> {
    if size > MAX_SIZE || index >= size {
        return Err(Damaged);
    }
    Ok(prove_record(size, index, nodes)?
        .into_iter()
        .map(|hash| hash.0)
        .collect())
}

/// The proof that a log of `size` leaves begins with all those of the log of `earlier` leaves.
pub(crate) fn consistency(
    size: u64,
    earlier: u64,
    nodes: &impl HashReader,
) -> Result<Vec<[u8; HASH_LEN]>, Damaged> {
    if size > MAX_SIZE || earlier == 0 || earlier > size {
        return Err(Damaged);
    }
    Ok(prove_tree(size, earlier, nodes)?
        .into_iter()
        .map(|hash| hash.0)
        .collect())
}
