//! The list of the certificates that the parties' authority revoked.

use std::sync::{PoisonError, RwLock};

use super::folder::{Folder, Part};
use crate::identity::Authority;
use crate::running::Clock;

/// Reads the authority's list anew, where there is one; one that is older than the one in use is not taken.
pub(super) fn refresh_list(folder: &Folder, authority: &RwLock<Authority>, clock: &Clock) {
    // What cannot be read now is read again in a moment; a list that ran out refuses by itself.
    if let Ok(Some(list)) = folder.read_if_there(Part::AuthorityList) {
        let mut authority = authority.write().unwrap_or_else(PoisonError::into_inner);
        let _ = authority.take_list(&list, clock());
    }
}
