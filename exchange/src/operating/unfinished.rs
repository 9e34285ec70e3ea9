//! A file or folder that is not whole yet: it stands under a name of its own, and is gone where it does not become whole.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Removed when it is dropped, unless it was [finished](Self::finish).
#[derive(Debug)]
pub(super) struct Unfinished {
    /// Where it is meanwhile: beside where it will be.
    place: PathBuf,
    to: PathBuf,
    /// Whether it is this one's, and not what another made meanwhile.
    is_made: bool,
}

impl Unfinished {
    /// What will be at `to`; nothing is made yet.
    ///
    /// # Errors
    /// What is there already, which another may be writing or a process that was killed has left.
    pub(super) fn new(to: &Path) -> io::Result<Self> {
        let name = to.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let mut unfinished = OsString::from(".");
        unfinished.push(name);
        unfinished.push(".unfinished");
        let place = to.with_file_name(unfinished);
        if place.symlink_metadata().is_ok() {
            let there = format!(
                "{} is there: another backup is being written, or one was cut off; then remove it",
                place.display()
            );
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, there));
        }
        let to = to.to_owned();
        Ok(Self {
            place,
            to,
            is_made: false,
        })
    }

    /// It is being made: from now on it is removed where it does not become whole.
    pub(super) const fn made(&mut self) {
        self.is_made = true;
    }

    /// Where it is written.
    pub(super) fn place(&self) -> &Path {
        &self.place
    }

    /// It is whole: it gets its name, on disk.
    ///
    /// # Errors
    /// The system's, and where something came to be there meanwhile; it is gone then.
    pub(super) fn finish(self) -> io::Result<()> {
        if self.to.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(&self.place, &self.to)?;
        keep_names(&self.to).inspect_err(|_| remove(&self.to))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Where it was finished nothing is there.
        if self.is_made {
            remove(&self.place);
        }
    }
}

/// What cannot be removed stays, under a name that says what it is.
fn remove(place: &Path) {
    let is_folder = place.symlink_metadata().is_ok_and(|it| it.is_dir());
    let _ = if is_folder {
        fs::remove_dir_all(place)
    } else {
        fs::remove_file(place)
    };
}

/// The names of a folder's files are on disk as well.
#[cfg(unix)]
fn keep_names(of: &Path) -> io::Result<()> {
    let folder = of.parent().filter(|path| !path.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// The system keeps them.
#[cfg(not(unix))]
fn keep_names(_: &Path) -> io::Result<()> {
    Ok(())
}
