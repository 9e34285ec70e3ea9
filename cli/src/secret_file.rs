//! Secrets in files: passwords and passphrases.

use std::path::Path;

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::input::Input;
use crate::output;

/// The first line. That others may read the file is told.
pub(crate) fn first_line(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let input = Input::read(path)?;
    if others_may_read(path) {
        let text = format!("{}: others may read this secret: chmod 600", input.name);
        output::labelled("warning", &text);
    }
    let text = std::str::from_utf8(&input.bytes)
        .map_err(|_| Failure::Unusable(format!("{}: not UTF-8", input.name)))?;
    let line = text.lines().next().unwrap_or_default();
    Ok(Zeroizing::new(line.to_owned()))
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let mode = path.metadata().map(|data| data.permissions().mode());
    mode.is_ok_and(|mode| mode & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}
