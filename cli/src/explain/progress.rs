//! How far a long search has come, on a terminal.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// A search that ends sooner tells nothing.
const PATIENCE: Duration = Duration::from_millis(300);
/// The line is written anew no more often than this.
const STEP: Duration = Duration::from_millis(100);

/// A line on standard error that is written over, and is gone at the end.
pub(super) struct Progress {
    is_shown: bool,
    /// When the line is written next.
    next: Cell<Instant>,
    is_written: Cell<bool>,
}

impl Progress {
    /// For standard error, if that is a terminal.
    pub(super) fn for_stderr() -> Self {
        let now = Instant::now();
        Self {
            is_shown: io::stderr().is_terminal(),
            next: Cell::new(now.checked_add(PATIENCE).unwrap_or(now)),
            is_written: Cell::new(false),
        }
    }

    /// So much of the budget is used.
    pub(super) fn tell(&self, done: u64, budget: u64) {
        let now = Instant::now();
        if !self.is_shown || now < self.next.get() {
            return;
        }
        self.next.set(now.checked_add(STEP).unwrap_or(now));
        self.is_written.set(true);
        let percent = done
            .saturating_mul(100)
            .checked_div(budget)
            .unwrap_or_default()
            .min(100);
        // Where standard error is gone there is nobody left to tell.
        let _ = write!(
            io::stderr().lock(),
            "\rlooking for the string that was signed: {percent} % of the search"
        );
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        if self.is_written.get() {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}
