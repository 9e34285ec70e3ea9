//! Files of databases that their owner alone reads, from their first moment on. What SQLite keeps beside them it makes
//! alike.

use std::fs::OpenOptions;
use std::path::Path;

use crate::record::storing::failure::{Cause, Failure};

/// Makes an empty file for a database, unless one is there.
///
/// # Errors
/// [`Failure`].
pub(crate) fn make_private_file(path: &Path) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(path);
    made.map(|_| ())
        .map_err(|error| Failure::new(Cause::ReadOnly, error))
}
