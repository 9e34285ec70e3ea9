//! What proofs about the log show (RFC 6962, 2.1.1 and 2.1.2), to whom has no log.

use tlog_tiles::tlog::{Hash, check_record, check_tree, record_hash};

use crate::record::leaf::leaf::HASH_LEN;

/// More leaves than a log can have: SQLite's numbers end there, and no sum below overflows.
pub(crate) const MAX_SIZE: u64 = 1 << 62;
/// The longest proof: one hash for each level, and one more where consistency is proved.
pub(crate) const MAX_PROOF_LEN: usize = 64;

/// Whether a log with that root holds the leaf at `index`.
pub(crate) fn included(
    proof: &[[u8; HASH_LEN]],
    (size, root): (u64, &[u8; HASH_LEN]),
    (index, leaf): (u64, &[u8]),
) -> bool {
    if size > MAX_SIZE || index >= size || proof.len() > MAX_PROOF_LEN {
        return false;
    }
    let proof = proof.iter().copied().map(Hash).collect();
    check_record(&proof, size, Hash(*root), index, record_hash(leaf)).is_ok()
}

/// Whether the first log begins with all leaves of the second.
pub(crate) fn consistent(
    proof: &[[u8; HASH_LEN]],
    (size, root): (u64, &[u8; HASH_LEN]),
    (earlier, earlier_root): (u64, &[u8; HASH_LEN]),
) -> bool {
    if size > MAX_SIZE || earlier == 0 || earlier > size || proof.len() > MAX_PROOF_LEN {
        return false;
    }
    let proof = proof.iter().copied().map(Hash).collect();
    check_tree(&proof, size, Hash(*root), earlier, Hash(*earlier_root)).is_ok()
}
