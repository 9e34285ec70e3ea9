//! A UNIX socket in the file system: with its mode from its first moment, in place of one that nobody
//! listens on any more, and never in place of another.

use std::fs::{DirBuilder, File, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
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
    // One that is too long could be listened on here, and nobody could connect.
    SocketAddr::from_pathname(path)?;
    // What is looked at below stays so until the socket is there.
    let _locked = lock(folder)?;
    remove_stale(path)?;
    // Nobody else gets into this folder, so nobody can connect before the mode is set; what umask would do to it
    // does not matter.
    let own = Own::make(folder)?;
    let hidden = own.socket();
    let listener = UnixListener::bind(&hidden)?;
    std::fs::set_permissions(&hidden, Permissions::from_mode(mode))?;
    // Not renamed, which would replace whatever is there.
    std::fs::hard_link(&hidden, path)?;
    listener.set_nonblocking(true)?;
    let file = SocketFile {
        path: path.to_owned(),
        is: place(path)?,
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
            Err(TryLockError::WouldBlock) => {
                let why = format!("another process holds the lock of {}", folder.display());
                return Err(io::Error::new(ErrorKind::WouldBlock, why));
            }
            Err(TryLockError::Error(error)) => return Err(error),
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

/// A folder that only its owner gets into; it goes with what is in it, if it is still there.
struct Own {
    path: PathBuf,
    /// Device and number.
    is: (u64, u64),
}

impl Own {
    fn make(folder: &Path) -> io::Result<Self> {
        // A short name that nobody can have put there before: the path of a socket has about 100 bytes at most.
        let mut random = [0; 4];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let path = folder.join(format!(".d{:08x}", u32::from_be_bytes(random)));
        DirBuilder::new().mode(0o700).create(&path)?;
        let is = place(&path)?;
        Ok(Self { path, is })
    }

    fn socket(&self) -> PathBuf {
        self.path.join("s")
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // Nothing is removed behind a link that another put in its place.
        if place(&self.path).is_ok_and(|is| is == self.is) {
            let _ = std::fs::remove_file(self.socket());
            let _ = std::fs::remove_dir(&self.path);
        }
    }
}

/// Device and number of a file, or of a link.
fn place(path: &Path) -> io::Result<(u64, u64)> {
    let facts = std::fs::symlink_metadata(path)?;
    Ok((facts.dev(), facts.ino()))
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if place(&self.path).is_ok_and(|is| is == self.is) {
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
    fn nothing_is_removed_behind_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (victim, elsewhere) = (folder.path().join("victim"), folder.path().join("moved"));
        std::fs::create_dir(&victim).expect("a folder");
        std::fs::write(victim.join("s"), "kept").expect("written");
        let old = folder.path().join(format!(".dax{}", std::process::id()));
        std::os::unix::fs::symlink(&victim, old).expect("a link");
        drop(bind(&folder.path().join("p.sock"), 0o600).expect("a socket"));
        let own = Own::make(folder.path()).expect("a folder");
        std::fs::rename(&own.path, elsewhere).expect("moved");
        std::os::unix::fs::symlink(&victim, &own.path).expect("a link");
        drop(own);
        assert_eq!(std::fs::read(victim.join("s")).expect("there"), b"kept");
    }

    #[test]
    fn a_path_that_nobody_could_connect_to_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("s".repeat(110));
        assert!(bind(&path, 0o600).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).expect("it").count(), 0);
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
