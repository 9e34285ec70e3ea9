//! A UNIX socket in the file system: with its mode from its first moment, in place of one that nobody
//! listens on any more, and never in place of another.

use std::fs::{DirBuilder, File, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long another one may take to do the same in this folder.
const LOCK_TIME: Duration = Duration::from_secs(2);
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// A socket's file; it goes when this goes, if it is still there.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    /// Device and number.
    is: (u64, u64),
}

/// Listens on the socket at `path`.
///
/// # Errors
/// `AddrInUse` where somebody listens there; `AlreadyExists` for what is no socket; and the file
/// system's.
pub(crate) fn bind(path: &Path, mode: u32) -> io::Result<(UnixListener, SocketFile)> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // What is looked at below stays so until the socket is there.
    let _locked = lock(folder)?;
    remove_stale(path)?;
    // Nobody else gets into this folder, so nobody can connect before the mode is set; what umask would do to it
    // does not matter.
    let own = Own::make(folder)?;
    let hidden = own.0.join("s");
    let listener = UnixListener::bind(&hidden)?;
    std::fs::set_permissions(&hidden, Permissions::from_mode(mode))?;
    // Not renamed, which would replace whatever is there.
    std::fs::hard_link(&hidden, path)?;
    let facts = std::fs::symlink_metadata(path)?;
    listener.set_nonblocking(true)?;
    let file = SocketFile {
        path: path.to_owned(),
        is: (facts.dev(), facts.ino()),
    };
    Ok((listener, file))
}

fn lock(folder: &Path) -> io::Result<File> {
    let (file, end) = (File::open(folder)?, Instant::now() + LOCK_TIME);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < end => {
                std::thread::sleep(LOCK_PAUSE);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Takes away a socket that nobody listens on.
fn remove_stale(path: &Path) -> io::Result<()> {
    let facts = match std::fs::symlink_metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !facts.file_type().is_socket() {
        let why = "there is a file already, and it is no socket";
        return Err(io::Error::new(ErrorKind::AlreadyExists, why));
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => std::fs::remove_file(path),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(error),
        _ => {
            let why = "somebody listens there already";
            Err(io::Error::new(ErrorKind::AddrInUse, why))
        }
    }
}

/// A folder that only its owner gets into; it goes with what is in it.
struct Own(PathBuf);

impl Own {
    fn make(folder: &Path) -> io::Result<Self> {
        // A short name: the path of a socket has about 100 bytes at most.
        let path = folder.join(format!(".dax{}", std::process::id()));
        // One that a process of the same number left behind.
        drop(Self(path.clone()));
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.0.join("s"));
        let _ = std::fs::remove_dir(&self.0);
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let facts = std::fs::symlink_metadata(&self.path);
        if facts.is_ok_and(|facts| (facts.dev(), facts.ino()) == self.is) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_has_its_mode_and_is_never_taken_from_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("p.sock");
        let (listener, file) = bind(&path, 0o620).expect("a socket");
        let mode = std::fs::metadata(&path).expect("it is there").mode();
        assert_eq!(mode & 0o7777, 0o620);
        UnixStream::connect(&path).expect("it is listened on");
        let again = bind(&path, 0o600).expect_err("somebody listens");
        assert_eq!(again.kind(), ErrorKind::AddrInUse);
        // Killed: the file stays.
        drop(listener);
        std::mem::forget(file);
        let (listener, file) = bind(&path, 0o600).expect("a stale one is replaced");
        assert_eq!(std::fs::read_dir(folder.path()).expect("it").count(), 1);
        drop((listener, file));
        assert!(!path.exists(), "it goes with the listener");
        std::fs::write(&path, "a file").expect("written");
        let refused = bind(&path, 0o600).expect_err("no socket");
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).expect("still there"), b"a file");
    }

    #[test]
    fn of_many_at_once_one_gets_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("p.sock");
        drop(UnixListener::bind(&path).expect("a stale one"));
        let tries: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || bind(&path, 0o600))
            })
            .collect();
        let bound = tries.into_iter().map(|one| one.join().expect("no panic"));
        let bound: Vec<_> = bound.filter_map(Result::ok).collect();
        assert_eq!(bound.len(), 1);
        UnixStream::connect(&path).expect("that one listens");
    }
}
