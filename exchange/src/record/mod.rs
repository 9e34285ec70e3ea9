//! The record: what happened, in a log that nobody can rewrite, with the messages beside it, encrypted so that they
//! can be erased.
//!
//! `leaf` is an event as bytes, `log` the Merkle tree over them, `storing` what a store is asked and says,
//! `sqlite` the store, `evidence` what convinces others.

mod evidence;
mod leaf;
mod log;
#[cfg(feature = "server")]
mod sqlite;
#[cfg(feature = "server")]
mod storing;

pub use evidence::compare::{CompareProblem, compare_checkpoints};
pub use evidence::file::MAX_EVIDENCE_LEN;
pub use evidence::pins::{NotAPin, Pins};
pub use evidence::problem::EvidenceProblem;
pub use evidence::statement::{Grounds, Report, Statement};
pub use evidence::verify::verify_evidence;
pub use leaf::commitment::{SALT_LEN, commitment};
pub use leaf::content::{
    Content, MAX_MESSAGE_LEN, MAX_SIGNATURE_FIELD_LEN, MAX_STATEMENT_LEN, Unfit,
};
pub use leaf::kind::Kind;
pub use leaf::leaf::{
    ContractVersion, HASH_LEN, LEAF_LIMIT, LEAF_VERSION, Leaf, LeafProblem, MAX_LEAF_LEN,
};
#[cfg(feature = "server")]
pub use log::birth::Birth;
pub use log::checkpoint::{Checkpoint, CheckpointProblem, MAX_CHECKPOINT_LEN};
pub use log::log_key::{LogKey, LogKeyProblem, MAX_LOG_NAME_LEN, SEED_LEN};
#[cfg(feature = "server")]
pub use sqlite::{
    Bereft, Checked, FanFault, Finding, Halt, KEYS_FILE, Mentions, Over, RECORD_FILE, SqliteStore,
    adopt_database, copy_database, copy_keys,
};
#[cfg(feature = "server")]
pub(crate) use sqlite::{make_private_file, told_apart};
#[cfg(feature = "server")]
pub use storing::callbacks::{
    Announcement, CallbackChange, CallbackEnd, Came, KeptCallback, NewDelivery, OpenDelivery,
    TakenIn,
};
#[cfg(feature = "server")]
pub use storing::delivery::Delivery;
#[cfg(feature = "server")]
pub use storing::done::{Done, Rejected};
#[cfg(feature = "server")]
pub use storing::ending::Ending;
#[cfg(feature = "server")]
pub use storing::failure::{Cause, Failure};
#[cfg(feature = "server")]
pub use storing::fan::{Child, Fan, FanEnd, Fanned};
#[cfg(feature = "server")]
pub use storing::idempotency::{
    IDEMPOTENCY_SECONDS, IdempotencyKey, MAX_IDEMPOTENCY_KEY_LEN, Repeat,
};
#[cfg(feature = "server")]
pub use storing::operation::{
    Accept, Answer, End, MAX_ATTEMPTS, MAX_BATCH, MAX_SENT_HEAD_LEN, Note, NoteKind, Operation,
    Refuse, Requeue, Sent, Start, Towards, Use,
};
#[cfg(feature = "server")]
pub use storing::outcome::{Asked, Outcome};
#[cfg(feature = "server")]
pub use storing::replay_key::ReplayKey;
#[cfg(feature = "server")]
pub use storing::row::Row;
#[cfg(feature = "server")]
pub use storing::standing::Standing;
#[cfg(feature = "server")]
pub use storing::store::{EraseProblem, Results, Store};
