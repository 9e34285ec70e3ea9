//! The exchange's process: this program again, with its folder in the environment and a socket as its standard input.

use std::io::stdin;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use crate::serving::serve;
use crate::town::{Exchange, Town};

const FOLDER: &str = "DAXSIGN_TEST_EXCHANGE";

/// Starts it; it serves once it says so.
pub(crate) fn spawn(town: &Town) -> (Child, UnixStream) {
    let (ours, its) = UnixStream::pair().unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "child::child_serves_until_it_is_killed",
            "--exact",
            "--nocapture",
        ])
        .env(FOLDER, town.path())
        .stdin(Stdio::from(OwnedFd::from(its)))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    (child, ours)
}

#[test]
fn child_serves_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let socket = stdin().as_fd().try_clone_to_owned().unwrap();
    serve(&Exchange::start(folder.as_ref()), UnixStream::from(socket));
}
