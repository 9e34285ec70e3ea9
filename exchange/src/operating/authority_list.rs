//! The list of the certificates that the parties' authority revoked.

use std::sync::{PoisonError, RwLock};

use super::folder::{Folder, Part};
use crate::identity::Authority;
use crate::running::Clock;

/// Reads the authority's list anew, where there is one; one that is older than the one in use is not taken. Why it
/// cannot be: it is read again in a moment, and the one in use holds until it runs out, which refuses by itself.
pub(super) fn refresh_list(
    folder: &Folder,
    authority: &RwLock<Authority>,
    clock: &Clock,
) -> Option<String> {
    let list = match folder.read_if_there(Part::AuthorityList) {
        Ok(Some(list)) => list,
        Ok(None) => return None,
        Err(problem) => return Some(problem.to_string()),
    };
    let mut authority = authority.write().unwrap_or_else(PoisonError::into_inner);
    let taken = authority.take_list(&list, clock());
    let wrong = |problem| folder.wrong(Part::AuthorityList, &problem).to_string();
    taken.err().map(wrong)
}
