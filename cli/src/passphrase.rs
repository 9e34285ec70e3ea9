//! Passphrases of keys at rest: in a file, or typed and not shown.

use std::path::Path;

use zeroize::Zeroizing;

use crate::ask;
use crate::failure::Failure;
use crate::secret_file;

/// Fewer characters are guessed.
const MIN_LEN: usize = 8;

/// The passphrase of what is there.
pub(crate) fn read(file: Option<&Path>, of: &str) -> Result<Zeroizing<String>, Failure> {
    match file {
        Some(file) => secret_file::first_line(file),
        None => ask::secret(&format!("Passphrase of {of}: "), "--passphrase-file"),
    }
}

/// A new one: typed twice, since nobody sees what was typed.
pub(crate) fn choose(file: Option<&Path>, of: &str) -> Result<Zeroizing<String>, Failure> {
    let chosen = read(file, of)?;
    if chosen.chars().count() < MIN_LEN {
        return Err(Failure::Unusable(format!(
            "the passphrase has fewer than {MIN_LEN} characters: whoever gets a copy of what it protects would guess it"
        )));
    }
    if file.is_none() && ask::secret("The same again: ", "--passphrase-file")? != chosen {
        return Err(Failure::Unusable(
            "the two are not the same: nothing was made".to_owned(),
        ));
    }
    Ok(chosen)
}
