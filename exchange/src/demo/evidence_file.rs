//! The file with the evidence that somebody wants to keep.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use ring::rand::{SecureRandom, SystemRandom};

use super::failed::{Doing, Failed};

/// A name that nobody guesses: others may write there too.
fn random_name() -> Result<String, Failed> {
    let mut random = [0; 8];
    let filled = SystemRandom::new().fill(&mut random);
    filled
        .map_err(|_| "the system gives no randomness")
        .doing("naming a folder")?;
    Ok(format!("{:016x}", u64::from_be_bytes(random)))
}

/// Tells early what would fail once there is something to write.
pub(super) fn is_new(path: &Path) -> Result<(), Failed> {
    if path.symlink_metadata().is_ok() {
        let why = format!(
            "{} exists and is never overwritten: name another file",
            path.display()
        );
        return Err(Failed::at("--evidence", why));
    }
    Ok(())
}

/// A new file, whole or not at all, its owner's alone: it holds messages.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let unfinished = path.with_extension(format!("{}.new", random_name()?));
    let written = options
        .write(true)
        .create_new(true)
        .open(&unfinished)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        // A link, unlike a renamed file, never takes the place of another.
        .and_then(|()| fs::hard_link(&unfinished, path));
    let _ = fs::remove_file(&unfinished);
    written.doing("writing the evidence")
}
