//! The exchange's process: this program again, with its folder in the environment and a socket as its standard input.

use std::io::stdin;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::serving::serve;
use crate::town::{Exchange, Town, b};

/// What such a process does: the test that is it, and the variable that names its folder.
pub(crate) struct Role {
    pub(crate) test: &'static str,
    pub(crate) folder: &'static str,
}

impl Role {
    /// Starts it; it serves once it says so.
    pub(crate) fn spawn(&self, town: &Town) -> (Child, UnixStream) {
        let (ours, its) = UnixStream::pair().unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args([self.test, "--exact", "--nocapture"])
            .env(self.folder, town.path())
            .stdin(Stdio::from(OwnedFd::from(its)))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        (child, ours)
    }

    /// In that process its folder and its socket; in any other there are none.
    pub(crate) fn played(&self) -> Option<(PathBuf, UnixStream)> {
        let folder = std::env::var_os(self.folder)?;
        let socket = stdin().as_fd().try_clone_to_owned().unwrap();
        Some((folder.into(), UnixStream::from(socket)))
    }
}

const SERVING: Role = Role {
    test: "child::child_serves_until_it_is_killed",
    folder: "DAXSIGN_TEST_EXCHANGE",
};

/// One that serves A and B.
pub(crate) fn spawn(town: &Town) -> (Child, UnixStream) {
    SERVING.spawn(town)
}

#[test]
fn child_serves_until_it_is_killed() {
    if let Some((folder, socket)) = SERVING.played() {
        serve(&Exchange::start(&folder), &[b()], socket);
    }
}
