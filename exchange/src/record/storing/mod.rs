//! What the record can be asked to do, and what it says: the same for every store.
//!
//! [`operation`] is what is written, [`replay_key`] and [`idempotency`] what a request is recognised by, [`done`]
//! what becomes of an operation, [`failure`] what becomes of a whole batch, [`delivery`], [`ending`],
//! [`standing`], [`row`] and [`outcome`] what is read back, [`callbacks`] what concerns these, [`fan`] requests to several
//! receivers, [`store`] the trait.

pub(crate) mod callbacks;
pub(crate) mod delivery;
pub(crate) mod done;
pub(crate) mod ending;
pub(crate) mod failure;
pub(crate) mod fan;
pub(crate) mod idempotency;
pub(crate) mod operation;
pub(crate) mod outcome;
pub(crate) mod replay_key;
pub(crate) mod row;
pub(crate) mod standing;
pub(crate) mod store;
