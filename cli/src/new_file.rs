//! Files that the tool makes: never in the place of another, and whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::terminal::shown;

/// How many names are tried for the file that is not whole yet.
const ATTEMPTS: u32 = 16;

/// Who may read a file, as far as the process's mask lets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Its owner alone: for private keys.
    Owner,
    /// Everybody.
    All,
}

/// Tells early what would fail once there is something to write.
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Ok(_) => Err(cannot_write(path, &io::ErrorKind::AlreadyExists.into())),
        Err(_) => check_parent(path),
    }
}

/// The same of a folder.
pub(crate) fn check_folder(path: &Path) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Ok(_) => Err(Failure::Unusable(format!(
            "{} exists and is never overwritten: name a new folder",
            shown(path)
        ))),
        Err(_) => check_parent(path),
    }
}

/// Whether it has a place.
fn check_parent(path: &Path) -> Result<(), Failure> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() && !parent.is_dir() => {
            let (name, parent) = (shown(path), shown(parent));
            Err(Failure::Unusable(format!(
                "cannot write {name}: there is no folder {parent}: make it first, or name another"
            )))
        }
        _ => Ok(()),
    }
}

/// Writes a file that must not exist yet. It gets its name once it is whole, so that nobody finds
/// half of it, whatever happens meanwhile.
pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    try_write(path, bytes, readers).map_err(|error| cannot_write(path, &error))
}

/// Writes a file in the place of the one that is there: everybody finds the old one or the new one.
/// It is its owner's alone.
#[cfg(feature = "client")]
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let replaced = create_unfinished(path, Readers::Owner).and_then(|(mut file, unfinished)| {
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        drop(file);
        let renamed = written.and_then(|()| fs::rename(&unfinished, path));
        renamed.inspect_err(|_| {
            let _ = fs::remove_file(&unfinished);
        })
    });
    replaced.map_err(|error| cannot_write(path, &error))
}

fn try_write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let (mut file, unfinished) = create_unfinished(path, readers)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    // A link, unlike a renamed file, never takes the place of another.
    let linked = written.and_then(|()| fs::hard_link(&unfinished, path));
    // The first failure is the one to tell.
    let _ = fs::remove_file(&unfinished);
    match linked {
        Err(error) if has_no_links(&error) => write_in_place(path, bytes, readers),
        outcome => outcome,
    }
}

/// File systems without links (FAT, some of networks).
fn has_no_links(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(error.kind(), Kind::Unsupported | Kind::PermissionDenied)
}

/// The next best: the file appears before it is whole, and goes again if it does not get so.
fn write_in_place(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut file = create(path, readers)?;
    let outcome = file.write_all(bytes).and_then(|()| file.sync_all());
    outcome.inspect_err(|_| {
        drop(file);
        let _ = fs::remove_file(path);
    })
}

/// A file of another name in the same folder.
fn create_unfinished(path: &Path, readers: Readers) -> io::Result<(File, PathBuf)> {
    let process = std::process::id();
    let mut attempt = 0;
    loop {
        let unfinished = path.with_file_name(format!(".daxsign-{process}-{attempt}.new"));
        match create(&unfinished, readers) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => {
                attempt = attempt.saturating_add(1);
            }
            outcome => return outcome.map(|file| (file, unfinished)),
        }
    }
}

/// A new file. Who may read it comes with it: were it set afterwards, others could open it before.
fn create(path: &Path, readers: Readers) -> io::Result<File> {
    match readers {
        Readers::Owner => create_for_owner(path),
        Readers::All => OpenOptions::new().write(true).create_new(true).open(path),
    }
}

#[cfg(unix)]
fn create_for_owner(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(path)
}

#[cfg(windows)]
use crate::owner_only::create as create_for_owner;

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let name = shown(path);
    Failure::Unusable(if error.kind() == io::ErrorKind::AlreadyExists {
        format!("{name} exists and is never overwritten: name another file with --out")
    } else {
        format!("cannot write {name}: {error}")
    })
}
