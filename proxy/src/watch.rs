//! When keys, certificates and passwords are to be read again: after SIGHUP, and when their files change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How often files are looked at.
pub const INTERVAL: Duration = Duration::from_secs(4);
/// How long a file must not change before it is read: one that is still being written may be whole at any line's end.
const SETTLED: Duration = Duration::from_secs(1);
/// How often that is looked at; what changes all the time is read all the same.
const MAX_LOOKS: usize = 10;

/// What tells a file from what stood at its path before: another file (device, number), or another content (length and
/// times). `None` where there is none. Symbolic links are followed, as Kubernetes swaps them.
type Print = Option<(u64, u64, u64, i64, i64, i64, i64)>;

/// Files, as they were when they were looked at last.
#[derive(Debug)]
pub struct Files(BTreeMap<PathBuf, Print>);

impl Files {
    /// These files, as they are now.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let prints = paths.into_iter().map(|path| {
            let print = print(&path);
            (path, print)
        });
        Self(prints.collect())
    }

    /// Those that changed since they were looked at last. It may block, on network drives for long.
    pub fn changed(&mut self) -> Vec<PathBuf> {
        let mut changed = Vec::new();
        for (path, known) in &mut self.0 {
            let now = print(path);
            if *known != now {
                *known = now;
                changed.push(path.clone());
            }
        }
        changed
    }
}

#[cfg(unix)]
fn print(path: &Path) -> Print {
    use std::os::unix::fs::MetadataExt;
    let data = std::fs::metadata(path).ok()?;
    Some((
        data.dev(),
        data.ino(),
        data.size(),
        data.mtime(),
        data.mtime_nsec(),
        data.ctime(),
        data.ctime_nsec(),
    ))
}

#[cfg(not(unix))]
fn print(path: &Path) -> Print {
    let data = std::fs::metadata(path).ok()?;
    let changed = data
        .modified()
        .ok()?
        .duration_since(std::time::UNIX_EPOCH)
        .ok()?;
    let seconds = i64::try_from(changed.as_secs()).ok()?;
    Some((
        0,
        0,
        data.len(),
        seconds,
        changed.subsec_nanos().into(),
        0,
        0,
    ))
}

/// Why everything is to be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// SIGHUP.
    Signal,
    /// These files changed.
    Files(Vec<PathBuf>),
}

/// Watches these files, and for SIGHUP, which then no longer ends the process. Reasons that come while one is dealt with
/// are one reason.
///
/// # Errors
/// What the operating system says where it does not let us watch.
pub fn start(paths: Vec<PathBuf>, interval: Duration) -> std::io::Result<Receiver<Reason>> {
    let (sender, receiver) = channel(1);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut hangups = signal(SignalKind::hangup())?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while hangups.recv().await.is_some() && sender.send(Reason::Signal).await.is_ok() {}
        });
    }
    tokio::spawn(look(Files::new(paths), interval, sender));
    Ok(receiver)
}

/// Looks at the files until nobody wants to know.
async fn look(mut files: Files, interval: Duration, sender: Sender<Reason>) {
    while !sender.is_closed() {
        tokio::time::sleep(interval).await;
        let mut changed = Vec::new();
        for _ in 0..MAX_LOOKS {
            let Some((same, more)) = look_once(files).await else {
                return;
            };
            files = same;
            if more.is_empty() {
                break;
            }
            changed.extend(more);
            tokio::time::sleep(SETTLED.min(interval)).await;
        }
        changed.sort();
        changed.dedup();
        if !changed.is_empty() && sender.send(Reason::Files(changed)).await.is_err() {
            return;
        }
    }
}

/// What changed; it may block, so a thread of its own looks.
async fn look_once(mut files: Files) -> Option<(Files, Vec<PathBuf>)> {
    let looked = tokio::task::spawn_blocking(move || {
        let changed = files.changed();
        (files, changed)
    });
    looked.await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn each_way_of_changing_a_file_is_seen_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| fs::write(at(name), text).expect("written");
        write("key", "one");
        write("first", "a");
        write("second", "b");
        std::os::unix::fs::symlink(at("first"), at("link")).expect("a link");
        let mut files = Files::new([at("key"), at("link"), at("later")]);
        assert!(files.changed().is_empty());
        let mut ways = 0;
        let mut seen = |name: &str| {
            assert_eq!(files.changed(), [at(name)]);
            assert!(files.changed().is_empty());
            ways += 1;
        };
        write("key", "two!");
        seen("key");
        write("next", "two!");
        fs::rename(at("next"), at("key")).expect("moved");
        seen("key");
        fs::remove_file(at("key")).expect("removed");
        seen("key");
        write("key", "two!");
        seen("key");
        std::os::unix::fs::symlink(at("second"), at("swap")).expect("a link");
        fs::rename(at("swap"), at("link")).expect("moved");
        seen("link");
        write("later", "c");
        seen("later");
        assert_eq!(ways, 6);
    }

    /// With the old times put back, as some tools do.
    #[test]
    fn a_change_of_the_same_length_and_time_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        fs::write(&path, "one").expect("written");
        let before = fs::metadata(&path)
            .and_then(|data| data.modified())
            .expect("a time");
        let mut files = Files::new([path.clone()]);
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, "two").expect("written");
        let file = fs::File::options()
            .write(true)
            .open(&path)
            .expect("the file");
        file.set_modified(before).expect("the time put back");
        assert_eq!(files.changed(), [path]);
    }

    /// A program that writes slowly leaves what is whole at each line's end.
    #[tokio::test(start_paused = true)]
    async fn what_is_still_being_written_is_not_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings");
        fs::write(&path, "").expect("written");
        let mut reasons = start(vec![path.clone()], Duration::from_millis(600)).expect("a watch");
        let mut text = String::new();
        for _ in 0..20 {
            text.push_str("line\n");
            fs::write(&path, &text).expect("written");
            tokio::time::sleep(Duration::from_millis(50)).await;
            assert!(reasons.try_recv().is_err(), "half of it was told");
        }
        assert_eq!(reasons.recv().await, Some(Reason::Files(vec![path])));
        assert!(reasons.try_recv().is_err(), "told once");
    }

    #[tokio::test]
    async fn a_change_and_a_signal_are_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        fs::write(&path, "one").expect("written");
        let mut reasons = start(vec![path.clone()], Duration::from_millis(20)).expect("a watch");
        fs::write(&path, "two!").expect("written");
        assert_eq!(reasons.recv().await, Some(Reason::Files(vec![path])));
        let own = std::process::id().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-HUP", &own])
            .status();
        assert!(sent.expect("kill runs").success());
        assert_eq!(reasons.recv().await, Some(Reason::Signal));
    }
}
