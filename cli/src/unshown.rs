//! A terminal that does not show what is typed, as long as a value of this is there.

use std::io;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// What the terminal was like before.
pub(crate) struct Unshown(Termios);

impl Unshown {
    /// `None` where standard input is no terminal, or one that cannot be told.
    pub(crate) fn begin() -> Option<Self> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut unshown = before.clone();
        unshown.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Now, &unshown).ok()?;
        Some(Self(before))
    }
}

impl Drop for Unshown {
    fn drop(&mut self) {
        // Where the terminal is gone there is nothing to put right.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
