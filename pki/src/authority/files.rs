//! Files that are whole or not there, whatever happens while they are written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::error::PkiError;

/// The start of names of files that are not whole yet. What a process left behind is removed by the next.
const UNFINISHED: &str = ".unfinished-";

/// Who may read a file, as far as the process's mask lets them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Its owner alone: for private keys.
    Owner,
    /// Everybody.
    All,
}

/// Writes a file whole, in the place of one that may be there: everybody finds the old one or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), PkiError> {
    try_write(path, bytes, readers).map_err(|error| PkiError::file(path, error))
}

fn try_write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let unfinished = path.with_file_name(format!("{UNFINISHED}{name}"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    set_mode(&mut options, readers);
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&unfinished, path)?;
    sync_folder(path.parent())
}

/// Adds a line behind a file's first `len` bytes; what is behind them was not written whole. A line that is cut off
/// has no end, by which the reader knows it.
pub(crate) fn append(path: &Path, len: usize, line: &str) -> Result<(), PkiError> {
    let appended = cut_file(path, len).and_then(|mut file| {
        file.write_all(line.as_bytes())?;
        file.sync_data()
    });
    appended.map_err(|error| PkiError::file(path, error))
}

/// Cuts a file to a length, if it is longer.
pub(crate) fn cut(path: &Path, len: usize) -> Result<(), PkiError> {
    let cut = cut_file(path, len).map(drop);
    cut.map_err(|error| PkiError::file(path, error))
}

/// The file, to be written at its end.
fn cut_file(path: &Path, len: usize) -> io::Result<File> {
    let file = OpenOptions::new().append(true).open(path)?;
    let len = u64::try_from(len).unwrap_or(u64::MAX);
    if file.metadata()?.len() > len {
        file.set_len(len)?;
        file.sync_data()?;
    }
    Ok(file)
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, PkiError> {
    fs::read(path).map_err(|error| PkiError::file(path, error))
}

/// Removes what others left behind while they wrote.
pub(crate) fn remove_unfinished(folder: &Path) -> Result<(), PkiError> {
    for name in names(folder)? {
        if name.starts_with(UNFINISHED) {
            let path = folder.join(name);
            fs::remove_file(&path).map_err(|error| PkiError::file(&path, error))?;
        }
    }
    Ok(())
}

/// The names of a folder's files that are text.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, PkiError> {
    let failed = |error| PkiError::file(folder, error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        names.extend(entry.map_err(failed)?.file_name().into_string().ok());
    }
    Ok(names)
}

/// A new folder, its owner's alone.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::DirBuilderExt::mode(&mut fs::DirBuilder::new(), 0o700).create(path);
    #[cfg(not(unix))]
    fs::create_dir(path)
}

/// What was renamed or made in a folder is there after a power cut, too. (Windows keeps that with the file.)
pub(crate) fn sync_folder(folder: Option<&Path>) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// A file's mode comes with it: were it set afterwards, others could open it before.
#[cfg(unix)]
fn set_mode(options: &mut OpenOptions, readers: Readers) {
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    }
}

#[cfg(not(unix))]
fn set_mode(_: &mut OpenOptions, _: Readers) {}
