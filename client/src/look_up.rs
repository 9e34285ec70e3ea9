//! Many things by their ids, in as few calls as the filters allow.
//!
//! The clients have this inside; it is here for other transports.

use crate::api::ById;
use crate::protocol::request::MAX_TARGET_LEN;

/// What the rest of a target takes at most: path, names, and the other filters.
const REST_OF_TARGET: usize = 500;

/// Operations that ask for all of `ids`, each once. `None` of them where there are no ids: a filter
/// without ids would ask for everything.
#[must_use]
pub fn look_ups<O: ById>(operation: &O, ids: &[O::Id]) -> Vec<O> {
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    let longest = ids
        .iter()
        .map(|id| id.to_string().len() + 1)
        .max()
        .unwrap_or(1);
    let by_length = (MAX_TARGET_LEN - REST_OF_TARGET) / longest;
    let by_limit = usize::try_from(O::MAX_LIMIT).unwrap_or(usize::MAX);
    ids.chunks(by_limit.min(by_length).max(1))
        .map(|ids| operation.clone().with_ids(ids.to_vec()))
        .collect()
}
